import type {
  DeviceAlert,
  DeviceEvent,
  FactCode,
  FactSeen,
} from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { type AlarmMemory, alertsOf, flowDoubt, nextAlarmMemory } from './alarms.ts';
import { type DoseReading, doseOf, unknownUnit } from './dose.ts';
import { type RunState, runStateOf } from './run-state.ts';
import { firstNumberOf, flagOf, hasBit, numberOf, textOf, type Values, wordOf } from './values.ts';

/** What one block says of its pump, in order. */
export function observe(
  values: Values,
  before: AlarmMemory,
  notes: readonly DeviceAlert[],
  atMs: number,
): { readonly alarms: AlarmMemory; readonly events: readonly DeviceEvent[] } {
  const alarms = nextAlarmMemory(before, values);
  const alerts = [...alertsOf(alarms, values), ...unitAlert(values), ...notes];
  const state = withDoubt(runStateOf(values), alerts);
  return {
    alarms,
    events: [
      { kind: 'pump-status', status: state.status, raw: state.raw, atMs },
      currentFlow(values, state, atMs),
      ...metrics(values, atMs),
      ...facts(values, atMs),
      { kind: 'alerts', alerts, atMs },
    ],
  };
}

/** A pump that says that it delivers while an alarm stops it: one of the two is wrong. */
function withDoubt(state: RunState, alerts: readonly DeviceAlert[]): RunState {
  const doubt = state.status === 'infusing' ? flowDoubt(alerts) : undefined;
  return doubt === undefined ? state : { ...state, status: 'unknown', doubt };
}

function unitAlert(values: Values): readonly DeviceAlert[] {
  const unit = unknownUnit(values);
  if (unit === undefined) return [];
  const text = `Unknown unit ${unit}: dose cannot be checked`;
  return [{ code: 'UNIT-UNKNOWN', text, ruleId: 'PMP-10', priority: 'medium' }];
}

/** The set rate, if and only if the pump says that it delivers; never the set rate by itself. */
function currentFlow(values: Values, { status, doubt }: RunState, atMs: number): DeviceEvent {
  const code = 'MDC_FLOW_FLUID_PUMP_CURRENT';
  const source = 'rate and state';
  if (status === 'stopped' || status === 'standby') {
    return { kind: 'metric', code, value: 0, validity: 'valid', atMs, source: 'state' };
  }
  const rate = rateOf(values);
  if (rate.kind !== 'number') return metric(code, 'INRT', rate, atMs);
  const reason = doubt ?? (rate.value === 0 ? 'delivering with a rate of 0' : undefined);
  if (reason === undefined) {
    return { kind: 'metric', code, value: rate.value, validity: 'valid', atMs, source };
  }
  return {
    kind: 'metric',
    code,
    value: rate.value,
    validity: 'questionable',
    atMs,
    source,
    reason,
  };
}

const RATE_MAX = 1_800;
const VOLUME_MAX = 9_999.9;
/** Means "more than this" or "not known". */
const TIME_MAX_S = 65_535;
const BATTERY_MAX_MIN = 1_440;

const rateOf = (values: Values) => numberOf(values, 'INRT', RATE_MAX);

function metrics(values: Values, atMs: number): readonly DeviceEvent[] {
  return [
    metric('MDC_FLOW_FLUID_PUMP', 'INRT', rateOf(values), atMs),
    metric('MDC_VOL_FLUID_DELIV_TOTAL', 'INVI', infused(values), atMs),
    metric('MDC_VOL_FLUID_TBI', 'INVTB', toBeInfused(values), atMs),
    metric(
      'MDC_VOL_FLUID_TBI_REMAIN',
      'VOLREMAIN',
      numberOf(values, 'VOLREMAIN', VOLUME_MAX),
      atMs,
    ),
    metric(
      'MDCX_VOL_FLUID_CONTAINER_REMAIN',
      'INVOLACT',
      numberOf(values, 'INVOLACT', VOLUME_MAX),
      atMs,
    ),
    metric('MDC_TIME_PD_REMAIN', 'INRMT', timeLeft(values), atMs),
    metric('MDCX_PRESS_INFUS_OF_LIMIT', 'INP2', numberOf(values, 'INP2', 100), atMs),
    metric('MDC_CONC_DRUG', 'INDCON', doseOf(values, 'MDC_CONC_DRUG'), atMs),
    metric('MDCX_RATE_DOSE_MASS', 'INDORT', doseOf(values, 'MDCX_RATE_DOSE_MASS'), atMs),
    metric('MDCX_RATE_DOSE_WEIGHT', 'INDORT', doseOf(values, 'MDCX_RATE_DOSE_WEIGHT'), atMs),
    metric('MDC_ATTR_PT_WEIGHT', 'PATW', firstNumberOf(values, ['PATW', 'INPATW'], 600), atMs),
    metric('MDC_TIME_BATT_REMAIN', 'INAKKU', numberOf(values, 'INAKKU', BATTERY_MAX_MIN), atMs),
  ];
}

