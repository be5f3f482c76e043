import { DAY_MS } from './iso-duration.ts';
import type { Added } from './pump-counter.ts';

/** A mixed bag in whole numbers. */
export interface Bag {
  readonly drugUg: number;
  readonly volumeUl: number;
}

/** An amount that may not be known exactly: at least and at most, ug. */
export interface Amount {
  readonly leastUg: number;
  readonly mostUg: number;
}

/** What one pump gave in one session. */
export interface DoseAccount {
  /** From the present bag, uL: one multiplication at the end, so nothing is rounded on the way. */
  readonly bagUl: Added;
  /** From former bags. */
  readonly former: Amount;
  /** Change points of the sum, oldest first, over the last 24 h and one before them. */
  readonly marks: readonly DoseMark[];
}

/** What was counted at a moment (monotonic ms; before a restart it lies below 0). */
export interface DoseMark extends Amount {
  readonly atMs: number;
  /** Nothing was open: all that was delivered until then is in it. */
  readonly isSettled: boolean;
}

export const NO_AMOUNT: Amount = { leastUg: 0, mostUg: 0 };

export const emptyAccount: DoseAccount = {
  bagUl: { leastUl: 0, mostUl: 0 },
  former: NO_AMOUNT,
  marks: [],
};

export const bagOf = (bag: { readonly drugMg: number; readonly volumeMl: number }): Bag => ({
  drugUg: Math.round(bag.drugMg * 1_000),
  volumeUl: Math.round(bag.volumeMl * 1_000),
});

export const isSameBag = (a: Bag, b: Bag): boolean =>
  a.drugUg * b.volumeUl === b.drugUg * a.volumeUl;

/** One more bag that may have run: only the weakest and the strongest bound anything. */
export function withBagBefore(bags: readonly Bag[], bag: Bag): readonly Bag[] {
  const byStrength = [...bags, bag].sort((a, b) => strength(a) - strength(b));
  return byStrength.filter((_, index) => index === 0 || index === byStrength.length - 1);
}

const strength = ({ drugUg, volumeUl }: Bag): number => drugUg / volumeUl;

/** Drug in a volume; an exact volume gives an exact amount, to the ug. */
export function drugIn({ leastUl, mostUl }: Added, { drugUg, volumeUl }: Bag): Amount {
  const leastUg = Math.floor((leastUl * drugUg) / volumeUl);
  if (mostUl === leastUl) return { leastUg, mostUg: leastUg };
  return { leastUg, mostUg: Math.ceil((mostUl * drugUg) / volumeUl) };
}

export const sum = (a: Amount, b: Amount): Amount => ({
  leastUg: a.leastUg + b.leastUg,
  mostUg: a.mostUg + b.mostUg,
});

/** All that was counted. */
export const counted = ({ bagUl, former }: DoseAccount, bag: Bag): Amount =>
  sum(former, drugIn(bagUl, bag));

/**
 * A reading's volume comes in. Where the bag was changed since the reading before, nobody knows how much
 * of it came from which.
 */
export function withVolume(
  account: DoseAccount,
  added: Added,
  bag: Bag,
  bagsBefore: readonly Bag[],
): DoseAccount {
  if (added.mostUl === 0) return account;
  if (bagsBefore.length === 0) {
    const { leastUl, mostUl } = account.bagUl;
    const bagUl = { leastUl: leastUl + added.leastUl, mostUl: mostUl + added.mostUl };
    return { ...account, bagUl };
  }
  const ofEach = [bag, ...bagsBefore].map((one) => drugIn(added, one));
  const either = {
    leastUg: Math.min(...ofEach.map(({ leastUg }) => leastUg)),
    mostUg: Math.max(...ofEach.map(({ mostUg }) => mostUg)),
  };
  return { ...account, former: sum(account.former, either) };
}

/** What the old bag gave becomes drug; the new one begins at nothing. */
export const withNewBag = (account: DoseAccount, bagBefore: Bag): DoseAccount => ({
  ...account,
  former: counted(account, bagBefore),
  bagUl: emptyAccount.bagUl,
});

/** Keeps where the sum stood, for the last 24 h. */
export function withMark(
  account: DoseAccount,
  bag: Bag,
  atMs: number,
  isSettled: boolean,
): DoseAccount {
  const mark = { atMs, ...counted(account, bag), isSettled };
  return { ...account, marks: keptMarks([...account.marks, mark], atMs) };
}

/** The newest mark of more than 24 h ago still bounds the window. */
function keptMarks(marks: readonly DoseMark[], nowMs: number): readonly DoseMark[] {
  const first = marks.findLastIndex(({ atMs }) => atMs <= nowMs - DAY_MS);
  return first <= 0 ? marks : marks.slice(first);
}

/**
 * Of a sum, what the last 24 h gave, as a range: between two marks nobody knows how it grew, and what
 * was open at a mark may have been delivered before it.
 *
 * @param total the sum now, with what is open in its upper bound
 */
export function lastDay(marks: readonly DoseMark[], total: Amount, nowMs: number): Amount {
  const fromMs = nowMs - DAY_MS;
  const [first] = marks;
  if (first === undefined || first.atMs > fromMs) return total;
  const before = marks.findLast(({ atMs }) => atMs <= fromMs) ?? first;
  const after = marks.find(({ atMs, isSettled }) => atMs >= fromMs && isSettled);
  return {
    leastUg: after === undefined ? 0 : total.leastUg - after.leastUg,
    mostUg: total.mostUg - before.mostUg,
  };
}
