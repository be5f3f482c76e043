import type { Episode, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { floatReading, invalid, NOT_AVAILABLE, type Reading } from './float.ts';
import type { NumericObject, NumericValue } from './numeric-object.ts';

/** A quantity that we read: label of the object, id within the value, and its one unit. */
interface Known {
  readonly label: number;
  readonly physioId: number;
  readonly unit: number;
  readonly code: MetricCode;
}

const [BPM, PER_CENT, NO_UNIT, MMHG, RPM] = [0x0aa0, 0x0220, 0x0200, 0x0f20, 0x0ae0];
export const NBP_LABEL = 0x0002_4a04;

const KNOWN: readonly Known[] = [
  { label: 0x0002_4182, physioId: 0x4182, unit: BPM, code: 'MDC_ECG_HEART_RATE' },
  { label: 0x0002_4bb8, physioId: 0x4bb8, unit: PER_CENT, code: 'MDC_PULS_OXIM_SAT_O2' },
  { label: 0x0002_4822, physioId: 0x4822, unit: BPM, code: 'MDC_PULS_OXIM_PULS_RATE' },
  { label: 0x0002_4bb0, physioId: 0x4bb0, unit: NO_UNIT, code: 'MDC_PULS_OXIM_PERF_REL' },
  { label: 0x0002_500a, physioId: 0x500a, unit: RPM, code: 'MDC_RESP_RATE' },
  { label: 0x0002_5012, physioId: 0x5012, unit: RPM, code: 'MDC_CO2_RESP_RATE' },
  { label: 0x0002_50b0, physioId: 0x50b0, unit: MMHG, code: 'MDC_AWAY_CO2_ET' },
  { label: NBP_LABEL, physioId: 0x4a05, unit: MMHG, code: 'MDC_PRESS_BLD_NONINV_SYS' },
  { label: NBP_LABEL, physioId: 0x4a06, unit: MMHG, code: 'MDC_PRESS_BLD_NONINV_DIA' },
  { label: NBP_LABEL, physioId: 0x4a07, unit: MMHG, code: 'MDC_PRESS_BLD_NONINV_MEAN' },
];
const BY_IDS = new Map(KNOWN.map((known) => [`${known.label}/${known.physioId}`, known]));

/** Bits of the measurement state. */
const INVALID = 0x8000;
const QUESTIONABLE = 0x4000;
const UNAVAILABLE = 0x2000;
const CALIBRATING = 0x1000;
const TEST_DATA = 0x0800;
const DEMO_DATA = 0x0400;
const EARLY = 0x0040;
const ONGOING = 0x0020;
/** Validated, ongoing, in alarm, alarm inhibited: nothing against the number. */
const HARMLESS = 0x0080 | ONGOING | 0x0002 | 0x0001;
const UNDERSTOOD =
  INVALID | QUESTIONABLE | UNAVAILABLE | CALIBRATING | TEST_DATA | DEMO_DATA | EARLY | HARMLESS;

/** Those that a wave has, too. */
export const STATE = {
  invalid: INVALID,
  unavailable: UNAVAILABLE,
  calibrating: CALIBRATING,
  test: TEST_DATA,
  demo: DEMO_DATA,
} as const;

/** A value with its metric; `undefined` for a quantity that we do not read. */
export interface Observed {
  readonly code: MetricCode;
  readonly reading: Reading;
}

export function observed(label: number | null, value: NumericValue): Observed | undefined {
  // The id alone is not enough: a second sensor has its own label and may share it.
  const known = label === null ? undefined : BY_IDS.get(`${label}/${value.physioId}`);
  if (known === undefined) return undefined;
  return { code: known.code, reading: readingOf(value, known.unit) };
}

function readingOf({ state, unit, float }: NumericValue, expectedUnit: number): Reading {
  if (state & INVALID) return invalid('marked invalid by the monitor');
  if (state & UNAVAILABLE) return NOT_AVAILABLE;
  if (state & CALIBRATING) return invalid('calibrating');
  if (unit !== expectedUnit) return invalid(`unknown unit ${unit}`);
  const reading = floatReading(float);
  if (reading.validity !== 'valid') return reading;
  const doubt = doubtOf(state);
  return doubt === undefined ? reading : { ...reading, validity: 'questionable', reason: doubt };
}

/** Why a value in that state is not to be trusted; `undefined` = nothing is against it. */
export function doubtOf(state: number): string | undefined {
  if (state & TEST_DATA) return 'test data';
  if (state & DEMO_DATA) return 'demo data';
  if (state & QUESTIONABLE) return 'doubtful for the monitor itself';
  if (state & EARLY) return 'first estimate';
  return state & ~UNDERSTOOD ? `unknown state ${state.toString(16)}` : undefined;
}

/** Whether values say of themselves that they are no patient's. */
export function modeOf(objects: readonly NumericObject[]): 'demo' | 'test' | null {
  const states = objects.flatMap(({ values }) => (values ?? []).map(({ state }) => state));
  if (states.some((state) => state & DEMO_DATA)) return 'demo';
  return states.some((state) => state & TEST_DATA) ? 'test' : null;
}

/** The cuff runs now; the pressures, if any, are those of before. */
export const isMeasuring = (values: readonly NumericValue[]): boolean =>
  values.some(({ state }) => (state & ONGOING) !== 0);

/** When a reply came, by our clock and by the monitor's. */
export interface Moment {
  readonly atMs: number;
  readonly deviceWallMs?: number;
}

export function metric(moment: Moment, { code, reading }: Observed, episode?: Episode): MetricSeen {
  return {
    kind: 'metric',
    code,
    ...reading,
    ...moment,
    ...(episode === undefined ? {} : { episode }),
  };
}

export const isCuff = (code: MetricCode): boolean => code.startsWith('MDC_PRESS_BLD_NONINV');
/** Without a reading there is no time. */
export const NO_EPISODE: Episode = { measuredAtMs: null, confirmed: false, measuring: false };

/** Every metric that can come, in the order of the table. */
export const REPORTS: readonly MetricCode[] = KNOWN.map(({ code }) => code);
