import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor, CommandRefusal, CommandResult, OrderDetail } from '../hub/ward.ts';
import { type CourseVerdict, courseNote } from '../order/course-life.ts';
import type { DraftEvent } from '../order/draft-book.ts';
import type { OrderBookEvent, OrderRecord } from '../order/order-book.ts';
import type { OrderRefusal } from '../order/order-life.ts';
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
import type { DraftDesk, DraftText } from './draft-desk.ts';
import type { Journal } from './journal.ts';
import { readActivation, readAmend, readReason, readSigning } from './order-calls.ts';
import type { DeskDecision, OrderDesk } from './order-desk.ts';

export type DeskEvent = OrderBookEvent | DraftEvent;

export interface OrderCommandDeps {
  readonly runner: CommandRunner;
  readonly desk: OrderDesk;
  readonly drafts: DraftDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
  /** Takes effect: every bed is told which order runs on it. */
  readonly apply: (event: DeskEvent, context: EventContext) => void;
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

  /** @param draftId under which it was kept: gone when it is an order, else brought up to date */
  create(
    by: Actor,
    text: string,
    format: 'json' | 'yaml' = 'yaml',
    draftId?: string,
  ): Promise<CommandResult<OrderDetail>> {
    const { desk, drafts } = this.#deps;
    const written = { draftId, document: asWritten(text, format), bedId: null, amends: null };
    return this.#inTurn(by, 'create', () =>
      keptAsDraft(drafts, desk.create(text, format), written, by),
    );
  }

  sign(by: Actor, orderId: string, body: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'sign', () => {
      const read = readSigning(body);
      return read.ok ? this.#deps.desk.sign(orderId, by, read.value, this.#wallMs()) : read;
    });
  }

  verify(by: Actor, orderId: string, entered: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'verify', () =>
      this.#deps.desk.verify(orderId, by, entered, this.#wallMs()),
    );
  }

  sendBack(by: Actor, orderId: string, body: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'send-back', () => {
      const read = readReason(body);
      return read.ok ? this.#deps.desk.sendBack(orderId, by, read.value.reason) : read;
    });
  }

  amend(by: Actor, orderId: string, body: unknown): Promise<CommandResult<OrderDetail>> {
    const { desk, drafts } = this.#deps;
    return this.#inTurn(by, 'amend', () => {
      const read = readAmend(body);
      if (!read.ok) return read;
      const { document, draftId } = read.value;
      const decision = desk.amend(orderId, by, read.value, this.#wallMs());
      const amends = desk.record(orderId) === undefined ? null : orderId;
      return keptAsDraft(drafts, decision, { draftId, document, bedId: null, amends }, by);
    });
  }

  withdraw(by: Actor, orderId: string, body: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'withdraw', () => {
      const read = readReason(body);
      return read.ok ? this.#deps.desk.withdraw(orderId, read.value.reason) : read;
    });
  }

  activate(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#inTurn(by, 'activate', () => {
      const read = readActivation(call);
      if (!read.ok) return read;
      const { desk } = this.#deps;
      return this.#unlessOfAnotherDay(orderId, desk.activate(orderId, read.value, this.#wallMs()));
    });
  }

  /** An order that may begin as such may still be that of another day of its course. */
  #unlessOfAnotherDay(orderId: string, decision: DeskDecision): DeskDecision {
    const order = this.#deps.desk.record(orderId);
    // What runs has begun on its day: only a further version of it takes over.
    if (!decision.ok || order === undefined || order.active !== null) return decision;
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

  #wallMs(): number {
    return this.#deps.timeline.wallMs();
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
      const draftId = 'draftId' in decision ? decision.draftId : undefined;
      const detail = detailOf(decision);
      return {
        ...refusal(status, code, message),
        ...(path === undefined ? {} : { path }),
        ...(detail === undefined ? {} : { detail }),
        ...(draftId === undefined ? {} : { draftId }),
      };
    }
    // What else happened, such as the discharge of whoever was there before, comes first.
    const last = events.at(-1);
    const orderId = last !== undefined && 'orderId' in last ? last.orderId : '';
    const value = desk.detail(orderId, decision.note);
    const order = desk.record(orderId);
    if (value === undefined || order === undefined)
      return refusal(404, 'no-such-order', `There is no order ${orderId}.`);
    const note = courseNote(order, this.#deps.ofCourse(order));
    return { ok: true, value: note === undefined ? value : withNote(value, note) };
  }
}

type Decision = DeskDecision | SessionDecision | CommandRefusal | KeptDecision;

type KeptDecision =
  | { readonly ok: true; readonly events: readonly DeskEvent[]; readonly note?: string }
  | (Omit<OrderRefusal, 'events'> & {
      readonly draftId?: string;
      readonly events?: readonly DeskEvent[];
    });

/** What became an order is no draft any more; what was refused is kept as one, and its text is not lost. */
function keptAsDraft(
  drafts: DraftDesk,
  decision: DeskDecision,
  written: DraftText,
  by: Actor,
): KeptDecision {
  const { draftId } = written;
  const known = draftId === undefined ? undefined : drafts.draft(draftId);
  if (decision.ok) {
    const gone: readonly DeskEvent[] =
      known === undefined ? [] : [{ type: 'draft-deleted', draftId: known.draftId }];
    return { ...decision, events: [...gone, ...decision.events] };
  }
  const saved = drafts.save(
    { ...written, draftId: known?.draftId, bedId: known?.bedId ?? null },
    by.user,
  );
  if (!saved.ok) return decision;
  return {
    ...decision,
    draftId: saved.draftId,
    events: [...(decision.events ?? []), ...saved.events],
  };
}

/** JSON is kept as what it says, so that it can be filled in further; what is no JSON as its text. */
function asWritten(text: string, format: 'json' | 'yaml'): unknown {
  if (format === 'yaml') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const withNote = (detail: OrderDetail, note: string): OrderDetail => ({
  ...detail,
  note: [detail.note, note].filter(Boolean).join(' '),
});

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
