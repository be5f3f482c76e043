/** What a person must do within the next hour. Automatic cuff measurements are one line, not forty. */
import { doseRate, NBSP } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { BedView } from '../wire.ts';

export interface Task {
  readonly atMs: number;
  readonly where: string;
  readonly what: string;
}

const HOUR_MS = 3600_000;

export function nextHour(beds: readonly BedView[], wallMs: number): readonly Task[] {
  const isSoon = (atMs: number) => atMs > wallMs && atMs <= wallMs + HOUR_MS;
  const tasks = beds.flatMap((bed) => tasksOf(bed)).filter((task) => isSoon(task.atMs));
  const cuffs = beds.flatMap((bed) =>
    bed.nibp.nextAt === null ? [] : [parseWall(bed.nibp.nextAt)],
  );
  const soonCuffs = cuffs.filter(isSoon);
  if (soonCuffs.length > 0) {
    const beds = soonCuffs.length === 1 ? '1 bed' : `${soonCuffs.length} beds`;
    tasks.push({ atMs: Math.min(...soonCuffs), where: 'NIBP', what: `${beds}, automatic` });
  }
  return tasks.sort((a, b) => a.atMs - b.atMs || (a.where < b.where ? -1 : 1));
}

function tasksOf(bed: BedView): readonly Task[] {
  const { order } = bed;
  if (order === null || order.status !== 'active' || order.startedAt === null) return [];
  const startMs = parseWall(order.startedAt);
  const steps = order.steps.map((step) => ({
    atMs: startMs + step.offsetMs,
    where: bed.bedId,
    what: `step ${step.step}: ${doseRate(step.mgPerH)}${NBSP}mg/h`,
  }));
  if (order.endsAt === null) return steps;
  return [...steps, { atMs: parseWall(order.endsAt), where: bed.bedId, what: 'session ends' }];
}
