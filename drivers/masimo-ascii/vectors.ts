import type { WireVector } from '../../src/driver/proof.ts';
import type { MasimoLine } from './codec.ts';

/** Serial numbers of real monitors are replaced; everything else is as it came. */
const README = 'line of a Rad-8 in the README of yahnatan/pulseox, another serial number';
const BLUE =
  'line of a Radical-7 (blue) in comments of nmenon/masimo-datacapture, another serial number';
const COLOUR = 'line of a Radical-7 (colour) in comments of nmenon/masimo-datacapture';
const PROGRAM = 'line of a Rad-8 in a comment of an open program, another serial number';
const FORM = 'form of the Rad-8 (operator manual, section 4), values of ours';
const OWN = 'own: the same with a fault';

const said = (parts: Partial<MasimoLine> & Pick<MasimoLine, 'deviceWallMs'>): MasimoLine => ({
  serial: '0000012345',
  isSimulated: false,
  spo2: null,
  pulse: null,
  perfusion: null,
  alarm: '0000',
  exceptions: 0x800,
  ...parts,
});

const GOOD =
  '02/22/16 22:47:45 SN=0000012345 SPO2=098% BPM=097 PI=03.60% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800';

export const vectors: readonly WireVector[] = [
  {
    name: 'values',
    source: README,
    text: `${GOOD}\n\r`,
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2016, 1, 22, 22, 47, 45),
      spo2: 98,
      pulse: 97,
      perfusion: 3.6,
    }),
  },
  {
    name: 'two lines, LF CR between them',
    source: PROGRAM,
    text: [
      '02/24/18 04:48:57 SN=0000012345 SPO2=097% BPM=080 PI=05.26% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\n\r',
      '02/24/18 04:48:58 SN=0000012345 SPO2=097% BPM=080 PI=05.31% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\n\r',
    ].join(''),
    from: 'device',
    decodes: [
      said({
        deviceWallMs: Date.UTC(2018, 1, 24, 4, 48, 57),
        spo2: 97,
        pulse: 80,
        perfusion: 5.26,
      }),
      said({
        deviceWallMs: Date.UTC(2018, 1, 24, 4, 48, 58),
        spo2: 97,
        pulse: 80,
        perfusion: 5.31,
      }),
    ],
  },
  {
    name: 'an alarm word',
    source: PROGRAM,
    text: '03/06/05 21:11:30 SN=0000012345 SPO2=098% BPM=057 PI=07.02% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0038 EXC=000800\n\r',
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2005, 2, 6, 21, 11, 30),
      spo2: 98,
      pulse: 57,
      perfusion: 7.02,
      alarm: '0038',
    }),
  },
  {
    name: 'sensor off, and numbers still there; the line ends with CR LF in that program',
    source: PROGRAM,
    text: '05/20/21 14:06:02 SN=0000012345 SPO2=098% BPM=101 PI=--.--% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0010 EXC=000824\r\n',
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2021, 4, 20, 14, 6, 2),
      spo2: 98,
      pulse: 101,
      alarm: '0010',
      exceptions: 0x824,
    }),
  },
  {
    name: 'a Radical-7 in colour: other widths, more words, no serial number',
    source: COLOUR,
    text: '02/22/16 22:47:45 SN=---------- SPO2=098% BPM=123 PI=00.55 SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- RESVD=--- DESAT=-- PIDELTA=+-- PVI=--- ALARM=000000 EXC=0000C00 EXC1=00000000\n\r',
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2016, 1, 22, 22, 47, 45),
      serial: null,
      spo2: 98,
      pulse: 123,
      perfusion: 0.55,
      alarm: '000000',
      exceptions: 0xc00,
    }),
  },
  {
    name: 'a blue Radical-7 with PVI and no values',
    source: BLUE,
    text: '05/15/07 08:12:21 SN=0000012345 SPO2=---% BPM=--- PI=--.--% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- PVI=--- ALARM=0000 EXC=000000\n\r',
    from: 'device',
    decodes: said({ deviceWallMs: Date.UTC(2007, 4, 15, 8, 12, 21), exceptions: 0 }),
  },
  {
    name: 'low saturation and an alarm word',
    source: FORM,
    text: '02/22/16 22:47:45 SN=0000012345 SPO2=093% BPM=131 PI=01.20% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0012 EXC=000800\n\r',
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2016, 1, 22, 22, 47, 45),
      spo2: 93,
      pulse: 131,
      perfusion: 1.2,
      alarm: '0012',
    }),
  },
  {
    name: 'no sensor and sensor off; a per cent sign behind the dashes of BPM',
    source: FORM,
    text: '02/22/16 22:47:46 SN=0000012345 SPO2=---% BPM=---% PI=--.--% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000821\n\r',
    from: 'device',
    decodes: said({ deviceWallMs: Date.UTC(2016, 1, 22, 22, 47, 46), exceptions: 0x821 }),
  },
  {
    name: 'a simulated monitor',
    source: 'own: the mark of PROTOCOL.md',
    text: `${GOOD.replace('SN=0000012345', 'SN=SIM0000001')}\n\r`,
    from: 'device',
    decodes: said({
      deviceWallMs: Date.UTC(2016, 1, 22, 22, 47, 45),
      serial: 'SIM0000001',
      isSimulated: true,
      spo2: 98,
      pulse: 97,
      perfusion: 3.6,
    }),
  },
  refused('the second half of a line', GOOD.slice(40)),
  refused('cut before the exceptions', GOOD.slice(0, -11)),
  refused('cut within the exceptions', GOOD.slice(0, -2)),
  refused('two lines that lost their end', GOOD + GOOD),
  refused('two lines with a blank between', `${GOOD} ${GOOD}`),
  refused('a word twice', `${GOOD} SPO2=088%`),
  refused('a dash among the digits', GOOD.replace('098%', '0-8%')),
  refused('a letter among the digits', GOOD.replace('098%', 'O98%')),
  refused('four digits', GOOD.replace('098%', '0098%')),
  refused('no saturation at all', GOOD.replace('SPO2=098% ', '')),
  refused('an empty value', GOOD.replace('098%', '')),
  refused('a month that is none', GOOD.replace('02/22', '22/02')),
  refused('a time that is none', GOOD.replace('22:47', '24:47')),
  { name: 'a wake-up', source: OWN, hex: '0D', from: 'host', mayBeSent: false },
];

function refused(name: string, text: string): WireVector {
  return { name, source: OWN, text: `${text}\n\r`, from: 'device', refused: name };
}
