import { afterEach, expect, test } from 'vitest';
import type { LogEntry } from '../../src/store/event-log.ts';
import type { VirtualWard } from '../pipeline/virtual-ward.ts';
import { goldbergDay, R1_DATES, R1_MG } from '../scenarios/regimen-orders.ts';
import { quietSession, UNHURRIED, wardFor } from '../scenarios/regimen-ward.ts';
import { CarefulNurse, raised } from '../scenarios/session-run.ts';

const wards: VirtualWard[] = [];
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

test('R1, ten working days from 40 to 80 mg; on the tenth the bag of day 1: ORD-15 and no alarm of the rate', async () => {
  let log: readonly LogEntry[] = [];
  let courseId: string | undefined;
  for (const [index, doseMg] of R1_MG.entries()) {
    const day = index + 1;
    const date = R1_DATES[index] ?? '';
    // Each evening the gateway is switched off: the course comes out of the log.
    const isLast = day === 10;
    const options = {
      document: goldbergDay(day, courseId),
      date,
      pumpKind: 'alaris-asena',
      ward: { ...UNHURRIED, history: log },
    };
    if (isLast) {
      // On a second pump, which tells what was hung on it.
      const secondPump = { kind: 'bbraun-bcc', options: { mgPerMl: 0.08, running: false } };
      const ward = { ...UNHURRIED, history: log, secondPump };
      await wrongBag({ ...options, pumpKind: 'bbraun-bcc', isSecondPump: true, ward });
      return;
    }
    const { ward, report } = await quietSession(options, wards);
    expect(report).toMatchObject({ plannedMg: doseMg, course: { day, of: 10, plannedMg: doseMg } });
    courseId = report.course?.courseId;
    log = ward.log.all();
    ward.stop();
  }
});

async function wrongBag(options: Parameters<typeof wardFor>[0]): Promise<void> {
  const ward = wardFor(options);
  wards.push(ward);
  const nurse = new CarefulNurse(ward, options);
  await nurse.prepare();
  const given = R1_MG.slice(0, 9).reduce((sum, mg) => sum + mg, 0);
  expect(ward.bed().session?.course).toMatchObject({ day: 10, of: 10, plannedMg: 80 });
  await nurse.start();
  ward.run(10);
  expect(ward.open('ORD-15')).toMatchObject({ priority: 'high', latching: true });
  expect(`${ward.open('ORD-15')?.text} ${ward.open('ORD-15')?.detail}`).toMatch(/day 10/);
  await nurse.until(30 * 60);
  // Nine days out of the log, and half an hour of this one.
  expect(ward.bed().infusion.givenCourseMg).toBeGreaterThan(given + 10 - 6);
  expect(ward.bed().infusion.givenCourseAtMostMg).toBeLessThan(given + 10 + 6);
  await nurse.untilEnd();
  expect(raised(ward)).toEqual(['ORD-15 high']);
}
