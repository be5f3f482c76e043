import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Cancel, Timeline } from '../time/timeline.ts';
import { zoneOffset } from '../time/zone-offset.ts';
import type { Authenticator, Identity } from './auth.ts';
import { BedChanges } from './bed-changes.ts';
import { bodyOf, sharedDelta } from './client-queue.ts';
import { type ClientDeps, ControlClient, type SnapshotBody } from './control-client.ts';
import type { HubLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { HubMetrics } from './metrics.ts';
import { Pace } from './pace.ts';
import type { ReceiptBook } from './receipt-book.ts';
import type { Ward, WardChange } from './ward.ts';
import { type AlarmView, PROTOCOL, ServerFrame } from './wire/index.ts';

/** How often each client is looked after; the precision of beats, resends and limits. */
const TICK_MS = 100;

export interface RoomDeps {
  readonly ward: Ward;
  readonly auth: Authenticator;
  readonly timeline: Timeline;
  readonly limits: HubLimits;
  readonly metrics: HubMetrics;
  readonly receipts: ReceiptBook;
  readonly log: Log;
  readonly checkFrames: boolean;
}

/** All control clients, and the one stream of changes that they share. */
export class ControlRoom {
  readonly #deps: RoomDeps;
  readonly #clients = new Set<ControlClient>();
  readonly #changes = new BedChanges();
  readonly #pace = new Pace();
  readonly #offsetAt: (wallMs: number) => number;
  #subscription: Subscription | undefined;
  #isFlushPlanned = false;
  #cancelFlush: Cancel | undefined;
  #cancelTick: Cancel | undefined;
  #isFeedBroken = false;

  constructor(deps: RoomDeps) {
    this.#deps = deps;
    this.#offsetAt = zoneOffset(deps.ward.gateway.timeZone);
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Without changes from the ward everything on a screen would be old: nobody may watch then. */
  get isFeedBroken(): boolean {
    return this.#isFeedBroken;
  }

  open(): void {
    this.#subscription = this.#deps.ward.changes.subscribe({
      next: (change) => this.#onChange(change),
      error: (error: unknown) => this.#onFeedEnd(String(error)),
      complete: () => this.#onFeedEnd('completed'),
    });
    this.#tick();
  }

  join(ws: WebSocket, stream: Duplex, token: string, identity: Identity): void {
    const client = new ControlClient(ws, stream, this.#clientDeps(token, identity));
    try {
      client.start();
    } catch (error) {
      this.#deps.log.error({ event: 'snapshot-failed', error: String(error) });
      client.close(1011, 'The gateway could not make a snapshot. Try again.');
      return;
    }
    this.#clients.add(client);
  }

  closeSession(token: string): void {
    for (const client of [...this.#clients])
      if (client.token === token) client.close(4401, 'Logged out. Log in again.');
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#cancelTick?.();
    this.#cancelFlush?.();
    this.#closeAll(1001, 'The gateway is going down.');
  }

  #clientDeps(token: string, identity: Identity): ClientDeps {
    const { auth, limits, metrics, receipts, timeline, ward } = this.#deps;
    return {
      id: randomUUID(),
      token,
      identity,
      limits,
      metrics,
      receipts,
      nowMs: () => timeline.monotonicMs(),
      isSessionValid: () => auth.verify(token) !== undefined,
      helloText: () => this.#hello(identity),
      snapshot: () => this.#snapshot(),
      beatText: (lastSeq, echo) =>
        JSON.stringify({
          type: 'beat',
          ...this.#times(),
          utcOffsetMin: this.#offsetAt(timeline.wallMs()),
          ...(echo !== undefined && { echo }),
          lastSeq,
        }),
      noteWatcher: (note) => ward.noteWatcher(note),
      inspect: this.#deps.checkFrames ? (frame) => this.#inspect(frame) : undefined,
      onGone: (gone) => this.#clients.delete(gone),
    };
  }

  #onChange(change: WardChange): void {
    if (change.kind === 'alarm') {
      this.#onAlarm(change.alarm);
    } else {
      this.#changes.add(change.parts);
      this.#planFlush();
    }
  }

  #onAlarm(alarm: AlarmView): void {
    const body = bodyOf({ alarm });
    for (const client of [...this.#clients]) this.#guard(client, () => client.alarm(alarm, body));
  }

  /**
   * At the end of the present turn when the pace allows: one frame of a device makes several parts,
   * and they belong into one delta. Otherwise as soon as the pace allows.
   */
  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    const waitMs = this.#pace.waitMs(this.#deps.timeline.monotonicMs());
    if (waitMs > 0) this.#cancelFlush = this.#deps.timeline.after(waitMs, () => this.#flush());
    else queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    if (this.#changes.isEmpty) return;
    const { timeline } = this.#deps;
    const beganAtMs = timeline.monotonicMs();
    const deltas = this.#changes.takeAll();
    if (this.#clients.size > 0) {
      const shared = deltas.map(sharedDelta);
      for (const client of [...this.#clients]) this.#guard(client, () => client.deltas(shared));
    }
    this.#pace.flushed(beganAtMs, timeline.monotonicMs());
  }

  #tick(): void {
    this.#cancelTick = this.#deps.timeline.after(TICK_MS, () => this.#tick());
    for (const client of [...this.#clients]) this.#guard(client, () => client.tick());
  }

  /** A fault with one client must not reach the others. */
  #guard(client: ControlClient, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#deps.log.error({ event: 'client-failed', error: String(error) });
      client.close(1011, 'The gateway failed at this connection. Reconnect.');
    }
  }

  /** Changes that wait are sent first: none of them may come after a snapshot that is newer. */
  #snapshot(): SnapshotBody {
    this.#flush();
    const { ward } = this.#deps;
    const alarms = ward.alarms();
    const body = bodyOf({ ...this.#times(), beds: ward.beds(), alarms, devices: ward.devices() });
    return { body, alarms };
  }

  #hello(identity: Identity): string {
    const { gateway } = this.#deps.ward;
    return JSON.stringify({
      type: 'hello',
      protocol: PROTOCOL,
      build: gateway.build,
      gatewayId: gateway.id,
      site: gateway.site,
      unit: gateway.unit,
      ...this.#times(),
      timeZone: gateway.timeZone,
      utcOffsetMin: this.#offsetAt(this.#deps.timeline.wallMs()),
      mode: gateway.mode,
      user: identity.user,
      roles: identity.roles,
    });
  }

  #times(): { readonly wallTime: string; readonly monotonicMs: number } {
    const { timeline } = this.#deps;
    return {
      wallTime: new Date(timeline.wallMs()).toISOString(),
      monotonicMs: timeline.monotonicMs(),
    };
  }

  #inspect(frame: string): void {
    const result = ServerFrame.safeParse(JSON.parse(frame));
    if (result.success) return;
    const { issues } = result.error;
    this.#deps.log.error({ event: 'frame-off-contract', issues, frame: frame.slice(0, 400) });
  }

  #onFeedEnd(why: string): void {
    this.#isFeedBroken = true;
    this.#deps.log.error({ event: 'feed-ended', why });
    this.#closeAll(1011, 'The gateway lost its own data. Check patients and pumps directly.');
  }

  #closeAll(code: number, reason: string): void {
    for (const client of [...this.#clients]) client.close(code, reason);
  }
}
