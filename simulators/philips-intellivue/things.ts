import { absoluteTime, attribute, type PolledThing, u16, u32 } from './messages.ts';

/** Numbers as the monitor shows them now; `null` is "the sensor gives nothing". */
export interface Shown {
  readonly hr: number | null;
  readonly spo2: number | null;
  readonly pulse: number | null;
  readonly perfusion: number | null;
  readonly rr: number | null;
  readonly awRr: number | null;
  readonly etco2: number | null;
  readonly hasCo2: boolean;
  readonly nibp: {
    readonly sys: number;
    readonly dia: number;
    readonly map: number;
    /** On the monitor's own clock. */
    readonly takenWallMs: number;
  } | null;
  readonly isMeasuring: boolean;
  /** Bits that go with every value: demo, test. */
  readonly mark: number;
}

const [BPM, PER_CENT, NONE, MMHG, RPM] = [0x0aa0, 0x0220, 0x0200, 0x0f20, 0x0ae0];
const NOT_A_NUMBER = 0x007f_ffff;
const [INVALID, UNAVAILABLE, ONGOING] = [0x8000, 0x2000, 0x0020];

/** One value: tenths go as a mantissa with the exponent -1. */
function item(id: number, state: number, unit: number, value: number | null, isTenths = false) {
  if (value === null) return Buffer.concat([u16(id, state, unit), u32(NOT_A_NUMBER)]);
  const mantissa = Math.round(isTenths ? value * 10 : value) & 0xff_ffff;
  const word = isTenths ? (0xff << 24) | mantissa : mantissa;
  return Buffer.concat([u16(id, state, unit), u32(word)]);
}

const text = (words: string): Buffer => {
  const units = Buffer.from(`${words}\0`, 'utf16le').swap16();
  return Buffer.concat([u16(units.length), units]);
};

const labelled = (term: number, words: string): readonly Buffer[] => [
  attribute(0x0924, u32(0x0002_0000 | term)),
  attribute(0x0927, text(words)),
];

/** Every numeric object, in the order of its handles. @param isBare labels only, as in the first reply */
export function numericThings(shown: Shown, isBare: boolean): readonly PolledThing[] {
  let handle = 0x100;
  const things: PolledThing[] = [];
  const add = (term: number, words: string, ...more: readonly Buffer[]): void => {
    handle += 1;
    things.push({ handle, attributes: [...labelled(term, words), ...(isBare ? [] : more)] });
  };
  const one = (term: number, words: string, unit: number, value: number | null, tenths = false) => {
    const state = (value === null ? INVALID : 0) | shown.mark;
    add(term, words, attribute(0x0950, item(term, state, unit, value, tenths)));
  };
  one(0x4182, 'HR', BPM, shown.hr);
  one(0x4bb8, 'SpO₂', PER_CENT, shown.spo2, true);
  one(0x4822, 'Pulse', BPM, shown.pulse);
  one(0x4bb0, 'Perf', NONE, shown.perfusion, true);
  add(0x4a04, 'NBP', ...cuffAttributes(shown));
  one(0xf0e5, 'Pulse(NBP)', BPM, null);
  one(0x500a, 'RR', RPM, shown.rr);
  if (shown.hasCo2) {
    one(0x5012, 'awRR', RPM, shown.awRr);
    one(0x50b0, 'etCO₂', MMHG, shown.etco2);
  }
  // Not measured, and so without a value: labels of such objects are always there.
  add(0x5804, 'CPP');
  add(0x4b28, 'SVR');
  one(0x4b48, 'Temp', 0x17a0, 36.6, true);
  return things;
}

function cuffAttributes({ nibp, isMeasuring, mark }: Shown): readonly Buffer[] {
  const state = (nibp === null ? UNAVAILABLE : 0) | (isMeasuring ? ONGOING : 0) | mark;
  const items = Buffer.concat([
    item(0x4a05, state, MMHG, nibp?.sys ?? null),
    item(0x4a06, state, MMHG, nibp?.dia ?? null),
    item(0x4a07, state, MMHG, nibp?.map ?? null),
  ]);
  const values = attribute(0x094b, Buffer.concat([u16(3, items.length), items]));
  return nibp === null ? [values] : [values, attribute(0x0990, absoluteTime(nibp.takenWallMs))];
}

/** One alarm that the monitor signals. */
export interface Alarm {
  readonly source: number;
  readonly code: number;
  readonly type: number;
  readonly words: string;
}

export const PATIENT = { high: 0x0400, medium: 0x0200, low: 0x0100 } as const;
export const TECHNICAL = { high: 0x0004, medium: 0x0002, low: 0x0001 } as const;

/** The alert monitor with its two lists and their summary. @param state bits of every entry */
export function alarmThing(alarms: readonly Alarm[], state: number): PolledThing {
  const patient = alarms.filter(({ type }) => type >= PATIENT.low);
  const technical = alarms.filter(({ type }) => type < PATIENT.low);
  const greatest = (some: readonly Alarm[]): number => Math.max(0, ...some.map(({ type }) => type));
  return {
    handle: 0x36,
    attributes: [
      attribute(0x0902, alarmList(patient, state)),
      attribute(0x0904, alarmList(technical, state)),
      attribute(0x0916, u16(0, 1, greatest(patient), greatest(technical), 0)),
    ],
  };
}

function alarmList(alarms: readonly Alarm[], state: number): Buffer {
  const entries = alarms.map(({ source, code, type, words }, index) => {
    const info = Buffer.concat([u16(index + 1), u32(code), u16(0, 0), text(words)]);
    return Buffer.concat([u16(source, code, type, state, 0x21, 0, 0, 0x0204, info.length), info]);
  });
  const all = Buffer.concat(entries);
  return Buffer.concat([u16(entries.length, all.length), all]);
}
