import type { EventContext } from '../alarm/alarm-event.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import {
  bookedDose,
  emptyDoseBook,
  type KnownDoses,
  knownDoses,
  nextDoseBook,
} from '../order/dose-book.ts';
import { doseSession } from '../order/dose-ledger.ts';
import { type DoseNote, isDoseNote } from '../order/dose-note.ts';
import type { Moment } from '../pipeline/times.ts';
import type { LogEntry } from '../store/event-log.ts';
import { AlarmDesk } from './alarm-desk.ts';
import { AssociationDesk, type AssociationEvent } from './association-desk.ts';
import { CourseDesk, type CourseDeskDeps } from './course-desk.ts';
import { DraftDesk } from './draft-desk.ts';
import type { DeskEvent } from './order-commands.ts';
import { OrderDesk } from './order-desk.ts';
import { ReportDesk, type ReportDeskDeps } from './report/report-desk.ts';
import type { WardDeps } from './ward-deps.ts';

/** What is known beside the books, of the beds as they are now. Asked late: the beds come after the books. */
export interface SeenNow {
  readonly bed: ReportDeskDeps['bed'];
  readonly given: CourseDeskDeps['givenBy'] & ReportDeskDeps['given'];
}

/**
 * All that the ward knows from its log: the same entries give the same books, before and after a
 * restart. Nothing is written or told from here.
 */
export class WardBooks {
  readonly alarms = new AlarmDesk();
  readonly orders: OrderDesk;
  readonly drafts = new DraftDesk();
  readonly courses: CourseDesk;
  readonly associations = new AssociationDesk();
  readonly reports: ReportDesk;
  #doses = emptyDoseBook;

  constructor(deps: WardDeps, utcOffsetAt: (wallMs: number) => number, seen: SeenNow) {
    const areas = new Map(deps.beds.map(({ bedId, careArea }) => [bedId, careArea]));
    this.orders = new OrderDesk(deps.drugLibrary, areas, deps.regimens, deps.limits);
    this.courses = new CourseDesk({
      orders: () => this.orders.orders(),
      givenBy: seen.given,
      regimen: (id) => deps.regimens?.get(id),
    });
    this.reports = new ReportDesk({
      gateway: deps.gateway,
      utcOffsetAt,
      timeline: deps.timeline,
      log: deps.log,
      trends: deps.trends,
      order: (orderId) => this.orders.record(orderId),
      trail: (orderId) => this.courses.trail(orderId),
      given: seen.given,
      bed: seen.bed,
      alarmsBefore: (bedId, wallMs) => this.alarms.history(bedId, wallMs, Number.POSITIVE_INFINITY),
    });
  }

  /** One entry of the log, at the start. */
  restore(entry: LogEntry): void {
    const event = { ...(entry.payload as object), type: entry.type };
    const at = contextOf(entry);
    this.alarms.restore(event, at);
    this.orders.apply(event, at);
    this.drafts.apply(event, at);
    this.courses.restore(event, at);
    this.associations.apply(event, at);
    this.reports.apply(event, at.wallMs);
    if (isDoseNote(event)) this.takeDose(event, at.wallMs);
  }

  takeOrder(event: DeskEvent, context: EventContext): void {
    this.orders.apply(event, context);
    this.drafts.apply(event, context);
    this.courses.apply(event, context);
  }

  takeAssociation(event: AssociationEvent, context: EventContext): void {
    this.associations.apply(event, context);
    this.reports.apply(event, context.wallMs);
  }

  takeDose(note: DoseNote, wallMs: number): void {
    this.#doses = nextDoseBook(this.#doses, note, wallMs);
  }

  /** What was written down of the amounts given in an order and in the patient's former ones. */
  knownDoses(order: ActiveOrder, moment: Moment): KnownDoses {
    return knownDoses(this.#doses, doseSession(order, moment.nowMs), moment);
  }

  /** What an order gave, as it was written down last. */
  bookedDose(orderId: string): ReturnType<typeof bookedDose> {
    return bookedDose(this.#doses, orderId);
  }
}

function contextOf({ wallMs, user, station, seq }: LogEntry): EventContext {
  return {
    wallMs,
    seq,
    ...(user === undefined ? {} : { user }),
    ...(station === undefined ? {} : { station }),
  };
}
