import type { WireVector } from '../../src/driver/proof.ts';

/**
 * Bytes that came from somewhere else than our own encoder, as hex. "Computer Interface specification"
 * is M1017617, 12th ed.; "recording" is `test/fixtures/ge-dri/b450-short.raw` (python-pycollect,
 * c6cfdc1d). Adding one needs no code.
 */

/** What hosts send, flags included. All of it must decode; only the list of queries is ever sent by us. */
export const REQUESTS: readonly {
  readonly name: string;
  readonly source: string;
  readonly wire: string;
  readonly mainType: number;
  readonly body: string;
}[] = [
  {
    name: 'displayed values every 10 s, all classes',
    source: 'Computer Interface specification, printed example',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 0a 00 0e 00 00 00 00 00 49 7e',
    mainType: 0,
    body: '01 0a 00 0e 00 00 00 00 00',
  },
  {
    name: 'displayed values every 5 s, all classes',
    source: 'the printed example with another interval; sum worked out apart',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 05 00 0e 00 00 00 00 00 44 7e',
    mainType: 0,
    body: '01 05 00 0e 00 00 00 00 00',
  },
  {
    name: 'displayed values every second, all classes',
    source: 'the printed example with another interval; sum worked out apart',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01 00 0e 00 00 00 00 00 40 7e',
    mainType: 0,
    body: '01 01 00 0e 00 00 00 00 00',
  },
  {
    name: 'cancel',
    source: 'Computer Interface specification, printed example',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 31 7e',
    mainType: 0,
    body: '01 00 00 00 00 00 00 00 00',
  },
  {
    name: '60 s trend; the sum itself is 7D and so is escaped',
    source: 'Computer Interface specification, printed example',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 3c 00 0e 00 00 00 00 00 7d 5d 7e',
    mainType: 0,
    body: '03 3c 00 0e 00 00 00 00 00',
  },
  {
    name: 'displayed values every second, Basic and Ext1',
    source: 'worked out apart from the printed examples',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01 00 02 00 00 00 00 00 34 7e',
    mainType: 0,
    body: '01 01 00 02 00 00 00 00 00',
  },
  {
    name: 'displayed values every 5 s, Basic and Ext1',
    source: 'worked out apart from the printed examples',
    wire: '7e 31 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 05 00 02 00 00 00 00 00 38 7e',
    mainType: 0,
    body: '01 05 00 02 00 00 00 00 00',
  },
  {
    name: 'wave ECG1',
    source: 'Computer Interface specification, printed example',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 48 7e',
    mainType: 1,
    body: '00 00 00 00 01 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'waves ECG1, PLETH, RESP, CO2',
    source: 'worked out apart from the printed examples',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 08 0f 09 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 68 7e',
    mainType: 1,
    body: '00 00 00 00 01 08 0f 09 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'alarms, differential mode',
    source: 'worked out apart from the printed examples',
    wire: '7e 34 00 00 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 39 7e',
    mainType: 4,
    body: '02 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'waves ECG1, PLETH, RESP',
    source: 'worked out apart from the printed examples',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 08 0f ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 5f 7e',
    mainType: 1,
    body: '00 00 00 00 01 08 0f ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'waves ECG1, PLETH in the other order',
    source: 'worked out apart from the printed examples',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 08 01 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 50 7e',
    mainType: 1,
    body: '00 00 00 00 08 01 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'waves ECG1, ECG2',
    source: 'worked out apart from the printed examples',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 02 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 4a 7e',
    mainType: 1,
    body: '00 00 00 00 01 02 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'waves, stop',
    source: 'worked out apart from the printed examples',
    wire: '7e 48 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 48 7e',
    mainType: 1,
    body: '01 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'alarms, present state',
    source: 'worked out apart from the printed examples',
    wire: '7e 34 00 00 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 37 7e',
    mainType: 4,
    body: '00 00 00 00 00 00 00 00 00 00 00 00',
  },
  {
    name: 'alarms, out of differential mode',
    source: 'worked out apart from the printed examples',
    wire: '7e 34 00 00 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00 3a 7e',
    mainType: 4,
    body: '03 00 00 00 00 00 00 00 00 00 00 00',
  },
];

