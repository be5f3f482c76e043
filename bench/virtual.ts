import { VirtualWard } from '../test/pipeline/virtual-ward.ts';

/** Real time (ms) that one four-hour session of one bed takes: simulators, drivers, rules, alarms. */
export async function measureVirtualSession(): Promise<number> {
  const ward = new VirtualWard({ seed: 7 });
  const startedAt = performance.now();
  ward.run(10);
  await ward.order();
  ward.run(4 * 3_600);
  const tookMs = performance.now() - startedAt;
  ward.stop();
  if (ward.faults.length > 0) throw new Error(ward.faults.join('\n'));
  return tookMs;
}
