import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DevicePicture,
  freshnessOf,
  metricFreshness,
  newDevicePicture,
  nextDevicePicture,
  type PictureEvent,
  pictureAfter,
  withAssociation,
} from '../../src/observation/device-picture.ts';

const about = {
  deviceId: 'B01-pump',
  bedId: 'B01',
  role: 'pump',
  driverId: 'alaris-asena',
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
  factsTold: [],
  alertsDecoded: 'all',
  mode: 'real',
} as const;
const fresh = newDevicePicture(about, 0);
const open: PictureEvent = { kind: 'port-open', name: '/dev/ttyUSB0', mode: 'real', atMs: 0 };
const flow = (value: number | null, atMs: number): PictureEvent => ({
  kind: 'metric',
  code: 'MDC_FLOW_FLUID_PUMP_CURRENT',
  value,
  validity: value === null ? 'not-available' : 'valid',
  atMs,
});
const accepted = (atMs: number): PictureEvent => ({ kind: 'frame-accepted', atMs });
const told = (...events: PictureEvent[]) => pictureAfter(fresh, events);

describe('freshness', () => {
  test.each([
    { tells: 'nothing heard yet', picture: told(open), nowMs: 60_000, is: 'never' },
    { tells: 'just heard', picture: told(open, accepted(1_000)), nowMs: 1_000, is: 'live' },
    {
      tells: 'at the stale limit',
      picture: told(open, accepted(1_000)),
      nowMs: 6_000,
      is: 'live',
    },
    { tells: 'just beyond it', picture: told(open, accepted(1_000)), nowMs: 6_001, is: 'stale' },
    {
      tells: 'at the lost limit',
      picture: told(open, accepted(1_000)),
      nowMs: 11_000,
      is: 'stale',
    },
    { tells: 'just beyond it', picture: told(open, accepted(1_000)), nowMs: 11_001, is: 'lost' },
    {
      tells: 'a closed port is lost at once',
      picture: told(open, accepted(1_000), { kind: 'port-closed', reason: 'gone', atMs: 1_001 }),
      nowMs: 1_001,
      is: 'lost',
    },
    {
      tells: 'rejected frames are no life',
      picture: told(open, accepted(1_000), {
        kind: 'frame-rejected',
        reason: 'checksum',
        atMs: 12_000,
      }),
      nowMs: 12_001,
      is: 'lost',
    },
  ])('$tells: $is', ({ picture, nowMs, is }) => {
    expect(freshnessOf(picture, nowMs)).toBe(is);
  });

  test('a value that is left out grows old although the device goes on talking', () => {
    const picture = told(open, accepted(1_000), flow(20, 1_000), accepted(12_000));
    const metric = picture.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT');
    expect(metric && metricFreshness(picture, metric, 12_000)).toBe('lost');
  });
});

test.each([-1, 3_001, Number.NaN, Number.POSITIVE_INFINITY])(
  'an impossible rate of %s is counted and its number goes no further',
  (value) => {
    const picture = told(open, flow(value, 1));
    expect(picture.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT')).toMatchObject({
      value: null,
      validity: 'invalid',
    });
    expect(picture.counters.impossibleValues).toBe(1);
  },
);

test('the return of a line revives nothing that was said before it was lost', () => {
  const cuff: PictureEvent = {
    kind: 'metric',
    code: 'MDC_PRESS_BLD_NONINV_SYS',
    value: 118,
    validity: 'valid',
    atMs: 1,
    episode: { measuredAtMs: 1, confirmed: true, measuring: false },
  };
  const picture = told(
    open,
    accepted(1),
    flow(20, 1),
    cuff,
    { kind: 'port-closed', reason: 'gone', atMs: 2 },
    { kind: 'port-open', name: 'again', mode: 'real', atMs: 3 },
    accepted(4),
  );
  expect([...picture.metrics.keys()]).toEqual(['MDC_PRESS_BLD_NONINV_SYS']);
  expect(picture.alerts).toBeNull();
});

