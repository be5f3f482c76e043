/**
 * How much one client may say. Each alarm that was sent pays for its two receipts, so that a ward
 * with many alarms does not lock its own stations out; everything else is at most `perSecond` in
 * any second.
 */
export class FrameBudget {
  readonly #perSecond: number;
  readonly #spentAtMs: number[] = [];
  #receiptsOwed = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  alarmSent(): void {
    this.#receiptsOwed = Math.min(this.#receiptsOwed + 2, 4_000);
  }

  /** False: one frame too many. */
  spend(kind: 'receipt' | 'other', nowMs: number): boolean {
    if (kind === 'receipt' && this.#receiptsOwed > 0) {
      this.#receiptsOwed -= 1;
      return true;
    }
    const oldest = this.#spentAtMs[0];
    if (this.#spentAtMs.length >= this.#perSecond) {
      if (oldest !== undefined && nowMs - oldest < 1_000) return false;
      this.#spentAtMs.shift();
    }
    this.#spentAtMs.push(nowMs);
    return true;
  }
}
