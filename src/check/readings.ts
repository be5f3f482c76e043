import type { Undetermined } from '../alarm/condition.ts';
import { type DevicePicture, metricFreshness } from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';

/** A value that a rule may use, or why there is none. Only valid, fresh values are used. */
export type Reading =
  | { readonly ok: true; readonly value: number; readonly atMs: number; readonly code: MetricCode }
  | { readonly ok: false; readonly because: Undetermined };

/** The ECG counts the heart; where it does not, the oximeter's pulse or what the monitor shows. */
export const HEART_RATE_CODES: readonly MetricCode[] = [
  'MDC_ECG_HEART_RATE',
  'MDC_PULS_OXIM_PULS_RATE',
  'MDCX_HEART_RATE_DISPLAYED',
];

/** The newest usable value of a metric among the devices of a bed. */
export function reading(
  pictures: readonly DevicePicture[],
  code: MetricCode,
  nowMs: number,
): Reading {
  let best: Reading = { ok: false, because: 'no-observation' };
  for (const picture of pictures) {
    const metric = picture.metrics.get(code);
    if (metric === undefined) continue;
    if (metricFreshness(picture, metric, nowMs) !== 'live') {
      if (!best.ok) best = { ok: false, because: 'stale' };
    } else if (metric.validity !== 'valid' || metric.value === null || Number.isNaN(metric.value)) {
      if (!best.ok) best = { ok: false, because: 'invalid' };
    } else if (!best.ok || metric.atMs > best.atMs) {
      best = { ok: true, value: metric.value, atMs: metric.atMs, code };
    }
  }
  return best;
}

/** The first of several metrics that is usable: the same quantity from other sources. */
export function firstReading(
  pictures: readonly DevicePicture[],
  codes: readonly MetricCode[],
  nowMs: number,
): Reading {
  let last: Reading = { ok: false, because: 'no-observation' };
  for (const code of codes) {
    const found = reading(pictures, code, nowMs);
    if (found.ok) return found;
    if (last.ok || last.because === 'no-observation') last = found;
  }
  return last;
}
