import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor, CommandRefusal, CommandResult, OrderDetail } from '../hub/ward.ts';
import type { CourseVerdict } from '../order/course-life.ts';
import type { OrderBookEvent, OrderRecord } from '../order/order-book.ts';
import {
  type BedSeen,
  type BedsideVerb,
  decideAtBedside,
  decideWhileRunning,
  type RunningVerb,
  type SessionCall,
  type SessionDecision,
} from '../order/session-life.ts';
import type { Timeline } from '../time/timeline.ts';
import { type CommandRunner, refusal } from './command-runner.ts';
import type { Journal } from './journal.ts';
import { readActivation } from './order-calls.ts';
import type { DeskDecision, OrderDesk } from './order-desk.ts';

export interface OrderCommandDeps {
  readonly runner: CommandRunner;
  readonly desk: OrderDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
  /** Takes effect: every bed is told which order runs on it. */
  readonly apply: (event: OrderBookEvent, context: EventContext) => void;
  /** What its course says of an order that is to begin now. */
  readonly ofCourse: (order: OrderRecord) => CourseVerdict;
  /** What is seen on a bed now; `undefined` = there is no such bed. */
  readonly seenOn: (bedId: string) => BedSeen | undefined;
}

/** What people do with orders: decided, written down, then done, one after the other. */
export class OrderCommands {
  readonly #deps: OrderCommandDeps;

  constructor(deps: OrderCommandDeps) {
    this.#deps = deps;
  }

  create(by: Actor, text: string): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'create', () => this.#deps.desk.create(text));
  }

  sign(by: Actor, orderId: string): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'sign', () => this.#deps.desk.sign(orderId, by));
  }

  verify(by: Actor, orderId: string, entered: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'verify', () => this.#deps.desk.verify(orderId, by, entered));
  }

  activate(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'activate', () => {
      const read = readActivation(call);
      if (!read.ok) return read;
      return this.#unlessOfAnotherDay(orderId, this.#deps.desk.activate(orderId, read.value));
    });
  }

  /** An order that may begin as such may still be that of another day of its course. */
  #unlessOfAnotherDay(orderId: string, decision: DeskDecision): DeskDecision {
    const order = this.#deps.desk.record(orderId);
    if (!decision.ok || order === undefined) return decision;
    const verdict = this.#deps.ofCourse(order);
    if (!verdict.ok || verdict.note === undefined) return verdict.ok ? decision : verdict;
    return { ...decision, note: [decision.note, verdict.note].filter(Boolean).join(' ') };
  }

  complete(by: Actor, orderId: string): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'complete', () => this.#deps.desk.complete(orderId));
  }

  discontinue(by: Actor, orderId: string, reason: string): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'discontinue', () => this.#deps.desk.discontinue(orderId, reason));
  }

  /** Something about an order that runs. */
  whileRunning(
    by: Actor,
    orderId: string,
    verb: RunningVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, verb, () => {
      const order = this.#deps.desk.record(orderId);
      if (order === undefined)
        return refusal(404, 'no-such-order', `There is no order ${orderId}.`);
      if (order.active === null) {
        const message = `Order ${orderId} is ${order.status}; this can be done while it is active.`;
        return refusal(409, 'wrong-status', message);
      }
      return decideWhileRunning(verb, this.#call(order, by, body));
    });
  }

  /** Something at a bed, for the order that runs there or the patient who recovers there. */
  atBedside(
    by: Actor,
    bedId: string,
    verb: BedsideVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, verb, () => {
      if (this.#deps.seenOn(bedId) === undefined)
        return refusal(404, 'no-such-bed', `There is no bed ${bedId}.`);
      const { desk } = this.#deps;
      const order = desk.activeOn(bedId) ?? desk.recoveringOn(bedId);
      if (order === undefined) {
        const message = `No order runs on ${bedId}, and nobody recovers there.`;
        return refusal(409, 'nobody-here', message);
      }
      return decideAtBedside(verb, this.#call(order, by, body));
    });
  }

  #call({ active, recovery, bedId }: OrderRecord, by: Actor, body: unknown): SessionCall {
    const seen = this.#deps.seenOn(bedId ?? '') ?? NOTHING_SEEN;
    return { order: active, recovery, by, wallMs: this.#deps.timeline.wallMs(), body, seen };
  }

  #inTurn(by: Actor, call: string, decide: () => Decision): Promise<CommandResult<OrderDetail>> {
    return this.#deps.runner.onceInTurn(by, call, () => this.#done(by, decide()));
  }

  async #done(by: Actor, decision: Decision): Promise<CommandResult<OrderDetail>> {
    const { journal, timeline, desk, apply } = this.#deps;
    const context = { wallMs: timeline.wallMs(), user: by.user };
    const events = ('events' in decision ? decision.events : undefined) ?? [];
    const station = by.station === undefined ? {} : { station: by.station };
    const seqs = await Promise.all(events.map((event) => journal.command(event, context, by)));
    for (const [index, event] of events.entries()) {
      const seq = seqs[index];
      apply(event, { ...context, ...station, ...(seq === undefined ? {} : { seq }) });
    }
    if (!decision.ok) {
      const { status, code, message, path } = decision;
      const detail = detailOf(decision);
      return {
        ...refusal(status, code, message),
        ...(path === undefined ? {} : { path }),
        ...(detail === undefined ? {} : { detail }),
      };
    }
    // What else happened, such as the discharge of whoever was there before, comes first.
    const orderId = events.at(-1)?.orderId ?? '';
    const value = desk.detail(orderId, decision.note);
    return value === undefined
      ? refusal(404, 'no-such-order', `There is no order ${orderId}.`)
      : { ok: true, value };
  }
}

type Decision = DeskDecision | SessionDecision | CommandRefusal;

/** For a program: the fields that do not match, or all that is wrong in a document. */
function detailOf(refused: Exclude<Decision, { ok: true }>): unknown {
  if ('detail' in refused) return refused.detail;
  if ('mismatches' in refused && refused.mismatches !== undefined) return refused.mismatches;
  return 'problems' in refused ? refused.problems : undefined;
}

const NOTHING_SEEN: BedSeen = {
  baseline: { heartRateBpm: null, spo2Percent: null, systolicMmHg: null, diastolicMmHg: null },
  flowMlPerH: null,
  pauseStoppedMs: 0,
};
