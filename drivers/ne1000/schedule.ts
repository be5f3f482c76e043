import { NE_WORDS, type NeWord } from './queries.ts';

/** How often each word is asked of each pump. Any answer tells the state as well. */
const PERIOD_MS: Readonly<Record<NeWord, number>> = {
  status: 1_000,
  VER: 60_000,
  SAF: 60_000,
  PHN: 2_000,
  RAT: 2_000,
  DIS: 2_000,
  VOL: 4_000,
  DIR: 10_000,
  DIA: 60_000,
};
/** Between two sendings of one word to one pump, whatever happens. */
export const GAP_MS = 500;
/** A word that this pump does not know is asked ever more rarely, at most this many times its period apart. */
const BACK_OFF_MAX = 64;
/** These carry the infusion and are never asked more rarely. */
const VITAL: ReadonlySet<NeWord> = new Set<NeWord>(['status', 'RAT', 'DIS']);

interface Slot {
  readonly dueAtMs: number;
  /** `null` = never. */
  readonly sentAtMs: number | null;
  /** In a row without a usable answer. */
  readonly failures: number;
}

/** When each word is to be asked of one pump. */
export type Schedule = Readonly<Record<NeWord, Slot>>;

const NEVER_ASKED: Slot = { dueAtMs: 0, sentAtMs: null, failures: 0 };
export const NEW_SCHEDULE = Object.fromEntries(
  NE_WORDS.map((word) => [word, NEVER_ASKED]),
) as Schedule;

/** Makes words due as soon as the gap allows. */
export function askSoon(schedule: Schedule, words: readonly NeWord[], atMs: number): Schedule {
  const next = { ...schedule };
  for (const word of words) {
    const { sentAtMs } = schedule[word];
    const dueAtMs = sentAtMs === null ? atMs : Math.max(atMs, sentAtMs + GAP_MS);
    next[word] = { ...schedule[word], dueAtMs };
  }
  return next;
}

export function asked(schedule: Schedule, word: NeWord, atMs: number): Schedule {
  const slot = { ...schedule[word], dueAtMs: atMs + PERIOD_MS[word], sentAtMs: atMs };
  return { ...schedule, [word]: slot };
}

/** The state was told, so that nobody has to ask for it alone. */
export const heardAnswer = (schedule: Schedule, atMs: number): Schedule => ({
  ...schedule,
  status: { ...schedule.status, dueAtMs: atMs + PERIOD_MS.status, failures: 0 },
});

/** Whether a word brought what was asked for; one that does not is put off. */
export function answered(
  schedule: Schedule,
  word: NeWord,
  isUsable: boolean,
  atMs: number,
): Schedule {
  if (isUsable) return { ...schedule, [word]: { ...schedule[word], failures: 0 } };
  if (VITAL.has(word)) return schedule;
  // Without it there are no values.
  if (word === 'VER') return askSoon(schedule, [word], atMs);
  const failures = schedule[word].failures + 1;
  const dueAtMs = atMs + Math.min(BACK_OFF_MAX, 2 ** failures) * PERIOD_MS[word];
  return { ...schedule, [word]: { ...schedule[word], failures, dueAtMs } };
}

/**
 * The word that has waited longest; of those of one moment the more urgent.
 * @param words that may be asked now; `status` always may
 */
export function nextDue(
  schedule: Schedule,
  words: readonly NeWord[],
): { readonly word: NeWord; readonly dueAtMs: number } {
  let word: NeWord = 'status';
  for (const candidate of words) {
    if (schedule[candidate].dueAtMs < schedule[word].dueAtMs) word = candidate;
  }
  return { word, dueAtMs: schedule[word].dueAtMs };
}
