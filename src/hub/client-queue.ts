import { BedChanges, type DeltaParts } from './bed-changes.ts';
import type { HubLimits } from './limits.ts';

/** A delta with its text, made once for all clients; a client only puts its own `seq` in front. */
export interface SharedDelta {
  readonly parts: DeltaParts;
  readonly text: string;
}

export type QueueLimits = Pick<HubLimits, 'blockedBytes' | 'unsentBytesMax' | 'blockedMsMax'>;

export const sharedDelta = (parts: DeltaParts): SharedDelta => ({ parts, text: bodyOf(parts) });

/** The members of an object, without its opening brace: a frame begins with `type` and `seq`. */
export const bodyOf = (value: object): string => JSON.stringify(value).slice(1);

/**
 * What one client gets and when. Pure: it is told how many bytes its socket still holds, and answers
 * with the frames to hand to that socket now, in order.
 *
 * Alarm frames always go at once, also into a socket that is behind: they are never dropped and never
 * overtaken by one another. Parts wait while the socket holds more than `blockedBytes`, and only
 * their latest values wait. A delta may come after an alarm that was younger; the two share no state.
 */
export class ClientQueue {
  readonly #limits: QueueLimits;
  readonly #behind = new BedChanges();
  #seq = 0;
  #blockedSinceMs: number | undefined;
  /** A snapshot may be larger than all that a client may be behind; it does not count against it. */
  #snapshotBytes = 0;
  #heldBack = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Number of the last frame given out. */
  get lastSeq(): number {
    return this.#seq;
  }

  get isBlocked(): boolean {
    return this.#blockedSinceMs !== undefined;
  }

  /** Deltas that had to wait, for the counters. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** Everything anew: what waited is in it. `body` must be of this moment. */
  snapshot(body: string): string {
    this.#behind.clear();
    this.#snapshotBytes = body.length;
    return this.#number('snapshot', body);
  }

  alarm(body: string): string {
    return this.#number('alarm', body);
  }

  /** New deltas for everybody; those that this client cannot take now wait. */
  offer(deltas: readonly SharedDelta[], unsentBytes: number, nowMs: number): readonly string[] {
    const isFree = this.#note(unsentBytes, nowMs);
    if (!isFree || !this.#behind.isEmpty) {
      for (const delta of deltas) this.#hold(delta);
      return isFree ? this.#catchUp(unsentBytes) : [];
    }
    const frames: string[] = [];
    let bytes = unsentBytes;
    for (const delta of deltas) {
      if (bytes > this.#limits.blockedBytes) {
        this.#hold(delta);
        continue;
      }
      const frame = this.#number('delta', delta.text);
      bytes += frame.length;
      frames.push(frame);
    }
    return frames;
  }

  /** The socket has sent something, or time has passed. */
  resume(unsentBytes: number, nowMs: number): readonly string[] {
    return this.#note(unsentBytes, nowMs) ? this.#catchUp(unsentBytes) : [];
  }

  /** Why this client must go and come back to a snapshot; `undefined` while it keeps up. */
  tooSlow(unsentBytes: number, nowMs: number): string | undefined {
    this.#note(unsentBytes, nowMs);
    if (unsentBytes > this.#limits.unsentBytesMax + this.#snapshotBytes)
      return `Too slow: more than ${this.#limits.unsentBytesMax} bytes wait unsent. Reconnect for a snapshot.`;
    if (this.#blockedSinceMs === undefined) return undefined;
    if (nowMs - this.#blockedSinceMs < this.#limits.blockedMsMax) return undefined;
    return `Too slow: nothing could be sent for ${this.#limits.blockedMsMax / 1000} s. Reconnect for a snapshot.`;
  }

  #note(unsentBytes: number, nowMs: number): boolean {
    if (unsentBytes > this.#limits.blockedBytes) {
      this.#blockedSinceMs ??= nowMs;
      return false;
    }
    this.#blockedSinceMs = undefined;
    this.#snapshotBytes = 0;
    return true;
  }

  #hold(delta: SharedDelta): void {
    this.#heldBack += 1;
    this.#behind.add(delta.parts);
  }

  #catchUp(unsentBytes: number): readonly string[] {
    const frames: string[] = [];
    let bytes = unsentBytes;
    while (!this.#behind.isEmpty && bytes <= this.#limits.blockedBytes) {
      for (const parts of this.#behind.takeBed()) {
        const frame = this.#number('delta', bodyOf(parts));
        bytes += frame.length;
        frames.push(frame);
      }
    }
    return frames;
  }

  #number(type: 'snapshot' | 'delta' | 'alarm', body: string): string {
    this.#seq += 1;
    return `{"type":"${type}","seq":${this.#seq},${body}`;
  }
}
