import { describe, expect, test } from 'vitest';
import { VirtualWard } from './virtual-ward.ts';

const MIN = 60;

/** Steps in mg/h from a 1 mg/mL bag, 30 min each: mL/h and mg/h have the same number. */
const titration = (...mgPerH: readonly number[]) => ({
  patient: { id: 'P-0000002', label: 'Patient 02' },
  regimen: 'none',
  setting: 'inpatient-continuous',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 500, volumeMl: 500 },
  mode: 'mg-per-h',
  steps: mgPerH.map((dose, index) => ({ step: index + 1, at: `PT${index * 30}M`, dose })),
  end: `PT${mgPerH.length * 30}M`,
  limits: { maxMgPerH: 40 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  nibpInterval: 'PT12H',
});

/** An order that runs since a moment ago, with the pump at its first rate. */
async function running(document: Readonly<Record<string, unknown>>, mlPerH: number) {
  const ward = new VirtualWard({ pump: { rateMlPerH: mlPerH, running: false } });
  ward.run(10);
  const orderId = await ward.order(document);
  ward.pump.command('start', {});
  ward.run(2);
  const set = (rate: number): void => ward.pump.command('set-rate', { mlPerH: rate });
  return { ward, orderId, set };
}

const notes = (ward: VirtualWard, type: string) =>
  ward.log
    .all()
    .filter((entry) => entry.type === type)
    .map(({ payload }) => payload as Readonly<Record<string, unknown>>);

const made = (ward: VirtualWard) => notes(ward, 'step-made').map(({ step, how }) => [step, how]);

describe('what the pump does decides which step it is at', () => {
  test('made, early, late and skipped, and back again; what only passes by is none', async () => {
    const { ward, set } = await running(titration(20, 25, 30, 35, 40, 30), 20);
    ward.run(20);
    expect(notes(ward, 'step-made')).toEqual([
      expect.objectContaining({ step: 1, how: 'made', pumpId: 'B01-pump', mgPerH: 20, mlPerH: 20 }),
    ]);
    ward.run(30 * MIN);
    set(25);
    ward.run(20 * MIN);
    set(30);
    ward.run(20);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [2, 'made'],
      [3, 'early'],
    ]);
    // At 1 h 30 min step 4 is due.
    ward.run(47 * MIN);
    set(35);
    ward.run(30);
    // A finger on the wheel.
    set(40);
    ward.run(5);
    set(30);
    ward.run(30);
    set(35);
    ward.run(30);
    expect(made(ward).slice(3)).toEqual([
      [4, 'late'],
      [3, 'made'],
      [4, 'made'],
    ]);
    ward.stop();
    expect(ward.faults).toEqual([]);
  });

  test('a step that was left out', async () => {
    const { ward, set } = await running(titration(20, 25, 30), 20);
    ward.run(10 * MIN);
    set(30);
    ward.run(30);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [3, 'skipped'],
    ]);
    ward.stop();
  });

  test('two steps of the same rate: the second is made when it is due, without anybody', async () => {
    const { ward } = await running(titration(20, 20), 20);
    ward.run(30 * MIN + 20);
    expect(made(ward)).toEqual([
      [1, 'made'],
      [2, 'made'],
    ]);
    ward.stop();
  });

  test('a clock that is set moves no step, also when something is noted afterwards', async () => {
    const { ward, set } = await running(titration(20, 25, 30), 20);
    ward.run(10 * MIN);
    ward.timeline.stepWallClock(20 * MIN * 1_000);
    ward.run(20 * MIN);
    set(25);
    ward.run(30 * MIN);
    set(30);
    ward.run(20);
    expect(made(ward).map(([, how]) => how)).toEqual(['made', 'made', 'made']);
    ward.stop();
  });
});
