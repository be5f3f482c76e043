import { expect } from 'vitest';
import type { ReportView } from '../../src/hub/wire/index.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { shelf } from '../order/order-kit.ts';
import { VirtualWard } from '../pipeline/virtual-ward.ts';
import { MemoryNumerics } from '../store/memory-numerics.ts';
import { CarefulNurse, raised, type SessionPlan } from './session-run.ts';

type Options = NonNullable<ConstructorParameters<typeof VirtualWard>[0]>;

export interface RunOptions extends SessionPlan {
  /** `2026-11-23`; the ward is switched on at 8. */
  readonly date?: string;
  readonly ward?: Options;
}

/**
 * A pump that takes its time to answer, values of the monitor each 5 s: what is looked at less often is simulated
 * faster, and hours take seconds.
 */
export const UNHURRIED = {
  isSlow: true,
  pump: { syringeMl: 2_000, replyDelayMs: 1_500 },
} as const;

/** A ward that knows the shipped regimens, its pump standing still. The caller stops it. */
export function wardFor({
  date = '2026-11-23',
  ward,
  pumpKind,
  isSecondPump,
}: RunOptions): VirtualWard {
  return new VirtualWard({
    timeline: new VirtualTimeline(Date.parse(`${date}T08:00:00Z`)),
    pumpKind: isSecondPump === true ? 'alaris-asena' : pumpKind,
    regimens: shelf,
    store: new MemoryNumerics(),
    ...ward,
    pump: { running: false, ...ward?.pump },
    monitor: { nibpIntervalMin: 15, ...ward?.monitor },
  });
}

/** A session from the order to the discharge in which nothing goes wrong: no alarm, and a report that says so. */
export async function quietSession(
  options: RunOptions,
  wards: VirtualWard[],
): Promise<{ readonly ward: VirtualWard; readonly report: ReportView }> {
  const ward = wardFor(options);
  wards.push(ward);
  const nurse = new CarefulNurse(ward, options);
  await nurse.run();
  expect(raised(ward)).toEqual([]);
  expect(nurse.observations).toBeGreaterThan(4);
  const report = await nurse.report();
  expectWhole(report);
  return { ward, report };
}

function expectWhole(report: ReportView): void {
  const { plannedMg, givenMg, givenAtMostMg } = report;
  expect(report).toMatchObject({
    ended: 'completed',
    isComplete: true,
    gaps: [],
    alarms: [],
    baseline: { state: 'confirmed', by: 'nurse-a' },
    versions: [{ version: 1, signedBy: 'prescriber-a', verifiedBy: 'nurse-b' }],
  });
  expect(report.steps.map(({ state }) => state)).toEqual(report.steps.map(() => 'made'));
  // A pump is set to tenths of a mL/h, and read once a second.
  expect(Math.abs((givenMg ?? Number.NaN) - plannedMg)).toBeLessThan(plannedMg * 0.01);
  expect(Math.abs((givenAtMostMg ?? Number.NaN) - plannedMg)).toBeLessThan(plannedMg * 0.01);
}
