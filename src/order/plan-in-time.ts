import { MINUTE_MS } from './iso-duration.ts';
import type { OrderDocument } from './order-schema.ts';
import { latestAfter, type PlanPiece } from './ordered-rate.ts';
import { PAUSE_MAX_MIN } from './session-event.ts';
import type { Hold, SessionRecord } from './session-record.ts';

/** What moves a plan in time. */
export interface RunningPlan {
  /** As signed. */
  readonly plan: readonly PlanPiece[];
  readonly document: Pick<OrderDocument, 'end' | 'pauseAllowance'>;
  readonly session: Pick<SessionRecord, 'pauses' | 'holds'>;
  readonly startedAtWallMs: number | null;
}

/**
 * Where the order states no allowance: one declared pause of the longest kind. The clinical rules name an
 * allowance and no value for it (regimens, section 5).
 */
export const PAUSE_ALLOWANCE_MS = PAUSE_MAX_MIN * MINUTE_MS;

const known = new WeakMap<RunningPlan, readonly PlanPiece[]>();

/**
 * The plan as it is to be followed now, in ms since flow began. It differs from the signed one by
 *
 * - declared pauses: what comes after one moves by the time in which nothing flowed in it, all together by at
 *   most the allowance of the order. So a pause changes no dose; a stop that nobody declared moves nothing.
 * - holds: an increase that is held, and every later increase, comes later; a decrease and the end never do,
 *   because a late decrease is over-infusion.
 */
export function planNow(order: RunningPlan): readonly PlanPiece[] {
  const { startedAtWallMs: start, session, plan } = order;
  if (start === null || (session.pauses.length === 0 && session.holds.length === 0)) return plan;
  const before = known.get(order);
  if (before !== undefined) return before;
  const paused = withPauses(plan, order, start);
  const upMs = latestAfter(order.document, false);
  const now = [...session.holds]
    .sort((a, b) => a.step - b.step)
    .reduce((pieces, hold) => withHold(pieces, hold.step, heldUntil(hold) - start, upMs), paused);
  known.set(order, now);
  return now;
}

/** Wall ms at which a hold ends: released or run out, whichever is first; `Infinity` = nobody knows. */
export function heldUntil({ releasedAtWallMs, untilWallMs }: Hold): number {
  return Math.min(
    releasedAtWallMs ?? Number.POSITIVE_INFINITY,
    untilWallMs ?? Number.POSITIVE_INFINITY,
  );
}

/** The hold of a step that stands at a moment. */
export function standingHold(
  { holds }: Pick<SessionRecord, 'holds'>,
  step: number,
  wallMs: number,
): Hold | undefined {
  return holds.find((hold) => hold.step === step && wallMs < heldUntil(hold));
}

function withPauses(
  plan: readonly PlanPiece[],
  { session, document }: RunningPlan,
  startWallMs: number,
): readonly PlanPiece[] {
  let leftMs = document.pauseAllowance ?? PAUSE_ALLOWANCE_MS;
  let pieces = plan;
  for (const { atWallMs, stoppedMs } of session.pauses) {
    const byMs = Math.min(stoppedMs, leftMs);
    const atMs = Math.max(0, atWallMs - startWallMs);
    const paused = pieces.find(({ toMs }) => atMs < toMs);
    // In an ordered gap nothing was to flow, and after the end nothing is left to move.
    if (paused === undefined || paused.isGap || byMs <= 0) continue;
    leftMs -= byMs;
    pieces = pieces.map((piece) => withPause(piece, atMs, byMs));
  }
  return pieces;
}

function withPause(piece: PlanPiece, atMs: number, byMs: number): PlanPiece {
  const moved = (ms: number): number => (ms > atMs ? ms + byMs : ms);
  const { fromMs, toMs, latestMs } = piece;
  // Somebody who still had time to make the step has as much of it left after the pause.
  const isInWindow = fromMs > 0 && fromMs <= atMs && atMs <= fromMs + latestMs;
  return {
    ...piece,
    fromMs: moved(fromMs),
    toMs: moved(toMs),
    latestMs: isInWindow ? latestMs + byMs : latestMs,
  };
}

/**
 * With an increase held until `untilMs`: from there on every increase comes as much later as the held one does, and
 * no decrease does. So at each moment the lowest rate counts that was planned in the time of that delay before it.
 */
function withHold(
  pieces: readonly PlanPiece[],
  step: number,
  untilMs: number,
  upMs: number,
): readonly PlanPiece[] {
  const index = pieces.findIndex((piece) => piece.step === step && !piece.isGap);
  const held = pieces[index];
  const before = pieces[index - 1];
  const endMs = pieces.at(-1)?.toMs ?? 0;
  if (held === undefined || before === undefined || held.mgPerH <= before.mgPerH) return pieces;
  const delayMs = untilMs - held.fromMs;
  if (delayMs <= 0) return pieces;
  const rest = pieces.slice(index);
  const wasRise = (piece: PlanPiece): boolean =>
    piece.mgPerH > (pieces[pieces.indexOf(piece) - 1]?.mgPerH ?? 0);
  const cuts = [...rest.map(({ fromMs }) => fromMs), ...rest.map(({ fromMs }) => fromMs + delayMs)]
    .filter((ms) => ms < endMs)
    .sort((a, b) => a - b);
  const moved: PlanPiece[] = pieces.slice(0, index);
  let source: PlanPiece = before;
  for (const atMs of cuts) {
    const isHeld = atMs < untilMs;
    const lowest = lowestIn(rest, atMs - delayMs, atMs, isHeld ? before : undefined);
    const last = moved.at(-1);
    if (lowest === source || last === undefined) continue;
    source = lowest;
    moved.splice(-1, 1, { ...last, toMs: atMs });
    // What is held may not be made before it is released.
    const isReleased = atMs === untilMs && lowest.mgPerH > last.mgPerH;
    const isNewRise = lowest.mgPerH > last.mgPerH && !wasRise(lowest);
    moved.push({
      ...lowest,
      fromMs: atMs,
      earliestMs: isReleased ? 0 : lowest.earliestMs,
      latestMs: isNewRise ? upMs : lowest.latestMs,
    });
  }
  const last = moved.at(-1);
  return last === undefined ? pieces : [...moved.slice(0, -1), { ...last, toMs: endMs }];
}

/** An ordered gap is a stop whatever was before it, and no lower rate to go back to after it. */
function lowestIn(
  rest: readonly PlanPiece[],
  fromMs: number,
  atMs: number,
  before: PlanPiece | undefined,
): PlanPiece {
  const begun = rest.filter((piece) => piece.fromMs <= atMs && piece.toMs > fromMs);
  const planned = begun.at(-1) ?? rest[0];
  if (planned === undefined) throw new Error('A held step is part of its plan');
  if (planned.isGap) return planned;
  const first = before === undefined || before.isGap ? planned : before;
  return begun
    .filter(({ isGap }) => !isGap)
    .reduce((low, piece) => (piece.mgPerH <= low.mgPerH ? piece : low), first);
}
