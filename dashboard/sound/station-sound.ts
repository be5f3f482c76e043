/** Joins voice, scheduler and health; owns the 25 ms timer. */
import type { SoundKind } from './bursts.ts';
import {
  NO_SOUND,
  observeAudio,
  type SoundFacts,
  type SoundHealth,
  soundHealth,
} from './health.ts';
import { plan, type Schedule, SILENT, TICK_MS, type Wanted } from './scheduler.ts';
import type { Voice } from './voice.ts';

/** The test is three bursts long: high, so that its loudness is what a nurse must hear. */
const TEST_KINDS: readonly SoundKind[] = ['low', 'medium', 'high'];
const TEST_STEP_MS = 2_500;

export interface StationSound {
  readonly health: () => SoundHealth;
  readonly want: (wanted: Wanted | null) => void;
  /** Must be called from a touch, click or key, else the browser refuses. */
  readonly enable: () => void;
  readonly test: () => void;
  /** A person heard the test tone. */
  readonly confirmHeard: () => void;
  readonly stop: () => void;
}

export function startStationSound(input: {
  readonly openVoice: () => Voice;
  readonly nowMs: () => number;
  readonly onHealth: (health: SoundHealth) => void;
}): StationSound {
  let voice: Voice | null = null;
  let schedule: Schedule = SILENT;
  let wanted: Wanted | null = null;
  let testSinceMs: number | null = null;
  let facts: SoundFacts = NO_SOUND;
  let health: SoundHealth = 'blocked';

  const testWanted = (): Wanted | null => {
    if (testSinceMs === null) return null;
    const kind = TEST_KINDS[Math.floor((input.nowMs() - testSinceMs) / TEST_STEP_MS)];
    if (kind === undefined) testSinceMs = null;
    return kind === undefined ? null : { kind, key: 'test' };
  };

  const tick = (): void => {
    if (voice !== null) {
      facts = observeAudio(facts, voice.state(), voice.nowMs(), input.nowMs());
      if (voice.state() === 'running') {
        const planned = plan(schedule, wanted ?? testWanted(), voice.nowMs());
        schedule = planned.schedule;
        if (planned.isCut) voice.cut();
        for (const pulse of planned.pulses) voice.play(pulse);
      }
    }
    const next = soundHealth(facts, input.nowMs());
    if (next !== health) {
      health = next;
      input.onHealth(health);
    }
  };

  const open = (): void => {
    try {
      voice ??= input.openVoice();
    } catch {
      facts = { ...facts, contextState: 'closed' };
    }
  };

  // In a kiosk with the autoplay policy set, this starts to run without a touch.
  open();
  const timer = setInterval(tick, TICK_MS);
  return {
    health: () => health,
    want: (next) => {
      wanted = next;
      tick();
    },
    enable: () => {
      open();
      // A refused resume is not an error: the state stays `blocked` and the bar stays on the screen.
      void voice?.resume().then(tick, tick);
      testSinceMs = input.nowMs();
    },
    test: () => {
      testSinceMs = input.nowMs();
    },
    confirmHeard: () => {
      facts = { ...facts, heardAtMs: input.nowMs() };
      tick();
    },
    stop: () => clearInterval(timer),
  };
}
