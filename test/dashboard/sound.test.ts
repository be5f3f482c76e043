import { describe, expect, it } from 'vitest';
import type { Liveness } from '../../dashboard/link/liveness.ts';
import { BURSTS, PARTIALS, type SoundKind } from '../../dashboard/sound/bursts.ts';
import { wantedSound } from '../../dashboard/sound/choose.ts';
import { NO_SOUND, observeAudio, soundHealth } from '../../dashboard/sound/health.ts';
import {
  type PlannedPulse,
  plan,
  SILENT,
  TICK_MS,
  type Wanted,
} from '../../dashboard/sound/scheduler.ts';
import { SCENES } from './scenes.ts';
import { BASE, iso, makeAlarm } from './ward-fixtures.ts';

const onsets = (kind: SoundKind) => BURSTS[kind].pulses.map((pulse) => pulse.onsetMs);

describe('burst table', () => {
  it('starts every pulse to the millisecond', () => {
    expect(onsets('high')).toEqual([0, 250, 500, 1000, 1250, 2000, 2250, 2500, 3000, 3250]);
    expect(onsets('medium')).toEqual([0, 400, 800]);
    expect(onsets('low')).toEqual([0, 400]);
    expect(onsets('fault')).toEqual([0, 400, 800, 1200]);
  });

  it('has the lengths, pauses and pitches of the standard table', () => {
    expect(BURSTS.high).toMatchObject({ lengthMs: 3400, pauseMs: 8000, gain: 1 });
    expect(BURSTS.medium).toMatchObject({ lengthMs: 1000, pauseMs: 15_000 });
    expect(BURSTS.low).toMatchObject({ lengthMs: 600, pauseMs: 30_000 });
    expect(new Set(BURSTS.high.pulses.map(({ hz, lengthMs }) => `${hz} ${lengthMs}`))).toEqual(
      new Set(['784 150']),
    );
    expect(new Set(BURSTS.medium.pulses.map(({ hz, lengthMs }) => `${hz} ${lengthMs}`))).toEqual(
      new Set(['660 200']),
    );
    expect(new Set(BURSTS.low.pulses.map(({ hz, lengthMs }) => `${hz} ${lengthMs}`))).toEqual(
      new Set(['523.25 200']),
    );
    expect(BURSTS.fault.pulses.map(({ hz }) => hz)).toEqual([784, 523.25, 784, 523.25]);
  });

  it('is never quieter for a higher priority, and keeps all five partials within 300 to 4,000 Hz', () => {
    expect(BURSTS.high.gain).toBeGreaterThan(BURSTS.medium.gain);
    expect(BURSTS.medium.gain).toBeGreaterThan(BURSTS.low.gain);
    expect(PARTIALS).toHaveLength(5);
    for (const { pulses } of Object.values(BURSTS)) {
      for (const { hz } of pulses) {
        expect(hz).toBeGreaterThanOrEqual(300);
        expect(hz * 5).toBeLessThanOrEqual(4000);
      }
    }
  });
});

/** Runs the scheduler as the 25 ms timer does and returns what really sounds. */
function play(untilMs: number, wantedAt: (nowMs: number) => Wanted | null): PlannedPulse[] {
  let schedule = SILENT;
  let sounded: PlannedPulse[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += TICK_MS) {
    const step = plan(schedule, wantedAt(nowMs), nowMs);
    if (step.isCut) sounded = sounded.filter((pulse) => pulse.atMs <= nowMs);
    sounded.push(...step.pulses);
    schedule = step.schedule;
  }
  return sounded;
}

const want = (kind: SoundKind, key = 'a'): Wanted => ({ kind, key });
const startsOf = (pulses: readonly PlannedPulse[]) => pulses.map((pulse) => pulse.atMs);

describe('scheduler', () => {
  it('plays the whole burst and repeats it after the pause', () => {
    const first = startsOf(play(15_000, () => want('high')));
    expect(first.slice(0, 10)).toEqual(onsets('high').map((onset) => onset + 20));
    expect(first[10]).toBe(20 + 3400 + 8000);
  });

  it('starts within 100 ms', () => {
    expect(startsOf(play(200, () => want('medium')))[0]).toBeLessThanOrEqual(100);
  });

  it('a higher priority cuts in at once and no lower pulse sounds after it', () => {
    const pulses = play(5_000, (nowMs) => (nowMs < 450 ? want('low') : want('high')));
    const firstHigh = pulses.find((pulse) => pulse.hz === 784);
    expect(firstHigh?.atMs).toBeLessThanOrEqual(550);
    const lowAfter = pulses.filter(
      (pulse) => pulse.hz < 600 && pulse.atMs > (firstHigh?.atMs ?? 0),
    );
    expect(lowAfter).toEqual([]);
    expect(pulses.filter((pulse) => pulse.hz === 784)).toHaveLength(10);
  });

  it('acknowledged in the first group: the group ends, the second does not begin', () => {
    const pulses = play(5_000, (nowMs) => (nowMs < 600 ? want('high') : null));
    expect(startsOf(pulses)).toEqual([20, 270, 520, 1020, 1270]);
  });

  it('nothing more after an acknowledgement in the pause', () => {
    expect(play(60_000, (nowMs) => (nowMs < 4_000 ? want('high') : null))).toHaveLength(10);
  });

  it('a new alarm of the same priority does not wait for the end of the pause', () => {
    const pulses = play(9_000, (nowMs) => want('medium', nowMs < 5_000 ? 'a' : 'a b'));
    expect(startsOf(pulses)[3]).toBeLessThanOrEqual(5_100);
  });

  it('a lower one takes over only when the last pulse has ended', () => {
    const pulses = play(6_000, (nowMs) => (nowMs < 600 ? want('high') : want('low')));
    const firstLow = pulses.find((pulse) => pulse.hz < 600);
    expect(firstLow?.atMs).toBeGreaterThanOrEqual(1270 + 150);
  });

  it('does not catch up on bursts that were slept through', () => {
    const { schedule } = plan(SILENT, want('high'), 0);
    const woken = plan({ ...schedule, next: 10 }, want('high'), 600_000);
    expect(woken.pulses.map((pulse) => pulse.atMs)).toEqual([600_020]);
  });
});

