import type { DeviceEvent, FactCode, PumpStatus } from '../../src/observation/device-event.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import { alertsOf, haltingAlarm, reservedBits } from './alarm-bits.ts';
import { type CounterCheck, nextCounterCheck } from './counter-check.ts';
import { DOSE_UNITS, hex2, type TerumoStatus } from './status.ts';

/** What the readings before this one have shown of a pump. */
export interface Insight {
  readonly check: CounterCheck | null;
  /**
   * The volume counter has once grown at the set rate while the state said "start": then the state is
   * written as the document says, and the flow is known at once from then on.
   */
  readonly isProven: boolean;
}

export const NO_INSIGHT: Insight = { check: null, isProven: false };

/** One status further. */
export function nextInsight(insight: Insight, status: TerumoStatus, atMs: number): Insight {
  const reading = { mlPerHour: saidMlPerHour(status), volumeMl: status.volumeMl };
  const check = nextCounterCheck(insight.check, reading, atMs);
  // A start in both nibbles says nothing about which of them counts.
  const isTelling = status.state === 'start' && lowNibble(status) !== 1;
  return { check, isProven: insight.isProven || (isTelling && check?.verdict === 'agrees') };
}

/** What flows by the pump's own word; `null` when it does not say (purge, bolus, reserved states). */
function saidMlPerHour({ state, rateMlPerHour }: TerumoStatus): number | null {
  if (state === 'stop' || state === 'standby') return 0;
  return state === 'start' ? rateMlPerHour : null;
}

const lowNibble = ({ stateByte }: TerumoStatus): number => stateByte & 0x0f;

interface Delivery {
  readonly status: PumpStatus;
  readonly value: number | null;
  readonly validity: Validity;
  readonly reason?: string;
}

/** State and flow. The set rate becomes the flow only while nothing speaks against it. */
export function deliveryOf(status: TerumoStatus, { check, isProven }: Insight): Delivery {
  const { state } = status;
  const isConfirmed = isProven || (state === 'start' && check?.verdict === 'agrees');
  if (lowNibble(status) !== 0 && !isConfirmed) {
    return notKnown(`pump state ${hex2(status.stateByte)} not clear`);
  }
  switch (state) {
    case undefined:
      return notKnown(`pump state ${hex2(status.stateByte)} not known`);
    case 'stop':
    case 'standby':
      if (check?.verdict === 'disagrees') return notKnown('volume grows although stopped');
      return { status: state === 'stop' ? 'stopped' : state, value: 0, validity: 'valid' };
    case 'purge':
      return { ...NOT_TOLD, status: 'purge', reason: 'rate of the purge is not told' };
    case 'hands-on bolus':
    case 'hands-free bolus':
      return { ...NOT_TOLD, status: 'bolus', reason: 'rate of the bolus is not told' };
    case 'start':
      return started(status, check, isConfirmed);
  }
}

function started(status: TerumoStatus, check: CounterCheck | null, isConfirmed: boolean): Delivery {
  const { rateMlPerHour: rate } = status;
  if (rate === 0) return notKnown('infusing, but the rate is 0');
  const doubt = doubtOf(status, check);
  if (doubt !== undefined) return { status: 'unknown', ...questionable(rate, doubt) };
  if (isConfirmed) return { status: 'infusing', value: rate, validity: 'valid' };
  return { status: 'infusing', ...questionable(rate, 'not yet confirmed by the volume') };
}

const NOT_TOLD = { value: null, validity: 'not-available' } as const;
const notKnown = (reason: string): Delivery => ({
  status: 'unknown',
  value: null,
  validity: 'invalid',
  reason,
});
const questionable = (value: number, reason: string) =>
  ({ value, validity: 'questionable', reason }) as const;

/** Why a pump that says "start" may not be delivering its rate. */
function doubtOf(status: TerumoStatus, check: CounterCheck | null): string | undefined {
  if (check?.verdict === 'disagrees') return 'volume does not grow as the rate says';
  const alarm = haltingAlarm(status);
  if (alarm !== undefined) return `rate set but alarm: ${alarm}`;
  const isOut = !status.isPlungerSet || status.syringe === null;
  return isOut ? 'infusing, but syringe not in place' : undefined;
}

