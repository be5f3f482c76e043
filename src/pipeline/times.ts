/** One moment on both clocks. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Wall time (ISO, UTC) of a monotonic moment, by the clocks as they stand now. */
export function isoAt(monotonicMs: number, { nowMs, wallMs }: Moment): string {
  return iso(wallMs - (nowMs - monotonicMs));
}

const DAY_MS = 86_400_000;

/** The values of one frame share their time, and a text of it costs more than all their numbers. */
let last = { wallMs: Number.NaN, text: '' };
/** `2026-11-23T` and when that day begins: most times of a run lie in one day. */
let day = { startsAtMs: Number.NaN, text: '' };

export function iso(wallMs: number): string {
  if (wallMs !== last.wallMs) last = { wallMs, text: isoText(Math.trunc(wallMs)) };
  return last.text;
}

/** What `Date.toISOString` says, by arithmetic within the day. Throws for what is no time. */
function isoText(wallMs: number): string {
  if (!(wallMs >= day.startsAtMs && wallMs < day.startsAtMs + DAY_MS)) {
    const text = new Date(wallMs).toISOString();
    day = { startsAtMs: Date.parse(`${text.slice(0, 11)}00:00:00.000Z`), text: text.slice(0, 11) };
    return text;
  }
  const ms = wallMs - day.startsAtMs;
  const hours = two(Math.floor(ms / 3_600_000));
  const minutes = two(Math.floor(ms / 60_000) % 60);
  const seconds = two(Math.floor(ms / 1_000) % 60);
  const rest = ms % 1_000;
  return `${day.text}${hours}:${minutes}:${seconds}.${rest < 100 ? '0' : ''}${two(rest)}Z`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
