import { type Alarm, emptyAlarmBook, nextAlarmBook } from '../../alarm/alarm-book.ts';
import { isAlarmEvent } from '../../alarm/alarm-event.ts';
import { type DoseCounted, isDoseNote } from '../../order/dose-note.ts';
import { orderOf } from '../../order/order-trail.ts';
import { isRateNote } from '../../order/rate-note.ts';
import type { LogEntry } from '../../store/event-log.ts';

/** What the event log holds of one session on one bed, folded from its entries. Times are wall ms. */
export interface SessionLog {
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** As noted; `null` = unknown from here on. Also where the gateway was away. */
  readonly rates: readonly { readonly atWallMs: number; readonly mgPerH: number | null }[];
  /** What each pump had counted at last, oldest first: at the end, and before each other bag. */
  readonly counted: ReadonlyMap<string, readonly CountedBag[]>;
  /** The gateway did not run. */
  readonly away: readonly { readonly fromWallMs: number; readonly toWallMs: number }[];
  readonly clockNotes: readonly string[];
  /** `type wallMs` of the order's own events → number in the log. */
  readonly lifeSeqs: ReadonlyMap<string, number>;
  readonly first: LogEntry | null;
  readonly last: LogEntry | null;
}

export interface CountedBag {
  readonly fromWallMs: number;
  readonly toWallMs: number;
  readonly last: DoseCounted;
}

export const emptySessionLog: SessionLog = {
  alarms: new Map(),
  rates: [],
  counted: new Map(),
  away: [],
  clockNotes: [],
  lifeSeqs: new Map(),
  first: null,
  last: null,
};

/** Entries of the same moment may be some ms apart in the wrong order; a step back of the clock is more. */
const CLOCK_STEP_MS = 2_000;

/**
 * Folds the entries of the log from the activation of an order on. Entries of other orders in it are left out.
 *
 * @param entries in the order of the log; those of the bed and those of none
 */
export function sessionLog(
  entries: Iterable<LogEntry>,
  about: { readonly orderId: string; readonly bedId: string },
): SessionLog {
  const alarms = new Map<string, Alarm>();
  const rates: { atWallMs: number; mgPerH: number | null }[] = [];
  const counted = new Map<string, CountedBag[]>();
  const away: { fromWallMs: number; toWallMs: number }[] = [];
  const clockNotes: string[] = [];
  const lifeSeqs = new Map<string, number>();
  let book = emptyAlarmBook;
  let first: LogEntry | null = null;
  let last: LogEntry | null = null;
  for (const entry of entries) {
    const { wallMs, type, seq } = entry;
    const event = { ...(entry.payload as object), type };
    if (last !== null && wallMs < last.wallMs - CLOCK_STEP_MS) {
      const seconds = Math.round((last.wallMs - wallMs) / 1_000);
      clockNotes.push(
        `The gateway's clock was set back by ${seconds} s (entry ${seq} of the log).`,
      );
    }
    if (type === 'gateway-started' && last !== null) {
      const fromWallMs = Math.min(last.wallMs, wallMs);
      away.push({ fromWallMs, toWallMs: wallMs });
      rates.push({ atWallMs: fromWallMs, mgPerH: null });
    }
    if (isAlarmEvent(event)) {
      book = nextAlarmBook(book, event, contextOf(entry));
      const alarm = book.lastChanged;
      const isOurs = 'alarmId' in event && alarm?.alarmId === event.alarmId;
      if (isOurs && alarm.bedId === about.bedId) alarms.set(alarm.alarmId, alarm);
    } else if (isRateNote(event) && event.orderId === about.orderId) {
      rates.push({ atWallMs: wallMs, mgPerH: event.mgPerH });
    } else if (isDoseNote(event) && event.type === 'dose-counted') {
      if (event.orderId === about.orderId) take(counted, event, wallMs);
    }
    if (type.startsWith('order-') && orderOf(event) === about.orderId)
      lifeSeqs.set(lifeKey({ type, wallMs }), seq);
    first ??= entry;
    last = entry;
  }
  return { alarms, rates, counted, away, clockNotes, lifeSeqs, first, last };
}

export const lifeKey = ({ type, wallMs }: Pick<LogEntry, 'type' | 'wallMs'>): string =>
  `${type} ${Math.round(wallMs)}`;

function contextOf({ wallMs, user }: LogEntry) {
  return user === undefined ? { wallMs } : { wallMs, user };
}

function take(counted: Map<string, CountedBag[]>, note: DoseCounted, wallMs: number): void {
  const bags = counted.get(note.pumpId) ?? [];
  const before = bags.at(-1);
  const { drugUg, volumeUl } = note.bag;
  const isSame =
    before !== undefined &&
    before.last.bag.drugUg === drugUg &&
    before.last.bag.volumeUl === volumeUl;
  if (isSame) bags.splice(-1, 1, { ...before, toWallMs: wallMs, last: note });
  else bags.push({ fromWallMs: wallMs, toWallMs: wallMs, last: note });
  counted.set(note.pumpId, bags);
}
