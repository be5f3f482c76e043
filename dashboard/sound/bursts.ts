/**
 * The alarm sounds as numbers (follows IEC 60601-1-8 conventions): ten pulses for high, three for
 * medium, two for low, each with a fundamental and four harmonics between 300 and 4,000 Hz. The page
 * fault sound is two alternating tones, so that nobody takes it for a patient alarm. Pure.
 */
import type { Priority } from '../wire.ts';

export type SoundKind = Priority | 'fault';

export interface Pulse {
  /** From the start of the burst. */
  readonly onsetMs: number;
  readonly lengthMs: number;
  readonly hz: number;
}

export interface Burst {
  readonly pulses: readonly Pulse[];
  /** Index of the first pulse of each group: a burst that is no longer wanted ends with its group. */
  readonly groupStarts: readonly number[];
  readonly lengthMs: number;
  /** Silence between two bursts. */
  readonly pauseMs: number;
  readonly gain: number;
}

/** Amplitudes of the fundamental and the harmonics 2 to 5: 0, -3, -6, -9 and -12 dB. */
export const PARTIALS: readonly number[] = [0, -3, -6, -9, -12].map((dB) => 10 ** (dB / 20));

/** Linear, up and down: a pulse without ramps clicks. */
export const RAMP_MS = 20;

const HIGH_HZ = 784;
const MEDIUM_HZ = 660;
const LOW_HZ = 523.25;
const FAULT_PULSE_MS = 400;

export const BURSTS: Readonly<Record<SoundKind, Burst>> = {
  high: highBurst(),
  medium: evenBurst({ count: 3, hz: MEDIUM_HZ, pauseMs: 15_000, gain: 10 ** (-3 / 20) }),
  low: evenBurst({ count: 2, hz: LOW_HZ, pauseMs: 30_000, gain: 10 ** (-6 / 20) }),
  fault: {
    pulses: [HIGH_HZ, LOW_HZ, HIGH_HZ, LOW_HZ].map((hz, index) => ({
      onsetMs: index * FAULT_PULSE_MS,
      lengthMs: FAULT_PULSE_MS,
      hz,
    })),
    groupStarts: [0],
    lengthMs: 4 * FAULT_PULSE_MS,
    pauseMs: 8_000,
    gain: 1,
  },
};

/** Which sound yields to which: larger cuts in. A lost page is worse than anything but a high alarm. */
export const SOUND_RANK: Readonly<Record<SoundKind, number>> = {
  low: 1,
  medium: 2,
  fault: 3,
  high: 4,
};

/** Two groups of five; within a group the gaps are x, x, 2x + pulse, x. */
function highBurst(): Burst {
  const pulseMs = 150;
  const x = 100;
  const betweenGroupsMs = 600;
  const gaps = [x, x, 2 * x + pulseMs, x];
  const group = [0];
  for (const gap of gaps) group.push((group.at(-1) ?? 0) + pulseMs + gap);
  const secondStart = (group.at(-1) ?? 0) + pulseMs + betweenGroupsMs;
  const onsets = [...group, ...group.map((onset) => onset + secondStart)];
  return {
    pulses: onsets.map((onsetMs) => ({ onsetMs, lengthMs: pulseMs, hz: HIGH_HZ })),
    groupStarts: [0, group.length],
    lengthMs: (onsets.at(-1) ?? 0) + pulseMs,
    pauseMs: 8_000,
    gain: 1,
  };
}

function evenBurst(burst: { count: number; hz: number; pauseMs: number; gain: number }): Burst {
  const pulseMs = 200;
  const gapMs = 200;
  return {
    pulses: Array.from({ length: burst.count }, (_, index) => ({
      onsetMs: index * (pulseMs + gapMs),
      lengthMs: pulseMs,
      hz: burst.hz,
    })),
    groupStarts: [0],
    lengthMs: burst.count * pulseMs + (burst.count - 1) * gapMs,
    pauseMs: burst.pauseMs,
    gain: burst.gain,
  };
}
