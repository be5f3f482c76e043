import { afterEach, expect, test } from 'vitest';
import type { VirtualWard } from '../pipeline/virtual-ward.ts';
import { DECISIONS, ordered } from '../scenarios/regimen-orders.ts';
import { quietSession, UNHURRIED } from '../scenarios/regimen-ward.ts';

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

test('R2, five days from 20 to 40 mg/h in steps of a day', async () => {
  const { report } = await quietSession(
    {
      document: ordered(DECISIONS.R2),
      pumpKind: 'alaris-asena',
      ward: UNHURRIED,
    },
    wards,
  );
  expect(report.plannedMg).toBe(3_600);
  expect(report.steps.map(({ mgPerH }) => mgPerH)).toEqual([20, 25, 30, 35, 40]);
});
