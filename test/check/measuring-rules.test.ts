import { describe, expect, test } from 'vitest';
import { mon07, mon13 } from '../../src/check/rules/measuring.ts';
import {
  newDevicePicture,
  type PictureEvent,
  pictureAfter,
} from '../../src/observation/device-picture.ts';
import { answer, ask, scene } from './scene-kit.ts';

const fresh = newDevicePicture(
  {
    deviceId: 'B01-mon',
    bedId: 'B01',
    role: 'monitor',
    driverId: 'ge-dri',
    freshness: { staleMs: 5_000, lostMs: 10_000 },
    reports: ['MDC_PULS_OXIM_SAT_O2'],
    factsTold: [],
    alertsDecoded: 'all',
    mode: 'real',
  },
  0,
);
const open: PictureEvent = { kind: 'port-open', name: 'x', mode: 'real', atMs: 0 };
const spo2 = (atMs: number, value: number | null, more: object = {}): PictureEvent[] => [
  { kind: 'frame-accepted', atMs },
  {
    kind: 'metric',
    code: 'MDC_PULS_OXIM_SAT_O2',
    value,
    validity: value === null ? 'not-available' : 'valid',
    atMs,
    ...more,
  },
];
const at = (nowMs: number, events: readonly PictureEvent[]) => ({
  scene: scene({ nowMs }),
  subject: pictureAfter(fresh, events),
});
const gone = (nowMs: number, ...events: readonly PictureEvent[]): string => {
  const { scene: now, subject } = at(nowMs, [open, ...events]);
  return answer(ask(mon13, now, { subject }));
};

describe('MON-13: what was measured is left out', () => {
  test('never measured is nothing to miss', () => {
    expect(gone(2_000, ...spo2(1_000, null))).toBe('absent');
  });
  test('measured, then not: also as a 0, and also when it is no longer mentioned', () => {
    expect(gone(2_000, ...spo2(1_000, 97))).toBe('absent');
    expect(gone(3_000, ...spo2(1_000, 97), ...spo2(2_000, null))).toBe('present');
    expect(gone(3_000, ...spo2(1_000, 97), ...spo2(2_000, 0))).toBe('present');
    expect(gone(9_000, ...spo2(1_000, 97), { kind: 'frame-accepted', atMs: 9_000 })).toBe(
      'present',
    );
  });
  test('a probe that is off is invalid and says so by itself', () => {
    const off = spo2(2_000, null, { validity: 'invalid', reason: 'probe off' });
    expect(gone(3_000, ...spo2(1_000, 97), ...off)).toBe('absent');
  });
  test('a silent monitor cannot tell, and after it was opened anew nothing is missed', () => {
    expect(gone(60_000, ...spo2(1_000, 97), ...spo2(2_000, null))).toBe('stale');
    const anew: PictureEvent = { ...open, atMs: 5_000 };
    expect(gone(6_000, ...spo2(1_000, 97), anew, ...spo2(5_500, null))).toBe('absent');
  });
});

describe('MON-07: the clock of a device was set', () => {
  const step = (nowMs: number, ...walls: readonly (readonly [number, number])[]): string => {
    const events = walls.flatMap(([atMs, deviceWallMs]) => spo2(atMs, 97, { deviceWallMs }));
    const { scene: now, subject } = at(nowMs, [open, ...events]);
    return answer(ask(mon07, now, { subject }));
  };
  test('a device without a clock cannot tell', () => {
    expect(step(2_000)).toBe('no-observation');
  });
  test.each([
    [
      'runs on',
      [
        [1_000, 501_000],
        [2_000, 502_000],
      ],
      'absent',
    ],
    [
      'arrives 20 s late',
      [
        [1_000, 501_000],
        [22_000, 502_000],
      ],
      'absent',
    ],
    [
      'an hour forward',
      [
        [1_000, 501_000],
        [2_000, 4_102_000],
      ],
      'present',
    ],
    [
      'a minute back',
      [
        [1_000, 501_000],
        [2_000, 442_000],
      ],
      'present',
    ],
  ] as const)('%s -> %s', (_, walls, expected) => {
    expect(step(walls[1][0] + 500, ...walls)).toBe(expected);
  });
  test('is shown for a minute', () => {
    const walls = [
      [1_000, 501_000],
      [2_000, 4_102_000],
    ] as const;
    expect(step(62_000, ...walls)).toBe('present');
    expect(step(62_001, ...walls)).toBe('absent');
  });
});
