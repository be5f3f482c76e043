export type ReceiptStage = 'received' | 'displayed';

export interface ReceiptNote {
  readonly clientId: string;
  readonly user: string;
  readonly stage: ReceiptStage;
  readonly atMonotonicMs: number;
}

const ALARMS_MAX = 1_000;
const NOTES_MAX = 1_000;

/**
 * Which station has received and drawn which revision of which alarm. Newest revision only: an older
 * one is history, and its receipts say nothing about what is on the screen now.
 */
export class ReceiptBook {
  readonly #alarms = new Map<string, { rev: number; notes: ReceiptNote[] }>();

  note(alarmId: string, rev: number, note: ReceiptNote): void {
    const known = this.#alarms.get(alarmId);
    if (known !== undefined && known.rev > rev) return;
    if (known === undefined || known.rev < rev) {
      this.#alarms.delete(alarmId);
      this.#alarms.set(alarmId, { rev, notes: [note] });
      this.#bound();
      return;
    }
    const isKnown = known.notes.some(
      (other) => other.clientId === note.clientId && other.stage === note.stage,
    );
    if (!isKnown && known.notes.length < NOTES_MAX) known.notes.push(note);
  }

  /** Empty: no station has confirmed this revision. */
  of(alarmId: string, rev: number): readonly ReceiptNote[] {
    const known = this.#alarms.get(alarmId);
    return known !== undefined && known.rev === rev ? known.notes : [];
  }

  #bound(): void {
    if (this.#alarms.size <= ALARMS_MAX) return;
    for (const oldest of this.#alarms.keys()) {
      this.#alarms.delete(oldest);
      return;
    }
  }
}
