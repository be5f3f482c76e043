import { describe, expect, test } from 'vitest';
import { vit14, vit15 } from '../../src/check/rules/ecg.ts';
import { EcgWatch, NO_ECG_LOOK } from '../../src/ecg/ecg-watch.ts';
import type { WaveSeen } from '../../src/observation/wave.ts';
import { answer, ask, NOW, scene } from '../check/scene-kit.ts';

const RATE = 250;
const BLOCK = 50;

/** A spike of 1 mV every `beatMs`; 0 = a flat line. */
const ecgAt =
  (beatMs: number) =>
  (index: number): number => {
    if (beatMs === 0) return 0;
    const intoMs = (index * 4) % beatMs;
    return intoMs < 40 ? Math.round(200 * Math.sin((Math.PI * intoMs) / 40)) : 0;
  };
const plethAt =
  (beatMs: number) =>
  (index: number): number =>
    beatMs === 0
      ? 0
      : Math.round(1_000 * Math.max(0, Math.sin((2 * Math.PI * index * 4) / beatMs)));

function block(
  code: WaveSeen['code'],
  firstIndex: number,
  at: (index: number) => number,
): WaveSeen {
  return {
    kind: 'wave',
    code,
    firstIndex,
    samplesPerS: RATE,
    samples: Int16Array.from({ length: BLOCK }, (_, n) => at(firstIndex + n)),
    scale: code === 'MDC_PULS_OXIM_PLETH' ? null : 0.005,
    zero: 0,
    validity: 'valid',
    atMs: ((firstIndex + BLOCK) * 1_000) / RATE,
  };
}

class Bed {
  readonly watch = new EcgWatch();
  index = 0;
  look = NO_ECG_LOOK;

  run(seconds: number, ecg: (index: number) => number, pleth?: (index: number) => number): this {
    const end = this.index + seconds * RATE;
    for (; this.index < end; this.index += BLOCK) {
      this.look = this.watch.take('mon', block('MDC_ECG_ELEC_POTL_II', this.index, ecg));
      if (pleth !== undefined)
        this.look = this.watch.take('mon', block('MDC_PULS_OXIM_PLETH', this.index, pleth));
    }
    return this;
  }

  get nowMs(): number {
    return (this.index * 1_000) / RATE;
  }

  alarm(): string {
    return answer(ask(vit14, scene({ nowMs: this.nowMs, ecg: this.look }), { level: 'asystole' }));
  }
}

describe('the look at a bed', () => {
  test('beats, rate and pulses are told with their times', () => {
    const { look, nowMs } = new Bed().run(40, ecgAt(800), plethAt(800));
    expect(look.heartRateBpm).toBeCloseTo(75, 0);
    expect(nowMs - (look.lastQrsAtMs ?? 0)).toBeLessThan(1_200);
    expect(nowMs - (look.lastPulseAtMs ?? 0)).toBeLessThan(1_200);
    expect(look.fibrillationS).toBe(0);
  });

  test('a heart that stops is an alarm after 4 s, a loose electrode with a pulse is none', () => {
    const bed = new Bed().run(30, ecgAt(800), plethAt(800));
    expect(bed.alarm()).toBe('absent');
    expect(bed.run(3, ecgAt(0), plethAt(0)).alarm()).toBe('absent');
    expect(bed.run(3, ecgAt(0), plethAt(0)).alarm()).toBe('present');

    const loose = new Bed().run(30, ecgAt(800), plethAt(800)).run(20, ecgAt(0), plethAt(800));
    expect(loose.alarm()).toBe('absent');
    const cold = new Bed().run(30, ecgAt(800), plethAt(800)).run(20, ecgAt(800), plethAt(0));
    expect(cold.alarm()).toBe('absent');
  });

  test('without a plethysmogram nothing is said, and the alarm of the monitor stands alone', () => {
    expect(new Bed().run(30, ecgAt(800)).run(20, ecgAt(0)).alarm()).toBe('no-observation');
  });

  test('a gap or leads off is no pause of the heart: it counts from the new beginning', () => {
    const bed = new Bed().run(30, ecgAt(800), plethAt(800));
    bed.index += 10 * RATE;
    expect(bed.run(3, ecgAt(0), plethAt(0)).alarm()).not.toBe('present');

    const off = new Bed().run(30, ecgAt(800), plethAt(800));
    const look = off.watch.take('mon', {
      ...block('MDC_ECG_ELEC_POTL_II', off.index, ecgAt(800)),
      validity: 'invalid',
    });
    expect(look).toMatchObject({ ecgSinceMs: null, lastQrsAtMs: null, heartRateBpm: null });
  });

  test('old samples say nothing about now', () => {
    const bed = new Bed().run(30, ecgAt(800), plethAt(800)).run(6, ecgAt(0), plethAt(0));
    const late = scene({ nowMs: bed.nowMs + 3_001, ecg: bed.look });
    expect(answer(ask(vit14, late, { level: 'asystole' }))).toBe('stale');
  });

  test('noise of a flat line is not taken for beats', () => {
    const noise = (index: number): number => ((index * 7_919) % 5) - 2;
    const bed = new Bed().run(30, ecgAt(800), plethAt(800));
    expect(bed.run(30, noise, plethAt(0)).alarm()).toBe('present');
  });
});

describe('VIT-14 and VIT-15 say what they are', () => {
  test('unconfirmed, and beside the monitor', () => {
    const ecg = { ...NO_ECG_LOOK, ecgUntilMs: NOW, ecgSinceMs: 0, fibrillationS: 2 };
    expect(ask(vit14, scene({ ecg }), { level: 'fibrillation' })).toMatchObject({
      presence: 'present',
      message: { text: expect.stringContaining('unconfirmed') },
    });
    const short = { ...ecg, fibrillationS: 1 };
    expect(answer(ask(vit14, scene({ ecg: short }), { level: 'fibrillation' }))).toBe('absent');
    expect(answer(ask(vit15, scene()))).toBe('no-observation');
  });
});
