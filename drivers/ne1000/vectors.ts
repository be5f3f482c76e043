import type { WireVector } from '../../src/driver/proof.ts';

/**
 * Bytes as they stand on the wire. The manual prints one packet (SAF0) and the forms of the answers; what
 * is worked out from them by hand, the CRC apart from this code, says so.
 */
const MANUAL = 'NE-1000 user manual 1200-01 (08/01/14), pages 33 to 36';
const WORKED_OUT = `${MANUAL}: worked out by its rules, CRC computed apart`;
const NESP = 'florian-lapp/nesp-lib-py, nesp_lib/pump.py: words and forms; CRC computed apart';
const OWN = 'own';

const query = (name: string, hex: string, source: string): WireVector => ({
  name,
  source,
  hex,
  from: 'host',
  mayBeSent: true,
});

/** Never sent: each of them changes something, or is no question of ours. */
const command = (name: string, wire: { text: string } | { hex: string }, source: string) =>
  ({ name, source, ...wire, from: 'host', mayBeSent: false }) as const;

export const hostVectors: readonly WireVector[] = [
  query('CR alone', '0d', MANUAL),
  query('status', '30 0d', MANUAL),
  query('status, address 99', '39 39 0d', WORKED_OUT),
  query('VER', '30 56 45 52 0d', NESP),
  query('SAF', '30 53 41 46 0d', NESP),
  query('PHN', '30 50 48 4e 0d', MANUAL),
  query('RAT', '30 52 41 54 0d', MANUAL),
  query('RAT, address 42', '34 32 52 41 54 0d', WORKED_OUT),
  query('DIS', '30 44 49 53 0d', MANUAL),
  query('VOL', '30 56 4f 4c 0d', MANUAL),
  query('DIR', '30 44 49 52 0d', MANUAL),
  query('DIA', '30 44 49 41 0d', MANUAL),
  query('safe status', '02 05 30 36 53 03', WORKED_OUT),
  query('safe status, address 5', '02 05 35 66 f6 03', WORKED_OUT),
  query('safe VER', '02 08 30 56 45 52 48 09 03', WORKED_OUT),
  query('safe SAF', '02 08 30 53 41 46 3d 88 03', WORKED_OUT),
  query('safe PHN', '02 08 30 50 48 4e 5f 48 03', WORKED_OUT),
  query('safe RAT', '02 08 30 52 41 54 38 cb 03', WORKED_OUT),
  query('safe RAT, address 42', '02 09 34 32 52 41 54 50 4b 03', WORKED_OUT),
  query('safe DIS', '02 08 30 44 49 53 30 46 03', WORKED_OUT),
  query('safe VOL', '02 08 30 56 4f 4c 54 3d 03', WORKED_OUT),
  query('safe DIR', '02 08 30 44 49 52 20 67 03', WORKED_OUT),
  query('safe DIA', '02 08 30 44 49 41 02 35 03', WORKED_OUT),
  command('leave the safe mode, without an address', { hex: '02 08 53 41 46 30 55 43 03' }, MANUAL),
  command('arm the safe mode, 5 s', { hex: '02 09 30 53 41 46 35 09 08 03' }, WORKED_OUT),
  command('arm the safe mode, 5 s, basic', { text: '0SAF5\r' }, MANUAL),
  command('safe mode off, basic', { text: '0SAF0\r' }, MANUAL),
  command('set the rate', { text: '0RAT5\r' }, MANUAL),
  command('set the rate, with a blank, which the pump strips', { text: '0RAT 5\r' }, MANUAL),
  command('set the rate, packet', { hex: '02 09 30 52 41 54 35 1a ad 03' }, WORKED_OUT),
  command('set the volume', { text: '0VOL10\r' }, MANUAL),
  command('set the direction', { text: '0DIRWDR\r' }, MANUAL),
  command('set the diameter', { text: '0DIA26.59\r' }, MANUAL),
  command('select a phase', { text: '0PHN2\r' }, MANUAL),
  command('run', { text: '0RUN\r' }, MANUAL),
  command('run, packet', { hex: '02 08 30 52 55 4e 44 07 03' }, WORKED_OUT),
  command('run, network burst', { text: '*RUN\r' }, OWN),
  command('stop', { text: '0STP\r' }, MANUAL),
  command('purge', { text: '0PUR\r' }, NESP),
  command('clear the volumes', { text: '0CLDINF\r' }, NESP),
  command('set the address', { text: '*ADR1\r' }, OWN),
  command('no address', { text: 'RAT\r' }, OWN),
  command('address with a nought before it', { text: '00RAT\r' }, OWN),
  command('address 100', { text: '100\r' }, OWN),
  command('in small letters', { text: '0rat\r' }, OWN),
  command('without an end', { text: '0RAT' }, OWN),
  command('two questions at once', { text: '0RAT\r0DIS\r' }, OWN),
  command('packet with a wrong CRC', { hex: '02 08 30 52 41 54 38 cc 03' }, OWN),
];

const SAID = { framing: 'basic', address: '0', state: 'S', alarm: null, error: null, data: '' };
const answer = (
  name: string,
  wire: { text: string } | { hex: string },
  source: string,
  said: object,
) => ({ name, source, ...wire, from: 'device', decodes: { ...SAID, ...said } }) as const;

const basic = (text: string): { text: string } => ({ text: `\x02${text}\x03` });

