import type { WireVector } from '../../src/driver/proof.ts';
import type { NoninWaveFrame } from './codec.ts';

const SPEC = 'Nonin 9560 Bluetooth Specification, data formats 2 and 7; sums worked out by hand';
const PUFFERFISH = 'pez-globo/pufferfish-software, tests of its Nonin OEM III driver';
const COMMANDS = 'Nonin 9560 Bluetooth Specification, commands';
const LONG_COMMAND = 'mdpnp devices/nonin, format command of the 3150';
const OWN = 'own: the same with a fault';

const frame = (format: 2 | 7, status: number, pleth: number, float: number): NoninWaveFrame => ({
  format,
  status,
  pleth,
  float,
});

/** Format 8 has no checksum and is taken only when the options name it: its vectors are in the test. */
export const vectors: readonly WireVector[] = [
  {
    name: 'format 2: rate 130, SpO2 97',
    source: SPEC,
    hex: '01 81 49 01 cc  01 80 46 02 c9  01 80 44 61 26',
    from: 'device',
    decodes: [frame(2, 0x81, 0x49, 1), frame(2, 0x80, 0x46, 2), frame(2, 0x80, 0x44, 97)],
  },
  {
    name: 'format 2: probe off, nothing measured',
    source: SPEC,
    hex: '01 89 00 03 8d  01 88 00 7f 08  01 88 00 7f 08',
    from: 'device',
    decodes: [frame(2, 0x89, 0, 3), frame(2, 0x88, 0, 127), frame(2, 0x88, 0, 127)],
  },
  {
    name: 'format 7: rate 130, SpO2 97',
    source: SPEC,
    hex: '81 9c 40 01 5e  80 9c 41 02 5f  80 9c 42 61 bf',
    from: 'device',
    decodes: [frame(7, 0x81, 0x9c40, 1), frame(7, 0x80, 0x9c41, 2), frame(7, 0x80, 0x9c42, 97)],
  },
  {
    name: 'format 2: two frames',
    source: PUFFERFISH,
    hex: '01 81 01 00 83  01 80 01 48 ca',
    from: 'device',
    decodes: [frame(2, 0x81, 1, 0), frame(2, 0x80, 1, 0x48)],
  },
  {
    name: 'format 2: the port was opened within a packet',
    source: 'own: the end of a packet before the first frames of the next one',
    hex: '44 61 26  01 80 44 30 f5  01 81 49 01 cc  01 80 46 02 c9',
    from: 'device',
    decodes: [frame(2, 0x81, 0x49, 1), frame(2, 0x80, 0x46, 2)],
  },
  refused('wrong sum', PUFFERFISH, '01 81 01 00 83  01 80 01 48 cb'),
  refused('status without its bit 7', PUFFERFISH, '01 81 01 00 83  01 7f 01 48 c9'),
  refused('a packet has no beginning', OWN, '01 80 46 02 c9  01 80 44 61 26  01 80 44 61 26'),
  refused('only one frame', OWN, '01 81 49 01 cc'),
  refused('every frame says that it is the first', OWN, '01 81 49 01 cc  01 81 49 01 cc'),
  refused('format 8, which was not named', OWN, '81 02 61 00  81 02 61 00  81 02 61 00'),
  forbidden('set format 2', COMMANDS, '02 70 02 02 02 03'),
  forbidden('set format 7', COMMANDS, '02 70 02 02 07 03'),
  forbidden('set format 8', COMMANDS, '02 70 02 02 08 03'),
  forbidden('set format 13', COMMANDS, '02 70 02 02 0D 03'),
  forbidden('set format 7, long form', LONG_COMMAND, '02 70 04 02 07 00 7D 03'),
  forbidden('get the time', COMMANDS, '02 72 00 03'),
];

function refused(name: string, source: string, hex: string): WireVector {
  return { name, source, hex, from: 'device', refused: name };
}

function forbidden(name: string, source: string, hex: string): WireVector {
  return { name, source, hex, from: 'host', mayBeSent: false };
}