/** Pieces of the recording's records, un-escaped: `at` counts from the first byte of the record. */
export const RECORDED: readonly {
  readonly name: string;
  readonly source: string;
  /** The first numeric record, or any wave record, of the recording. */
  readonly record: 'numeric' | 'wave';
  readonly at: number;
  readonly bytes: string;
}[] = [
  {
    name: 'header: 1152 bytes, number 2, level 10, time 1532624765 with a 7D in it',
    source: 'recording',
    record: 'numeric',
    at: 0,
    bytes: '80 04 02 0a 00 00 7d ff 59 5b',
  },
  {
    name: 'ECG: measures, source 9, HR 80, ST2 and ST3 invalid, respiration 15',
    source: 'recording',
    record: 'numeric',
    at: 44,
    bytes: '4b 00 00 00 00 12 50 00 00 00 01 80 01 80 0f 00',
  },
  {
    name: 'NIBP 93.00 / 48.00 (69.00), pulse invalid',
    source: 'recording',
    record: 'numeric',
    at: 44 + 72,
    bytes: '03 00 00 00 0b 00 54 24 c0 12 f4 1a 01 80',
  },
  {
    name: 'SpO2 96.65 %, pulse 83, modulation 3.77 %',
    source: 'recording',
    record: 'numeric',
    at: 44 + 118,
    bytes: '03 00 00 00 00 00 c1 25 53 00 79 01 01 80',
  },
  {
    name: 'CO2: apnea and apnea alarm off, et 487, fi 26, rr 15, ambient 7598',
    source: 'recording',
    record: 'numeric',
    at: 44 + 132,
    bytes: '07 01 00 00 09 00 e7 01 1a 00 0f 00 ae 1d',
  },
  {
    name: 'wave header: PLETH at 0, entropy at 206, end',
    source: 'recording',
    record: 'wave',
    at: 16,
    bytes: '00 00 08 ce 00 20 00 00 ff',
  },
  {
    name: 'wave: 100 samples, status 0653, first samples -154 and -157',
    source: 'recording',
    record: 'wave',
    at: 40,
    bytes: '64 00 53 06 00 00 66 ff 63 ff',
  },
];

/**
 * The life of cuff readings as recorded (python-pycollect, c6cfdc1d, db00.raw): seconds, label,
 * systolic / diastolic / mean in mmHg, and whether this record shows a new reading.
 */
export const NIBP_LIFE: readonly {
  readonly atS: number;
  readonly label: number;
  readonly mmHg: readonly [number, number, number];
  readonly isNew: boolean;
}[] = [
  { atS: 0, label: 0x12b, mmHg: [87, 61, 73], isNew: false },
  { atS: 8, label: 0x02b, mmHg: [86, 58, 71], isNew: true },
  { atS: 10, label: 0x00b, mmHg: [86, 58, 71], isNew: false },
  { atS: 69, label: 0x10b, mmHg: [86, 58, 71], isNew: false },
  { atS: 131, label: 0x12b, mmHg: [86, 58, 71], isNew: false },
  { atS: 159, label: 0x02b, mmHg: [91, 57, 69], isNew: true },
];

/** The first record of the recording, flags included: numerics of all four classes. */
const NUMERICS = [
  '7e8004020a00007d5dff595b0000000000000000011601012c02014203010000ff0000000000000000007d5d',
  'ff595b4b000000001250000000018001800f0001000000010001800180018001800100000002000180018001',
  '80018000000000100001800180018001800000000003000180018001800180030000000b005424c012f41a01',
  '80000000000b000180000000000c000180000000000d000180000000000e000180030000000000c125530079',
  '010180070100000900e7011a000f00ae1d030000000000b01d401f0300000000000000000003000000010001',
  '8001800000030000000400018000000000018001800180018001800000000000000180018001800180200000',
  '000000018001801f005000520047000000000002000180000000000d000180018001800180000000000e0001',
  '8001800180018000000000a1007d5dff595b4b80000000125000018001800000000000000000000000000000',
  '000000000000000000000000000000000000000000004b000000001201800000018001800180018001800180',
  '0180018001800180000000000800018001800180018000000000150001800180018001800000000000000180',
  '0180018001800000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000a1017d5dff595b0000000000000180018001',
  '8001800180000000000000000000004000000001800180018001800180018001800180018001800180018001',
  '8001800180018001800180018001800180018001800180018001800180018001800180018001800180000000',
  '0000000180018001800180000003000000000032003d00000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000109030f000000000000000000000000000000000000000000c0',
  '0000000000018000000000000000000000000000000000000000000000000000000000000000000000a1027d',
  '5dff595b00000000000001800180018001800300000000000180018001800180018001800180018001800180',
  '0180018001800000000000000000000000000000030000000000018001800000000000000180018001800180',
  '0180018001800180030000000000000000000000000000000000000000000000000000000000018001800000',
  '0000000001800000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  '000000000000000000000000a103777e',
].join('');

/** Its third record: 100 samples of the pleth wave and the entropy. */
const WAVES = [
  '7ec401000a00009eff595b000000000100000008ce00200000ff000000000000000000000000000000640053',
  '06000066ff63ff5fff5cff58ff55ff53ff53ff56ff5eff6eff86ffa7ffd0fffdff2a0055007a009800af00bf',
  '00cb00d200d600d600d400cf00c700be00b200a50096008500730060004e003c002a0019000a00fcffeeffe1',
  'ffd6ffcbffc1ffb8ffb0ffa9ffa2ff9cff97ff92ff8eff8aff87ff84ff82ff7fff7d5eff7cff7bff79ff78ff',
  '77ff75ff73ff72ff71ff70ff6fff6dff6bff69ff67ff66ff64ff63ff62ff61ff60ff5fff5eff5eff5fff65ff',
  '71ff85ffa2ffc7fff4ff240054008000a600c600e000f40003010f0164005306000082006e006e00a000c800',
  'aa00b400dc00dc0004012201220118010401f000e6000e01360136012c012c01360140013601360154015e01',
  '68012c01fa001801180136012201180172016801fa00dc00d200dc0018013601220104012c015e012201c800',
  'b400be00be00c8000e010401aa00aa0004012c011801c800d2002201f000b400c800be009600aa00be00a000',
  'd200fa00be008c00b400be0050001e0046005a0032000000280032001e006e0078001e000000140050008c00',
  '5a003c008c00c800be0078005a00817e',
].join('');