const LIVE: Liveness = { phase: 'live', silentMs: 300, valuesLost: false, inSync: true };
const LOST: Liveness = { ...LIVE, phase: 'lost' };
const scene = SCENES.alarmed(BASE);
const input = {
  alarms: scene.alarms,
  beds: scene.beds,
  link: LIVE,
  hasWatched: true,
  wallMs: BASE.wallMs,
  nowMs: 50_000,
  faultPausedUntilMs: 0,
};
const paused = (bedId: string) =>
  scene.beds.map((bed) =>
    bed.bedId === bedId ? { ...bed, audioPausedUntil: iso(BASE.wallMs + 60_000) } : bed,
  );
const phased = (phase: 'acknowledged' | 'latched' | 'inhibited' | 'ended') =>
  scene.alarms.map((alarm) => ({ ...alarm, phase }));

describe('what should sound', () => {
  it('is the highest priority that nobody has acknowledged', () => {
    expect(wantedSound(input)?.kind).toBe('high');
  });

  it('skips a bed whose sound is paused, and only that bed', () => {
    expect(wantedSound({ ...input, beds: paused('B04') })?.kind).toBe('medium');
  });

  it('sounds again when the pause is over', () => {
    expect(wantedSound({ ...input, beds: paused('B04'), wallMs: BASE.wallMs + 60_001 })?.kind).toBe(
      'high',
    );
  });

  it.each(['acknowledged', 'inhibited', 'ended'] as const)('is silent for %s alarms', (phase) => {
    expect(wantedSound({ ...input, alarms: phased(phase) })).toBeNull();
  });

  it('a latched alarm sounds until somebody has acknowledged it', () => {
    expect(wantedSound({ ...input, alarms: phased('latched') })?.kind).toBe('high');
    const noted = phased('latched').map((alarm) => ({ ...alarm, acknowledgedBy: 'nurse-a' }));
    expect(wantedSound({ ...input, alarms: noted })).toBeNull();
  });

  it('a new alarm changes the key', () => {
    const more = [...scene.alarms, makeAlarm({ alarmId: 'A9', bedId: 'B05' }, BASE)];
    expect(wantedSound({ ...input, alarms: more })?.key).not.toBe(wantedSound(input)?.key);
  });

  it('link loss: the fault sound, and a pause no longer counts', () => {
    expect(wantedSound({ ...input, alarms: [], link: LOST })?.kind).toBe('fault');
    expect(wantedSound({ ...input, beds: paused('B04'), link: LOST })?.kind).toBe('high');
    expect(wantedSound({ ...input, alarms: [], link: LOST, hasWatched: false })).toBeNull();
  });

  it('the fault sound rests when somebody asked for it, and comes back', () => {
    const resting = { ...input, alarms: [], link: LOST, faultPausedUntilMs: 60_000 };
    expect(wantedSound(resting)).toBeNull();
    expect(wantedSound({ ...resting, nowMs: 60_001 })?.kind).toBe('fault');
  });
});

describe('sound health', () => {
  it('is blocked until the browser lets it run', () => {
    expect(soundHealth(NO_SOUND, 0)).toBe('blocked');
    expect(soundHealth(observeAudio(NO_SOUND, 'suspended', 0, 0), 0)).toBe('blocked');
  });

  it('runs only when a person has heard it', () => {
    const running = observeAudio(NO_SOUND, 'running', 20, 100);
    expect(soundHealth(running, 100)).toBe('unverified');
    expect(soundHealth({ ...running, heardAtMs: 50 }, 100)).toBe('running');
  });

  it('a clock that stands still for a second is a fault', () => {
    const running = { ...observeAudio(NO_SOUND, 'running', 20, 100), heardAtMs: 50 };
    const stuck = observeAudio(running, 'running', 20, 1_200);
    expect(soundHealth(stuck, 1_100)).toBe('running');
    expect(soundHealth(stuck, 1_101)).toBe('faulty');
    expect(soundHealth(observeAudio(stuck, 'running', 45, 1_225), 1_225)).toBe('running');
  });
});
