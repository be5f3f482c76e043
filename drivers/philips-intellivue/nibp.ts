import type { Episode } from '../../src/observation/device-event.ts';
import { absoluteTimeMs } from './clock.ts';

/**
 * The life of a cuff reading. The monitor repeats the last one every second, for weeks if nobody measures,
 * and stamps each with the wall time at which it was taken. The stamp is the reading: the same stamp is an
 * old reading, whatever its arrival or its numbers say (PROTOCOL.md, "NBP").
 */
export interface NibpLife {
  /** Eight BCD bytes as hex. */
  readonly stamp: string;
  /** Our clock when it was taken. */
  readonly measuredAtMs: number;
}

/** A stamp may be ahead of the session's clock by its coarseness and by what is under way on the line. */
const AHEAD_MAX_MS = 2_000;
/** After the line was opened anew the age is worked out anew, and differs by as much. */
const SAME_MS = 3_000;

/**
 * When the reading with this stamp was taken; `null` when that cannot be known: no stamp, no wall clock told,
 * or a stamp of the future (the monitor's clock was set).
 *
 * @param wallMs the monitor's wall clock at `atMs`
 */
export function nextNibp(
  life: NibpLife | null,
  stamp: string | null,
  wallMs: number | null,
  atMs: number,
): NibpLife | null {
  const takenAtMs = stamp === null ? null : absoluteTimeMs(Buffer.from(stamp, 'hex'));
  if (stamp === null || takenAtMs === null || wallMs === null) return null;
  const ageMs = wallMs - takenAtMs;
  if (ageMs < -AHEAD_MAX_MS) return null;
  const measuredAtMs = atMs - Math.max(0, ageMs);
  const isSame = life?.stamp === stamp && Math.abs(life.measuredAtMs - measuredAtMs) <= SAME_MS;
  return isSame ? life : { stamp, measuredAtMs };
}

/** A stamp tells for certain which reading it is; without one nothing may count as new. */
export const episodeOf = (life: NibpLife | null, measuring: boolean): Episode => ({
  measuredAtMs: life?.measuredAtMs ?? null,
  confirmed: life !== null,
  measuring,
});
