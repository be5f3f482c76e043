import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { map } from 'rxjs';
import type { LoadedConfig } from '../config/load-config.ts';
import type { RuleFiles } from '../config/rule-files.ts';
import type { Actor, WardChange } from '../hub/ward.ts';
import type { AlarmView } from '../hub/wire/index.ts';
import type { PictureEvent } from '../observation/device-picture.ts';
import { CaptureError, readCapture } from '../port/capture-format.ts';
import { pacedBySent } from '../port/paced-by-sent.ts';
import { memoryEventLog } from '../store/event-log.ts';
import { VirtualTimeline } from '../time/timeline.ts';
import { GatewayWard } from '../ward/ward.ts';
import type { Folder, RecordedCommand } from './capture-folder.ts';
import { withIds } from './lasting-history.ts';
import { type DeviceSource, deviceSources } from './lines.ts';
import { subjectOf } from './recorded-ward.ts';
import { wardBeds } from './ward-beds.ts';

/** One change of one alarm, in a form that two replays have in common: no ids, no times of the desk. */
export interface ReplayedAlarm {
  /** Milliseconds since the start of the recording. */
  readonly t: number;
  /** Wall time of then, ISO 8601. */
  readonly at: string;
  readonly bed: string;
  readonly device: string | null;
  readonly rule: string;
  readonly priority: AlarmView['priority'];
  readonly phase: AlarmView['phase'];
  readonly present: boolean;
  readonly text: string;
  readonly detail: string | null;
  /** These are not data of now. */
  readonly mode: 'test';
}

export interface ReplayDeps {
  readonly folder: Folder;
  /** As checked; its ports are replaced by the recordings. */
  readonly loaded: LoadedConfig;
  readonly rules: RuleFiles;
  /** Lets this much of virtual time (ms since the start) be due; resolves when it is. `false` = stop. */
  readonly until: (elapsedMs: number) => Promise<boolean>;
  readonly onAlarm: (alarm: ReplayedAlarm) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** Virtual time goes on in such steps, so that a person can end it. */
const SLICE_MS = 500;

interface Line {
  readonly path: string;
  readonly startedAtWall: string;
  readonly sentAtMs: readonly number[];
  readonly lastMs: number;
  readonly isEnded: boolean;
}

/** Runs the gateway (drivers, rules, alarms) on what was recorded. Resolves with the ms that were replayed. */
export async function replayFolder(deps: ReplayDeps): Promise<number> {
  const { folder, loaded, onFault } = deps;
  const lines = linesOf(folder);
  const [first] = lines.values();
  if (first === undefined)
    throw new CaptureError(`${folder.dir} holds no .capture file: give the folder of a recording`);
  const startedAt = Date.parse(folder.manifest?.startedAtWall ?? first.startedAtWall);
  const timeline = new VirtualTimeline(Number.isFinite(startedAt) ? startedAt : 0);
  const ward = new GatewayWard({
    gateway: {
      id: loaded.config.gateway.id,
      site: loaded.config.gateway.site,
      unit: loaded.config.gateway.unit,
      build: 'replay',
      mode: 'information',
      timeZone: loaded.config.gateway.timeZone ?? 'UTC',
    },
    beds: wardBeds(loaded, replayedSources(loaded, lines, timeline, onFault)),
    ...deps.rules,
    log: memoryEventLog(await historyOf(folder)),
    timeline,
    onFault,
  });
  ward.changes.subscribe(
    tellOnce((alarm) => deps.onAlarm(replayed(alarm, timeline.monotonicMs()))),
  );
  ward.start();
  const endMs = endOf([...lines.values()]);
  const runTo = async (toMs: number): Promise<boolean> => {
    while (timeline.monotonicMs() < toMs) {
      const nextMs = Math.min(toMs, timeline.monotonicMs() + SLICE_MS);
      if (!(await deps.until(nextMs))) return false;
      timeline.runUntil(nextMs);
    }
    return true;
  };
  const ids = new Map<string, string>();
  let goesOn = true;
  for (const command of folder.commands) {
    if (!goesOn || command.t >= endMs) break;
    goesOn = await runTo(command.t);
    if (goesOn) await giveAgain(ward, command, ids, onFault);
  }
  if (goesOn) await runTo(endMs);
  ward.stop();
  return timeline.monotonicMs();
}

/** Capture files of a folder by the device that each belongs to. */
function linesOf({ dir }: Folder): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  for (const name of readdirSync(dir).sort()) {
    if (!name.endsWith('.capture')) continue;
    const path = join(dir, name);
    const { header, records } = readCapture(path);
    const other = lines.get(header.deviceId);
    if (other !== undefined)
      throw new CaptureError(
        `${basename(other.path)} and ${name} are of the same device ${header.deviceId}: keep one run in a folder`,
      );
    const sentAtMs: number[] = [];
    let lastMs = 0;
    let isEnded = false;
    for (const { t, d } of records) {
      lastMs = t;
      if (d === 'tx') sentAtMs.push(t);
      isEnded = d === 'end';
    }
    const { startedAtWall } = header;
    lines.set(header.deviceId, { path, startedAtWall, sentAtMs, lastMs, isEnded });
  }
  return lines;
}

