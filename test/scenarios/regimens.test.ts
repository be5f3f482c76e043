import { afterEach, expect, test } from 'vitest';
import type { VirtualWard } from '../pipeline/virtual-ward.ts';
import { DECISIONS, ordered } from './regimen-orders.ts';
import { quietSession, UNHURRIED } from './regimen-ward.ts';

/**
 * Regimens of one session, each ordered from its template, signed, checked blind, run to its end by a nurse
 * who does what the screen says, and reported: not one alarm. R1 (ten days) and R2, R5, R7 (five days) are in test/days.
 */

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

test('R3, a booster of 160 mg over 4 h, above the soft limit with a reason', async () => {
  const { report } = await quietSession(
    {
      document: ordered(DECISIONS.R3),
      pumpKind: 'alaris-asena',
      ward: UNHURRIED,
      signing: { softLimitReason: 'third booster, tolerated 160 mg before' },
    },
    wards,
  );
  expect(report).toMatchObject({
    plannedMg: 160,
    versions: [{ softLimitReason: 'third booster, tolerated 160 mg before' }],
  });
});

test('R4, the first day of 70 to 200 mg', async () => {
  const { report } = await quietSession(
    { document: ordered(DECISIONS.R4), pumpKind: 'terumo-ss', ward: { isSlow: true } },
    wards,
  );
  expect(report).toMatchObject({ plannedMg: 70, course: { day: 1, of: 10 } });
});

test('R6, 80 mg over 5 h, day 1 of the daily phase', async () => {
  const { report } = await quietSession(
    {
      document: ordered(DECISIONS.R6),
      pumpKind: 'alaris-asena',
      ward: UNHURRIED,
    },
    wards,
  );
  expect(report).toMatchObject({ plannedMg: 80, course: { day: 1, of: 14 } });
});

test('R8, 1 mg/kg/h for 4 h and two hours of recovery', async () => {
  const { report } = await quietSession(
    {
      document: ordered(DECISIONS.R8),
      pumpKind: 'alaris-asena',
      ward: UNHURRIED,
    },
    wards,
  );
  const { recovery, plannedMg } = report;
  expect(plannedMg).toBeCloseTo(283.2, 6);
  expect(Date.parse(recovery?.until ?? '') - Date.parse(recovery?.since ?? '')).toBe(7_200_000);
});
