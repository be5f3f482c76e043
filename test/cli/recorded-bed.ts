import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { simulator as pumpKind } from '../../simulators/alaris-asena/index.ts';
import { simulator as monitorKind } from '../../simulators/ge-dri/index.ts';
import type { SimulatorKind } from '../../simulators/kit/device.ts';
import { type SimulatedLink, simulatedLink } from '../../simulators/kit/link.ts';
import { draw } from '../../simulators/kit/random.ts';
import { makeFolder, readFolder, recordedConfig } from '../../src/assembly/capture-folder.ts';
import { captureName } from '../../src/assembly/lines.ts';
import { recordedWard } from '../../src/assembly/recorded-ward.ts';
import { type ReplayedAlarm, replayFolder } from '../../src/assembly/replay-run.ts';
import { wardBeds } from '../../src/assembly/ward-beds.ts';
import { checkConfig, type LoadedConfig } from '../../src/config/load-config.ts';
import { loadRuleFiles } from '../../src/config/rule-files.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { Ward } from '../../src/hub/ward.ts';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { type CaptureFile, captured, captureFile } from '../../src/port/capture.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { type LogEntry, type MemoryEventLog, memoryEventLog } from '../../src/store/event-log.ts';
import { type Timeline, VirtualTimeline } from '../../src/time/timeline.ts';
import { GatewayWard } from '../../src/ward/ward.ts';
import { GOLDBERG, nurseA, nurseB, prescriber } from '../pipeline/virtual-ward.ts';

/** An alarm change as live run and replay have it in common. */
export type Told = Pick<
  ReplayedAlarm,
  't' | 'bed' | 'device' | 'rule' | 'priority' | 'phase' | 'present' | 'text'
>;

const driverById = new Map([alarisAsena, geDri].map((driver) => [driver.id, driver as Driver]));

/** Timers come up to this much late, as they do on a busy PC. */
const LATE_MS = 12;

/** One bed on a virtual timeline whose timers are late, recorded as `capture.dir` records. */
export class RecordedBed {
  readonly timeline = new VirtualTimeline();
  readonly dir = mkdtempSync(join(tmpdir(), 'iw-recorded-'));
  readonly pump: SimulatedLink;
  readonly monitor: SimulatedLink;
  readonly ward: Ward;
  readonly log: MemoryEventLog;
  readonly told: Told[] = [];
  readonly faults: string[] = [];
  readonly #gateway: GatewayWard;
  readonly #folder: ReturnType<typeof makeFolder>;
  readonly #files: CaptureFile[] = [];

