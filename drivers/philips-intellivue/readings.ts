import type { DeviceAlert, DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { NOT_READ } from './alert-codes.ts';
import { type AlertList, alertsRead } from './alerts.ts';
import { clockAt, type MonitorClock, wallMs } from './clock.ts';
import { type Cycle, NO_CYCLE, nextCycle } from './cycle.ts';
import { NOT_AVAILABLE } from './float.ts';
import { episodeOf, type NibpLife, nextNibp } from './nibp.ts';
import { type NumericObject, numericObject } from './numeric-object.ts';
import {
  isCuff,
  isMeasuring,
  type Moment,
  metric,
  modeOf,
  NBP_LABEL,
  NO_EPISODE,
  type Observed,
  observed,
  REPORTS,
} from './observe.ts';
import type { PollReply } from './pdu.ts';
import { NO_WAVES, type WaveStreams } from './wave-stream.ts';

/** What is remembered of what the monitor said in this association. */
export interface Readings {
  readonly clock: MonitorClock | null;
  /** Labels by context and handle: they are not told every time. */
  readonly labels: ReadonlyMap<string, number>;
  readonly numerics: Cycle;
  readonly alarms: Cycle;
  readonly nibp: NibpLife | null;
  /** `null` = no list of alarms has come yet. */
  readonly alertLists: readonly AlertList[] | null;
  /** Arrival of the last list; `null` = none in this association. */
  readonly listedAtMs: number | null;
  /** That no list comes any more has been said. */
  readonly isToldNotRead: boolean;
  /** That values are no patient's has been said. */
  readonly mode: 'demo' | 'test' | null;
  readonly waves: WaveStreams;
  /** The last SpO2 had a value; without one a pleth may be that of a probe in the air. */
  readonly hasSpo2: boolean;
  /** Values that we do not read, for whatever reason. */
  readonly ignored: number;
}

/** @param nibp the last cuff reading, by its stamp: a monitor that is back repeats it */
export const noReadings = (clock: MonitorClock | null, nibp: NibpLife | null): Readings => ({
  clock,
  labels: new Map(),
  numerics: NO_CYCLE,
  alarms: NO_CYCLE,
  nibp,
  alertLists: null,
  listedAtMs: null,
  isToldNotRead: false,
  mode: null,
  waves: NO_WAVES,
  hasSpo2: false,
  ignored: 0,
});

/** A real monitor has about a hundred objects. */
const LABELS_MAX = 1_000;
const LISTS_MAX = 32;

export interface Heard {
  readonly readings: Readings;
  /** Who it is: before the verdict and all values of the same frame. */
  readonly identity: readonly DeviceEvent[];
  readonly events: readonly DeviceEvent[];
}

export function heardNumerics(before: Readings, reply: PollReply, atMs: number): Heard {
  const told = reply.objects.map(numericObject);
  const readings = { ...before, ...ticked(before, reply), labels: labelled(before.labels, told) };
  const objects = told.map((one) => ({ ...one, label: readings.labels.get(one.key) ?? null }));
  const moment = momentOf(readings.clock, atMs);
  const cuff = objects.find(({ label, values }) => label === NBP_LABEL && values !== null);
  const wall = readings.clock === null ? null : wallMs(readings.clock);
  const nibp = cuff === undefined ? before.nibp : nextNibp(before.nibp, cuff.stamp, wall, atMs);
  const events = objects.flatMap((one) => metricsOf(one, moment, nibp));
  const values = objects.reduce((sum, one) => sum + (one.values?.length ?? 0), 0);
  const codes = events.map(({ code }) => code);
  const step = nextCycle(before.numerics, reply.part, codes, objects.length === 0);
  // A renewed poll may begin with objects that have no values yet.
  const isTelling = step.whole !== null && reply.sequence !== 0;
  const [mode, identity] = withMode(before.mode, modeOf(objects), atMs);
  const all = [...events, ...(isTelling ? missing(step.whole ?? [], moment) : [])];
  return {
    readings: {
      ...readings,
      nibp,
      mode,
      hasSpo2: spo2In(all) ?? before.hasSpo2,
      numerics: step.cycle,
      ignored: before.ignored + values - events.length,
    },
    identity,
    events: all,
  };
}

export function heardAlarms(before: Readings, reply: PollReply, atMs: number): Heard {
  const { lists, mode: told } = alertsRead(reply.objects);
  const objects = reply.objects.map(({ context, handle }) => `${context}/${handle}/`);
  const step = nextCycle(before.alarms, reply.part, objects, reply.objects.length === 0);
  const news = new Set(lists.map(({ key }) => key));
  const kept = (before.alertLists ?? []).filter(
    ({ key }) => !news.has(key) && (step.whole?.some((one) => key.startsWith(one)) ?? true),
  );
  const isFirst = before.alertLists === null && lists.length === 0;
  const alertLists = isFirst ? null : [...kept, ...lists].slice(-LISTS_MAX);
  const [mode, identity] = withMode(before.mode, told, atMs);
  const isToldNotRead = before.isToldNotRead && lists.length === 0;
  const readings = {
    ...before,
    ...ticked(before, reply),
    mode,
    alarms: step.cycle,
    alertLists,
    listedAtMs: lists.length === 0 ? before.listedAtMs : atMs,
    isToldNotRead,
  };
  return { readings, identity, events: alertLists === null ? [] : [alertsOf(readings, atMs)] };
}

/** No list comes any more: what was signalled stands, and that more may be signalled is said. */
export function withoutAlarms(before: Readings, atMs: number): Heard {
  const readings = { ...before, isToldNotRead: true };
  return { readings, identity: [], events: [alertsOf(readings, atMs)] };
}

function alertsOf({ alertLists, isToldNotRead }: Readings, atMs: number): DeviceEvent {
  const listed = (alertLists ?? []).flatMap(({ alerts }) => alerts);
  const all = isToldNotRead ? [...listed, NOT_READ] : listed;
  const different = new Map<string, DeviceAlert>(
    all.map((alert) => [`${alert.code} ${alert.priority} ${alert.text}`, alert]),
  );
  return { kind: 'alerts', alerts: [...different.values()], atMs };
}

/** The monitor's clock, moved on by what a reply says. */
export const ticked = ({ clock }: Readings, { ticks }: PollReply): Pick<Readings, 'clock'> => ({
  clock: clock === null ? null : clockAt(clock, ticks),
});

function momentOf(clock: MonitorClock | null, atMs: number): Moment {
  const deviceWallMs = clock === null ? null : wallMs(clock);
  return deviceWallMs === null ? { atMs } : { atMs, deviceWallMs };
}

function labelled(
  known: ReadonlyMap<string, number>,
  objects: readonly NumericObject[],
): ReadonlyMap<string, number> {
  const news = objects.filter(({ key, label }) => label !== null && known.get(key) !== label);
  if (news.length === 0) return known;
  const labels = new Map(known.size > LABELS_MAX ? [] : known);
  for (const { key, label } of news) if (label !== null) labels.set(key, label);
  return labels;
}

function metricsOf(object: NumericObject, moment: Moment, nibp: NibpLife | null) {
  const values = object.values ?? [];
  const known = values
    .map((value) => observed(object.label, value))
    .filter((one): one is Observed => one !== undefined);
  if (object.label !== NBP_LABEL) return known.map((one) => metric(moment, one));
  const isThere = known.some(({ reading }) => reading.value !== null);
  const episode = episodeOf(isThere ? nibp : null, isMeasuring(values));
  return known.map((one) => metric(moment, one, episode));
}

/** Whether SpO2 has a value now; `undefined` when nothing is said of it. */
function spo2In(events: readonly MetricSeen[]): boolean | undefined {
  const last = events.findLast(({ code }) => code === 'MDC_PULS_OXIM_SAT_O2');
  return last === undefined ? undefined : last.value !== null;
}

/** What a whole round did not bring the monitor does not measure now. */
function missing(codes: readonly string[], moment: Moment): readonly MetricSeen[] {
  const seen = new Set(codes);
  return REPORTS.filter((code) => !seen.has(code)).map((code: MetricCode) =>
    metric(moment, { code, reading: NOT_AVAILABLE }, isCuff(code) ? NO_EPISODE : undefined),
  );
}

/** What was told of the mode, and the identity that says so when it is news. */
export function withMode(
  known: Readings['mode'],
  told: Readings['mode'],
  atMs: number,
): readonly [Readings['mode'], readonly DeviceEvent[]] {
  if (told === null || told === known) return [known, []];
  return [told, [{ kind: 'identity', mode: told, atMs }]];
}
