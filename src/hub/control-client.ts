import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Identity } from './auth.ts';
import { readClientFrame } from './client-frames.ts';
import { ClientQueue, type SharedDelta } from './client-queue.ts';
import { FrameBudget } from './frame-budget.ts';
import type { HubLimits } from './limits.ts';
import type { HubMetrics } from './metrics.ts';
import type { ReceiptBook } from './receipt-book.ts';
import { UnconfirmedAlarms } from './unconfirmed-alarms.ts';
import type { WatcherNote } from './ward.ts';
import { type AlarmView, CLOSE, type ClientBeat, type ClientFrame } from './wire/index.ts';

/** The session must end here within 5 s of its end, of which the accounts may take 4. */
const VERIFY_EVERY_MS = 500;

const BINARY = { ok: false, reason: 'Binary frame. Send JSON text frames here.' } as const;

export interface SnapshotBody {
  readonly body: string;
  readonly alarms: readonly AlarmView[];
}

export interface ClientDeps {
  readonly id: string;
  readonly token: string;
  readonly identity: Identity;
  readonly limits: HubLimits;
  readonly metrics: HubMetrics;
  readonly receipts: ReceiptBook;
  readonly nowMs: () => number;
  readonly isSessionValid: () => boolean;
  readonly helloText: () => string;
  /** Everything as of now, with no change of it left to be sent to anybody. */
  readonly snapshot: () => SnapshotBody;
  readonly beatText: (lastSeq: number, echo: number | undefined) => string;
  readonly noteWatcher: (note: WatcherNote) => void;
  /** Every frame passes here when frames are checked against their schemas. */
  readonly inspect: ((frame: string) => void) | undefined;
  readonly onGone: (client: ControlClient) => void;
}

/** One control socket with a session: joins queue, receipts, beats and limits to the wire. */
export class ControlClient {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #deps: ClientDeps;
  readonly #queue: ClientQueue;
  readonly #budget: FrameBudget;
  readonly #unconfirmed = new UnconfirmedAlarms();
  #isGone = false;
  #isWatching = true;
  #heardAtMs: number;
  #nextBeatAtMs: number;
  #nextVerifyAtMs: number;
  #pongsMissed = 0;
  #resyncedAtMs = Number.NEGATIVE_INFINITY;
  #wantsResync = false;
  #heldBackCounted = 0;

