import { readFileSync } from 'node:fs';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { simulatorById } from '../../simulators/index.ts';
import { type SimulatedLink, simulatedLink } from '../../simulators/kit/link.ts';
import { parseAlarmLimits } from '../../src/check/limits.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { Actor } from '../../src/hub/ward.ts';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { parseDrugLibrary } from '../../src/order/drug-library.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { type LogEntry, type MemoryEventLog, memoryEventLog } from '../../src/store/event-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { GatewayWard } from '../../src/ward/ward.ts';

const limits = parseAlarmLimits(readFileSync('config/alarm-limits.yaml', 'utf8'));
const library = parseDrugLibrary(readFileSync('config/drug-library.yaml', 'utf8'));
if (!limits.ok || !library.ok) throw new Error('the shipped limits do not parse');
export const shippedLimits = limits.value;
export const shippedLibrary = library.value;

export const prescriber: Actor = { user: 'prescriber-a', roles: ['prescriber'] };
export const nurseA: Actor = { user: 'nurse-a', roles: ['nurse'], station: 'Station 1' };
export const nurseB: Actor = { user: 'nurse-b', roles: ['nurse'] };

export const GOLDBERG = {
  patient: { id: 'P-0000001', label: 'Patient 01', weightKg: 70.8 },
  regimen: 'goldberg-outpatient-10-day',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 40, volumeMl: 500 },
  mode: 'mg-total-over',
  steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
  end: 'PT4H',
  limits: { maxMgPerH: 20, maxMgSession: 40, maxMg24h: 40 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  recovery: 'PT1H',
  nibpInterval: 'PT15M',
};

/** One bed with a simulated pump and monitor, the whole gateway behind it, all in virtual time. */
export class VirtualWard {
  readonly timeline: VirtualTimeline;
  readonly pump: SimulatedLink;
  readonly monitor: SimulatedLink;
  readonly ward: GatewayWard;
  readonly log: MemoryEventLog;
  readonly faults: string[] = [];
  /** Every alarm frame that a client would have got, in order. */
  readonly alarms: AlarmView[] = [];

  constructor(
    options: {
      readonly seed?: number;
      readonly history?: readonly LogEntry[];
      readonly pump?: Readonly<Record<string, unknown>>;
      readonly monitor?: Readonly<Record<string, unknown>>;
      readonly timeline?: VirtualTimeline;
      /** A pump that runs already, as after a restart of the gateway. */
      readonly line?: SimulatedLink;
      readonly bedMode?: 'live' | 'demo';
    } = {},
  ) {
    const seed = options.seed ?? 1;
    this.timeline = options.timeline ?? new VirtualTimeline();
    this.log = memoryEventLog(options.history ?? []);
    const link = (
      id: string,
      name: string,
      own: Readonly<Record<string, unknown>>,
    ): SimulatedLink => {
      const kind = simulatorById.get(id);
      if (kind === undefined) throw new Error(`there is no simulator ${id}`);
      return simulatedLink({ kind, name, timeline: this.timeline, seed, options: own });
    };
    this.pump =
      options.line ??
      link('alaris-asena', 'pump', {
        serial: 'SIM1-00001',
        rateMlPerH: 125,
        running: true,
        syringeMl: 1_000,
        ...options.pump,
      });
    this.monitor = link('ge-dri', 'monitor', { hr: 80, spo2: 97, seed, ...options.monitor });
    const device = (deviceId: string, driver: Driver, line: SimulatedLink) => {
      const port = guarded(memoryPort(deviceId, line, this.timeline), driver.queries);
      // Hours of waveforms would take minutes, and no story here is about them.
      const own = driver.id === 'ge-dri' ? { waves: [] } : {};
      const optionsOf = driver.options.safeParse(own);
      const events = deviceLink({
        driver,
        options: optionsOf.success ? optionsOf.data : {},
        port,
        timeline: this.timeline,
        onFault: (error) => this.faults.push(String(error)),
      });
      return { deviceId, driver, portLabel: deviceId, events };
    };
    this.ward = new GatewayWard({
      gateway: {
        id: 'gw',
        site: 'Test',
        unit: '',
        build: 'test',
        mode: 'information',
        timeZone: 'UTC',
      },
      beds: [
        {
          bedId: 'B01',
          bedMode: options.bedMode ?? 'demo',
          careArea: 'standard',
          devices: [
            device('B01-pump', alarisAsena as Driver, this.pump),
            device('B01-mon', geDri as Driver, this.monitor),
          ],
        },
      ],
      limits: shippedLimits,
      drugLibrary: shippedLibrary,
      log: this.log,
      timeline: this.timeline,
      onFault: (where, error) =>
        this.faults.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`),
    });
    this.ward.changes.subscribe((change) => {
      if (change.kind === 'alarm') this.alarms.push(change.alarm);
    });
    this.ward.start();
  }

  run(seconds: number): void {
    this.timeline.advance(seconds * 1_000);
  }

  /** Commands answer when the log has them, which with the memory log is in a microtask. */
  async order(
    document: Readonly<Record<string, unknown>> = GOLDBERG,
    bedId = 'B01',
  ): Promise<string> {
    const { ward } = this;
    const created = await ward.createOrder(prescriber, JSON.stringify(document));
    if (!created.ok) throw new Error(created.message);
    const id = created.value.view.orderId;
    for (const done of [
      await ward.signOrder(prescriber, id),
      await ward.verifyOrder(nurseB, id, document),
      await ward.activateOrder(nurseA, id, { bedId, bag: document['bag'] }),
    ]) {
      if (!done.ok) throw new Error(done.message);
    }
    return id;
  }

  bed() {
    const [bed] = this.ward.beds();
    if (bed === undefined) throw new Error('the ward has no bed');
    return bed;
  }

  open(ruleId: string): AlarmView | undefined {
    return this.ward.alarms().find((alarm) => alarm.ruleId === ruleId && alarm.phase !== 'ended');
  }

  numeric(code: string) {
    return this.bed().numerics.find((it) => it.code === code);
  }

  stop(): void {
    this.ward.stop();
    this.pump.stop();
    this.monitor.stop();
  }
}