/** Everything that one status says, given what is known of the pump. */
export function statusEvents(
  status: TerumoStatus,
  insight: Insight,
  atMs: number,
): readonly DeviceEvent[] {
  const delivery = deliveryOf(status, insight);
  return [
    { kind: 'alerts', alerts: alertsOf(status), atMs },
    { kind: 'pump-status', status: delivery.status, raw: rawState(status), atMs },
    flow(delivery, atMs),
    metric('MDC_FLOW_FLUID_PUMP', status.rateMlPerHour, 'valid', atMs),
    metric('MDC_VOL_FLUID_DELIV_TOTAL', status.volumeMl, 'valid', atMs),
    {
      ...metric('MDCX_PRESS_INFUS_OF_LIMIT', status.pressurePercent, 'valid', atMs),
      source: 'steps of 25 %',
    },
    vtbi(status, atMs),
    dose(status, atMs),
    weight(status, atMs),
    concentration(status, atMs),
    ...facts(status, atMs),
  ];
}

/** The pump spoke and told no status: neither its old rate nor its old state may stay. */
export function noStatus(reason: string, atMs: number): readonly DeviceEvent[] {
  const delivery = notKnown(reason);
  return [
    { kind: 'pump-status', status: delivery.status, raw: reason, atMs },
    flow(delivery, atMs),
  ];
}

function flow({ value, validity, reason }: Delivery, atMs: number): DeviceEvent {
  return {
    ...metric('MDC_FLOW_FLUID_PUMP_CURRENT', value, validity, atMs, reason),
    source: 'set rate and state',
  };
}

/** The pump's own byte, and alarm bits that are set and reserved. */
function rawState(status: TerumoStatus): string {
  const word = `${status.state ?? 'reserved'} ${hex2(status.stateByte)}`;
  const bits = reservedBits(status);
  return bits.length === 0 ? word : `${word}, reserved alarm bits ${bits.join(' ')}`;
}

function vtbi({ vtbi: volume }: TerumoStatus, atMs: number): DeviceEvent {
  const code = 'MDC_VOL_FLUID_TBI';
  if (volume === 'off') return metric(code, null, 'not-available', atMs, 'VTBI is off');
  if (volume === 'infinite') return metric(code, null, 'not-available', atMs, 'VTBI is infinite');
  return metric(code, volume, 'questionable', atMs, 'programmed or left: not known');
}

function dose({ doseRate, doseUnit }: TerumoStatus, atMs: number): DeviceEvent {
  const code = 'MDCX_RATE_DOSE_WEIGHT';
  switch (doseUnit) {
    case DOSE_UNITS.mgPerKgPerHour:
      return metric(code, doseRate, 'valid', atMs);
    case DOSE_UNITS.mlPerHour:
      return metric(code, null, 'not-available', atMs, 'no dose: the pump is set in mL/h');
    case DOSE_UNITS.ugPerKgPerMin:
      return metric(code, null, 'not-available', atMs, 'dose in ug/kg/min: see the pump');
    default:
      return metric(code, null, 'invalid', atMs, `dose unit ${hex2(doseUnit)} not known`);
  }
}

function weight({ weightKg }: TerumoStatus, atMs: number): DeviceEvent {
  const code = 'MDC_ATTR_PT_WEIGHT';
  if (weightKg === null) return metric(code, null, 'not-available', atMs, 'no weight set');
  if (weightKg === 0) return metric(code, null, 'invalid', atMs, 'weight 0');
  return metric(code, weightKg, 'valid', atMs);
}

function concentration({ dilution }: TerumoStatus, atMs: number): DeviceEvent {
  const code = 'MDC_CONC_DRUG';
  if (dilution === null) return metric(code, null, 'not-available', atMs, 'no dilution set');
  return metric(code, dilution, 'questionable', atMs, 'unit not documented, taken as mg/mL');
}

const MODES: ReadonlyMap<number, string> = new Map([
  [DOSE_UNITS.mlPerHour, 'set in mL/h'],
  [DOSE_UNITS.ugPerKgPerMin, 'dose in ug/kg/min'],
  [DOSE_UNITS.mgPerKgPerHour, 'dose in mg/kg/h'],
]);

function facts(status: TerumoStatus, atMs: number): readonly DeviceEvent[] {
  const { batteryBars: bars } = status;
  return [
    fact('syringe', status.syringe, atMs),
    fact('power', status.power, atMs),
    fact('battery', bars === undefined ? undefined : `${bars} of 5 bars`, atMs),
    fact('mode', MODES.get(status.doseUnit), atMs),
  ];
}

/** `undefined` is a number that is reserved: there, and not understood. */
const fact = (code: FactCode, text: string | null | undefined, atMs: number): DeviceEvent => ({
  kind: 'fact',
  code,
  text: text ?? null,
  validity: text === undefined ? 'invalid' : 'valid',
  atMs,
});

const metric = (
  code: MetricCode,
  value: number | null,
  validity: Validity,
  atMs: number,
  reason?: string,
) =>
  ({
    kind: 'metric',
    code,
    value,
    validity,
    atMs,
    ...(reason === undefined ? {} : { reason }),
  }) as const;