  constructor(
    options: { mode?: 'live' | 'demo'; history?: readonly LogEntry[]; seed?: number } = {},
  ) {
    const { timeline } = this;
    const config = `gateway: { id: gw }
beds:
  - id: B01
    mode: ${options.mode ?? 'demo'}
    devices:
      - { id: B01-pump, driver: alaris-asena, port: { kind: serial, path: /dev/a } }
      - { id: B01-mon, driver: ge-dri, port: { kind: serial, path: /dev/b } }
`;
    const loaded = ok(checkConfig(config, this.dir, driverById));
    const rules = loadRuleFiles(loaded.files);
    if (!rules.ok) throw new Error(rules.problems.join());
    this.log = memoryEventLog(options.history ?? []);
    this.#folder = makeFolder(join(this.dir, 'run'), loaded, this.log.entries(), timeline);
    this.pump = this.#link(pumpKind, {
      serial: 'SIM1-00001',
      rateMlPerH: 125,
      running: true,
      syringeMl: 1_000,
    });
    this.monitor = this.#link(monitorKind, { hr: 80, spo2: 97, seed: 1 });
    const sources = new Map([
      this.#source(loaded, 'B01-pump', this.pump, options.seed ?? 1),
      this.#source(loaded, 'B01-mon', this.monitor, (options.seed ?? 1) + 1),
    ]);
    this.#gateway = new GatewayWard({
      gateway: { id: 'gw', site: '', unit: '', build: '', mode: 'information', timeZone: 'UTC' },
      beds: wardBeds(loaded, sources),
      ...rules.value,
      log: this.log,
      timeline,
      onFault: (where, error) => this.faults.push(`${where}: ${String(error)}`),
    });
    this.ward = recordedWard(this.#gateway, this.#folder);
    const revisions = new Map<string, number>();
    this.#gateway.changes.subscribe((change) => {
      if (change.kind !== 'alarm' || revisions.get(change.alarm.alarmId) === change.alarm.rev)
        return;
      revisions.set(change.alarm.alarmId, change.alarm.rev);
      this.told.push(toldOf(change.alarm, timeline.monotonicMs()));
    });
    this.#gateway.start();
  }

  run(seconds: number): void {
    this.timeline.advance(seconds * 1_000);
  }

  async order(document: Readonly<Record<string, unknown>> = GOLDBERG): Promise<string> {
    const created = await this.ward.createOrder(prescriber, JSON.stringify(document), 'json');
    if (!created.ok) throw new Error(created.message);
    const id = created.value.view.orderId;
    await this.ward.signOrder(prescriber, id);
    await this.ward.verifyOrder(nurseB, id, document);
    const done = await this.ward.activateOrder(nurseA, id, { bedId: 'B01', bag: document['bag'] });
    if (!done.ok) throw new Error(done.message);
    return id;
  }

  open(ruleId: string): AlarmView {
    const found = this.ward.alarms().find((one) => one.ruleId === ruleId && one.phase !== 'ended');
    if (found === undefined) throw new Error(`no ${ruleId}`);
    return found;
  }

  /** Ends the run and answers the folder of its recording. */
  async end(): Promise<string> {
    this.#gateway.stop();
    await Promise.all([...this.#files.map((file) => file.close()), this.#folder.close()]);
    return this.#folder.dir;
  }

  #link(kind: SimulatorKind, options: Readonly<Record<string, unknown>>): SimulatedLink {
    return simulatedLink({ kind, name: kind.id, timeline: this.timeline, options });
  }

  #source({ devices }: LoadedConfig, id: string, link: SimulatedLink, seed: number) {
    const checked = devices.find(({ device }) => device.id === id);
    if (checked === undefined) throw new Error(`no device ${id}`);
    const { driver, options } = checked;
    const file = captureFile({
      path: join(this.#folder.dir, captureName(id)),
      deviceId: id,
      driver: driver.id,
      line: driver.line,
      clock: this.timeline,
      // Nothing is written before virtual time stands still.
      bufferBytesMax: Number.POSITIVE_INFINITY,
    });
    this.#files.push(file);
    const events = deviceLink({
      driver,
      options,
      port: guarded(captured(memoryPort(id, link, this.timeline, 'real'), file), driver.queries),
      timeline: late(this.timeline, seed),
      onFault: (error) => this.faults.push(String(error)),
    });
    return [id, { portLabel: id, events }] as const;
  }
}

/** The same time; timers are late by up to {@link LATE_MS}. */
function late(timeline: Timeline, seed: number): Timeline {
  let random = seed;
  return {
    monotonicMs: () => timeline.monotonicMs(),
    wallMs: () => timeline.wallMs(),
    scheduler: timeline.scheduler,
    after(delayMs, task) {
      const drawn = draw(random);
      random = drawn.next;
      return timeline.after(Math.max(0, delayMs) + drawn.value * LATE_MS, task);
    },
  };
}

export function toldOf(alarm: AlarmView, nowMs: number): Told {
  const { bedId, deviceId, ruleId, priority, phase, present, text } = alarm;
  return {
    t: Math.round(nowMs),
    bed: bedId,
    device: deviceId ?? null,
    rule: ruleId,
    priority,
    phase,
    present,
    text,
  };
}

/** Replays a folder at once: its alarms, and the lines that the command would print. */
export async function replay(dir: string): Promise<{ alarms: ReplayedAlarm[]; lines: string }> {
  const folder = readFolder(dir);
  const loaded = ok(recordedConfig(folder, driverById));
  const rules = loadRuleFiles(loaded.files);
  if (!rules.ok) throw new Error(rules.problems.join());
  const alarms: ReplayedAlarm[] = [];
  const faults: string[] = [];
  await replayFolder({
    folder,
    loaded,
    rules: rules.value,
    until: () => Promise.resolve(true),
    onAlarm: (alarm) => alarms.push(alarm),
    onFault: (where, error) => faults.push(`${where}: ${String(error)}`),
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { alarms, lines: alarms.map((alarm) => `${JSON.stringify(alarm)}\n`).join('') };
}

/** Without its time, for comparing; times are compared by themselves. */
export const sameButTime = ({ t: _, ...rest }: Told): Omit<Told, 't'> => rest;

export const commonOf = ({ at: _at, mode: _mode, detail: _detail, ...rest }: ReplayedAlarm): Told =>
  rest;

function ok(result: ReturnType<typeof checkConfig>): LoadedConfig {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
