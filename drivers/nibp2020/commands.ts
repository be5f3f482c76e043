import type { NibpBoard, NibpStatus, NibpWord } from './codec.ts';
import { type CuffLife, isResting } from './nibp.ts';

export interface NibpOptions {
  /**
   * `off`: only watched. `cycle`: the module is set to its own cycle of 15 minutes and goes on by itself if the
   * gateway dies. `timed`: the gateway starts each measurement.
   */
  readonly measure: 'off' | 'cycle' | 'timed';
  /** `combi`: the board with SpO2, which uses other start and end bytes. */
  readonly board: NibpBoard;
}

/** What was commanded since the line was opened, and when. */
export interface Commanded {
  readonly atMs: number | null;
  readonly cycles: number;
}

/**
 * A cuff that fills again and again hurts: no two commands are closer, and none is so close to the opening of the
 * line, so that a loose plug makes no series either.
 */
export const COMMAND_EVERY_MS = 120_000;
const INTERVAL_MIN = 15;
/** A module that does not take the cycle is not asked again and again: each time may be a start. */
const CYCLES_MAX = 2;
/** Pneumatic fault, over-pressure, system error: a person looks at the module first. */
const UNSAFE: ReadonlySet<string> = new Set(['08', '12', '15']);

/** The command that a status calls for, if any. The only place where one is decided. */
export function commandFor(
  { measure }: NibpOptions,
  status: NibpStatus,
  life: CuffLife,
  commanded: Commanded,
  { openedAtMs, atMs }: { readonly openedAtMs: number; readonly atMs: number },
): Exclude<NibpWord, 'status'> | undefined {
  if (measure === 'off' || life.run !== null || life.ended !== null) return undefined;
  if (!isResting(status) || status.state === 2 || UNSAFE.has(status.message)) return undefined;
  const sinceMs = atMs - Math.max(openedAtMs, commanded.atMs ?? openedAtMs);
  if (sinceMs < COMMAND_EVERY_MS) return undefined;
  if (measure === 'cycle') {
    const isWanted = status.cycleMin !== INTERVAL_MIN && commanded.cycles < CYCLES_MAX;
    return isWanted ? 'cycle-15' : undefined;
  }
  // A module with a cycle of its own measures already.
  if (status.cycleMin !== 0) return undefined;
  const quietMs = Math.min(sinceMs, atMs - (life.lastRunAtMs ?? openedAtMs));
  return quietMs >= INTERVAL_MIN * 60_000 ? 'start' : undefined;
}
