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
