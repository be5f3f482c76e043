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

test('R5, five days at 25 mg/h, the bag changed twice in declared pauses', async () => {
  const { report } = await quietSession(
    {
      document: ordered(DECISIONS.R5),
      pumpKind: 'alaris-asena',
      bagMl: 300,
      ward: { ...UNHURRIED, pump: { ...UNHURRIED.pump, syringeMl: 350 } },
    },
    wards,
  );
  expect(report.plannedMg).toBe(3_000);
  expect(report.pauses.map(({ isBagChange }) => isBagChange)).toEqual([true, true]);
  expect(report.bags.filter(({ isAsOrdered }) => !isAsOrdered)).toEqual([]);
});
