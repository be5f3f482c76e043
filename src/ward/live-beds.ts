import { BehaviorSubject, Subscription } from 'rxjs';
import { restoredMemory } from '../check/evaluate.ts';
import type { BedView, DeviceView } from '../hub/wire/index.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import { givenDose } from '../order/dose-ledger.ts';
import type { BedSeen } from '../order/session-life.ts';
import type { BedStep } from '../pipeline/bed.ts';
import { bedSeen } from '../pipeline/bed-seen.ts';
import type { BedState } from '../pipeline/bed-state.ts';
import { type BedOrder, bedStream, momentOf, newBedState } from '../pipeline/bed-stream.ts';
import { BedDesk } from './bed-desk.ts';
import type { BedSurroundings } from './bed-views.ts';
import type { WardBooks } from './ward-books.ts';
import type { WardBed, WardDeps } from './ward-deps.ts';
import { WaveStreams } from './wave-streams.ts';

export interface LiveBed {
  readonly description: WardBed;
  readonly desk: BedDesk;
  /** As of the last step, and so another one after each. */
  readonly state: BedState;
}

/** Only its stream moves a bed on. */
interface StreamedBed extends LiveBed {
  readonly orders: BehaviorSubject<BedOrder>;
  state: BedState;
}

/** The beds as they are now: fed by their devices, by what the books say of them, and by the clock. */
export class LiveBeds {
  readonly waveStreams = new WaveStreams();
  readonly #deps: WardDeps;
  readonly #books: WardBooks;
  readonly #associated: BehaviorSubject<ReadonlyMap<string, string>>;
  readonly #beds = new Map<string, StreamedBed>();
  #running = new Subscription();

  /** @param books with the whole log in them: a bed begins with the order that ran before a restart */
  constructor(deps: WardDeps, books: WardBooks) {
    this.#deps = deps;
    this.#books = books;
    this.#associated = new BehaviorSubject(books.associations.serials());
    for (const bed of deps.beds) this.#beds.set(bed.bedId, this.#newBed(bed));
  }

  get size(): number {
    return this.#beds.size;
  }

  get(bedId: string): LiveBed | undefined {
    return this.#beds.get(bedId);
  }

  /**
   * Connects the devices and begins to judge.
   * @param onStep must not throw, or the bed ends
   */
  start(onStep: (bed: LiveBed, step: BedStep) => void): void {
    const open = [...this.#books.alarms.book.alarms.values()].filter(({ present }) => present);
    for (const bed of this.#beds.values()) {
      const mine = open.filter(({ bedId }) => bedId === bed.description.bedId);
      const stream = bedStream({
        bed: bed.description,
        orders: bed.orders,
        doses: (order, moment) => this.#books.knownDoses(order, moment),
        associations: this.#associated,
        memory: restoredMemory(mine, this.#deps.limits),
        limits: this.#deps.limits,
        timeline: this.#deps.timeline,
        ...(this.#deps.tickMs !== undefined && { tickMs: this.#deps.tickMs }),
        onFault: this.#deps.onFault,
      });
      this.#running.add(
        stream.subscribe((step) => {
          bed.state = step.state;
          onStep(bed, step);
        }),
      );
    }
  }

  /** Lets go of the devices. */
  stop(): void {
    this.#running.unsubscribe();
    this.#running = new Subscription();
  }

  views(): readonly BedView[] {
    return [...this.#beds.values()].map((bed) => this.view(bed));
  }

  view(bed: LiveBed): BedView {
    return bed.desk.view(bed.state, momentOf(this.#deps.timeline), this.around(bed));
  }

  devices(): readonly DeviceView[] {
    const moment = momentOf(this.#deps.timeline);
    return [...this.#beds.values()].flatMap((bed) => bed.desk.devices(bed.state, moment));
  }

  around({ description: { bedId } }: LiveBed): BedSurroundings {
    return {
      limits: this.#deps.limits,
      order: this.#books.orders.activeOn(bedId),
      waveStreams: this.waveStreams,
      audioPause: this.#books.alarms.book.pauses.get(bedId),
    };
  }

  pictureOf(deviceId: string): DevicePicture | undefined {
    for (const { state } of this.#beds.values()) {
      const picture = state.pictures.get(deviceId);
      if (picture !== undefined) return picture;
    }
    return undefined;
  }

  /** What is seen on a bed now; `undefined` = there is no such bed. */
  seenOn(bedId: string): BedSeen | undefined {
    const state = this.#beds.get(bedId)?.state;
    return state === undefined ? undefined : bedSeen(state, momentOf(this.#deps.timeline));
  }

  /** What an order gave so far: as counted now while it runs, else as it was written down last. */
  given(orderId: string): { readonly atLeastMg: number; readonly atMostMg: number } | null {
    for (const { state } of this.#beds.values()) {
      const { doses } = state.history;
      if (doses.session?.orderId === orderId)
        return givenDose(doses, this.#deps.timeline.monotonicMs())?.session ?? null;
    }
    return this.#books.bookedDose(orderId);
  }

  /** Every bed learns which order runs on it now. */
  tellOrders(): void {
    for (const bed of this.#beds.values()) {
      const now = this.#books.orders.onBed(bed.description.bedId);
      const { active, recovery } = bed.orders.value;
      if (now.active !== active || now.recovery !== recovery) bed.orders.next(now);
    }
  }

  /** Every bed learns which device belongs to which place now. */
  tellAssociations(): void {
    this.#associated.next(this.#books.associations.serials());
  }

  #newBed(description: WardBed): StreamedBed {
    const order = this.#books.orders.onBed(description.bedId);
    const { timeline } = this.#deps;
    return {
      description,
      desk: new BedDesk(description),
      orders: new BehaviorSubject(order),
      state: newBedState(description, { levels: new Map() }, timeline.monotonicMs()),
    };
  }
}
