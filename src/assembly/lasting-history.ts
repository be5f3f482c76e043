import * as z from 'zod';
import { emptyAlarmBook, nextAlarmBook } from '../alarm/alarm-book.ts';
import { isAlarmEvent } from '../alarm/alarm-event.ts';
import { ownCourseId } from '../order/course-book.ts';
import { type DoseNote, isDoseNote } from '../order/dose-note.ts';
import { emptyOrderBook, isOrderBookEvent, nextOrderBook } from '../order/order-life.ts';
import { isRateNote } from '../order/rate-note.ts';
import type { LogEntry } from '../store/event-log.ts';

/** An entry of an event log without its place in the chain. */
export const RecordedEntry = z.strictObject({
  type: z.string(),
  wallMs: z.number(),
  bedId: z.string().optional(),
  user: z.string().optional(),
  payload: z.json(),
});
export type RecordedEntry = z.infer<typeof RecordedEntry>;

export interface LastingHistory {
  readonly entries: readonly RecordedEntry[];
  /** Old id to new id, of what is kept. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Life is over: nothing of such an order matters to what happens next, once the patient is gone; those of a course say how far it is. */
const OVER: ReadonlySet<string> = new Set(['completed', 'discontinued', 'expired']);

/**
 * What of an event log still matters to a gateway that starts with it: orders that are not over, those of
 * courses, alarms that are open, and everything that is neither. Ids count anew from 1, as they would in a log that held
 * nothing else, so that the next id is never one that is taken.
 */
export function lastingHistory(entries: readonly LogEntry[]): LastingHistory {
  let alarms = emptyAlarmBook;
  let orders = emptyOrderBook;
  for (const entry of entries) {
    const event = eventOf(entry);
    const at =
      entry.user === undefined
        ? { wallMs: entry.wallMs }
        : { wallMs: entry.wallMs, user: entry.user };
    if (isAlarmEvent(event)) alarms = nextAlarmBook(alarms, event, at);
    if (isOrderBookEvent(event)) orders = nextOrderBook(orders, event, at);
  }
  const ids = new Map<string, string>();
  const renamed = (prefix: string, open: readonly string[]): void => {
    for (const [index, id] of open.entries())
      ids.set(id, `${prefix}${String(index + 1).padStart(6, '0')}`);
  };
  renamed('A', [...alarms.alarms.keys()].sort());
  renamed(
    'O',
    [...orders.orders.values()]
      .filter(
        ({ status, recovery, document }) =>
          !OVER.has(status) || recovery !== null || document.course !== undefined,
      )
      .map(({ orderId }) => orderId)
      .sort(),
  );
  const open = new Set(ids.keys());
  for (const { orderId, document } of orders.orders.values()) {
    if (document.course === undefined || document.course.id !== undefined) continue;
    ids.set(ownCourseId(orderId), ownCourseId(ids.get(orderId) ?? orderId));
  }
  const doses = neededDoses(entries);
  for (const { orderId } of doses.values()) {
    // Its sums still count; its number may be that of another order now.
    if (!ids.has(orderId)) ids.set(orderId, `past-${orderId}`);
  }
  const kept = entries.flatMap((entry): RecordedEntry[] => {
    const event = eventOf(entry);
    if (entry.type.startsWith('gateway-') || isRateNote(event)) return [];
    const id = event['alarmId'] ?? event['orderId'];
    const isAbout = isAlarmEvent(event) || isOrderBookEvent(event);
    if (isAbout && typeof id === 'string' && !open.has(id)) return [];
    if (isDoseNote(event) && !doses.has(entry)) return [];
    const { type, wallMs, bedId, user, payload } = entry;
    return [
      {
        type,
        wallMs,
        ...(bedId === undefined ? {} : { bedId }),
        ...(user === undefined ? {} : { user }),
        payload: withIds(payload, ids) as RecordedEntry['payload'],
      },
    ];
  });
  return { entries: kept, ids };
}

/** The window of 24 hours, and what lies between the last entry and the first one of the gateway that starts. */
const DOSES_MS = 25 * 3_600_000;

/** Of the amounts given: whose they were, the last sum of each pump, and every one of the last day. */
function neededDoses(entries: readonly LogEntry[]): ReadonlyMap<LogEntry, DoseNote> {
  const needed = new Map<LogEntry, DoseNote>();
  const lasts = new Set<string>();
  const fromWallMs = (entries.at(-1)?.wallMs ?? 0) - DOSES_MS;
  for (const entry of entries.toReversed()) {
    const event = eventOf(entry);
    if (!isDoseNote(event)) continue;
    const of = event.type === 'dose-session' ? '' : `${event.orderId} ${event.pumpId}`;
    if (of === '' || !lasts.has(of) || entry.wallMs >= fromWallMs) needed.set(entry, event);
    lasts.add(of);
  }
  return needed;
}

const eventOf = ({
  type,
  payload,
}: LogEntry): { readonly type: string } & Record<string, unknown> => ({
  ...(payload as object),
  type,
});

/** The same JSON with every text that is an old id replaced by its new one. */
export function withIds(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withIds(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIds(item, ids)]));
}
