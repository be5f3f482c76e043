import { expect, test } from 'vitest';
import {
  newDevicePicture,
  type PictureEvent,
  pictureAfter,
} from '../../src/observation/device-picture.ts';
import {
  emptyBedHistory,
  withCuffFailure,
  withCuffReading,
} from '../../src/pipeline/bed-history.ts';

const monitor = newDevicePicture(
  {
    deviceId: 'B01-mon',
    bedId: 'B01',
    role: 'monitor',
    driverId: 'nibp2020',
    freshness: { staleMs: 5_000, lostMs: 10_000 },
    reports: ['MDC_PRESS_BLD_NONINV_SYS'],
    factsTold: [],
    alertsDecoded: 'all',
    mode: 'real',
  },
  0,
);
const failed = (atMs: number): PictureEvent => ({
  kind: 'cuff',
  state: 'idle',
  failed: { atMs, reason: 'air leak' },
  atMs: atMs + 5,
});
const reading = (measuredAtMs: number): PictureEvent => ({
  kind: 'metric',
  code: 'MDC_PRESS_BLD_NONINV_SYS',
  value: 120,
  validity: 'valid',
  atMs: measuredAtMs,
  episode: { measuredAtMs, confirmed: true, measuring: false },
});

function after(...events: readonly PictureEvent[]) {
  let picture = monitor;
  let history = emptyBedHistory;
  for (const event of events) {
    picture = pictureAfter(picture, [event]);
    history = withCuffFailure(withCuffReading(history, picture), picture);
  }
  return history.cuffFailures;
}

test('each failed measurement counts once, however often it is repeated', () => {
  expect(after(failed(10), failed(10), failed(10))).toMatchObject({ count: 1 });
  expect(after(failed(10), failed(20))).toMatchObject({ count: 2, last: { atMs: 20 } });
});

test('a reading ends the row, and the failure before it does not come back', () => {
  expect(after(failed(10), failed(20), reading(30))).toMatchObject({ count: 0 });
  expect(after(failed(10), reading(30), failed(10))).toMatchObject({ count: 0 });
  expect(after(failed(10), reading(30), failed(40))).toMatchObject({ count: 1 });
});
