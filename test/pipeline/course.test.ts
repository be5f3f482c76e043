import { afterEach, expect, test } from 'vitest';
import { lastingHistory } from '../../src/assembly/lasting-history.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { localDate, zoneOffset } from '../../src/time/zone-offset.ts';
import { GOLDBERG, nurseA, prescriber, VirtualWard } from './virtual-ward.ts';

const wards: VirtualWard[] = [];
const start = (options?: ConstructorParameters<typeof VirtualWard>[0]): VirtualWard => {
  const ward = new VirtualWard(options);
  wards.push(ward);
  return ward;
};
afterEach(() => {
  for (const ward of wards.splice(0)) {
    ward.stop();
    expect(ward.faults).toEqual([]);
  }
});

/** Virtual time begins on Monday, 5 January 2026; a booster two months later. */
const SESSIONS = [
  { day: 1, date: '2026-01-05', plannedMg: 40 },
  { day: 2, date: '2026-01-06', plannedMg: 40 },
  { day: 3, date: '2026-03-09', plannedMg: 40 },
];
const dayOf = (day: number, id?: string) => ({
  ...GOLDBERG,
  regimen: 'none',
  limits: { maxMgPerH: 20, maxMgCourse: 120 },
  course: { ...(id === undefined ? {} : { id }), day, sessions: SESSIONS },
});

test('a course over months and restarts: day k of n, sums of its own sessions, a day of another date refused', async () => {
  const ward = start();
  ward.run(5);
  const first = await ward.order(dayOf(1));
  ward.run(30 * 60 + 50);
  expect(ward.bed().session?.course).toEqual({ courseId: 'C000001', day: 1, of: 3, plannedMg: 40 });
  const [running] = ward.ward.courses('P-0000001');
  expect(running).toMatchObject({ courseId: 'C000001', dayToday: 1, plannedMg: 120 });
  expect(running?.days[0]).toMatchObject({ state: 'running', orderId: first });
  expect(running?.givenMg).toBeCloseTo(5.14, 1);
  await ward.ward.completeOrder(nurseA, first);
  expect(ward.ward.courses()[0]?.givenMg).toBeCloseTo(5.14, 1);
  expect(ward.ward.courses('P-other')).toEqual([]);

  const today = ward.order(dayOf(2, 'C000001'));
  await expect(today).rejects.toThrow('planned for 2026-01-06 and today is 2026-01-05');
  const missed = await ward.ward.changeCourse(nurseA, 'C000001', 'miss', {
    day: 2,
    reason: 'infection',
  });
  expect(missed).toMatchObject({ ok: true });
  const moved = await ward.ward.changeCourse(nurseA, 'C000001', 'move', {
    day: 3,
    date: '2026-03-10',
    reason: 'ward closed',
  });
  expect(moved).toMatchObject({ ok: true, value: { course: { courseId: 'C000001' } } });

  const history = ward.log.all().slice();
  const timeline = new VirtualTimeline(Date.UTC(2026, 2, 10, 9));
  const later = start({ history, timeline });
  later.run(5);
  expect(later.ward.courses()[0]?.days).toMatchObject([
    { day: 1, state: 'given', date: '2026-01-05' },
    { day: 2, state: 'missed', by: 'nurse-a', reason: 'infection' },
    { day: 3, state: 'today', date: '2026-03-10', originalDate: '2026-03-09' },
  ]);
  await later.order(dayOf(3, 'C000001'));
  later.run(6 * 60);
  const { infusion, session } = later.bed();
  expect(session?.course).toMatchObject({ courseId: 'C000001', day: 3, of: 3 });
  // 31 days between two sessions do not end a course that has a name.
  expect(infusion.givenCourseMg).toBeCloseTo(6.14, 1);
});

test('a course that is not there is told with the signature, and refused at the bed', async () => {
  const ward = start();
  const created = await ward.ward.createOrder(prescriber, JSON.stringify(dayOf(1, 'C000099')));
  if (!created.ok) throw new Error(created.message);
  const { orderId } = created.value.view;
  const signed = await ward.ward.signOrder(prescriber, orderId);
  expect(signed).toMatchObject({
    ok: true,
    value: { note: expect.stringContaining('There is no course C000099') },
  });
  const again = ward.order(dayOf(1, 'C000099'));
  await expect(again).rejects.toThrow('There is no course C000099');
});

test('a new course of the same regimen begins at 0, however soon', async () => {
  const ward = start();
  ward.run(5);
  const first = await ward.order({ ...dayOf(1), regimen: GOLDBERG.regimen });
  ward.run(10 * 60);
  await ward.ward.completeOrder(nurseA, first);
  await ward.order({ ...dayOf(1), regimen: GOLDBERG.regimen });
  ward.run(5 * 60);
  expect(ward.ward.courses().map(({ courseId }) => courseId)).toEqual(['C000002', 'C000001']);
  expect(ward.bed().infusion.givenCourseMg).toBe(ward.bed().infusion.givenMg);
  // What a recording takes along: the courses with all of their orders.
  const kept = lastingHistory(ward.log.all()).entries.map(({ payload }) => payload);
  const ids = kept.map((payload) => (payload as { courseId?: string }).courseId);
  expect(new Set(ids.filter((id) => id !== undefined))).toEqual(new Set(['C000001', 'C000002']));
  expect(ward.bed().infusion.given24hMg).toBeGreaterThan(ward.bed().infusion.givenMg ?? 0);
});

test('the date is the one on the wall of the gateway, also on the day when the clocks change', () => {
  const berlin = zoneOffset('Europe/Berlin');
  const dateAt = (iso: string): string => localDate(Date.parse(iso), berlin(Date.parse(iso)));
  expect(dateAt('2026-03-28T22:59:00Z')).toBe('2026-03-28');
  expect(dateAt('2026-03-28T23:00:00Z')).toBe('2026-03-29');
  expect(dateAt('2026-03-29T21:59:00Z')).toBe('2026-03-29');
  expect(dateAt('2026-03-29T22:00:00Z')).toBe('2026-03-30');
});