test('another device on the line takes nothing over from the first', () => {
  const picture = told(
    open,
    { kind: 'identity', serial: '8003-20417', atMs: 1 },
    flow(20, 1),
    { kind: 'alerts', alerts: [], atMs: 1 },
    { kind: 'identity', serial: '8003-99999', atMs: 2 },
  );
  expect(picture.metrics.size).toBe(0);
  expect(picture.alerts).toBeNull();
});

describe('which device belongs here', () => {
  const identity = (serial: string, atMs: number): PictureEvent => ({
    kind: 'identity',
    serial,
    atMs,
  });
  const mine = withAssociation(fresh, { serial: 'A', elsewhere: new Map([['C', 'B02-pump']]) });
  const value = (picture: DevicePicture): number | null | undefined =>
    picture.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT')?.value;

  test('of the right one every value is taken, of another none, and the right one may come back', () => {
    const right = pictureAfter(mine, [open, identity('A', 1), flow(8, 1)]);
    expect(value(right)).toBe(8);
    const other = pictureAfter(right, [identity('B', 2), flow(80, 2), flow(81, 3)]);
    expect(other.stranger).toEqual({ serial: 'B', belongsTo: null });
    expect(other.metrics.size).toBe(0);
    const back = pictureAfter(other, [identity('A', 4), flow(9, 4)]);
    expect(back.stranger).toBeNull();
    expect(value(back)).toBe(9);
  });

  test('states, words and alarms of another are not taken either', () => {
    const other = pictureAfter(mine, [
      open,
      identity('B', 1),
      { kind: 'pump-status', status: 'stopped', raw: '', atMs: 1 },
      { kind: 'alerts', alerts: [], atMs: 1 },
      { kind: 'fact', code: 'drug', text: 'x', validity: 'valid', atMs: 1 },
    ]);
    expect(other).toMatchObject({ pumpStatus: null, alerts: null });
    expect(other.facts.size).toBe(0);
  });

  test('after the line was opened anew nothing is taken before it has said who it is', () => {
    const right = pictureAfter(mine, [open, identity('A', 1), flow(8, 1)]);
    const reopened = pictureAfter(right, [open, flow(80, 2)]);
    expect(reopened.metrics.size).toBe(0);
    expect(value(pictureAfter(reopened, [identity('A', 3), flow(9, 3)]))).toBe(9);
  });

  test('a free place takes any but the device of another place', () => {
    const free = withAssociation(fresh, { serial: null, elsewhere: new Map([['C', 'B02-pump']]) });
    expect(value(pictureAfter(free, [open, identity('B', 1), flow(8, 1)]))).toBe(8);
    const taken = pictureAfter(free, [open, identity('C', 1), flow(8, 1)]);
    expect(taken).toMatchObject({ stranger: { serial: 'C', belongsTo: 'B02-pump' } });
    expect(taken.metrics.size).toBe(0);
  });
});

test('simulated once is simulated until it is detached', () => {
  const picture = told(
    open,
    { kind: 'identity', serial: 'SIM1', mode: 'demo', atMs: 1 },
    { kind: 'port-open', name: 'again', mode: 'real', atMs: 2 },
  );
  expect(picture.mode).toBe('demo');
});

test('many events at once are the same as one by one', () => {
  const any: fc.Arbitrary<PictureEvent> = fc.oneof(
    fc
      .record({
        v: fc.option(fc.double({ min: -10, max: 4_000, noNaN: false })),
        t: fc.nat(99_999),
      })
      .map(({ v, t }) => flow(v, t)),
    fc.nat(99_999).map(accepted),
    fc.constant(open),
    fc
      .constantFrom('a', 'b')
      .map((serial): PictureEvent => ({ kind: 'identity', serial, atMs: 1 })),
  );
  void fc.assert(
    fc.property(fc.array(any), (events) => {
      expect(pictureAfter(fresh, events)).toEqual(events.reduce(nextDevicePicture, fresh));
    }),
  );
});
