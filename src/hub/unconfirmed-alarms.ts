import type { AlarmView } from './wire/index.ts';

interface Sent {
  readonly rev: number;
  readonly body: string;
  readonly sentAtMs: number;
}

const KNOWN_MAX = 2_000;

/**
 * Alarm revisions on their way to one client. A standing one without a `received` receipt is sent
 * once more; a newer revision takes the place of an older one. Ended alarms ask for no receipt.
 */
export class UnconfirmedAlarms {
  readonly #waiting = new Map<string, Sent>();
  /** Highest revision that this client was given: it can confirm no other. */
  readonly #given = new Map<string, number>();

  given(alarm: Pick<AlarmView, 'alarmId' | 'rev'>): void {
    this.#given.delete(alarm.alarmId);
    this.#given.set(alarm.alarmId, alarm.rev);
    if (this.#given.size <= KNOWN_MAX) return;
    for (const oldest of this.#given.keys()) {
      this.#given.delete(oldest);
      this.#waiting.delete(oldest);
      return;
    }
  }

  sent(alarm: AlarmView, body: string, nowMs: number): void {
    this.given(alarm);
    if (alarm.phase === 'ended') this.#waiting.delete(alarm.alarmId);
    else this.#waiting.set(alarm.alarmId, { rev: alarm.rev, body, sentAtMs: nowMs });
  }

  /** False: this client was never given that revision. */
  confirm(alarmId: string, rev: number): boolean {
    const given = this.#given.get(alarmId);
    if (given === undefined || rev > given) return false;
    const waiting = this.#waiting.get(alarmId);
    if (waiting !== undefined && waiting.rev <= rev) this.#waiting.delete(alarmId);
    return true;
  }

  /** Bodies to send once more, oldest first; each is given out once. */
  due(nowMs: number, afterMs: number): readonly string[] {
    const bodies: string[] = [];
    for (const [alarmId, sent] of this.#waiting) {
      if (nowMs - sent.sentAtMs < afterMs) continue;
      this.#waiting.delete(alarmId);
      bodies.push(sent.body);
    }
    return bodies;
  }

  /** A snapshot holds them all. */
  clear(): void {
    this.#waiting.clear();
  }
}
