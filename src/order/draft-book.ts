/** Orders that are being written, and those that were refused: kept on the gateway, never in a browser. */
export type DraftEvent =
  | {
      readonly type: 'draft-saved';
      readonly draftId: string;
      /** As it was sent: an object, or a text. */
      readonly document: unknown;
      readonly bedId: string | null;
      /** Of which order it is to be the next version. */
      readonly amends: string | null;
    }
  /** By a person, or because it became an order. */
  | { readonly type: 'draft-deleted'; readonly draftId: string };

export const isDraftEvent = (event: { readonly type: string }): event is DraftEvent =>
  event.type === 'draft-saved' || event.type === 'draft-deleted';

export interface Draft {
  readonly draftId: string;
  readonly document: unknown;
  readonly bedId: string | null;
  readonly amends: string | null;
  readonly by: string;
  readonly savedAtWallMs: number;
}

export interface DraftBook {
  readonly drafts: ReadonlyMap<string, Draft>;
  /** How many there ever were: ids come from it. */
  readonly created: number;
}

export const emptyDraftBook: DraftBook = { drafts: new Map(), created: 0 };

/** More are a sign that nobody clears them away. */
export const DRAFTS_MAX = 500;

/** One event further. Pure and total. */
export function nextDraftBook(
  book: DraftBook,
  event: DraftEvent,
  at: { readonly wallMs: number; readonly user?: string },
): DraftBook {
  const { draftId } = event;
  const drafts = new Map(book.drafts);
  // The newest stands last.
  drafts.delete(draftId);
  if (event.type === 'draft-deleted') return { ...book, drafts };
  const { document, bedId, amends } = event;
  const by = at.user ?? 'unknown';
  drafts.set(draftId, { draftId, document, bedId, amends, by, savedAtWallMs: at.wallMs });
  const isNew = Number(draftId.slice(1)) > book.created;
  return { drafts, created: isNew ? Number(draftId.slice(1)) : book.created };
}

/** `D000007`: the next free number of this log. */
export const nextDraftId = (book: DraftBook): string =>
  `D${String(book.created + 1).padStart(6, '0')}`;
