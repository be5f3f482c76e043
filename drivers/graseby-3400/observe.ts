import type {
  DeviceAlert,
  DeviceEvent,
  MetricSeen,
  PumpStatus,
} from '../../src/observation/device-event.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import type { GrasebyReply } from './codec.ts';
import { type CounterCheck, nextCounterCheck } from './counter-check.ts';

/** The pump says that it is in alarm and never says which. */
export const ALARM: DeviceAlert = {
  code: 'ALRM',
  text: 'Pump alarm, cause not told',
  ruleId: 'PMP-10',
  priority: 'medium',
};

/** What is known of the pump since the line was opened. */
export interface KnownPump {
  /** The state in the last reply; `null` = none yet. */
  readonly state: string | null;
  /** The last reply was a command error. */
  readonly isRefused: boolean;
  readonly isInAlarm: boolean;
  /** As the last GETR gave it, by the presumed scale; `null` = not told, or not understood. */
  readonly rateMlPerHour: number | null;
  readonly check: CounterCheck | null;
  /** The counter has once grown as the rate says, and not otherwise since. */
  readonly isRateProven: boolean;
}

export const NOTHING_KNOWN: KnownPump = {
  state: null,
  isRefused: false,
  isInAlarm: false,
  rateMlPerHour: null,
  check: null,
  isRateProven: false,
};

/** Digits of a tenth each: mL/h or mL. */
const TENTHS = /^\d{1,6}$/;

/** What one accepted reply says, given what is known of the pump. */
export function readReply(
  before: KnownPump,
  reply: GrasebyReply,
  atMs: number,
): { readonly known: KnownPump; readonly events: readonly DeviceEvent[] } {
  const tenths = reply.isOk && TENTHS.test(reply.data) ? Number(reply.data) / 10 : null;
  const known = nextKnown(before, reply, tenths, atMs);
  const isSameWord = before.state === known.state && before.isRefused === known.isRefused;
  const delivery = deliveryOf(known);
  // A rate that flows carries the time at which it was read: other replies do not make it younger.
  const isOldRate = isSameWord && delivery.source === RATE_SOURCE && reply.word !== 'GETR';
  return {
    known,
    events: [
      ...(reply.isSimulated ? [{ kind: 'identity', mode: 'demo', atMs } as const] : []),
      { kind: 'frame-accepted', atMs },
      { kind: 'alerts', alerts: known.isInAlarm ? [ALARM] : [], atMs },
      { kind: 'pump-status', status: delivery.status, raw: rawState(reply), atMs },
      ...(isOldRate ? [] : [flow(delivery, atMs)]),
      ...toldNumber(known, reply, tenths, atMs),
    ],
  };
}

/** The rate was asked for and not told: the old one may not stay. */
export function rateNotTold(
  before: KnownPump,
  atMs: number,
): { readonly known: KnownPump; readonly events: readonly DeviceEvent[] } {
  const known = { ...before, rateMlPerHour: null };
  const events: readonly DeviceEvent[] = [
    metric('MDC_FLOW_FLUID_PUMP', null, 'not-available', atMs, 'pump has not told its rate'),
    ...(known.state === null ? [] : [flow(deliveryOf(known), atMs)]),
  ];
  return { known, events };
}

function nextKnown(
  before: KnownPump,
  { isOk, word, state }: GrasebyReply,
  tenths: number | null,
  atMs: number,
): KnownPump {
  const known: KnownPump = {
    ...before,
    state,
    isRefused: !isOk,
    // A word that we do not know does not say that the alarm is over.
    isInAlarm: state === 'ALRM' || (before.isInAlarm && state !== 'STBY' && state !== 'INFS'),
    rateMlPerHour: word === 'GETR' ? tenths : before.rateMlPerHour,
  };
  if (word !== 'TOTL') return known;
  if (tenths === null) return { ...known, check: null };
  const check = nextCounterCheck(
    known.check,
    { mlPerHour: sayable(known), volumeMl: tenths },
    atMs,
  );
  return { ...known, check, isRateProven: nextProof(known.isRateProven, check) };
}

