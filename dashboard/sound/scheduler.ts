/**
 * Which pulse starts when, on the audio clock. Pure: the caller asks every 25 ms and gets the pulses
 * of the next 150 ms. A more urgent sound cuts in at once; a sound that is no longer wanted still
 * finishes its group of pulses, so that its rhythm can be recognised.
 */
import { BURSTS, type Pulse, SOUND_RANK, type SoundKind } from './bursts.ts';

export const TICK_MS = 25;
export const LOOK_AHEAD_MS = 150;
/** Enough for the audio thread, far below the 100 ms in which a new alarm must sound. */
const LEAD_MS = 20;

/** What should sound now; `key` changes with every new or escalated alarm. */
export interface Wanted {
  readonly kind: SoundKind;
  readonly key: string;
}

export interface Schedule {
  readonly kind: SoundKind | null;
  readonly key: string;
  readonly burstAtMs: number;
  /** Next pulse to hand out; the burst is complete when it equals the number of pulses. */
  readonly next: number;
}

export const SILENT: Schedule = { kind: null, key: '', burstAtMs: 0, next: 0 };

export interface PlannedPulse extends Pulse {
  readonly atMs: number;
  readonly gain: number;
}

export interface Planned {
  readonly schedule: Schedule;
  readonly pulses: readonly PlannedPulse[];
  /** Pulses handed out earlier that have not started yet must not sound. */
  readonly isCut: boolean;
}

export function plan(before: Schedule, wanted: Wanted | null, nowMs: number): Planned {
  const isCut = wanted !== null && outranks(wanted, before, nowMs);
  const schedule = isCut ? start(wanted, nowMs) : carryOn(before, wanted, nowMs);
  return { ...handOut(schedule, wanted, nowMs), isCut: isCut && before.kind !== null };
}

function outranks(wanted: Wanted, before: Schedule, nowMs: number): boolean {
  if (before.kind === null) return true;
  if (SOUND_RANK[wanted.kind] > SOUND_RANK[before.kind]) return true;
  // The same priority, but somebody new: do not wait for the end of the pause.
  return wanted.kind === before.kind && wanted.key !== before.key && isPausing(before, nowMs);
}

function isPausing(schedule: Schedule, nowMs: number): boolean {
  return schedule.kind !== null && nowMs >= schedule.burstAtMs + BURSTS[schedule.kind].lengthMs;
}

function start(wanted: Wanted, nowMs: number): Schedule {
  return { kind: wanted.kind, key: wanted.key, burstAtMs: nowMs + LEAD_MS, next: 0 };
}

function carryOn(before: Schedule, wanted: Wanted | null, nowMs: number): Schedule {
  if (before.kind === null) return before;
  const burst = BURSTS[before.kind];
  if (wanted?.kind === before.kind) {
    const nextBurstAtMs = before.burstAtMs + burst.lengthMs + burst.pauseMs;
    if (nowMs + LOOK_AHEAD_MS < nextBurstAtMs) return before;
    // After a suspended tab the planned time may be long past: never play catch-up.
    const burstAtMs = Math.max(nextBurstAtMs, nowMs + LEAD_MS);
    return { kind: before.kind, key: wanted.key, burstAtMs, next: 0 };
  }
  const groupEnd = burst.groupStarts.find((index) => index >= before.next) ?? burst.pulses.length;
  const last = burst.pulses[before.next - 1];
  const soundsUntilMs = last ? before.burstAtMs + last.onsetMs + last.lengthMs : nowMs;
  if (before.next < groupEnd || nowMs < soundsUntilMs) return before;
  return wanted === null ? SILENT : start(wanted, nowMs);
}

function handOut(schedule: Schedule, wanted: Wanted | null, nowMs: number): Omit<Planned, 'isCut'> {
  if (schedule.kind === null) return { schedule, pulses: [] };
  const burst = BURSTS[schedule.kind];
  const pulses: PlannedPulse[] = [];
  let next = schedule.next;
  for (; next < burst.pulses.length; next += 1) {
    const pulse = burst.pulses[next];
    if (pulse === undefined || schedule.burstAtMs + pulse.onsetMs > nowMs + LOOK_AHEAD_MS) break;
    const isWanted = wanted?.kind === schedule.kind;
    if (!isWanted && next > 0 && burst.groupStarts.includes(next)) break;
    pulses.push({ ...pulse, atMs: schedule.burstAtMs + pulse.onsetMs, gain: burst.gain });
  }
  return { schedule: { ...schedule, next }, pulses };
}
