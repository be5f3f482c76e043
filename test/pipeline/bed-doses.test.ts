import { expect, test } from 'vitest';
import type { PictureEvent } from '../../src/observation/device-picture.ts';
import { newDevicePicture, pictureAfter } from '../../src/observation/device-picture.ts';
import { activeOrder } from '../../src/order/active-order.ts';
import { emptyDoseLedger, givenDose } from '../../src/order/dose-ledger.ts';
import { parseOrderDocument } from '../../src/order/order-document.ts';
import { emptySession } from '../../src/order/session-record.ts';
import { dosesAfter, dosesOfOrder } from '../../src/pipeline/bed-doses.ts';
import { GOLDBERG } from './virtual-ward.ts';

const parsed = parseOrderDocument(JSON.stringify(GOLDBERG));
if (!parsed.ok) throw new Error('the order does not parse');
const order = activeOrder({
  orderId: 'O000001',
  version: 1,
  document: parsed.document,
  hardMaxMgPerH: 50,
  softMaxMgPerH: null,
  signedBy: 'prescriber-a',
  verifiedBy: 'nurse-b',
  activatedAtWallMs: 0,
  session: emptySession,
});
const WALL = 100_000;

const told = (
  code: 'MDC_VOL_FLUID_DELIV_TOTAL' | 'MDC_FLOW_FLUID_PUMP_CURRENT',
  value: number,
  atMs: number,
  validity: 'valid' | 'questionable' = 'valid',
): PictureEvent => ({ kind: 'metric', code, value, validity, atMs });

const newPump = () =>
  newDevicePicture(
    {
      deviceId: 'B01-pump',
      bedId: 'B01',
      role: 'pump',
      driverId: 'test',
      freshness: { staleMs: 5_000, lostMs: 10_000 },
      reports: [],
      factsTold: [],
      alertsDecoded: 'all',
      mode: 'real',
    },
    0,
  );

/** What the ledger says after a pump said this, second by second. */
function afterSaying(said: readonly (readonly PictureEvent[])[]) {
  let picture = pictureAfter(newPump(), [{ kind: 'port-open', name: 'a', mode: 'real', atMs: 0 }]);
  let doses = dosesOfOrder(emptyDoseLedger, order, undefined, { nowMs: 0, wallMs: WALL });
  said.forEach((events, second) => {
    const atMs = second * 1_000;
    const all: readonly PictureEvent[] = [{ kind: 'frame-accepted', atMs }, ...events];
    picture = pictureAfter(picture, all);
    doses = dosesAfter(doses, picture, all, atMs);
  });
  return doses;
}

test('a counter that the driver does not believe counts nothing', () => {
  const doses = afterSaying([
    [told('MDC_VOL_FLUID_DELIV_TOTAL', 0, 0), told('MDC_FLOW_FLUID_PUMP_CURRENT', 360, 0)],
    [told('MDC_VOL_FLUID_DELIV_TOTAL', 50, 1_000, 'questionable')],
  ]);
  expect(givenDose(doses, 1_000)?.session).toMatchObject({ atLeastMg: 0, atMostMg: 0 });
});

test('an old counter is not read again with every other answer', () => {
  const flow = (atMs: number) => [told('MDC_FLOW_FLUID_PUMP_CURRENT', 360, atMs)];
  const doses = afterSaying([
    [told('MDC_VOL_FLUID_DELIV_TOTAL', 0, 0), ...flow(0)],
    ...Array.from({ length: 12 }, (_, second) => flow((second + 1) * 1_000)),
  ]);
  expect(doses.pumps.get('B01-pump')?.counter.readAtMs).toBe(0);
  const given = givenDose(doses, 12_000)?.session;
  expect(given?.atLeastMg).toBe(0);
  expect(given?.atMostMg).toBeCloseTo(12 * 0.1 * 0.08, 2);
});

test('an order of which the log has the counter at its start only: nothing is known since then', () => {
  const started = {
    ...order,
    startedAtWallMs: WALL - 60_000,
    startCounterMl: 7,
    startPumpId: 'B01-pump',
  };
  const doses = dosesOfOrder(emptyDoseLedger, started, undefined, { nowMs: 0, wallMs: WALL });
  const given = givenDose(doses, 0)?.session;
  expect(given?.atLeastMg).toBe(0);
  expect(given?.atMostMg).toBeCloseTo(50 / 60, 2);
});