const zeros = (count: number): string => '00'.repeat(count);

/** Two alarms, a line without a colour, a message; all alarms are silenced for 2 min. No recording has one. */
const ALARMS = [
  '7e2602070a0000a0ff595b0000000004000000010000ff',
  zeros(26),
  '050053704f32206e696564726967203c203838',
  zeros(65),
  '0300000000000000000000000000000046fc686c6572207072fc66656e',
  zeros(69),
  '02000000000000000000000000000000616c74',
  zeros(95),
  '4e4942502048616e64',
  zeros(73),
  '01',
  zeros(123),
  'f67e',
].join('');

const RECORDING = 'recording';

/** What the monitor says, flags included, and what must not be believed. */
const REPLIES: readonly WireVector[] = [
  {
    name: 'numerics, four classes',
    source: RECORDING,
    from: 'device',
    hex: NUMERICS,
    decodes: {
      level: 10,
      timeS: 1_532_624_765,
      number: 2,
      mainType: 0,
      isSimulated: false,
      values: {
        MDCX_HEART_RATE_DISPLAYED: 80,
        MDC_ECG_HEART_RATE: 80,
        MDC_RESP_RATE: 15,
        MDC_PULS_OXIM_SAT_O2: 96.65,
        MDC_PULS_OXIM_PULS_RATE: 83,
        MDC_PULS_OXIM_PERF_REL: 3.77,
        MDC_CO2_RESP_RATE: 15,
        // 4.87 % of 759.8 mmHg.
        MDC_AWAY_CO2_ET: 37.00226,
        MDC_PRESS_BLD_NONINV_SYS: 93,
        MDC_PRESS_BLD_NONINV_DIA: 48,
        MDC_PRESS_BLD_NONINV_MEAN: 69,
        nibpLabel: 0x00b,
        alerts: ['APNEA_ALARM_OFF'],
      },
    },
  },
  {
    name: 'waves: the pleth, and the entropy that we do not read',
    source: RECORDING,
    from: 'device',
    hex: WAVES,
    decodes: {
      level: 10,
      timeS: 1_532_624_798,
      number: 0,
      mainType: 1,
      isSimulated: false,
      values: [
        {
          name: 'pleth',
          isGap: true,
          isPaced: false,
          isLeadOff: false,
          count: 100,
          first: [-154, -157],
          sum: -3005,
        },
      ],
    },
  },
  {
    name: 'alarms: red, yellow, white, silenced for 2 min',
    source: 'own, laid out by the DRI specification',
    from: 'device',
    hex: ALARMS,
    decodes: {
      level: 10,
      number: 7,
      timeS: 1_532_624_800,
      mainType: 4,
      isSimulated: false,
      values: {
        isSoundOn: false,
        silence: 5,
        lines: [
          { text: 'SpO2 niedrig < 88', color: 3 },
          { text: 'Fühler prüfen', color: 2 },
          { text: 'NIBP Hand', color: 1 },
        ],
      },
    },
  },
  {
    name: 'numerics, one bit of the saturation turned over',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: NUMERICS.replace('c1255300', 'c1245300'),
    refused: 'wrong sum',
  },
  {
    name: 'numerics, cut off in the middle',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: `${NUMERICS.slice(0, 1_000)}7e`,
    refused: 'shorter than its own length says',
  },
  {
    name: 'waves, an escape before a byte that is never escaped',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: WAVES.replace('64005306', '7d005306'),
    refused: 'not an escape of this protocol',
  },
];

/** Of what hosts send, what this driver may send: displayed values of the classes that it reads, waves, alarms. */
const MAY_BE_SENT = [
  'displayed values every second, Basic and Ext1',
  'displayed values every 5 s, Basic and Ext1',
  'wave ECG1',
  'waves ECG1, PLETH, RESP',
  'waves ECG1, PLETH, RESP, CO2',
  'alarms, present state',
  'alarms, differential mode',
];

export const vectors: readonly WireVector[] = [
  ...REQUESTS.map(
    ({ name, source, wire }): WireVector => ({
      name,
      source,
      from: 'host',
      hex: wire,
      mayBeSent: MAY_BE_SENT.includes(name),
    }),
  ),
  ...REPLIES,
];
