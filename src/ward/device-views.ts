import type { Driver } from '../driver/contract.ts';
import type { DeviceView, Numeric, ShownValidity } from '../hub/wire/index.ts';
import type { MetricSeen } from '../observation/device-event.ts';
import { type DevicePicture, freshnessOf, metricFreshness } from '../observation/device-picture.ts';
import { lineAdvice, lineTrouble } from '../observation/line-advice.ts';
import { METRICS } from '../observation/metrics.ts';
import { isoAt, type Moment } from '../pipeline/times.ts';
import { cannotTell } from './device-limits.ts';

/**
 * How a metric may be shown now. A value that is older than its limit loses its number here, at the
 * gateway, so that no client can show it as live.
 */
export function numericView(picture: DevicePicture, metric: MetricSeen, moment: Moment): Numeric {
  const shown = shownValidity(picture, metric, moment.nowMs);
  const observedAtMs = metric.episode === undefined ? metric.atMs : metric.episode.measuredAtMs;
  const keepsValue = shown === 'valid' || shown === 'questionable' || shown === 'stale';
  return {
    code: metric.code,
    value: keepsValue ? metric.value : null,
    unit: METRICS[metric.code].unit,
    validity: shown,
    observedAt: observedAtMs === null ? null : isoAt(observedAtMs, moment),
    observedAtMonotonicMs: observedAtMs,
    deviceId: picture.deviceId,
    mode: picture.mode,
    ...(metric.source === undefined ? {} : { source: metric.source }),
    ...(metric.reason === undefined ? {} : { reason: metric.reason }),
    ...(metric.episode?.measuring ? { measuring: true } : {}),
  };
}

export function shownValidity(
  picture: DevicePicture,
  metric: MetricSeen,
  nowMs: number,
): ShownValidity {
  if (METRICS[metric.code].episodic) return episodicValidity(metric);
  const freshness = metricFreshness(picture, metric, nowMs);
  if (freshness === 'lost' || freshness === 'never') return 'lost';
  const { validity } = metric;
  if (validity !== 'valid' && validity !== 'questionable') return validity;
  if (metric.value === null) return 'not-available';
  return freshness === 'stale' ? 'stale' : validity;
}

/** A cuff pressure does not go stale with the line: it is shown with its age. Unknown age is stale. */
function episodicValidity(metric: MetricSeen): ShownValidity {
  const { validity } = metric;
  if (metric.value === null)
    return validity === 'valid' || validity === 'questionable' ? 'not-available' : validity;
  if (validity !== 'valid') return validity;
  return metric.episode?.measuredAtMs === null ? 'stale' : 'valid';
}

/** All metrics of a device that may be shown, in the order of METRICS. */
export function numericViews(picture: DevicePicture, moment: Moment): Numeric[] {
  return [...picture.metrics.values()].map((metric) => numericView(picture, metric, moment));
}

export function deviceState(picture: DevicePicture, nowMs: number): DeviceView['state'] {
  if (picture.port.state === 'closed') return 'closed';
  if (picture.port.state === 'connecting') return 'connecting';
  const freshness = freshnessOf(picture, nowMs);
  if (freshness === 'live') return 'live';
  if (freshness === 'stale') return 'stale';
  const openForMs = nowMs - picture.port.sinceMs;
  return freshness === 'never' && openForMs <= picture.freshness.lostMs ? 'connecting' : 'silent';
}

export function deviceView(
  picture: DevicePicture,
  driver: Driver,
  portLabel: string,
  moment: Moment,
): DeviceView {
  const state = deviceState(picture, moment.nowMs);
  return {
    deviceId: picture.deviceId,
    bedId: picture.bedId,
    driver: driver.id,
    role: driver.role,
    title: `${driver.manufacturer} ${picture.identity.model ?? driver.models[0] ?? ''}`.trim(),
    evidence: driver.evidence,
    port: portLabel,
    state,
    advice: advice(picture, driver, state),
    mode: picture.mode,
    // Until the device has said who it is, the one that belongs here is meant.
    serial: picture.identity.serial ?? picture.association.serial,
    model: picture.identity.model ?? null,
    firmware: picture.identity.firmware ?? null,
    lastFrameAt: picture.lastFrameAtMs === null ? null : isoAt(picture.lastFrameAtMs, moment),
    lastFrameAtMonotonicMs: picture.lastFrameAtMs,
    association: associationView(picture),
    status:
      picture.pumpStatus === null
        ? null
        : { word: picture.pumpStatus.status, raw: picture.pumpStatus.raw },
    facts: [...picture.facts.values()].map(({ code, text, validity }) => ({
      code,
      text,
      validity,
    })),
    notice: driver.notice ?? null,
    cannotTell: cannotTell(driver),
    alertsDecoded: picture.alertsDecoded,
    alerts: (picture.alerts?.list ?? []).map(({ code, text, priority }) => ({
      code,
      text,
      priority,
    })),
    counters: { ...picture.counters },
  };
}

function associationView({
  association,
  identity,
  stranger,
}: DevicePicture): DeviceView['association'] {
  const state = stranger !== null ? 'another' : identity.serial === undefined ? 'untold' : 'own';
  return { state, serial: association.serial, belongsTo: stranger?.belongsTo ?? null };
}

/** What to check where nothing valid arrives; `null` when all is well. */
function advice(picture: DevicePicture, driver: Driver, state: DeviceView['state']): string | null {
  const { port, lineHeardAtMs, sinceOpen, unassigned } = picture;
  if (state === 'closed')
    return port.reason ?? 'The port is closed; check the cable and the adapter.';
  if (state !== 'silent')
    return unassigned.length === 0
      ? null
      : `Also on this line and assigned to no bed: ${driver.channels?.title} ${unassigned.join(', ')}.`;
  const isLineHeard = lineHeardAtMs !== null && lineHeardAtMs >= port.sinceMs;
  return lineAdvice(lineTrouble(sinceOpen, isLineHeard), {
    place: driver.channels?.title,
    unassigned,
    silenceHint: driver.silenceHint,
  });
}
