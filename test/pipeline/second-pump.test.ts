import { afterEach, expect, test } from 'vitest';
import { VirtualWard } from './virtual-ward.ts';

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

const pumpIn = (slot: string, drug: string, rateMlPerH: number) => ({
  slot,
  kind: 'infusomat',
  drug,
  mgPerMl: 0.08,
  rateMlPerH,
  running: true,
  containerMl: 1_000,
});

function rack(...drugs: readonly [string, string]): VirtualWard {
  const ward = new VirtualWard({
    pumpKind: 'bbraun-bcc',
    pump: { pumps: [pumpIn('11', drugs[0], 125), pumpIn('12', drugs[1], 60)] },
    pumpChannels: ['11', '12'],
  });
  wards.push(ward);
  return ward;
}

test('saline beside the ordered drug: neither rate nor amount takes it in', async () => {
  const ward = rack('Ketamine', 'NaCl 0.9 %');
  ward.run(40);
  await ward.order();
  ward.run(10 * 60);
  const { infusion } = ward.bed();
  expect(infusion.liveMlPerH).toBe(125);
  expect(infusion.givenMg).toBeCloseTo(10 / 6, 1);
  expect(ward.open('ORD-01') ?? ward.open('ORD-02')).toBeUndefined();
  expect(infusion.givenAtMostMg).toBe(infusion.givenMg);
});

test('the same drug on both: the sum of them', async () => {
  const ward = rack('Ketamine', 'Ketamine 40 mg');
  ward.run(40);
  await ward.order();
  ward.run(10 * 60);
  expect(ward.bed().infusion.liveMlPerH).toBe(185);
  expect(ward.bed().infusion.givenMg).toBeCloseTo((185 * 0.08) / 6, 1);
  expect(ward.open('ORD-02')).toBeDefined();
});
