import { NOTHING_SAID, nextSaid, type Said } from '../../src/driver/kit/second-reading.ts';
import type { DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { NellcorValues } from './codec.ts';
import { alertsOf, doubtOf } from './status-codes.ts';

interface Quantity {
  readonly code: MetricCode;
  /** 0 is what a searching oximeter writes; it is never a value. */
  readonly max: number;
  /** A greater change from one line to the next needs a second line that says the same. */
  readonly stepMax: number;
}

const SPO2: Quantity = { code: 'MDC_PULS_OXIM_SAT_O2', max: 100, stepMax: 10 };
const PULSE: Quantity = { code: 'MDC_PULS_OXIM_PULS_RATE', max: 250, stepMax: 30 };

/** What was said before of both quantities. */
export interface SaidBefore {
  readonly spo2: Said;
  readonly pulse: Said;
}

export const NOTHING_BEFORE: SaidBefore = { spo2: NOTHING_SAID, pulse: NOTHING_SAID };

/** Values and alarms of one line, given what was said before. */
export function readValues(
  before: SaidBefore,
  line: NellcorValues,
  atMs: number,
): { readonly said: SaidBefore; readonly events: readonly DeviceEvent[] } {
  const spo2 = nextSaid(before.spo2, line.spo2.value, SPO2.stepMax);
  const pulse = nextSaid(before.pulse, line.pulse.value, PULSE.stepMax);
  return {
    said: { spo2: spo2.said, pulse: pulse.said },
    events: [
      metricOf(SPO2, line.spo2.value, line, spo2.isConfirmed, atMs),
      metricOf(PULSE, line.pulse.value, line, pulse.isConfirmed, atMs),
      { kind: 'alerts', alerts: alertsOf(line), atMs },
    ],
  };
}

function metricOf(
  { code, max }: Quantity,
  value: number | null,
  { codes, deviceWallMs }: NellcorValues,
  isConfirmed: boolean,
  atMs: number,
): MetricSeen {
  const base = { kind: 'metric', code, atMs, deviceWallMs } as const;
  const doubt = doubtOf(codes);
  if (doubt?.makes === 'invalid') {
    return { ...base, value: null, validity: 'invalid', reason: doubt.reason };
  }
  if (value === null) {
    const why = doubt === null ? {} : { reason: doubt.reason };
    return { ...base, value: null, validity: 'not-available', ...why };
  }
  if (value < 1 || value > max) {
    return {
      ...base,
      value: null,
      validity: 'invalid',
      reason: doubt?.reason ?? `${value} is no value`,
    };
  }
  if (doubt !== null) return { ...base, value, validity: 'questionable', reason: doubt.reason };
  if (!isConfirmed) return { ...base, value, validity: 'questionable', reason: UNCONFIRMED };
  return { ...base, value, validity: 'valid' };
}

const UNCONFIRMED = 'sudden change, not yet confirmed';
