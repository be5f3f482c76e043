/** Stretches of time, with a rate or without one. Pure. */
import { parseWall } from '../link/clock.ts';
import type { RatePoint } from '../wire.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Level extends Span {
  readonly mgPerH: number;
}
/** Levels and silences apart: what was unknown is never part of a level. */
export function rateSpans(
  history: readonly RatePoint[],
  nowMs: number,
  unknownSinceMs: number | null,
): { levels: readonly Level[]; unknown: readonly Span[] } {
  const levels: Level[] = [];
  const unknown: Span[] = [];
  const endMs = unknownSinceMs === null ? nowMs : Math.min(unknownSinceMs, nowMs);
  for (const [index, point] of history.entries()) {
    const fromMs = parseWall(point.at);
    const next = history[index + 1];
    const toMs = next ? parseWall(next.at) : endMs;
    if (toMs <= fromMs) continue;
    const before = unknown.at(-1);
    if (point.mgPerH !== null) levels.push({ fromMs, toMs, mgPerH: point.mgPerH });
    else if (before?.toMs === fromMs) unknown[unknown.length - 1] = { ...before, toMs };
    else unknown.push({ fromMs, toMs });
  }
  if (unknownSinceMs !== null && nowMs > endMs) unknown.push({ fromMs: endMs, toMs: nowMs });
  return { levels, unknown };
}

export function clip<T extends Span>(span: T, window: Span): T[] {
  const fromMs = Math.max(span.fromMs, window.fromMs);
  const toMs = Math.min(span.toMs, window.toMs);
  return toMs > fromMs ? [{ ...span, fromMs, toMs }] : [];
}

/** What is left of a span when others are cut out of it. */
export function outside<T extends Span>(span: T, others: readonly Span[]): T[] {
  return others.reduce<T[]>(
    (parts, other) =>
      parts.flatMap((part) => [
        ...clip(part, { fromMs: Number.NEGATIVE_INFINITY, toMs: other.fromMs }),
        ...clip(part, { fromMs: other.toMs, toMs: Number.POSITIVE_INFINITY }),
      ]),
    [span],
  );
}