export const answerVectors: readonly WireVector[] = [
  answer('stopped', { hex: '02 30 30 53 03' }, MANUAL, {}),
  answer('infuses at 40 mL/h', { hex: '02 30 30 49 34 30 2e 30 30 4d 48 03' }, MANUAL, {
    state: 'I',
    data: '40.00MH',
    mlPerHour: 40,
  }),
  answer(
    'state I, and data that begin with I',
    { hex: '02 30 30 49 49 31 2e 32 33 34 57 30 2e 30 30 30 4d 4c 03' },
    MANUAL,
    { state: 'I', data: 'I1.234W0.000ML', infusedMl: 1.234, withdrawnMl: 0 },
  ),
  answer('motor stalled', { hex: '02 30 30 41 3f 53 03' }, MANUAL, { state: null, alarm: 'S' }),
  answer('restarted', basic('00A?R'), MANUAL, { state: null, alarm: 'R' }),
  answer('safe-mode time-out', basic('00A?T'), MANUAL, { state: null, alarm: 'T' }),
  answer('program error', basic('00A?E'), MANUAL, { state: null, alarm: 'E' }),
  answer('phase out of range', basic('00A?O'), MANUAL, { state: null, alarm: 'O' }),
  answer('an alarm letter that nobody knows', basic('00A?Z'), OWN, { state: null, alarm: 'Z' }),
  answer('unknown word', { hex: '02 30 30 53 3f 03' }, MANUAL, { error: '' }),
  answer('not applicable now', basic('00S?NA'), MANUAL, { error: 'NA' }),
  answer('out of range', basic('00S?OOR'), MANUAL, { error: 'OOR' }),
  answer('bad packet', basic('00S?COM'), MANUAL, { error: 'COM' }),
  answer('ignored', basic('12I?IGN'), MANUAL, { address: '12', state: 'I', error: 'IGN' }),
  answer('withdraws', basic('00W'), MANUAL, { state: 'W' }),
  answer('a state that nobody knows', basic('00Q'), OWN, { state: 'Q' }),
  answer('version', basic('00SNE1000V3.928'), NESP, { data: 'NE1000V3.928' }),
  answer('version of another label', basic('00SAL1000V1.0'), OWN, { data: 'AL1000V1.0' }),
  answer('target volume in microlitres', basic('00P500.0UL'), WORKED_OUT, {
    state: 'P',
    data: '500.0UL',
    volumeMl: 0.5,
  }),
  answer('direction', basic('07PINF'), WORKED_OUT, {
    address: '7',
    state: 'P',
    data: 'INF',
    direction: 'infuse',
  }),
  answer('diameter', basic('00S26.59'), WORKED_OUT, { data: '26.59', number: 26.59 }),
  answer('rate, packet', { hex: '02 0e 30 30 49 34 30 2e 30 30 4d 48 dd 8b 03' }, WORKED_OUT, {
    framing: 'safe',
    state: 'I',
    data: '40.00MH',
    mlPerHour: 40,
  }),
  answer(
    'alarm that comes by itself, packet',
    { hex: '02 09 30 30 41 3f 53 75 a7 03' },
    WORKED_OUT,
    {
      framing: 'safe',
      state: null,
      alarm: 'S',
    },
  ),
  answer(
    'volumes, packet',
    { hex: '02 15 30 30 49 49 31 2e 32 33 34 57 30 2e 30 30 30 4d 4c 83 fc 03' },
    WORKED_OUT,
    {
      framing: 'safe',
      state: 'I',
      data: 'I1.234W0.000ML',
      infusedMl: 1.234,
      withdrawnMl: 0,
    },
  ),
  answer(
    'version, packet',
    { hex: '02 13 30 30 53 4e 45 31 30 30 30 56 33 2e 39 32 38 27 22 03' },
    WORKED_OUT,
    { framing: 'safe', data: 'NE1000V3.928' },
  ),
  answer('state, packet', { hex: '02 07 30 30 49 19 dd 03' }, WORKED_OUT, {
    framing: 'safe',
    state: 'I',
  }),
  answer('safe mode armed with 5 s, packet', { hex: '02 08 30 30 53 35 d4 56 03' }, WORKED_OUT, {
    framing: 'safe',
    data: '5',
    number: 5,
  }),
];

const refuse = (name: string, refused: string, wire: { text: string } | { hex: string }) =>
  ({ name, source: OWN, refused, ...wire, from: 'device' }) as const;

export const refusedVectors: readonly WireVector[] = [
  refuse('CRC', 'wrong checksum', { hex: '02 0e 30 30 49 34 30 2e 30 30 4d 48 dd 8c 03' }),
  refuse('rate 41', 'one bit flipped', { hex: '02 0e 30 30 49 34 31 2e 30 30 4d 48 dd 8b 03' }),
  refuse('no ETX', 'cut off', { hex: '02 30 30 49 34 30 2e' }),
  refuse('packet without its end', 'cut off', { hex: '02 0e 30 30 49 34 30 2e 30' }),
  refuse('length one too small', 'length', { hex: '02 06 30 30 49 19 dd 03' }),
  refuse('length one too big', 'length', { hex: '02 08 30 30 49 19 dd 03' }),
  refuse('no state', 'malformed', basic('000')),
  refuse('one digit of an address', 'malformed', basic('0SS')),
  refuse('alarm without its mark', 'malformed', basic('00AS')),
  refuse('alarm without its letter', 'malformed', basic('00A?')),
  refuse(
    'an error that nobody knows; an alarm with a flipped bit looks so',
    'malformed',
    basic('00I?S'),
  ),
  refuse('state in a small letter', 'malformed', basic('00i')),
  refuse('nothing between STX and ETX', 'empty', { hex: '02 03' }),
  refuse('our own packet, from a cable that echoes', 'no answer', { hex: '02 05 30 36 53 03' }),
  refuse('far too long', 'over-long', basic(`00S${'9'.repeat(60)}`)),
];
