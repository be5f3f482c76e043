/**
 * A control socket as an outside program sees it: it knows docs/interfaces.md and nothing else, judges
 * every frame, and remembers what must never happen.
 */
import { type ClientOptions, WebSocket } from 'ws';
import {
  type AlarmView,
  type DeviceView,
  type InfusionView,
  METRICS,
  type MetricCode,
  type Numeric,
  type OrderView,
  ServerFrame,
} from '../../src/hub/wire/index.ts';

/** Values older than this may not be shown as valid (docs/interfaces.md and the drivers' pages). */
const STALE_MS: Readonly<Record<string, number>> = { 'alaris-asena': 5_000, 'ge-dri': 6_000 };
const LOST_MS = 10_000;
/** The gateway looks at ages now and then, and this machine is shared. */
const LATE_MS = 600;

export interface Heard {
  readonly atMs: number;
  readonly frame: ServerFrame;
}

/** One control socket. Keeps every frame, and what a screen would show after it. */
export class Client {
  readonly heard: Heard[] = [];
  /** What must never happen and did, one sentence each. */
  readonly faults: string[] = [];
  /** Values that were lost and were shown again as valid without a new reading. */
  readonly revived: string[] = [];
  readonly numerics = new Map<string, Numeric>();
  readonly infusions = new Map<string, InfusionView>();
  readonly orders = new Map<string, OrderView | null>();
  readonly devices = new Map<string, DeviceView>();
  readonly alarms = new Map<string, AlarmView>();
  readonly socket: WebSocket;
  closeCode: number | undefined;
  #seq: number | undefined;
  /** This process's clock minus the gateway's, least delay seen. */
  #offsetMs = Number.POSITIVE_INFINITY;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, token: string | undefined, options: ClientOptions = {}) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/control`, {
      headers,
      ...options,
    });
    this.socket.on('message', (data) => this.#take(String(data)));
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  static async join(
    gateway: { readonly url: string },
    token: string,
    closers: { add(close: () => unknown): void },
  ): Promise<Client> {
    const client = new Client(gateway.url, token);
    closers.add(() => client.socket.terminate());
    await client.waitFor('snapshot', () =>
      client.heard.some(({ frame }) => frame.type === 'snapshot'),
    );
    return client;
  }

  /** Resolves as soon as it holds, after whichever frame; the answer is when (ms of performance.now). */
  waitFor(what: string, holds: () => boolean, timeoutMs = 10_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(cancel);
        this.#waiting.delete(look);
        resolve(performance.now());
      };
      const cancel = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`not within ${timeoutMs} ms: ${what}; ${this.#summary()}`));
      }, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  /** The gateway's monotonic clock now, as far as a client can know it. */
  gatewayMs(): number {
    return performance.now() - this.#offsetMs;
  }

  numeric(deviceId: string, code: MetricCode): Numeric | undefined {
    return this.numerics.get(`${deviceId} ${code}`);
  }

  /** The alarm of a rule that is not ended. */
  alarm(ruleId: string, deviceId?: string): AlarmView | undefined {
    return [...this.alarms.values()].find(
      (one) =>
        one.ruleId === ruleId &&
        one.phase !== 'ended' &&
        (deviceId ?? one.deviceId) === one.deviceId,
    );
  }

  /** Every alarm frame of a rule, with its arrival. */
  alarmFrames(ruleId: string): { readonly atMs: number; readonly alarm: AlarmView }[] {
    return this.heard.flatMap(({ atMs, frame }) =>
      frame.type === 'alarm' && frame.alarm.ruleId === ruleId ? [{ atMs, alarm: frame.alarm }] : [],
    );
  }

  /** The values that came for a code, in order. */
  told(deviceId: string, code: MetricCode): { readonly atMs: number; readonly numeric: Numeric }[] {
    return this.heard.flatMap(({ atMs, frame }) => {
      const list =
        frame.type === 'delta'
          ? (frame.numerics ?? [])
          : frame.type === 'snapshot'
            ? frame.beds.flatMap((bed) => bed.numerics)
            : [];
      return list
        .filter((one) => one.deviceId === deviceId && one.code === code)
        .map((numeric) => ({ atMs, numeric }));
    });
  }

  #take(text: string): void {
    const atMs = performance.now();
    const parsed = ServerFrame.safeParse(JSON.parse(text));
    if (!parsed.success) {
      this.faults.push(`not a frame: ${text.slice(0, 200)} ${parsed.error.message.slice(0, 300)}`);
      return;
    }
    const frame = parsed.data;
    this.heard.push({ atMs, frame });
    if ('monotonicMs' in frame) this.#offsetMs = Math.min(this.#offsetMs, atMs - frame.monotonicMs);
    if ('seq' in frame) {
      if (this.#seq !== undefined && frame.seq !== this.#seq + 1)
        this.faults.push(`seq ${frame.seq} after ${this.#seq}`);
      this.#seq = frame.seq;
    }
    if (frame.type === 'beat' && frame.lastSeq !== this.#seq)
      this.faults.push(`beat says ${frame.lastSeq}, ${this.#seq} came`);
    this.#judgeAges(atMs);
    this.#apply(frame);
    this.#judgeAges(atMs);
    this.#wake();
  }

  #apply(frame: ServerFrame): void {
    if (frame.type === 'alarm') this.alarms.set(frame.alarm.alarmId, frame.alarm);
    if (frame.type === 'snapshot') {
      this.numerics.clear();
      this.alarms.clear();
      for (const alarm of frame.alarms) this.alarms.set(alarm.alarmId, alarm);
      for (const device of frame.devices) this.devices.set(device.deviceId, device);
      for (const bed of frame.beds) this.#part(bed.bedId, bed);
    }
    if (frame.type !== 'delta') return;
    if (frame.device !== undefined) this.devices.set(frame.device.deviceId, frame.device);
    if (frame.bed !== undefined) this.#part(frame.bedId, frame.bed);
    this.#part(frame.bedId, frame);
  }

  #part(
    bedId: string,
    part: {
      readonly numerics?: readonly Numeric[] | undefined;
      readonly infusion?: InfusionView | undefined;
      readonly order?: OrderView | null | undefined;
    },
  ): void {
    for (const one of part.numerics ?? []) {
      const key = `${one.deviceId} ${one.code}`;
      const before = this.numerics.get(key);
      const isOld = before?.observedAtMonotonicMs === one.observedAtMonotonicMs;
      if (before?.validity === 'lost' && one.validity === 'valid' && isOld)
        this.revived.push(`${key}: ${one.value} of before the loss`);
      this.numerics.set(key, one);
    }
    if (part.infusion !== undefined) this.infusions.set(bedId, part.infusion);
    if (part.order !== undefined) this.orders.set(bedId, part.order);
  }

  /** Nothing that is on the screen at this moment may look fresher than it is. */
  #judgeAges(atMs: number): void {
    for (const [key, one] of this.numerics) {
      const staleMs = STALE_MS[this.devices.get(one.deviceId)?.driver ?? ''] ?? 5_000;
      if (!METRICS[one.code].episodic)
        this.#judge(atMs, key, one.value, one.validity, one.observedAtMonotonicMs, staleMs);
    }
    for (const [bed, { liveMlPerH, liveMgPerH, liveValidity, liveObservedAtMonotonicMs }] of this
      .infusions) {
      const value = liveMlPerH ?? liveMgPerH;
      this.#judge(atMs, `infusion ${bed}`, value, liveValidity, liveObservedAtMonotonicMs, 5_000);
    }
  }

  #judge(
    atMs: number,
    what: string,
    value: number | null,
    validity: string,
    observedMs: number | null,
    staleMs: number,
  ): void {
    if (value === null) return;
    const ageMs =
      observedMs === null ? Number.POSITIVE_INFINITY : atMs - this.#offsetMs - observedMs;
    const isGood = validity === 'valid' || validity === 'questionable';
    const mostMs = (isGood ? staleMs : LOST_MS) + LATE_MS;
    if ((isGood || validity === 'stale') && ageMs <= mostMs) return;
    this.faults.push(`${what}: ${value} shown as ${validity} at age ${Math.round(ageMs)} ms`);
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #summary(): string {
    const alarms = [...this.alarms.values()].map(
      (one) => `${one.ruleId} ${one.phase} ${one.priority}`,
    );
    return `faults ${JSON.stringify(this.faults.slice(0, 2))}, alarms [${alarms.join(', ')}], infusion ${JSON.stringify([...this.infusions.values()])}`;
  }
}
