import { Subject } from 'rxjs';
import type { AlarmEvent, EventContext } from '../alarm/alarm-event.ts';
import type { WardChange } from '../hub/ward.ts';
import type { AlarmView } from '../hub/wire/index.ts';
import type { AssociationEvent } from './association-desk.ts';
import type { LiveBeds } from './live-beds.ts';
import type { DeskEvent } from './order-commands.ts';
import type { WardBooks } from './ward-books.ts';

/** What an event does once it counts: the books take it, then the beds and all who watch are told. */
export class Effects {
  readonly #changes = new Subject<WardChange>();
  /** For all who watch, in the order in which it happened. */
  readonly changes = this.#changes.asObservable();
  readonly #books: WardBooks;
  readonly #beds: LiveBeds;

  constructor(books: WardBooks, beds: LiveBeds) {
    this.#books = books;
    this.#beds = beds;
  }

  tell(change: WardChange): void {
    this.#changes.next(change);
  }

  alarm(event: AlarmEvent, context: EventContext): void {
    this.tellAlarm(event, this.#books.alarms.apply(event, context));
  }

  /** Of an event that the book has taken already. */
  tellAlarm(event: AlarmEvent, alarm: AlarmView | undefined): void {
    // What was seen first may have changed meanwhile: the newest revision is what counts.
    const newest =
      alarm === undefined ? undefined : (this.#books.alarms.view(alarm.alarmId) ?? alarm);
    if (newest !== undefined) this.tell({ kind: 'alarm', alarm: newest });
    if (event.type === 'audio-paused' || event.type === 'audio-resumed') this.#tellBed(event.bedId);
  }

  /** Applies and lets every bed know which order runs on it now. */
  order(event: DeskEvent, context: EventContext): void {
    this.#books.takeOrder(event, context);
    this.#beds.tellOrders();
  }

  association(event: AssociationEvent, context: EventContext): void {
    this.#books.takeAssociation(event, context);
    this.#beds.tellAssociations();
  }

  #tellBed(bedId: string): void {
    const bed = this.#beds.get(bedId);
    if (bed === undefined) return;
    this.tell({ kind: 'parts', parts: { bedId, bed: this.#beds.view(bed) } });
  }
}