/** What flows by the pump's own word, in mL/h; `null` = it does not say. */
function sayable({ state, isRefused, rateMlPerHour }: KnownPump): number | null {
  if (isRefused) return null;
  if (state === 'STBY') return 0;
  return state === 'INFS' && rateMlPerHour !== 0 ? rateMlPerHour : null;
}

/** A pump that stands still says nothing of the scale of its rate. */
function nextProof(isProven: boolean, check: CounterCheck | null): boolean {
  if (check === null || check.mlPerHour === 0 || check.verdict === 'open') return isProven;
  return check.verdict === 'agrees';
}

interface Delivery {
  readonly status: PumpStatus;
  readonly mlPerHour: number | null;
  readonly validity: Validity;
  readonly source?: string;
  readonly reason?: string;
}

const RATE_SOURCE = 'rate and state';

function deliveryOf(known: KnownPump): Delivery {
  const { state, isRefused, check } = known;
  if (isRefused) return unknown('command error: a key was pressed at the pump?');
  switch (state) {
    case 'STBY':
      return check?.mlPerHour === 0 && check.verdict === 'disagrees'
        ? {
            status: 'unknown',
            mlPerHour: 0,
            validity: 'questionable',
            source: 'state',
            reason: 'stopped, but volume grows',
          }
        : { status: 'stopped', mlPerHour: 0, validity: 'valid', source: 'state' };
    case 'INFS':
      return infusing(known);
    case 'ALRM':
      return unknown('pump alarm: flow not known');
    default:
      return unknown(`pump state ${state} unknown`);
  }
}

function infusing({ rateMlPerHour, isRateProven, check }: KnownPump): Delivery {
  const told = { status: 'infusing', mlPerHour: rateMlPerHour, source: RATE_SOURCE } as const;
  if (rateMlPerHour === null) {
    return { ...told, validity: 'not-available', reason: 'pump has not told its rate' };
  }
  const doubt = (reason: string): Delivery => ({ ...told, validity: 'questionable', reason });
  if (rateMlPerHour === 0) return doubt('infusing with a rate of 0');
  if (isRateProven) return { ...told, validity: 'valid' };
  const isOff = check?.mlPerHour === rateMlPerHour && check.verdict === 'disagrees';
  return doubt(isOff ? 'volume does not grow as the rate says' : UNPROVEN);
}

const UNPROVEN = 'rate presumed, not yet confirmed by the volume';

const unknown = (reason: string): Delivery => ({
  status: 'unknown',
  mlPerHour: null,
  validity: 'invalid',
  reason,
});

const rawState = ({ isOk, state }: GrasebyReply): string => (isOk ? state : `CE ${state}`);

const flow = ({ mlPerHour, validity, source, reason }: Delivery, atMs: number): DeviceEvent => ({
  ...metric('MDC_FLOW_FLUID_PUMP_CURRENT', mlPerHour, validity, atMs, reason),
  ...(source === undefined ? {} : { source }),
});

/** The number that was asked for. */
function toldNumber(
  { isRateProven }: KnownPump,
  { isOk, word }: GrasebyReply,
  tenths: number | null,
  atMs: number,
): readonly DeviceEvent[] {
  if (word !== 'GETR' && word !== 'TOTL') return [];
  const code = word === 'GETR' ? 'MDC_FLOW_FLUID_PUMP' : 'MDC_VOL_FLUID_DELIV_TOTAL';
  if (tenths === null) {
    return [metric(code, null, 'invalid', atMs, isOk ? 'reply not understood' : 'command error')];
  }
  return word === 'TOTL' || isRateProven
    ? [metric(code, tenths, 'valid', atMs)]
    : [metric(code, tenths, 'questionable', atMs, UNPROVEN)];
}

const metric = (
  code: MetricCode,
  value: number | null,
  validity: Validity,
  atMs: number,
  reason?: string,
): MetricSeen => ({
  kind: 'metric',
  code,
  value,
  validity,
  atMs,
  ...(reason === undefined ? {} : { reason }),
});
