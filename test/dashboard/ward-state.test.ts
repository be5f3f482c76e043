import { describe, expect, it } from 'vitest';
import { flashPhase } from '../../dashboard/flash.ts';
import { reconnectDelayMs } from '../../dashboard/link/backoff.ts';
import { learnFromBeat, monotonicAt, startClock, wallAt } from '../../dashboard/link/clock.ts';
import { createReceipts } from '../../dashboard/link/receipts.ts';
import { planShape } from '../../dashboard/parts/plan-shape.ts';
import { plain } from '../../dashboard/parts/text.tsx';
import { bannerTurn, byBed, sortAlarms } from '../../dashboard/state/alarm-order.ts';
import { nextHour } from '../../dashboard/state/next-hour.ts';
import { hrefOf, parseRoute } from '../../dashboard/state/route.ts';
import type { AlarmView, BedView, ClientFrame } from '../../dashboard/wire.ts';
import { mixedAlarms, SCENES } from './scenes.ts';
import { BASE, iso, makeAlarm, makeBeds } from './ward-fixtures.ts';

const alarm = (alarmId: string, change: Partial<AlarmView>): AlarmView =>
  makeAlarm({ alarmId, bedId: 'B01', ...change }, BASE);
const ids = (alarms: readonly AlarmView[]) => alarms.map((one) => one.alarmId);

describe('the order of alarms', () => {
  it('priority, then not acknowledged first, then newest first', () => {
    const mixed = [
      alarm('low', { priority: 'low' }),
      alarm('high-acked', { phase: 'acknowledged', onsetAt: iso(BASE.wallMs) }),
      alarm('high-old', { onsetAt: iso(BASE.wallMs - 9_000) }),
      alarm('medium', { priority: 'medium' }),
      alarm('high-new', { onsetAt: iso(BASE.wallMs - 1_000) }),
      alarm('high-latched', { phase: 'latched', present: false }),
      alarm('high-settled', { phase: 'latched', present: false, acknowledgedBy: 'nurse-a' }),
    ];
    const expected = [
      'high-new',
      'high-old',
      'high-acked',
      'high-latched',
      'medium',
      'low',
      'high-settled',
    ];
    expect(ids(sortAlarms(mixed).standing)).toEqual(expected);
    expect(ids(sortAlarms([...mixed].reverse()).standing)).toEqual(expected);
  });

  it('keeps inhibited and ended alarms out of the banner', () => {
    const sorted = sortAlarms([
      alarm('i', { phase: 'inhibited' }),
      alarm('e', { phase: 'ended', present: false }),
    ]);
    expect(sorted.standing).toEqual([]);
    expect(ids(sorted.inhibited)).toEqual(['i']);
    expect(ids(sorted.ended)).toEqual(['e']);
  });

  it('takes turns among equals only: a high alarm never gives way', () => {
    const { standing } = sortAlarms(mixedAlarms(BASE));
    const shown = [0, 1, 2, 3, 4, 5].map((turn) => bannerTurn(standing, turn)?.alarmId);
    expect(shown).toEqual(['A1', 'A2', 'A1', 'A2', 'A1', 'A2']);
  });

  it('an acknowledged alarm does not take the turn of a new one', () => {
    const { standing } = sortAlarms([alarm('a', {}), alarm('b', { phase: 'acknowledged' })]);
    expect([0, 1, 2].map((turn) => bannerTurn(standing, turn)?.alarmId)).toEqual(['a', 'a', 'a']);
  });

  it('the rail has one row for each bed', () => {
    const rows = byBed(sortAlarms(mixedAlarms(BASE)).standing);
    expect(rows.map((row) => [row.alarm.bedId, row.more])).toEqual([
      ['B04', 1],
      ['B07', 0],
      ['B02', 0],
    ]);
  });
});

describe('the gateway clock', () => {
  const beat = (monotonicMs: number, echo?: number) => ({
    wallTime: iso(BASE.wallMs + monotonicMs),
    monotonicMs,
    utcOffsetMin: 60,
    ...(echo !== undefined && { echo }),
  });

  it('starts from the hello and steps to the first measured round trip', () => {
    const started = startClock(beat(1_000), 100);
    expect(monotonicAt(started, 100)).toBe(1_000);
    const learned = learnFromBeat(started, beat(2_000, 1_000), 1_100);
    expect(monotonicAt(learned, 1_100)).toBe(2_050);
    expect(wallAt(learned, 1_100)).toBe(BASE.wallMs + 2_050);
    expect(learned.utcOffsetMin).toBe(60);
  });

  it('believes the shortest of the last eight round trips', () => {
    let clock = startClock(beat(0), 0);
    clock = learnFromBeat(clock, beat(1_005, 1_000), 1_010);
    for (let turn = 0; turn < 6; turn += 1) {
      const sent = 2_000 + turn * 2_000;
      clock = learnFromBeat(clock, beat(sent + 390, sent), sent + 400);
    }
    expect(clock.targetOffsetMs).toBe(0);
  });

  it('forgets the best one after eight', () => {
    let clock = startClock(beat(0), 0);
    clock = learnFromBeat(clock, beat(1_005, 1_000), 1_010);
    for (let turn = 0; turn < 8; turn += 1) {
      const sent = 2_000 + turn * 2_000;
      clock = learnFromBeat(clock, beat(sent + 390, sent), sent + 400);
    }
    expect(clock.targetOffsetMs).toBe(190);
  });

  it('slides by at most 50 ms a second and jumps only above a second', () => {
    let clock = startClock(beat(0), 0);
    clock = learnFromBeat(clock, beat(1_005, 1_000), 1_010);
    clock = learnFromBeat(clock, beat(2_202, 2_000), 2_004);
    expect(monotonicAt(clock, 2_004)).toBe(2_004);
    expect(monotonicAt(clock, 3_004)).toBeCloseTo(3_054);
    expect(monotonicAt(clock, 9_004)).toBe(9_204);
    const jumped = learnFromBeat(clock, beat(60_001, 10_000), 10_002);
    expect(monotonicAt(jumped, 10_002)).toBe(60_002);
  });
});

