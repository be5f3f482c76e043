import { expect, test } from 'vitest';
import { VirtualWard } from './virtual-ward.ts';

/** The stored list of alarms of a session, as text, so that two runs can be compared byte for byte. */
async function fourHours(
  seed: number,
): Promise<{ readonly list: string; readonly ward: VirtualWard }> {
  const ward = new VirtualWard({ seed });
  ward.run(10);
  await ward.order();
  ward.run(30 * 60);
  // Half an hour in: a desaturation, later an occlusion, a pulled cable, a rate ten times too high.
  ward.monitor.command('set', { spo2: 86, overSeconds: 20 });
  ward.run(60);
  ward.monitor.command('set', { spo2: 97, overSeconds: 10 });
  ward.run(60 * 60);
  ward.pump.command('alarm', { code: 'AL_OCCLU' });
  ward.run(90);
  ward.pump.command('alarm', { code: null });
  ward.pump.command('start', {});
  ward.run(30 * 60);
  ward.pump.unplug();
  ward.run(20);
  ward.pump.plug();
  ward.run(30 * 60);
  ward.pump.command('set-rate', { mlPerH: 1200 });
  ward.run(30);
  ward.pump.command('set-rate', { mlPerH: 125 });
  ward.run(100 * 60);
  ward.stop();
  return { list: ward.alarms.map((alarm) => JSON.stringify(alarm)).join('\n'), ward };
}

test('a whole four-hour session gives the same alarm list twice, byte for byte', async () => {
  const first = await fourHours(7);
  expect(first.ward.faults).toEqual([]);
  expect(first.ward.timeline.monotonicMs()).toBeGreaterThan(4 * 3_600_000);
  const rules = new Set(first.ward.alarms.map(({ ruleId }) => ruleId));
  for (const ruleId of ['VIT-01', 'VIT-02', 'PMP-01', 'ORD-22', 'MON-01', 'ORD-02', 'ORD-07']) {
    expect(rules, `rule ${ruleId} was raised`).toContain(ruleId);
  }
  const second = await fourHours(7);
  expect(second.list).toBe(first.list);
}, 120_000);
