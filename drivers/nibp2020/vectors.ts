import type { WireVector } from '../../src/driver/proof.ts';

const COMPUTED = 'computed by hand from the published frame layout (PROTOCOL.md, "Evidence")';
const BENCH = 'bench capture of a NIBP2020 UP quoted in an open Python driver';
const OPEN = 'open drivers NIBP-project and NIBP-ABATON, worked example';
const TABLE = 'codes in the open drivers NIBP-project and NIBP-ABATON; checksum computed';

const status = {
  kind: 'status',
  state: 1,
  patient: 0,
  cycleMin: 15,
  message: '03',
  isSimulated: false,
} as const;

/** Golden bytes. Those that must never be sent move a cuff in ways that nobody asked for. */
export const vectors: readonly WireVector[] = [
  {
    name: 'standby, cycle of 15 minutes, 122/77 (94)',
    source: COMPUTED,
    hex: '02 53 31 3b 41 30 3b 43 31 35 3b 4d 30 33 3b 50 31 32 32 30 37 37 30 39 34 3b 52 30 37 35 3b 54 30 39 30 30 3b 3b 35 31 03 0d',
    from: 'device',
    decodes: { ...status, result: { sys: 122, dia: 77, mean: 94, pulse: 75 } },
  },
  {
    name: 'error, leak, no values',
    source: COMPUTED,
    hex: '02 53 32 3b 41 30 3b 43 31 35 3b 4d 30 37 3b 50 2d 2d 2d 2d 2d 2d 2d 2d 2d 3b 52 2d 2d 2d 3b 54 20 20 20 20 3b 3b 42 44 03 0d',
    from: 'device',
    decodes: { ...status, state: 2, message: '07', result: null },
  },
  {
    name: 'standby by hand, 101/65 (76)',
    source: `${BENCH}; checksum computed`,
    text: '\x02S1;A0;C00;M00;P101065076;R060;T    ;;F3\x03\r',
    from: 'device',
    decodes: {
      ...status,
      cycleMin: 0,
      message: '00',
      result: { sys: 101, dia: 65, mean: 76, pulse: 60 },
    },
  },
  {
    name: 'the same from the board with SpO2, with the bytes of a curve before it',
    source: 'own, from the start and end bytes of the combi board',
    hex: '37 35 02 36 FD 53 31 3b 41 30 3b 43 31 35 3b 4d 30 33 3b 50 31 32 32 30 37 37 30 39 34 3b 52 30 37 35 3b 54 30 39 30 30 3b 3b 35 31 FE 0d',
    from: 'device',
    decodes: { ...status, result: { sys: 122, dia: 77, mean: 94, pulse: 75 } },
  },
  {
    name: 'a simulated module',
    source: 'own, the mark of our simulator',
    text: '\x02S6;A1;C15;M00;P---------;R---;T0005;SIM;E9\x03\r',
    from: 'device',
    decodes: {
      ...status,
      state: 6,
      patient: 1,
      message: '00',
      result: null,
      isSimulated: true,
    },
  },
  {
    name: 'cuff pressure 35 mmHg while measuring',
    source: 'example in the open drivers',
    text: '\x02035C0S3\x03\r',
    from: 'device',
    decodes: { kind: 'pressure', mmHg: 35, caution: 0, state: 3 },
  },
  {
    name: 'end of a measurement',
    source: 'open drivers',
    text: '\x02999\x03\r',
    from: 'device',
    decodes: { kind: 'end' },
  },
  {
    name: "a status with the checksum D2 of the maker's printed sample",
    source: 'own, after the sample in print',
    text: '\x02S1;A0;C00;M00;P101065076;R060;T0005;;D2\x03\r',
    from: 'device',
    refused: 'checksum: the sample is wrong in print',
  },
  {
    name: 'one digit of the pressure changed',
    source: 'own',
    text: '\x02S1;A0;C15;M03;P132077094;R075;T0900;;51\x03\r',
    from: 'device',
    refused: 'checksum',
  },
  {
    name: 'cut, the end of the next frame behind it',
    source: 'own',
    text: '\x02S1;A0;C15;M03;P12207\x02\x03\r',
    from: 'device',
    refused: 'no frame between the last start and the end',
  },
  {
    name: 'start of one board, end of the other',
    source: 'own',
    hex: 'FD 39 39 39 03 0d',
    from: 'device',
    refused: 'start and end do not belong together',
  },
  {
    name: 'status and last result',
    source: TABLE,
    hex: '02 31 38 3b 3b 44 46 03',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'start one measurement',
    source: OPEN,
    hex: '02 30 31 3b 3b 44 37 03',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'cycle of 15 minutes',
    source: TABLE,
    hex: '02 31 30 3b 3b 44 37 03',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'start one measurement, combi board',
    source: 'open Python driver of the NIBP2020 UP',
    hex: 'FD 30 31 3B 3B 44 37 FE 0D',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'cycle of 15 minutes, combi board',
    source: COMPUTED,
    hex: 'FD 31 30 3B 3B 44 37 FE 0D',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'status, combi board',
    source: COMPUTED,
    hex: 'FD 31 38 3B 3B 44 46 FE 0D',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'stop, let the air out',
    source: 'open drivers',
    text: 'X',
    from: 'host',
    mayBeSent: true,
  },
  ...(
    [
      ['manual mode, which stops the cycle', '02 30 33 3b 3b 44 39 03'],
      ['cycle of 1 minute', '02 30 34 3b 3b 44 41 03'],
      ['cycle of 10 minutes', '02 30 39 3b 3b 44 46 03'],
      ['cycle of 30 minutes', '02 31 31 3b 3b 44 38 03'],
      ['manometer mode', '02 31 34 3b 3b 44 42 03'],
      ['software reset', '02 31 36 3b 3b 44 44 03'],
      ['leak test, inflates the cuff', '02 31 37 3b 3b 44 45 03'],
      ['neonatal mode', '02 32 35 3b 3b 44 44 03'],
      ['adult mode', '02 32 34 3b 3b 44 43 03'],
    ] as const
  ).map(([name, hex]) => ({ name, hex, source: TABLE, from: 'host' as const, mayBeSent: false })),
  {
    name: 'first inflation 180 mmHg',
    source: COMPUTED,
    hex: '02 32 33 3b 3b 44 42 03',
    from: 'host',
    mayBeSent: false,
  },
];
