import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor, CommandResult } from '../hub/ward.ts';
import type { DraftList, DraftReply } from '../hub/wire/index.ts';
import type { Draft, DraftEvent } from '../order/draft-book.ts';
import type { Timeline } from '../time/timeline.ts';
import { type CommandRunner, refusal } from './command-runner.ts';
import { type DraftDesk, draftItem, draftReply } from './draft-desk.ts';
import type { Journal } from './journal.ts';
import { readDraft } from './order-calls.ts';
import type { OrderDesk } from './order-desk.ts';
import { plainOf } from './order-reading.ts';

export interface DraftCommandDeps {
  readonly runner: CommandRunner;
  readonly drafts: DraftDesk;
  readonly desk: OrderDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
}

/** Orders while they are written: kept in the log like everything else, judged at each save. */
export class DraftCommands {
  readonly #deps: DraftCommandDeps;

  constructor(deps: DraftCommandDeps) {
    this.#deps = deps;
  }

  save(by: Actor, body: unknown): Promise<CommandResult<DraftReply>> {
    const { runner, drafts, desk } = this.#deps;
    return runner.onceInTurn(by, 'save-draft', async () => {
      const read = readDraft(body);
      if (!read.ok) return read;
      const { draftId, document, bedId = null, amends = null } = read.value;
      if (amends !== null && desk.record(amends) === undefined)
        return refusal(404, 'no-such-order', `There is no order ${amends}.`);
      const decision = drafts.save({ draftId, document, bedId, amends }, by.user);
      if (!decision.ok) return decision;
      await this.#written(by, decision.events);
      const value = this.reply(decision.draftId);
      return value === undefined ? noDraft(decision.draftId) : { ok: true, value };
    });
  }

  delete(by: Actor, draftId: string): Promise<CommandResult> {
    const { runner, drafts } = this.#deps;
    return runner.onceInTurn(by, 'delete-draft', async () => {
      const decision = drafts.delete(draftId);
      if (!decision.ok) return decision;
      await this.#written(by, decision.events);
      return { ok: true, value: { draftId } };
    });
  }

  reply(draftId: string): DraftReply | undefined {
    const draft = this.#deps.drafts.draft(draftId);
    return draft && draftReply(draft, this.#deps.desk.judged(draft));
  }

  list(): DraftList['drafts'] {
    return this.#deps.drafts.all().map((draft) => this.#item(draft));
  }

  #item(draft: Draft): DraftList['drafts'][number] {
    const read = plainOf(draft.document);
    const { problems } = this.#deps.desk.judged(draft);
    return draftItem(draft, read.ok ? read.value.value : undefined, problems.length);
  }

  async #written(by: Actor, events: readonly DraftEvent[]): Promise<void> {
    const { journal, timeline, drafts } = this.#deps;
    const context: EventContext = { wallMs: timeline.wallMs(), user: by.user };
    await Promise.all(events.map((event) => journal.command(event, context, by)));
    for (const event of events) drafts.apply(event, context);
  }
}

const noDraft = (draftId: string) =>
  refusal(404, 'no-such-draft', `There is no draft ${draftId}; look at the list of drafts.`);
