import type { GatewayInfo } from '../../hub/ward.ts';
import type { AlarmView, ReportView } from '../../hub/wire/index.ts';
import type { OrderRecord } from '../../order/order-book.ts';
import type { OrderTrail } from '../../order/order-trail.ts';
import { plannedMg, planOf } from '../../order/ordered-rate.ts';
import type { BedState } from '../../pipeline/bed-state.ts';
import type { BedDescription } from '../../pipeline/bed-stream.ts';
import { iso } from '../../pipeline/times.ts';
import { alarmView } from '../alarm-views.ts';
import { orderView } from '../bed-views.ts';
import { courseDayView } from '../session-views.ts';
import { reportCare } from './care.ts';
import { reportDevices, type SerialHistory } from './devices.ts';
import { reportDoses } from './doses.ts';
import { reportHistory, reportVersions } from './history.ts';
import { actualRate, plannedEnd, planRate, reportSteps, type Span, unseenSpans } from './rates.ts';
import type { SessionLog } from './session-log.ts';
import { type VitalMinutes, vitalGaps, vitalHours, vitalRows } from './vitals.ts';

/** All that a report is made from. */
export interface ReportFacts {
  readonly gateway: GatewayInfo;
  readonly utcOffsetAt: (wallMs: number) => number;
  readonly nowWallMs: number;
  readonly order: OrderRecord;
  readonly trail: OrderTrail;
  readonly log: SessionLog;
  /** `null` = the order was never activated. */
  readonly session: { readonly fromWallMs: number; readonly toWallMs: number } | null;
  readonly vitals: VitalMinutes | null;
  readonly given: { readonly atLeastMg: number; readonly atMostMg: number } | null;
  /** Of the bed, those that stood at any time of the session, as they are known now: one may have ended after it. */
  readonly alarmsKnown: readonly AlarmView[];
  /** `null` = this gateway has that bed no more. */
  readonly bed: { readonly description: BedDescription; readonly state: BedState } | null;
  readonly serials: SerialHistory;
}

const isoOrNone = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs));

/** A session report, for screen and paper. Pure: the same log and store give the same report. */
export function reportView(facts: ReportFacts): ReportView {
  const { gateway, order, trail, log, session, vitals, given, nowWallMs, bed } = facts;
  const { document } = order;
  const { startedAtWallMs, endedAtWallMs } = trail;
  const overWallMs = endedAtWallMs ?? nowWallMs;
  const unseen =
    startedAtWallMs === null ? [] : unseenSpans(log.rates, startedAtWallMs, overWallMs);
  const gaps = gapsOf(facts, unseen);
  const care = reportCare(order.session);
  const isDone = care.discharge !== null || (trail.ended !== null && startedAtWallMs === null);
  return {
    madeAt: iso(nowWallMs),
    timeZone: gateway.timeZone,
    utcOffsetMin: facts.utcOffsetAt(session?.fromWallMs ?? nowWallMs),
    gatewayId: gateway.id,
    site: gateway.site,
    unit: gateway.unit,
    build: gateway.build,
    simulated: isSimulated(bed),
    bedId: trail.bedId,
    patient: {
      id: document.patient.id,
      label: document.patient.label ?? document.patient.id,
      weightKg: document.patient.weightKg ?? null,
    },
    order: orderView(order),
    versions: reportVersions(order),
    history: reportHistory(trail, log),
    course: courseDayView(order),
    plannedStartAt:
      document.plannedStart === undefined ? null : iso(Date.parse(document.plannedStart)),
    activatedAt: isoOrNone(trail.activatedAtWallMs),
    startedAt: isoOrNone(startedAtWallMs),
    plannedEndAt: isoOrNone(plannedEnd(order, trail)),
    endedAt: isoOrNone(endedAtWallMs),
    ended: order.status === 'expired' ? 'expired' : trail.ended,
    endReason: trail.life.findLast(({ type }) => type === 'order-discontinued')?.reason ?? null,
    from: isoOrNone(session?.fromWallMs ?? null),
    to: isoOrNone(session?.toWallMs ?? null),
    isComplete: isDone && gaps.length === 0,
    gaps,
    steps: reportSteps(order, trail, unseen, nowWallMs),
    plannedMg: plannedMg(planOf(document)),
    givenMg: given?.atLeastMg ?? null,
    givenAtMostMg: given?.atMostMg ?? null,
    doses: reportDoses(log),
    planRate: planRate(order, trail),
    actualRate: actualRate(log.rates, overWallMs),
    vitals: vitals === null ? [] : vitalRows(vitals, order.session),
    hours: vitals === null ? [] : vitalHours(vitals),
    ...care,
    alarms: alarmsOf(facts),
    recovery: recoveryOf(facts),
    devices:
      bed === null || session === null
        ? []
        : reportDevices(bed.description, bed.state, facts.serials, session),
    clockNotes: clockNotesOf(facts),
    log:
      log.first === null || log.last === null
        ? null
        : {
            fromSeq: log.first.seq,
            fromHash: log.first.hash,
            toSeq: log.last.seq,
            toHash: log.last.hash,
          },
  };
}