  constructor(ws: WebSocket, stream: Duplex, deps: ClientDeps) {
    this.#ws = ws;
    this.#stream = stream;
    this.#deps = deps;
    this.#queue = new ClientQueue(deps.limits);
    this.#budget = new FrameBudget(deps.limits.clientFramesPerSecondMax);
    const now = deps.nowMs();
    this.#heardAtMs = now;
    this.#nextBeatAtMs = now + deps.limits.beatEveryMs;
    this.#nextVerifyAtMs = now + VERIFY_EVERY_MS;
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('ping', () => this.#spend('other'));
    ws.on('pong', () => {
      this.#pongsMissed = 0;
    });
    ws.on('close', (code) => this.#gone(code));
    stream.on('drain', () => this.#resume());
  }

  get token(): string {
    return this.#deps.token;
  }

  start(): void {
    this.#together(() => {
      this.#send('hello', this.#deps.helloText());
      this.#sendSnapshot('join');
    });
    this.#deps.noteWatcher({ ...this.#watcher(), state: 'joined' });
  }

  /** At once, also to a client that is behind: see ClientQueue. */
  alarm(alarm: AlarmView, body: string): void {
    const now = this.#deps.nowMs();
    this.#unconfirmed.sent(alarm, body, now);
    this.#budget.alarmSent();
    this.#send('alarm', this.#queue.alarm(body));
    this.#closeIfTooSlow(now);
  }

  deltas(deltas: readonly SharedDelta[]): void {
    const now = this.#deps.nowMs();
    this.#sendDeltas(this.#queue.offer(deltas, this.#ws.bufferedAmount, now));
    this.#deps.metrics.heldBack(this.#queue.heldBack - this.#heldBackCounted);
    this.#heldBackCounted = this.#queue.heldBack;
    this.#closeIfTooSlow(now);
  }

  /** Whatever is due by time: beat, ping, session, silence, receipts, snapshot on request. */
  tick(): void {
    const { limits, isSessionValid } = this.#deps;
    const now = this.#deps.nowMs();
    if (this.#closeIfTooSlow(now)) return;
    if (now >= this.#nextVerifyAtMs) {
      this.#nextVerifyAtMs = now + VERIFY_EVERY_MS;
      if (!isSessionValid()) {
        this.close(CLOSE.noSession, 'The session has ended. Log in again.');
        return;
      }
    }
    if (now >= this.#nextBeatAtMs) {
      this.#nextBeatAtMs =
        Math.max(this.#nextBeatAtMs, now - limits.beatEveryMs) + limits.beatEveryMs;
      if (this.#isPeerDead()) {
        this.#ws.terminate();
        return;
      }
      this.#ws.ping();
      this.#sendBeat(undefined);
    }
    if (this.#isWatching && now - this.#heardAtMs > limits.silentMsMax) {
      this.#isWatching = false;
      this.#deps.noteWatcher({ ...this.#watcher(), state: 'left' });
    }
    for (const body of this.#unconfirmed.due(now, limits.resendAfterMs)) {
      this.#deps.metrics.alarmResent();
      this.#budget.alarmSent();
      this.#send('alarm', this.#queue.alarm(body));
    }
    this.#resume();
  }

  close(code: number, reason: string): void {
    if (this.#isGone) return;
    this.#ws.close(code, reason);
    this.#gone(code);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#isGone) return;
    const read = isBinary ? BINARY : readClientFrame(String(data));
    if (!read.ok) {
      this.close(CLOSE.unknownFrame, read.reason);
      return;
    }
    const { frame } = read;
    if (!this.#spend(frame.type === 'receipt' ? 'receipt' : 'other')) return;
    this.#deps.metrics.frameReceived(frame.type);
    this.#take(frame);
  }

  #take(frame: ClientFrame): void {
    switch (frame.type) {
      case 'beat':
        this.#onBeat(frame);
        break;
      case 'receipt':
        this.#onReceipt(frame);
        break;
      case 'resync':
        this.#wantsResync = true;
        this.#resume();
    }
  }

  #onReceipt({ alarmId, rev, stage }: Extract<ClientFrame, { type: 'receipt' }>): void {
    const isKnown = this.#unconfirmed.confirm(alarmId, rev);
    this.#deps.metrics.receipt(isKnown ? stage : 'unknown');
    if (!isKnown) return;
    this.#deps.receipts.note(alarmId, rev, {
      clientId: this.#deps.id,
      user: this.#deps.identity.user,
      stage,
      atMonotonicMs: this.#deps.nowMs(),
    });
  }

  #onBeat(beat: ClientBeat): void {
    this.#heardAtMs = this.#deps.nowMs();
    const station = beat.station === undefined ? {} : { station: beat.station };
    if (!this.#isWatching) {
      this.#isWatching = true;
      this.#deps.noteWatcher({ ...this.#watcher(), ...station, state: 'joined' });
    }
    this.#sendBeat(beat.sentAtMs);
    this.#deps.noteWatcher({
      ...this.#watcher(),
      ...station,
      state: 'beat',
      visible: beat.visible,
      audioState: beat.audioState,
      lastPaintAgeMs: beat.lastPaintAgeMs,
    });
  }

  #spend(kind: 'receipt' | 'other'): boolean {
    if (this.#budget.spend(kind, this.#deps.nowMs())) return true;
    const { clientFramesPerSecondMax: most } = this.#deps.limits;
    this.close(CLOSE.unknownFrame, `Too many frames: at most ${most} a second.`);
    return false;
  }

  /** What waited may go; a snapshot replaces all of it. */
  #resume(): void {
    if (this.#isGone) return;
    const now = this.#deps.nowMs();
    this.#sendDeltas(this.#queue.resume(this.#ws.bufferedAmount, now));
    const isDue = now - this.#resyncedAtMs >= this.#deps.limits.resyncEveryMs;
    if (!this.#wantsResync || !isDue || this.#queue.isBlocked) return;
    this.#wantsResync = false;
    this.#resyncedAtMs = now;
    this.#sendSnapshot('resync');
  }

  #sendSnapshot(reason: 'join' | 'resync'): void {
    const { body, alarms } = this.#deps.snapshot();
    this.#deps.metrics.snapshot(reason);
    this.#unconfirmed.clear();
    for (const alarm of alarms) {
      this.#unconfirmed.given(alarm);
      this.#budget.alarmSent();
    }
    this.#send('snapshot', this.#queue.snapshot(body));
  }

  /** Not into a socket that is behind: a beat that comes late says nothing. */
  #sendBeat(echo: number | undefined): void {
    if (!this.#queue.isBlocked) this.#send('beat', this.#deps.beatText(this.#queue.lastSeq, echo));
  }

  #sendDeltas(frames: readonly string[]): void {
    if (frames.length === 0) return;
    this.#together(() => {
      for (const frame of frames) this.#write(frame);
    });
    this.#deps.metrics.frameSent('delta', frames.length);
  }

  #send(type: string, frame: string): void {
    if (this.#isGone) return;
    this.#write(frame);
    this.#deps.metrics.frameSent(type);
  }

  #write(frame: string): void {
    this.#deps.inspect?.(frame);
    this.#ws.send(frame);
  }

  /** Several frames in one system call. */
  #together(send: () => void): void {
    this.#stream.cork();
    send();
    this.#stream.uncork();
  }

  #closeIfTooSlow(now: number): boolean {
    if (this.#isGone) return true;
    const reason = this.#queue.tooSlow(this.#ws.bufferedAmount, now);
    if (reason !== undefined) this.close(CLOSE.tooSlow, reason);
    return reason !== undefined;
  }

  /** Pings to a client that is behind wait in its own queue; the limit on being blocked judges that. */
  #isPeerDead(): boolean {
    if (this.#queue.isBlocked) return false;
    this.#pongsMissed += 1;
    return this.#pongsMissed > this.#deps.limits.pongsMissedMax;
  }

  #watcher(): Pick<WatcherNote, 'clientId' | 'user'> {
    return { clientId: this.#deps.id, user: this.#deps.identity.user };
  }

  #gone(code: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#deps.metrics.closed(code);
    if (this.#isWatching) this.#deps.noteWatcher({ ...this.#watcher(), state: 'left' });
    this.#deps.onGone(this);
  }
}
