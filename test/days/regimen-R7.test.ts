import { afterEach, expect, test } from 'vitest';
import type { VirtualWard } from '../pipeline/virtual-ward.ts';
import { DECISIONS, ordered } from '../scenarios/regimen-orders.ts';
import { quietSession, UNHURRIED, wardFor } from '../scenarios/regimen-ward.ts';

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

const document = ordered(DECISIONS.R7);

test('R7, 500 mg/h for five days, in the care area icu-coma', async () => {
  const { report } = await quietSession(
    {
      document,
      pumpKind: 'alaris-asena',
      ward: { ...UNHURRIED, careArea: 'icu-coma' },
    },
    wards,
  );
  expect(report.plannedMg).toBe(60_000);
});

test('and nowhere else', async () => {
  const ward = wardFor({ document, pumpKind: 'terumo-ss' });
  wards.push(ward);
  await expect(ward.order(document)).rejects.toThrow(/icu-coma/);
  const anywhere = { ...document, regimen: 'none', setting: 'inpatient-continuous' };
  await expect(ward.order(anywhere)).rejects.toThrow(/60 mg\/h/);
});
