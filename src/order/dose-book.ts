import {
  type Amount,
  type Bag,
  counted,
  type DoseMark,
  emptyAccount,
  isSameBag,
  NO_AMOUNT,
  sum,
  withBagBefore,
  withMark,
  withNewBag,
} from './dose-account.ts';
import type { DoseSession, PastDose, PumpDose } from './dose-ledger.ts';
import type { DoseCounted, DoseNote, DoseSessionNote } from './dose-note.ts';
import { DAY_MS } from './iso-duration.ts';

/** Everything that was ever given, as far as the log has it. Times are wall ms. */
export interface DoseBook {
  readonly sessions: ReadonlyMap<string, BookedSession>;
}

export interface BookedSession {
  readonly about: DoseSessionNote | null;
  readonly lastWallMs: number;
  readonly pumps: ReadonlyMap<string, BookedPump>;
}

export interface BookedPump {
  readonly last: DoseCounted;
  readonly wallMs: number;
  /** With wall times. */
  readonly marks: readonly DoseMark[];
}

export const emptyDoseBook: DoseBook = { sessions: new Map() };

const NOT_BOOKED: BookedSession = {
  about: null,
  lastWallMs: Number.NEGATIVE_INFINITY,
  pumps: new Map(),
};

/** One note further. Pure. */
export function nextDoseBook(book: DoseBook, note: DoseNote, wallMs: number): DoseBook {
  const session = book.sessions.get(note.orderId) ?? NOT_BOOKED;
  const next =
    note.type === 'dose-session'
      ? { ...session, about: note, lastWallMs: wallMs }
      : { ...session, lastWallMs: wallMs, pumps: withCounted(session.pumps, note, wallMs) };
  const kept =
    note.type === 'dose-session' ? withoutOldMarks(book.sessions, wallMs) : book.sessions;
  return { sessions: new Map(kept).set(note.orderId, next) };
}

function withCounted(
  pumps: BookedSession['pumps'],
  note: DoseCounted,
  wallMs: number,
): BookedSession['pumps'] {
  const marks = pumps.get(note.pumpId)?.marks ?? [];
  const account = { bagUl: note.bagUl, former: note.former, marks };
  const marked = withMark(account, note.bag, wallMs, note.isSettled);
  return new Map(pumps).set(note.pumpId, { last: note, wallMs, marks: marked.marks });
}

/** Years of sessions must not keep every minute of theirs: only their sums count any more. */
function withoutOldMarks(
  sessions: DoseBook['sessions'],
  wallMs: number,
): ReadonlyMap<string, BookedSession> {
  return new Map(
    [...sessions].map(([orderId, session]) => {
      if (session.lastWallMs > wallMs - DAY_MS) return [orderId, session] as const;
      const pumps = new Map(
        [...session.pumps].map(([id, pump]) => [id, { ...pump, marks: pump.marks.slice(-1) }]),
      );
      return [orderId, { ...session, pumps }] as const;
    }),
  );
}

/** Sessions of one regimen with a longer pause between them are not one course. */
const COURSE_PAUSE_MS = 31 * DAY_MS;

/** What the log knows for an order that begins to run, or runs again, on the clocks of this process. */
export interface KnownDoses {
  readonly past: readonly PastDose[];
  readonly resumed: ReadonlyMap<string, PumpDose>;
}

export const NO_KNOWN_DOSES: KnownDoses = { past: [], resumed: new Map() };

/** @param moment now on both clocks of this process */
export function knownDoses(
  book: DoseBook,
  session: Pick<DoseSession, 'orderId' | 'patientId' | 'drug' | 'regimen' | 'courseId' | 'bag'>,
  moment: { readonly nowMs: number; readonly wallMs: number },
): KnownDoses {
  const shiftMs = moment.nowMs - moment.wallMs;
  const past: PastDose[] = [];
  const former = [...book.sessions]
    .filter(([orderId, { about }]) => {
      const isOther = orderId !== session.orderId;
      return isOther && about?.patientId === session.patientId && about.drug === session.drug;
    })
    .map(([, booked]) => booked)
    .sort((a, b) => b.lastWallMs - a.lastWallMs);
  let courseFromWallMs = moment.wallMs;
  for (const { about, lastWallMs, pumps } of former) {
    const isNear = courseFromWallMs - lastWallMs <= COURSE_PAUSE_MS;
    const isOfCourse = about !== null && isOneCourse(about, session, isNear);
    if (isOfCourse) courseFromWallMs = lastWallMs;
    for (const pump of pumps.values()) past.push(pastDose(pump, isOfCourse, shiftMs));
  }
  const own = book.sessions.get(session.orderId)?.pumps ?? new Map<string, BookedPump>();
  const resumed = new Map(
    [...own].map(([pumpId, pump]) => [pumpId, resumedPump(pump, session.bag, shiftMs)] as const),
  );
  return { past, resumed };
}

/** Where both name a course, that alone counts: boosters are months apart, and a new course may begin soon. */
function isOneCourse(
  { courseId, regimen }: DoseSessionNote,
  session: Pick<DoseSession, 'courseId' | 'regimen'>,
  isNear: boolean,
): boolean {
  if (courseId !== undefined && session.courseId !== null) return courseId === session.courseId;
  return isNear && regimen === session.regimen && regimen !== 'none';
}

/** What an order gave, over all pumps, as it was last written down; `null` = no counter was ever read. mg. */
export function bookedDose(
  book: DoseBook,
  orderId: string,
): { readonly atLeastMg: number; readonly atMostMg: number } | null {
  const pumps = [...(book.sessions.get(orderId)?.pumps.values() ?? [])];
  if (pumps.length === 0) return null;
  const total = pumps.map(({ last }) => totalOf(last)).reduce(sum, NO_AMOUNT);
  return { atLeastMg: total.leastUg / 1_000, atMostMg: total.mostUg / 1_000 };
}

const totalOf = (last: DoseCounted): Amount =>
  counted({ ...emptyAccount, bagUl: last.bagUl, former: last.former }, last.bag);

function pastDose({ last, marks }: BookedPump, isOfCourse: boolean, shiftMs: number): PastDose {
  return { ...totalOf(last), isOfCourse, marks: shifted(marks, shiftMs) };
}

function resumedPump({ last, wallMs, marks }: BookedPump, bag: Bag, shiftMs: number): PumpDose {
  const { readAgoMs, boundedAgoMs, ...counter } = last.counter;
  const notedAtMs = wallMs + shiftMs;
  const account = { bagUl: last.bagUl, former: last.former, marks: shifted(marks, shiftMs) };
  const isSame = isSameBag(last.bag, bag);
  return {
    counter: { ...counter, readAtMs: notedAtMs - readAgoMs, boundedToMs: notedAtMs - boundedAgoMs },
    account: isSame ? account : withNewBag(account, last.bag),
    bagsBefore: isSame ? last.bagsBefore : withBagBefore(last.bagsBefore, last.bag),
    notedAtMs,
    unnoted: 'nothing',
    isOther: last.isOther ?? null,
  };
}

const shifted = (marks: readonly DoseMark[], byMs: number): readonly DoseMark[] =>
  marks.map((mark) => ({ ...mark, atMs: mark.atMs + byMs }));
