import { type Observable, Subject } from 'rxjs';
import type { WardWave } from '../hub/ward.ts';
import type { OrderBookEvent } from '../order/order-book.ts';
import { type NotedRate, type RateNote, rateToNote } from '../order/rate-note.ts';
import type { BedStep } from '../pipeline/bed.ts';
import type { Effects } from './effects.ts';
import type { Journal } from './journal.ts';
import type { LiveBed, LiveBeds } from './live-beds.ts';
import type { WardBooks } from './ward-books.ts';

export interface BedStepDeps {
  readonly books: WardBooks;
  readonly beds: LiveBeds;
  readonly effects: Effects;
  readonly journal: Journal;
  readonly onFault: (where: string, error: unknown) => void;
}

/** What comes of each step of a bed: told to those who watch, and written down. */
export class BedSteps {
  readonly #deps: BedStepDeps;
  readonly #waves = new Subject<WardWave>();
  readonly waves: Observable<WardWave> = this.#waves.asObservable();
  /** Bed id → the rate that was written down last. */
  readonly #noted = new Map<string, NotedRate>();

  constructor(deps: BedStepDeps) {
    this.#deps = deps;
  }

  /** A fault in publishing one step must not end the bed. */
  take(bed: LiveBed, step: BedStep): void {
    try {
      this.#onStep(bed, step);
    } catch (error) {
      this.#deps.onFault(bed.description.bedId, error);
    }
  }

  /** Alarms first, then what changed on the screen, then the store, then what follows from it. */
  #onStep(bed: LiveBed, step: BedStep): void {
    const { bedId } = bed.description;
    this.#raiseAlarms(bedId, step);
    this.#tellScreen(bed, step);
    this.#store(bedId, step);
    this.#tellWaves(bedId, step);
    this.#noteDoses(bedId, step);
    this.#noteRate(bedId, step);
    this.#associate(bedId, step);
    this.#expire(step.moment.wallMs);
    this.#noteStart(bedId, step);
    // What came before may have moved the bed on already, and then that look has told it.
    if (bed.state === step.state) this.#noteSession(bedId, step);
  }

  #raiseAlarms(bedId: string, { findings, moment: { wallMs, nowMs } }: BedStep): void {
    const { books, journal, effects } = this.#deps;
    for (const event of books.alarms.decide(bedId, findings, wallMs)) {
      journal.happened(event, { wallMs }, bedId);
      effects.alarm(event, { wallMs });
    }
    for (const alarm of books.alarms.refreshed(bedId, findings, nowMs)) {
      effects.tell({ kind: 'alarm', alarm });
    }
  }

  #tellScreen(bed: LiveBed, step: BedStep): void {
    const { beds, effects } = this.#deps;
    for (const parts of bed.desk.changes(step, beds.around(bed))) {
      effects.tell({ kind: 'parts', parts });
    }
  }

  #store(bedId: string, step: BedStep): void {
    const { journal } = this.#deps;
    journal.numerics(bedId, step);
    journal.waves(bedId, step);
  }

  #tellWaves(bedId: string, { waves }: BedStep): void {
    for (const { deviceId, block } of waves) {
      const stream = this.#deps.beds.waveStreams.numberOf(deviceId, block.code);
      this.#waves.next({ bedId, deviceId, stream, block });
    }
  }

  #noteDoses(bedId: string, { doseNotes, moment: { wallMs } }: BedStep): void {
    const { books, journal } = this.#deps;
    for (const note of doseNotes) {
      journal.happened(note, { wallMs }, bedId);
      books.takeDose(note, wallMs);
    }
  }

  /** What really flowed, for the report: the screen keeps the last hours only. */
  #noteRate(
    bedId: string,
    { state: { order, history }, moment: { nowMs, wallMs } }: BedStep,
  ): void {
    if (order === null) return;
    const mgPerH = history.rate.at(-1)?.mgPerH ?? null;
    const noted = rateToNote(this.#noted.get(bedId) ?? null, order.orderId, mgPerH, nowMs);
    if (noted === undefined) return;
    this.#noted.set(bedId, noted);
    const note: RateNote = { type: 'rate-seen', orderId: order.orderId, mgPerH };
    this.#deps.journal.happened(note, { wallMs }, bedId);
  }

  /** The first device that tells who it is takes its place at the bed; every other needs a person. */
  #associate(bedId: string, { input, state, moment }: BedStep): void {
    if (input.kind !== 'device' || !input.events.some(({ kind }) => kind === 'identity')) return;
    const { books, journal, effects } = this.#deps;
    const picture = state.pictures.get(input.deviceId);
    const event = picture === undefined ? null : books.associations.firstSeen(picture);
    if (event === null) return;
    const context = { wallMs: moment.wallMs };
    journal.happened(event, context, bedId);
    effects.association(event, context);
  }

  /** What was not activated in its time of validity never will be. */
  #expire(wallMs: number): void {
    const { books, journal, effects } = this.#deps;
    if (wallMs < books.orders.nextExpiryWallMs) return;
    for (const event of books.orders.expiredNow(wallMs)) {
      journal.happened(event, { wallMs });
      effects.order(event, { wallMs });
    }
  }

  #noteStart(bedId: string, { flowStarted, moment: { wallMs } }: BedStep): void {
    if (flowStarted === null) return;
    const { baseline: values, ...start } = flowStarted;
    const { orderId } = start;
    this.#happened({ type: 'order-started', ...start }, wallMs, bedId);
    this.#happened({ type: 'baseline-seen', orderId, values }, wallMs, bedId);
  }

  #noteSession(bedId: string, { sessionNote, moment: { wallMs } }: BedStep): void {
    if (sessionNote !== null) this.#happened(sessionNote, wallMs, bedId);
  }

  /** The gateway itself saw it: written down, then done. */
  #happened(event: OrderBookEvent, wallMs: number, bedId: string): void {
    this.#deps.journal.happened(event, { wallMs }, bedId);
    this.#deps.effects.order(event, { wallMs });
  }
}
