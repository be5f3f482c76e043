import {
  type DoseBook,
  emptyDoseBook,
  knownDoses,
  nextDoseBook,
} from '../../src/order/dose-book.ts';
import {
  type DoseLedger,
  type DoseSession,
  doseSession,
  emptyDoseLedger,
  givenDose,
  withReading,
  withSession,
} from '../../src/order/dose-ledger.ts';
import { type DoseNote, withNotes } from '../../src/order/dose-note.ts';
import { parseOrderDocument } from '../../src/order/order-document.ts';
import { GOLDBERG } from '../pipeline/virtual-ward.ts';

export const PUMP = 'B01-pump';
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const GAP_MS = 10_000;
/** Wall time at 0 of the first process. */
const WALL = Date.UTC(2026, 0, 5, 8);

export interface Bag {
  readonly drugMg: number;
  readonly volumeMl: number;
}

/** 0.08 mg/mL, at most 20 mg/h (250 mL/h); hard limit 50 mg/h (625 mL/h). */
export function sessionOf(
  options: {
    readonly orderId?: string;
    readonly patientId?: string;
    readonly regimen?: string;
    readonly form?: 'racemic' | 'S';
    readonly bag?: Bag;
    readonly sinceMs?: number;
  } = {},
): DoseSession {
  const bag = options.bag ?? GOLDBERG.bag;
  const parsed = parseOrderDocument(
    JSON.stringify({
      ...GOLDBERG,
      patient: { ...GOLDBERG.patient, id: options.patientId ?? 'P-0000001' },
      regimen: options.regimen ?? GOLDBERG.regimen,
      drug: { ...GOLDBERG.drug, form: options.form ?? 'racemic' },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const order = { orderId: options.orderId ?? 'O000001', document: parsed.document, bag };
  return doseSession({ ...order, hardMaxMgPerH: 50 }, options.sinceMs ?? 0);
}

/** A ledger with its log; killed and started again it has what the log has, and other clocks. */
export class Gateway {
  ledger: DoseLedger = emptyDoseLedger;
  book: DoseBook = emptyDoseBook;
  readonly log: { readonly note: DoseNote; readonly wallMs: number }[] = [];
  /** World time at which this process began. */
  #bornMs = 0;

  /** @param atMs world time */
  begin(session: DoseSession, atMs: number): void {
    const moment = { nowMs: this.#now(atMs), wallMs: WALL + atMs };
    const { past, resumed } = knownDoses(this.book, session, moment);
    const sinceMs = this.#now(session.sinceMs);
    this.ledger = withSession(this.ledger, { ...session, sinceMs }, past, resumed, moment.nowMs);
    this.write(atMs);
  }

  read(
    atMs: number,
    counterMl: number | null,
    mlPerH: number | null,
    serial: string | null = 'SN1',
    pumpId = PUMP,
  ): void {
    const reading = { atMs: this.#now(atMs), serial, counterMl, mlPerH, gapMs: GAP_MS };
    this.ledger = withReading(this.ledger, pumpId, reading);
    this.write(atMs);
  }

  /** Every second from one time to another, flowing evenly. Returns the counter at the end. */
  poll(fromMs: number, toMs: number, counterMl: number, mlPerH: number, serial = 'SN1'): number {
    let ml = counterMl;
    for (let at = fromMs; at <= toMs; at += SECOND) {
      ml = counterMl + (mlPerH * (at - fromMs)) / HOUR;
      this.read(at, Math.round(ml * 1_000) / 1_000, mlPerH, serial);
    }
    return ml;
  }

  write(atMs: number): void {
    const { ledger, notes } = withNotes(this.ledger, this.#now(atMs));
    this.ledger = ledger;
    this.keep(notes, atMs);
  }

  keep(notes: readonly DoseNote[], atMs: number): void {
    for (const note of notes) {
      this.log.push({ note: JSON.parse(JSON.stringify(note)) as DoseNote, wallMs: WALL + atMs });
      this.book = nextDoseBook(this.book, note, WALL + atMs);
    }
  }

  /** SIGKILL: what was only in memory is gone, and the monotonic clock begins elsewhere. */
  restart(session: DoseSession, atMs: number): void {
    this.#bornMs = atMs - 7_777;
    this.ledger = emptyDoseLedger;
    this.book = this.log.reduce(
      (book, { note, wallMs }) => nextDoseBook(book, note, wallMs),
      emptyDoseBook,
    );
    this.begin(session, atMs);
  }

  given(atMs: number) {
    const given = givenDose(this.ledger, this.#now(atMs));
    if (given === null) throw new Error('nothing was read yet');
    return given;
  }

  #now(atMs: number): number {
    return atMs - this.#bornMs;
  }
}
