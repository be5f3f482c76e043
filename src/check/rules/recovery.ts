import { type DevicePicture, metricFreshness } from '../../observation/device-picture.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

const SPO2 = 'MDC_PULS_OXIM_SAT_O2';

const minutes = (ms: number): number => Math.max(0, Math.floor(ms / 60_000));
/** `12 of 60 min`. */
const lasted = (ms: number, minimumMs: number): string =>
  `${minutes(ms)} of ${Math.round(minimumMs / 60_000)} min`;

/** What a monitor says of its probe: `undefined` = it never measured SpO2, or is not heard now. */
function probeOf(
  monitor: DevicePicture,
  nowMs: number,
): { readonly isOn: boolean; readonly why: string; readonly atMs: number } | undefined {
  const metric = monitor.metrics.get(SPO2);
  if (metric === undefined || !monitor.measured.has(SPO2)) return undefined;
  if (metricFreshness(monitor, metric, nowMs) !== 'live') return undefined;
  const isOn = metric.validity === 'valid' || metric.validity === 'questionable';
  return { isOn, why: metric.reason ?? 'no value', atMs: metric.atMs };
}

/** The patient recovers, and the oximeter that was on is off. A silent monitor is told by MON-01 and -02. */
function probeOff(scene: Scene): Judgement {
  const { recovery, nowMs, wallMs } = scene;
  if (recovery === null) return undetermined('no-order');
  const lastedMs = wallMs - recovery.sinceWallMs;
  const { minimumMs } = recovery;
  if (lastedMs >= minimumMs) return absent(nowMs);
  const probes = scene.monitors.flatMap((monitor) => probeOf(monitor, nowMs) ?? []);
  const [first] = probes;
  if (first === undefined) return undetermined('no-observation');
  const on = probes.find(({ isOn }) => isOn);
  if (on !== undefined) return absent(on.atMs);
  return present(first.atMs, {
    text: clip(`Recovery ${lasted(lastedMs, minimumMs)}, no SpO2`, 40),
    textShort: 'RECOVERY: SPO2 OFF',
    detail: clip(`${first.why}. Put it back, or discharge the patient with a reason`, 70),
    value: minutes(lastedMs),
    limit: minutes(minimumMs),
    unit: 'min',
    codes: [SPO2],
  });
}

/** How long an early discharge stays an alarm; the record keeps it. */
const SHOWN_MS = 60_000;

/** Somebody wrote that the patient left before the ordered time. */
function dischargedEarly({ leftEarly, recovery, order, nowMs }: Scene): Judgement {
  if (leftEarly === null || nowMs - leftEarly.atMs > SHOWN_MS)
    return recovery === null && order === null ? undetermined('no-order') : absent(nowMs);
  const { recoveredMs, minimumMs, atMs } = leftEarly;
  return present(atMs, {
    text: clip(`Discharged: recovery ${lasted(recoveredMs, minimumMs)}`, 40),
    textShort: 'RECOVERY TOO SHORT',
    detail: 'shorter than the order says. It is in the record, with the reason',
    value: minutes(recoveredMs),
    limit: minutes(minimumMs),
    unit: 'min',
  });
}

export const ord29: Rule = {
  id: 'ORD-29',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'probe', timing: ({ rules }) => rules['ORD-29'].levels.probe, judge: probeOff },
    {
      name: 'discharged',
      timing: ({ rules }) => rules['ORD-29'].levels.discharged,
      judge: dischargedEarly,
    },
  ],
};
