import { readFileSync } from 'node:fs';
import type { SimulatedLink } from '../../simulators/kit/link.ts';
import { parseAlarmLimits } from '../../src/check/limits.ts';
import type { Actor } from '../../src/hub/ward.ts';
import type { AlarmView } from '../../src/hub/wire/index.ts';
import { type CareArea, type DrugLibrary, parseDrugLibrary } from '../../src/order/drug-library.ts';
import type { RegimenShelf } from '../../src/order/regimen.ts';
import { type LogEntry, type MemoryEventLog, memoryEventLog } from '../../src/store/event-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { GatewayWard } from '../../src/ward/ward.ts';
import type { MemoryNumerics } from '../store/memory-numerics.ts';
import { devicesOn, pumpOptions, simulated } from './virtual-pump.ts';

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
  /** On a line of its own; only where it is asked for. */
  readonly secondPump: SimulatedLink | null;
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
      /** A driver and its twin by id, such as `bbraun-bcc`, which tells drug, concentration and weight. */
      readonly pumpKind?: string;
      /** Of a rack (B. Braun): of the pump in slot 11, or `pumps` of the whole rack; see `pumpOptions`. */
      readonly pump?: Readonly<Record<string, unknown>>;
      /** Slots of the rack that are this bed's: devices B01-pump, B01-pump-12 and so on. */
      readonly pumpChannels?: readonly string[];
      /** B01-pump2, on a line of its own. */
      readonly secondPump?: {
        readonly kind: string;
        readonly options?: Readonly<Record<string, unknown>>;
      };
      readonly monitor?: Readonly<Record<string, unknown>>;
      /** Values of the monitor and looks at the clock each 5 s: for stories of days. */
      readonly isSlow?: boolean;
      readonly careArea?: CareArea;
      readonly regimens?: RegimenShelf;
      readonly drugLibrary?: DrugLibrary;
      readonly timeline?: VirtualTimeline;
      /** A pump that runs already, as after a restart of the gateway. */
      readonly line?: SimulatedLink;
      readonly bedMode?: 'live' | 'demo';
      /** Keeps what was seen, for reports. */
      readonly store?: MemoryNumerics;
    } = {},
  ) {
    const seed = options.seed ?? 1;
    this.timeline = options.timeline ?? new VirtualTimeline();
    this.log = memoryEventLog(options.history ?? []);
    const plugged = (kindId: string, name: string, own: Readonly<Record<string, unknown>>) =>
      simulated(kindId, name, own, this.timeline, seed);
    const pumpKind = options.pumpKind ?? 'alaris-asena';
    const { secondPump } = options;
    this.pump = options.line ?? plugged(pumpKind, 'pump', pumpOptions(pumpKind, options.pump));
    this.secondPump =
      secondPump === undefined
        ? null
        : plugged(secondPump.kind, 'pump2', pumpOptions(secondPump.kind, secondPump.options));
    this.monitor = plugged('ge-dri', 'monitor', { hr: 80, spo2: 97, seed, ...options.monitor });
    const around = {
      timeline: this.timeline,
      onFault: (error: unknown) => this.faults.push(String(error)),
    };
    const { pumpChannels: channels } = options;
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
          careArea: options.careArea ?? 'standard',
          devices: [
            ...devicesOn(pumpKind, 'B01-pump', this.pump, {
              ...around,
              ...(channels !== undefined && { channels }),
            }),
            ...(secondPump === undefined || this.secondPump === null
              ? []
              : devicesOn(secondPump.kind, 'B01-pump2', this.secondPump, around)),
            // Hours of waveforms would take minutes, and no story here is about them.
            ...devicesOn('ge-dri', 'B01-mon', this.monitor, {
              ...around,
              options: { waves: [], interval: options.isSlow === true ? 5 : 1 },
            }),
          ],
        },
      ],
      limits: shippedLimits,
      drugLibrary: options.drugLibrary ?? shippedLibrary,
      ...(options.regimens !== undefined && { regimens: options.regimens }),
      log: this.log,
      ...(options.store !== undefined && { numerics: options.store, trends: options.store }),
      timeline: this.timeline,
      ...(options.isSlow === true && { tickMs: 4_000 }),
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
    /** Such as the reason for a soft limit. */
    signing: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const { ward } = this;
    const created = await ward.createOrder(prescriber, JSON.stringify(document));
    if (!created.ok) throw new Error(created.message);
    const id = created.value.view.orderId;
    const { drugMg, volumeMl } = Object(document['bag']) as Readonly<Record<string, unknown>>;
    for (const done of [
      await ward.signOrder(prescriber, id, signing),
      await ward.verifyOrder(nurseB, id, document),
      await ward.activateOrder(nurseA, id, { bedId, bag: { drugMg, volumeMl } }),
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
    this.secondPump?.stop();
    this.monitor.stop();
  }
}
