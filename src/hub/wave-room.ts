import type { Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Cancel, Timeline } from '../time/timeline.ts';
import type { Authenticator } from './auth.ts';
import type { HubLimits } from './limits.ts';
import type { HubMetrics } from './metrics.ts';
import type { Ward, WardWave } from './ward.ts';
import { CLOSE, encodeWaveFrame } from './wire/index.ts';

export interface WaveRoomDeps {
  readonly ward: Pick<Ward, 'waves'>;
  readonly auth: Authenticator;
  readonly timeline: Timeline;
  readonly limits: HubLimits;
  readonly metrics: HubMetrics;
}

interface Watcher {
  readonly token: string;
  pongsMissed: number;
}

/** Sessions are looked at, and peers pinged, at this pace. */
const TICK_MS = 500;
const PING_EVERY_TICKS = 4;

/**
 * The sockets of `/ws/wave`: binary blocks to whoever watches. A watcher that is behind misses blocks, which
 * its page shows as gaps; nothing here is kept, and nothing here can delay an alarm.
 */
export class WaveRoom {
  readonly #deps: WaveRoomDeps;
  readonly #watchers = new Map<WebSocket, Watcher>();
  #subscription: Subscription | undefined;
  #cancelTick: Cancel | undefined;
  #ticks = 0;

  constructor(deps: WaveRoomDeps) {
    this.#deps = deps;
  }

  open(): void {
    this.#subscription = this.#deps.ward.waves.subscribe((wave) => this.#send(wave));
    this.#tick();
  }

  join(ws: WebSocket, token: string): void {
    this.#watchers.set(ws, { token, pongsMissed: 0 });
    ws.on('message', () => ws.close(CLOSE.unknownFrame, 'Nothing is expected here.'));
    ws.on('pong', () => {
      const watcher = this.#watchers.get(ws);
      if (watcher !== undefined) watcher.pongsMissed = 0;
    });
    ws.on('close', () => this.#watchers.delete(ws));
  }

  closeSession(token: string): void {
    for (const [ws, watcher] of this.#watchers)
      if (watcher.token === token) ws.close(CLOSE.noSession, 'Logged out. Log in again.');
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#cancelTick?.();
    for (const ws of this.#watchers.keys()) ws.close(1001, 'The gateway is going down.');
  }

  #send({ stream, block }: WardWave): void {
    if (this.#watchers.size === 0) return;
    const frame = encodeWaveFrame({ ...block, stream, endMonotonicMs: block.atMs });
    for (const ws of this.#watchers.keys()) {
      if (ws.readyState !== ws.OPEN) continue;
      if (ws.bufferedAmount > this.#deps.limits.blockedBytes) this.#deps.metrics.waveDropped();
      else {
        ws.send(frame);
        this.#deps.metrics.frameSent('wave');
      }
    }
  }

  #tick(): void {
    this.#cancelTick = this.#deps.timeline.after(TICK_MS, () => this.#tick());
    this.#ticks += 1;
    const pings = this.#ticks % PING_EVERY_TICKS === 0;
    for (const [ws, watcher] of this.#watchers) {
      if (this.#deps.auth.verify(watcher.token) === undefined)
        ws.close(CLOSE.noSession, 'The session has ended. Log in again.');
      else if (!pings) continue;
      else if (watcher.pongsMissed >= this.#deps.limits.pongsMissedMax) ws.terminate();
      else {
        watcher.pongsMissed += 1;
        ws.ping();
      }
    }
  }
}
