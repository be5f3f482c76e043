/** One moment on both clocks. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Wall time (ISO, UTC) of a monotonic moment, by the clocks as they stand now. */
export function isoAt(monotonicMs: number, { nowMs, wallMs }: Moment): string {
  return iso(wallMs - (nowMs - monotonicMs));
}

/** The values of one frame share their time, and a text of it costs more than all their numbers. */
let last = { wallMs: Number.NaN, text: '' };

export function iso(wallMs: number): string {
  if (wallMs !== last.wallMs) last = { wallMs, text: new Date(wallMs).toISOString() };
  return last.text;
}
