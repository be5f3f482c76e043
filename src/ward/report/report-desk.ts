import type { CommandResult, GatewayInfo } from '../../hub/ward.ts';
import type { AlarmView, ReportView } from '../../hub/wire/index.ts';
import type { OrderRecord } from '../../order/order-book.ts';
import type { OrderTrail } from '../../order/order-trail.ts';
import type { EventLog, LogEntry } from '../../store/event-log.ts';
import type { NumericsStore, TrendBucket } from '../../store/numerics.ts';
import type { Timeline } from '../../time/timeline.ts';
import { refusal } from '../command-runner.ts';
import { nextSerials, type SerialHistory } from './devices.ts';
import { type ReportFacts, reportView } from './report-view.ts';
import { emptySessionLog, type SessionLog, sessionLog } from './session-log.ts';
import { BEFORE_MS, MINUTE_MS, VITAL_CODES, type VitalCode, type VitalMinutes } from './vitals.ts';

export interface ReportDeskDeps {
  readonly gateway: GatewayInfo;
  readonly utcOffsetAt: (wallMs: number) => number;
  readonly timeline: Timeline;
  readonly log: Pick<EventLog, 'read'>;
  /** Left out: no numerics are kept, and all of them are missing in a report. */
  readonly trends: Pick<NumericsStore, 'trend'> | undefined;
  readonly order: (orderId: string) => OrderRecord | undefined;
  readonly trail: (orderId: string) => OrderTrail;
  readonly given: (orderId: string) => ReportFacts['given'];
  readonly bed: (bedId: string) => ReportFacts['bed'];
  /** Alarms of a bed that began before a wall time, the newest first. */
  readonly alarmsBefore: (bedId: string, wallMs: number) => readonly AlarmView[];
}

/** Entries of the log that are read at once: what waits on the main thread waits no longer than for these. */
const PAGE = 1_000;
/** Minutes of the store that are read at once. */
const TREND_MIN = 1_440;
/** After the end of the order, while nobody discharges the patient, the report goes on for so long. */
const UNDISCHARGED_MS = 24 * 3_600_000;

/** Makes session reports from the log and the store, also of orders that are long over. Reads only. */
export class ReportDesk {
  readonly #deps: ReportDeskDeps;
  #serials: SerialHistory = new Map();

  constructor(deps: ReportDeskDeps) {
    this.#deps = deps;
  }

  apply(event: { readonly type: string }, wallMs: number): void {
    this.#serials = nextSerials(this.#serials, event, wallMs);
  }

  async report(orderId: string): Promise<CommandResult<ReportView>> {
    const { order: orderOf, trail: trailOf, timeline, gateway, utcOffsetAt } = this.#deps;
    if (orderOf(orderId) === undefined)
      return refusal(404, 'no-such-order', `There is no order "${orderId}"; check the order id.`);
    let log: SessionLog;
    try {
      log = await this.#log(orderId);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `The event log cannot be read (${reason}); check the disk and try again.`;
      return refusal(503, 'log-unreadable', message);
    }
    const nowWallMs = timeline.wallMs();
    // What came while the log was read belongs into the report too.
    const order = orderOf(orderId);
    const trail = trailOf(orderId);
    if (order === undefined) return refusal(404, 'no-such-order', `There is no order ${orderId}.`);
    const { activatedAtWallMs: fromWallMs, bedId, startedAtWallMs } = trail;
    const session =
      fromWallMs === null ? null : { fromWallMs, toWallMs: endOf(order, trail, nowWallMs) };
    const vitals =
      session === null || bedId === null
        ? null
        : await this.#vitals(bedId, startedAtWallMs ?? session.fromWallMs, session.toWallMs);
    const value = reportView({
      gateway,
      utcOffsetAt,
      nowWallMs,
      order,
      trail,
      log,
      session,
      vitals,
      given: this.#deps.given(orderId),
      alarmsKnown: session === null || bedId === null ? [] : this.#standing(bedId, session),
      bed: bedId === null ? null : this.#deps.bed(bedId),
      serials: this.#serials,
    });
    return { ok: true, value };
  }

  /** Alarms that began before the end of the session and had not ended when it began. */
  #standing(
    bedId: string,
    { fromWallMs, toWallMs }: { readonly fromWallMs: number; readonly toWallMs: number },
  ): readonly AlarmView[] {
    return this.#deps
      .alarmsBefore(bedId, toWallMs + 1)
      .filter(({ endedAt }) => endedAt === undefined || Date.parse(endedAt) >= fromWallMs);
  }

  /** Page by page, so that neither the disk nor the main thread is busy with a long session for long. */
  async #log(orderId: string): Promise<SessionLog> {
    const { log, trail: trailOf, order: orderOf } = this.#deps;
    const { fromSeq, toSeq: lastSeq, bedId } = trailOf(orderId);
    if (fromSeq === null || bedId === null) return emptySessionLog;
    const record = orderOf(orderId);
    const isOpen = (record?.active ?? record?.recovery ?? null) !== null;
    const toSeq = isOpen ? Number.MAX_SAFE_INTEGER : (lastSeq ?? Number.MAX_SAFE_INTEGER);
    const entries: LogEntry[] = [];
    for (let next = fromSeq; ; ) {
      const page = await log.read({ fromSeq: next, toSeq, bedId, limit: PAGE });
      entries.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      next = last.seq + 1;
    }
    return sessionLog(entries, { orderId, bedId });
  }

  async #vitals(bedId: string, fromMs: number, toMs: number): Promise<VitalMinutes> {
    const of = {} as Record<VitalCode, readonly TrendBucket[]>;
    for (const code of VITAL_CODES) of[code] = await this.#minutes(bedId, code, fromMs, toMs);
    return { fromMs, toMs, of };
  }

  /** What cannot be read is missing, and told as missing. */
  async #minutes(
    bedId: string,
    code: VitalCode,
    fromMs: number,
    toMs: number,
  ): Promise<readonly TrendBucket[]> {
    const { trends } = this.#deps;
    const firstMs = fromMs - BEFORE_MS;
    const minutes = Math.max(1, Math.ceil((toMs - firstMs) / MINUTE_MS));
    const buckets: TrendBucket[] = [];
    for (let done = 0; done < minutes && trends !== undefined; done += TREND_MIN) {
      const points = Math.min(TREND_MIN, minutes - done);
      const from = firstMs + done * MINUTE_MS;
      const query = { bedId, code, fromMs: from, toMs: from + points * MINUTE_MS, points };
      try {
        buckets.push(...(await trends.trend(query)));
      } catch {
        buckets.push(...emptyBuckets(from, points));
      }
    }
    return buckets;
  }
}

const emptyBuckets = (fromMs: number, points: number): TrendBucket[] =>
  Array.from({ length: points }, (_, index) => ({
    fromMs: fromMs + index * MINUTE_MS,
    min: null,
    mean: null,
    max: null,
  }));

/** Until the patient was discharged; without a recovery, until the order was over. */
function endOf(
  { session, recovery }: OrderRecord,
  { endedAtWallMs, startedAtWallMs }: OrderTrail,
  nowWallMs: number,
): number {
  if (session.discharged !== null) return session.discharged.atWallMs;
  if (endedAtWallMs === null) return nowWallMs;
  if (startedAtWallMs === null) return endedAtWallMs;
  return Math.min(nowWallMs, endedAtWallMs + UNDISCHARGED_MS + (recovery?.minimumMs ?? 0));
}
