import type { DraftList, DraftReply } from '../hub/wire/index.ts';
import {
  DRAFTS_MAX,
  type Draft,
  type DraftEvent,
  emptyDraftBook,
  isDraftEvent,
  nextDraftBook,
  nextDraftId,
} from '../order/draft-book.ts';
import type { DraftJudged } from '../order/draft-checks.ts';
import { refuse } from '../order/order-decision.ts';
import type { OrderRefusal } from '../order/order-life.ts';
import { valueAt } from '../order/yaml-text.ts';
import { iso } from '../pipeline/times.ts';

/** What is to be kept; with `draftId` it takes the place of what was kept under it. */
export interface DraftText {
  readonly draftId?: string | undefined;
  readonly document: unknown;
  readonly bedId: string | null;
  readonly amends: string | null;
}

export type DraftDecision =
  | { readonly ok: true; readonly draftId: string; readonly events: readonly DraftEvent[] }
  | OrderRefusal;

/** Keeps the drafts; decides, never writes: events are applied when they are in the log. */
export class DraftDesk {
  #book = emptyDraftBook;

  apply(
    event: { readonly type: string },
    at: { readonly wallMs: number; readonly user?: string },
  ): void {
    if (isDraftEvent(event)) this.#book = nextDraftBook(this.#book, event, at);
  }

  draft(draftId: string): Draft | undefined {
    return this.#book.drafts.get(draftId);
  }

  /** Newest first. */
  all(): readonly Draft[] {
    return [...this.#book.drafts.values()].reverse();
  }

  /** The same again needs no entry: whoever types is saved every few seconds. */
  save({ draftId, document, bedId, amends }: DraftText, user: string): DraftDecision {
    const known = draftId === undefined ? this.#like(document, user) : this.draft(draftId);
    if (known === undefined && draftId !== undefined) return noDraft(draftId);
    if (known !== undefined && isSame(known, { document, bedId, amends }))
      return { ok: true, draftId: known.draftId, events: [] };
    if (known === undefined && this.#book.drafts.size >= DRAFTS_MAX) {
      const message = `There are ${DRAFTS_MAX} drafts; delete those that nobody needs, then save again.`;
      return refuse(409, 'too-many-drafts', message);
    }
    const id = known?.draftId ?? nextDraftId(this.#book);
    const event = { type: 'draft-saved', draftId: id, document, bedId, amends } as const;
    return { ok: true, draftId: id, events: [event] };
  }

  delete(draftId: string): DraftDecision {
    if (this.draft(draftId) === undefined) return noDraft(draftId);
    return { ok: true, draftId, events: [{ type: 'draft-deleted', draftId }] };
  }

  /** Who sends the same refused order twice has one draft of it. */
  #like(document: unknown, user: string): Draft | undefined {
    const text = JSON.stringify(document);
    return this.all().find((it) => it.by === user && JSON.stringify(it.document) === text);
  }
}

const isSame = (known: Draft, now: Omit<DraftText, 'draftId'>): boolean =>
  known.bedId === now.bedId &&
  known.amends === now.amends &&
  JSON.stringify(known.document) === JSON.stringify(now.document);

const noDraft = (draftId: string): OrderRefusal =>
  refuse(
    404,
    'no-such-draft',
    `There is no draft ${draftId}; save it without a draftId.`,
    'draftId',
  );

export function draftReply(draft: Draft, { problems, note, checks }: DraftJudged): DraftReply {
  const { draftId, bedId, amends, document, by, savedAtWallMs } = draft;
  return {
    draftId,
    savedAt: iso(savedAtWallMs),
    by,
    bedId,
    amends,
    document,
    problems: [...problems],
    note,
    checks: { ...checks, steps: [...checks.steps], retype: [...checks.retype] },
  };
}

export function draftItem(
  { draftId, savedAtWallMs, by, bedId, amends }: Draft,
  written: unknown,
  problems: number,
): DraftList['drafts'][number] {
  return {
    draftId,
    savedAt: iso(savedAtWallMs),
    by,
    bedId,
    amends,
    patientId: textAt(written, ['patient', 'id']),
    regimen: textAt(written, ['regimen']),
    problems,
  };
}

function textAt(written: unknown, path: readonly string[]): string | null {
  const value = valueAt(written, path);
  return typeof value === 'string' ? value.slice(0, 100) : null;
}