describe('the next hour', () => {
  const tasks = nextHour(makeBeds(BASE), BASE.wallMs);

  it('lists what a person must do, in order, with automatic cuffs as one line', () => {
    expect(tasks.map((task) => `${task.where} ${task.what}`)).toEqual([
      'NIBP 11 beds, automatic',
      'B05 step 3: 30\u00A0mg/h',
      'B01 step 2: 25\u00A0mg/h',
      'B07 step 5: 40\u00A0mg/h',
      'B06 session ends',
    ]);
  });

  it('leaves out what is past and what is further away', () => {
    expect(
      tasks.every((task) => task.atMs > BASE.wallMs && task.atMs <= BASE.wallMs + 3_600_000),
    ).toBe(true);
  });
});

describe('plan and actual', () => {
  const shapeOf = (bed: BedView | undefined, unknownSinceMs: number | null = null) => {
    if (bed === undefined) throw new Error('no such fixture');
    return planShape({ bed, nowMs: BASE.wallMs, utcOffsetMin: 0, unknownSinceMs });
  };
  const b04 = SCENES.alarmed(BASE).beds.find((bed) => bed.bedId === 'B04');
  const b06 = makeBeds(BASE).find((bed) => bed.bedId === 'B06');

  it('a tenfold rate is clipped: the scale stays at 1.25 times the order', () => {
    const shape = shapeOf(b04);
    expect(shape?.topMgPerH).toBe(50);
    expect(shape?.deviations).toMatchObject([{ mgPerH: 300, orderedMgPerH: 30, isNow: true }]);
    expect(shape?.day).toEqual({ now: 1, of: 5 });
  });

  it('never joins the line across silence', () => {
    const shape = shapeOf(b06);
    expect(shape?.unknown).toHaveLength(1);
    const [gap] = shape?.unknown ?? [];
    expect(
      shape?.actual.some(
        (level) => level.fromMs < (gap?.toMs ?? 0) && level.toMs > (gap?.fromMs ?? 0),
      ),
    ).toBe(false);
  });

  it('a rate that is not known now is unknown up to now', () => {
    const shape = shapeOf(b06, BASE.wallMs - 30_000);
    expect(shape?.unknown.at(-1)).toEqual({ fromMs: BASE.wallMs - 30_000, toMs: BASE.wallMs });
    expect(shape?.actual.at(-1)?.toMs).toBe(BASE.wallMs - 30_000);
  });

  it('without an order there is no plan', () => {
    expect(shapeOf(makeBeds(BASE).find((bed) => bed.bedId === 'B03'))).toBeNull();
  });
});

describe('small things that must not fail', () => {
  it('reconnects quickly, then steadily, forever', () => {
    expect([0, 1, 2].map((attempt) => reconnectDelayMs(attempt, 0.5))).toEqual([250, 500, 1000]);
    expect(reconnectDelayMs(3, 0)).toBe(1600);
    expect(reconnectDelayMs(5_000, 1)).toBeCloseTo(2400);
  });

  it('flashes at 2 Hz and 0.5 Hz in one phase', () => {
    expect([0, 249, 250, 500].map((ms) => flashPhase(ms).high)).toEqual(['1', '1', '0', '1']);
    expect([0, 999, 1000, 2000].map((ms) => flashPhase(ms).medium)).toEqual(['1', '1', '0', '1']);
  });

  it('confirms each alarm when it came and once it was drawn', () => {
    const sent: ClientFrame[] = [];
    const receipts = createReceipts((frame) => sent.push(frame));
    receipts.received([alarm('a', { rev: 3 }), alarm('gone', { phase: 'ended' })]);
    expect(sent).toEqual([{ type: 'receipt', alarmId: 'a', rev: 3, stage: 'received' }]);
    receipts.drawing()();
    expect(sent.at(-1)).toEqual({ type: 'receipt', alarmId: 'a', rev: 3, stage: 'displayed' });
    receipts.drawing()();
    expect(sent).toHaveLength(2);
  });

  it('cleans device text of control codes and direction overrides', () => {
    expect(plain('a\u202Eb\u0000c\u200Bd\n')).toBe('a b c d');
    expect(plain('x'.repeat(10_000))).toHaveLength(180);
  });

  it('comes back to the same bed after a reload', () => {
    expect(parseRoute(hrefOf({ screen: 'bed', bedId: 'B 4/ä' }))).toEqual({
      screen: 'bed',
      bedId: 'B 4/ä',
    });
    expect(parseRoute('#/bed/%E0%A4%A')).toEqual({ screen: 'bed', bedId: '%E0%A4%A' });
    expect(parseRoute('')).toEqual({ screen: 'overview' });
  });
});
