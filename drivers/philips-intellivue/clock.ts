/**
 * The monitor's two clocks: a wall clock that is told once per association, and ticks of 1/8 ms in every
 * reply. The ticks are 32 bits and wrap after 6 days 5 h 7 min: they are only ever subtracted, modulo 2^32.
 */
export interface MonitorClock {
  /** Wall time (ms since 1970, the monitor's own zone) when {@link ticks} were 0; `null` = not told. */
  readonly wallAtZeroMs: number | null;
  /** Ticks since the association began; they go on over any number of wraps. */
  readonly ticks: number;
  /** The last ticks as on the wire. */
  readonly wireTicks: number;
}

const TICKS_PER_MS = 8;

/** @param wall absolute time as told beside the ticks */
export function clockFrom(wall: Uint8Array | undefined, wireTicks: number): MonitorClock {
  return {
    wallAtZeroMs: wall === undefined ? null : absoluteTimeMs(wall),
    ticks: 0,
    wireTicks,
  };
}

/** Also back by a little: the recording has a step of -1024 ticks at its start. */
export function clockAt(clock: MonitorClock, wireTicks: number): MonitorClock {
  const since = clockDifference(wireTicks, clock.wireTicks);
  return { ...clock, ticks: clock.ticks + since, wireTicks };
}

/** 1/8 ms from one time on the wire to another, over the wrap; negative when it went back. */
export const clockDifference = (to: number, from: number): number => (to - from) | 0;

/** Wall time now; `null` when the monitor has not told it. */
export function wallMs({ wallAtZeroMs, ticks }: MonitorClock): number | null {
  return wallAtZeroMs === null ? null : wallAtZeroMs + ticks / TICKS_PER_MS;
}

/**
 * Eight BCD bytes: century, year, month, day, hour, minute, second, 1/100 s. Taken as UTC, because no zone
 * is told: only differences mean something. `null` for FF bytes and for what is no date.
 */
export function absoluteTimeMs(bytes: Uint8Array): number | null {
  if (bytes.length !== 8) return null;
  const digits = [...bytes].map(bcd);
  if (digits.some((two) => two === null)) return null;
  const [century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, cs = 0] =
    digits as number[];
  const fullYear = century * 100 + year;
  const ms = Date.UTC(fullYear, month - 1, day, hour, minute, second, cs * 10);
  const read = new Date(ms);
  const isDate =
    fullYear >= 1970 &&
    read.getUTCMonth() === month - 1 &&
    read.getUTCDate() === day &&
    read.getUTCHours() === hour &&
    read.getUTCMinutes() === minute &&
    second < 60;
  return isDate ? ms : null;
}

function bcd(byte: number): number | null {
  const [tens, ones] = [byte >> 4, byte & 15];
  return tens > 9 || ones > 9 ? null : tens * 10 + ones;
}
