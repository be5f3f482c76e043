import {
  type DevicePicture,
  freshnessOf,
  metricFreshness,
} from '../../observation/device-picture.ts';
import { duration } from '../../observation/format.ts';
import type { MetricCode } from '../../observation/metrics.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { forwardedLevel } from './forwarded.ts';

/** What a nurse relies on, and what she calls it. */
const VITAL: readonly (readonly [MetricCode, string])[] = [
  ['MDC_ECG_HEART_RATE', 'heart rate'],
  ['MDC_PULS_OXIM_SAT_O2', 'SpO2'],
  ['MDC_RESP_RATE', 'respiration'],
  ['MDC_AWAY_CO2_ET', 'CO2'],
];

/**
 * The monitor talks on and leaves out what it measured before: a module was pulled, a parameter switched off. A
 * sensor that is off says so by itself (MON-03, MON-04) and its value is invalid, not absent.
 */
function gone(scene: Scene, subject: DevicePicture | null): Judgement {
  if (subject === null) return undetermined('no-observation');
  if (freshnessOf(subject, scene.nowMs) !== 'live') return undetermined('stale');
  const missing = VITAL.filter(([code]) => {
    if (!subject.measured.has(code)) return false;
    const metric = subject.metrics.get(code);
    if (metric === undefined || metricFreshness(subject, metric, scene.nowMs) !== 'live')
      return true;
    return metric.validity === 'not-available' || metric.validity === 'not-provided';
  });
  if (missing.length === 0) return absent(scene.nowMs);
  const names = missing.map(([, name]) => name).join(', ');
  return present(scene.nowMs, {
    text: clip(`No longer measured: ${names}`, 40),
    textShort: clip(`NO ${names.toUpperCase()}`, 24),
    detail: clip(`${subject.deviceId} leaves it out. Check module and cable at the monitor`, 70),
    parts: missing.map(([code]) => code).join(' '),
    codes: missing.map(([code]) => code),
  });
}

export const mon13: Rule = {
  id: 'MON-13',
  kind: 'technical',
  subject: 'monitor',
  levels: [{ name: 'gone', timing: ({ rules }) => rules['MON-13'].levels.gone, judge: gone }],
};

/** The probe is off, or finds no pulse: the monitor says so, with an alarm or with its value. */
function withoutSpo2(scene: Scene, subject: DevicePicture | null): Judgement {
  if (subject === null) return undetermined('no-observation');
  const metric = subject.metrics.get('MDC_PULS_OXIM_SAT_O2');
  if (metric === undefined) return undetermined('no-observation');
  if (metricFreshness(subject, metric, scene.nowMs) !== 'live') return undetermined('stale');
  if (metric.validity !== 'invalid') return absent(metric.atMs);
  const why = metric.reason ?? 'not valid';
  return present(metric.atMs, {
    text: clip(`SpO2: ${why}`, 40),
    textShort: clip(`SPO2 ${why.toUpperCase()}`, 24),
    detail: clip(`${subject.deviceId} gives no SpO2. Check the probe`, 70),
    codes: ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'],
  });
}

export const mon04: Rule = {
  id: 'MON-04',
  kind: 'technical',
  subject: 'monitor',
  levels: [
    forwardedLevel('MON-04'),
    { name: 'off', timing: ({ rules }) => rules['MON-04'].levels.off, judge: withoutSpo2 },
  ],
};

/** How long a step of a device's clock stays an alarm. */
const STEP_SHOWN_MS = 60_000;

/** Somebody set the device's clock: its own records no longer agree with ours. Nothing here is ordered by it. */
function stepped({ nowMs }: Scene, subject: DevicePicture | null): Judgement {
  const step = subject?.clock?.step;
  if (subject === null || subject.clock === null) return undetermined('no-observation');
  if (step === null || step === undefined || nowMs - step.atMs > STEP_SHOWN_MS)
    return absent(nowMs);
  const way = step.byMs > 0 ? 'forward' : 'back';
  return present(step.atMs, {
    text: clip(`Clock of ${subject.deviceId} was set ${way}`, 40),
    textShort: 'CLOCK OF DEVICE CHANGED',
    detail: clip(`by ${duration(Math.abs(step.byMs))}. InfuseWatch keeps its own time`, 70),
    value: Math.round(step.byMs / 1_000),
    unit: 's',
  });
}

export const mon07: Rule = {
  id: 'MON-07',
  kind: 'technical',
  subject: 'device',
  levels: [{ name: 'step', timing: ({ rules }) => rules['MON-07'].levels.step, judge: stepped }],
};