/** Where the first file was ended in order; a run that was cut off goes on to its last byte. */
function endOf(lines: readonly Line[]): number {
  const ended = lines.filter(({ isEnded }) => isEnded);
  return ended.length > 0
    ? Math.min(...ended.map(({ lastMs }) => lastMs))
    : Math.max(...lines.map(({ lastMs }) => lastMs));
}

function replayedSources(
  loaded: LoadedConfig,
  lines: ReadonlyMap<string, Line>,
  timeline: VirtualTimeline,
  onFault: ReplayDeps['onFault'],
): ReadonlyMap<string, DeviceSource> {
  const sources = new Map<string, DeviceSource>();
  for (const sharers of Map.groupBy(loaded.devices, ({ lineKey }) => lineKey).values()) {
    const line = sharers.map(({ device }) => lines.get(device.id)).find((one) => one !== undefined);
    if (line === undefined) {
      const ids = sharers.map(({ device }) => device.id).join(', ');
      throw new CaptureError(`There is no recording of ${ids}: take it out of the configuration`);
    }
    const devices = sharers.map((checked) => ({
      ...checked,
      device: { ...checked.device, port: { kind: 'replay' as const, path: line.path } },
    }));
    const made = deviceSources(
      { ...loaded, devices },
      {
        timeline: pacedBySent(timeline, line.sentAtMs),
        captureDir: null,
        captures: [],
        onFault,
      },
    );
    for (const [id, source] of made)
      sources.set(id, { ...source, events: source.events.pipe(map(asItWas)) });
  }
  return sources;
}

/**
 * The rules judge as they did then: a replay is no simulator on a live bed. What it tells is marked as test
 * data in each line, and nobody else sees it.
 */
const asItWas = (batch: readonly PictureEvent[]): readonly PictureEvent[] =>
  batch.map((event) => (event.kind === 'port-open' ? { ...event, mode: 'real' } : event));

/** Alarms are told at each new revision; numbers brought up to date in between are not news. */
function tellOnce(tell: (alarm: AlarmView) => void): (change: WardChange) => void {
  const revisions = new Map<string, number>();
  return (change) => {
    if (change.kind !== 'alarm') return;
    const { alarm } = change;
    if (revisions.get(alarm.alarmId) === alarm.rev) return;
    revisions.set(alarm.alarmId, alarm.rev);
    tell(alarm);
  };
}

function replayed(alarm: AlarmView, nowMs: number): ReplayedAlarm {
  const { bedId, deviceId, ruleId, priority, phase, present, text, detail, changedAt } = alarm;
  return {
    t: Math.round(nowMs),
    at: changedAt,
    bed: bedId,
    device: deviceId ?? null,
    rule: ruleId,
    priority,
    phase,
    present,
    text,
    detail: detail ?? null,
    mode: 'test',
  };
}

async function historyOf({ history }: Folder) {
  const log = memoryEventLog();
  for (const { type, wallMs, bedId, user, payload } of history)
    await log.append({
      type,
      wallMs,
      payload,
      ...(bedId === undefined ? {} : { bedId }),
      ...(user === undefined ? {} : { user }),
    });
  return log.all();
}

type Command = (by: Actor, ...args: unknown[]) => Promise<{ ok: boolean; value?: unknown }>;

/** Gives a recorded command with the ids of this run. Orders and alarms of then have other ids now. */
async function giveAgain(
  ward: GatewayWard,
  { call, by, args, made, alarms = {} }: RecordedCommand,
  ids: Map<string, string>,
  onFault: ReplayDeps['onFault'],
): Promise<void> {
  const command = (ward as unknown as Record<string, Command | undefined>)[call];
  if (typeof command !== 'function')
    throw new CaptureError(`This version has no "${call}": replay with the version that recorded`);
  const open = new Map(ward.alarms().map((alarm) => [subjectOf(alarm), alarm]));
  const now = new Map(ids);
  for (const [then, subject] of Object.entries(alarms)) {
    const alarm = open.get(subject);
    if (alarm !== undefined) now.set(then, alarm.alarmId);
  }
  const mapped = withRevisions(withIds(args, now), ward.alarms()) as unknown[];
  try {
    const result = await command.call(ward, by, ...mapped);
    const view = (result.value as { view?: { orderId?: string } } | undefined)?.view;
    if (made !== undefined && view?.orderId !== undefined) ids.set(made, view.orderId);
  } catch (error) {
    onFault(call, error);
  }
}

/** `{alarmId, rev}` as it was seen then means the alarm as it is now. */
function withRevisions(value: unknown, open: readonly AlarmView[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withRevisions(item, open));
  if (typeof value !== 'object' || value === null) return value;
  const alarm = open.find(({ alarmId }) => 'alarmId' in value && alarmId === value.alarmId);
  return alarm === undefined || !('rev' in value) ? value : { ...value, rev: alarm.rev };
}