const isSimulated = (bed: ReportFacts['bed']): boolean =>
  bed !== null &&
  (bed.state.bedMode === 'demo' ||
    [...bed.state.pictures.values()].some(({ mode }) => mode !== 'real'));

/** In the order of time: the gateway that was away, the pump that was not seen, values that are not there. */
function gapsOf(
  { log, session, vitals }: ReportFacts,
  unseen: readonly Span[],
): ReportView['gaps'] {
  if (session === null) return [];
  const away = log.away
    .filter(({ fromWallMs }) => fromWallMs < session.toWallMs)
    .map((span) => gap(span, 'gateway', 'The gateway did not run'));
  const pump = unseen.map((span) => gap(span, 'pump', 'No data of the pump'));
  const all = [...away, ...pump, ...(vitals === null ? [] : vitalGaps(vitals))];
  return all.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

const gap = (
  { fromWallMs, toWallMs }: Span,
  what: ReportView['gaps'][number]['what'],
  text: string,
): ReportView['gaps'][number] => ({ from: iso(fromWallMs), to: iso(toWallMs), what, text });

/** Every alarm of the bed that stood at any time of the session, by its onset. */
function alarmsOf({ log, alarmsKnown, session }: ReportFacts): ReportView['alarms'] {
  if (session === null) return [];
  const toWallMs = session.toWallMs;
  const own = [...log.alarms.values()].filter(({ onsetWallMs }) => onsetWallMs <= toWallMs);
  const views = own.map((alarm) => alarmView(alarm));
  const ended = views.filter(({ endedAt }) => endedAt !== undefined);
  const all = new Map(
    [...views, ...alarmsKnown, ...ended].map((alarm) => [alarm.alarmId, alarm] as const),
  );
  return [...all.values()]
    .map((alarm) => ({
      alarmId: alarm.alarmId,
      ruleId: alarm.ruleId,
      priority: alarm.priority,
      kind: alarm.kind,
      deviceId: alarm.deviceId ?? null,
      text: alarm.text,
      detail: alarm.detail ?? null,
      worst: alarm.worst ?? alarm.value ?? null,
      unit: alarm.unit ?? null,
      onsetAt: alarm.onsetAt,
      endedAt: alarm.endedAt ?? null,
      acknowledgedBy: alarm.acknowledgedBy ?? null,
      acknowledgedAt: alarm.acknowledgedAt ?? null,
    }))
    .sort((a, b) => (a.onsetAt < b.onsetAt ? -1 : a.onsetAt > b.onsetAt ? 1 : 0));
}

/** From the end of the infusion; an order from which nothing flowed has none. */
function recoveryOf({ order, trail }: ReportFacts): ReportView['recovery'] {
  const { endedAtWallMs, startedAtWallMs } = trail;
  if (endedAtWallMs === null || startedAtWallMs === null) return null;
  const minimumMs = minimumOf(order);
  return { since: iso(endedAtWallMs), until: iso(endedAtWallMs + minimumMs) };
}

const HOUR_MS = 3_600_000;

/** Where the order states none, an hour (clinical alarm rule ORD-29). */
const minimumOf = ({ recovery, document }: OrderRecord): number =>
  recovery?.minimumMs ?? document.recovery ?? HOUR_MS;

function clockNotesOf({ log, utcOffsetAt, session, gateway }: ReportFacts): string[] {
  const notes = [...log.clockNotes];
  if (session !== null && utcOffsetAt(session.fromWallMs) !== utcOffsetAt(session.toWallMs))
    notes.push(
      `The clocks of ${gateway.timeZone} changed during the session; all times are by the offset at its beginning.`,
    );
  return notes;
}