/** The counter stays at its end until somebody resets it at the pump. */
function infused(values: Values): DoseReading {
  const reading = numberOf(values, 'INVI', VOLUME_MAX);
  return reading.kind === 'number' && reading.value === VOLUME_MAX
    ? { kind: 'questionable', value: reading.value, reason: 'counter is at its end' }
    : reading;
}

function toBeInfused(values: Values): DoseReading {
  const reading = numberOf(values, 'INVTB', VOLUME_MAX);
  return reading.kind === 'number'
    ? { kind: 'questionable', value: reading.value, reason: 'programmed or left: not known' }
    : reading;
}

function timeLeft(values: Values): DoseReading {
  const reading = numberOf(values, 'INRMT', TIME_MAX_S);
  return reading.kind === 'number' && reading.value === TIME_MAX_S
    ? { kind: 'not-available', reason: 'more than 18 h, or not known' }
    : reading;
}

function metric(
  code: MetricCode,
  parameter: string,
  reading: DoseReading,
  atMs: number,
): DeviceEvent {
  const seen = { kind: 'metric', code, atMs } as const;
  switch (reading.kind) {
    case 'number':
      return { ...seen, value: reading.value, validity: 'valid' };
    case 'questionable':
      return { ...seen, value: reading.value, validity: 'questionable', reason: reading.reason };
    case 'not-provided': {
      const reason = `not sent: tick ${parameter} on the page of the ComDevice`;
      return { ...seen, value: null, validity: 'not-provided', reason };
    }
    default:
      return { ...seen, value: null, validity: reading.kind, reason: reading.reason };
  }
}

function facts(values: Values, atMs: number): readonly DeviceEvent[] {
  return [drug(values, atMs), power(values, atMs), mode(values, atMs)];
}

/** The long name; where the site ticked only the short one or the number, that. */
function drug(values: Values, atMs: number): FactSeen {
  const names = ['INSOL', 'INSOLSN', 'INSOLID'].map((parameter) => textOf(values, parameter));
  const { text, validity } =
    names.find((name) => name.text !== null) ??
    names.find((name) => name.validity !== 'not-provided') ??
    textOf(values, 'INSOL');
  return fact('drug', text, validity, atMs);
}

function power(values: Values, atMs: number): FactSeen {
  const flag = flagOf(values, 'INM8');
  const status1 = wordOf(values, 'STATUS1');
  if (flag.kind === 'told') return fact('power', powerWord(flag.bits === 1), 'valid', atMs);
  if (status1.kind === 'told') {
    return fact('power', powerWord(hasBit(status1.bits, 1)), 'valid', atMs);
  }
  const kinds = [flag.kind, status1.kind];
  if (kinds.includes('unreadable')) return fact('power', null, 'invalid', atMs);
  const isSent = kinds.some((kind) => kind !== 'not-provided');
  return fact('power', null, isSent ? 'not-available' : 'not-provided', atMs);
}

const powerWord = (isMains: boolean): string => (isMains ? 'mains' : 'battery');

/** OPMODE. */
const MODES: ReadonlyMap<string, string> = new Map([
  ['0', 'continuous'],
  ['1', 'ramp'],
  ['2', 'program'],
  ['3', 'piggyback'],
  ['4', 'PCA'],
  ['5', 'TCI'],
  ['7', 'interval bolus'],
]);

function mode(values: Values, atMs: number): FactSeen {
  const { text, validity } = textOf(values, 'OPMODE');
  if (text === null) return fact('mode', null, validity, atMs);
  const word = MODES.get(text);
  return word === undefined
    ? fact('mode', `OPMODE ${text}`.slice(0, 60), 'questionable', atMs)
    : fact('mode', word, 'valid', atMs);
}

const fact = (
  code: FactCode,
  text: string | null,
  validity: FactSeen['validity'],
  atMs: number,
): FactSeen => ({ kind: 'fact', code, text, validity, atMs });
