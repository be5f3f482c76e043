import { afterEach, expect, test } from 'vitest';
import { GOLDBERG, nurseA, VirtualWard } from './virtual-ward.ts';

let ward: VirtualWard | undefined;
afterEach(() => {
  ward?.stop();
  expect(ward?.faults).toEqual([]);
});

/** 62.5 mL in half an hour. */
const HALF_HOUR = {
  ...GOLDBERG,
  regimen: 'none',
  steps: [{ step: 1, at: 'PT0S', dose: 5, over: 'PT30M' }],
  end: 'PT30M',
  limits: { maxMgPerH: 20, maxMgSession: 5 },
};

/** A pump that ends after so many mL. */
async function endsAfter(vtbiMl: number): Promise<VirtualWard> {
  ward = new VirtualWard({ pump: { running: false, vtbiMl, rateMlPerH: 125 } });
  ward.run(10);
  await ward.order(HALF_HOUR);
  ward.pump.command('start', {});
  ward.run((vtbiMl / 125) * 3_600 + 20);
  return ward;
}

const ends = (of: VirtualWard): readonly string[] =>
  of.alarms.filter(({ ruleId }) => ruleId === 'PMP-06').map(({ priority }) => priority);

test('a pump that ends after 40 of 62.5 mL ends too early: PMP-06', async () => {
  expect(ends(await endsAfter(40))).toContain('medium');
});

test('one that ends with the ordered dose does not, nor after the order was completed', async () => {
  const done = await endsAfter(62.4);
  expect(ends(done)).toEqual([]);
  const [order] = done.ward.beds().map((bed) => bed.order?.orderId ?? '');
  const completed = await done.ward.completeOrder(nurseA, order ?? '');
  expect(completed).toMatchObject({ ok: true });
  done.run(120);
  expect(ends(done)).toEqual([]);
});
