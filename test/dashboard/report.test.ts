import { describe, expect, it } from 'vitest';
import { reportShape, reportStepState } from '../../dashboard/report/shape.ts';
import {
  completeness,
  handOver,
  known,
  knownSaturation,
  openActions,
  rangeText,
} from '../../dashboard/report/words.ts';
import { stampText } from '../../dashboard/validity/when.ts';
import { ReportView } from '../../src/hub/wire/index.ts';
import { makeReport } from './report-fixtures.ts';
import { BASE, iso } from './ward-fixtures.ts';

const MINUTE = 60_000;
const report = makeReport(BASE);
const lineOf = (of: ReportView, label: string) =>
  handOver(of, null)
    .find((line) => line.label === label)
    ?.text.replaceAll('\u00A0', ' ');

describe('the head of every page', () => {
  it('says why it is incomplete, with the missing stretch', () => {
    expect(ReportView.safeParse(report).success).toBe(true);
    expect(completeness(report)).toBe(
      'INCOMPLETE: The session is not over. No data of the pump 11:29 to 11:45',
    );
    const [gap] = report.gaps;
    if (gap === undefined) throw new Error('no gap');
    const open = { ...report, gaps: [gap, gap, gap, gap, { ...gap, to: null }] };
    expect(completeness(open)).toContain('And 2 more, listed under Data missing');
  });

  it('is complete only when the gateway says so', () => {
    expect(completeness({ ...report, isComplete: true })).toBe('Complete');
    const over = { ...report, ended: 'completed' as const, gaps: [] };
    expect(completeness(over)).toBe('INCOMPLETE: The patient is not discharged');
    const discharge = { by: 'nurse-a', at: iso(BASE.wallMs), reason: 'well' };
    expect(completeness({ ...over, discharge })).toBe('INCOMPLETE: See Data missing');
  });

  it('has a time that can be read anywhere', () => {
    expect(stampText('2026-11-21T23:40:00.000Z', 60)).toBe('Sun 22 Nov 2026 00:40 UTC+1');
    expect(stampText('2026-11-21T14:40:00.000Z', -210)).toBe('Sat 21 Nov 2026 11:10 UTC-3:30');
  });
});

describe('the hand-over box', () => {
  it('has ordered and live beside each other, and what comes next', () => {
    expect(lineOf(report, 'Ordered')).toBe('30 mg/h (15 mL/h)');
    expect(lineOf(report, 'Live')).toBe('30 mg/h (15 mL/h)');
    expect(lineOf(report, 'Next')).toBe('35 mg/h at 17:59');
    expect(lineOf(report, 'Given')).toBe('207 to 214 mg of 4,600 mg planned');
    expect(lineOf(report, 'Alarms now')).toBe('! Step 3 not made');
  });

  it('a rate that is not known at the end is not the last one that was', () => {
    const blind = {
      ...report,
      actualRate: [...report.actualRate, { at: iso(BASE.wallMs - MINUTE), mgPerH: null }],
    };
    expect(lineOf(blind, 'Live')).toBe('-?-');
    expect(lineOf({ ...report, givenMg: null, givenAtMostMg: null }, 'Given')).toContain('--');
  });

  it('says the same alarm once, and how often; nothing of a long list is cut in its middle', () => {
    const many = Array.from({ length: 30 }, (_, index) => report.alarms[index % 2] ?? []).flat();
    expect(lineOf({ ...report, alarms: many }, 'High, medium, last 12 h')).toBe(
      'Rate far above order ×10 11:23 (15 times); Pump not connected 11:47 (15 times)',
    );
    const standing = Array.from({ length: 8 }, (_, index) =>
      report.alarms.slice(0, 1).map((one) => ({ ...one, text: `Alarm ${index}`, endedAt: null })),
    ).flat();
    expect(lineOf({ ...report, alarms: standing }, 'Alarms now')).toMatch(/; and 3 more below$/);
  });

  it('the last cuff reading is the newest one, also between the quarters of an hour', () => {
    const newest = { at: iso(BASE.wallMs - MINUTE), systolic: 140, diastolic: null, mean: null };
    const line = handOver(report, newest).find(({ label }) => label === 'Last NIBP');
    expect(line?.text).toBe('140/-?- at 14:04');
    expect(lineOf(report, 'Last NIBP')).toBe('126/74 (92) at 13:55');
  });

  it('an ended order has no rate any more, and asks for the discharge', () => {
    const over = { ...report, ended: 'completed' as const, endedAt: report.madeAt };
    expect(lineOf(over, 'Live')).toBeUndefined();
    expect(openActions(over)).toEqual(['1 alarm not acknowledged', 'discharge']);
  });
});

describe('numbers on paper', () => {
  it('keep -?- and stand on the right side of their limits', () => {
    expect([known(null), knownSaturation(null), rangeText(null)]).toEqual(['-?-', '-?-', '-?-']);
    expect(knownSaturation(92.96)).toBe('92.9');
    expect(knownSaturation(93)).toBe('93');
    expect(rangeText({ min: 92.96, max: 119.96 })).toBe('92.9 to 120');
    expect(rangeText({ min: 92.3, max: 92.3 })).toBe('92.3');
  });
});

describe('the staircase on paper', () => {
  it('keeps the unknown stretch apart, and marks pauses and holds', () => {
    const shape = reportShape(report);
    const [gap] = shape?.unknown ?? [];
    expect(gap && gap.toMs - gap.fromMs).toBe(16 * MINUTE);
    for (const level of shape?.actual ?? [])
      expect(level.toMs <= (gap?.fromMs ?? 0) || level.fromMs >= (gap?.toMs ?? 0)).toBe(true);
    expect(shape?.halts.map(({ word }) => word)).toEqual(['paused', 'held']);
    expect(shape?.deviations.some(({ mgPerH }) => mgPerH === 300)).toBe(true);
  });

  it('shows what was rather than the days to come; a step to come is planned, not missed', () => {
    const shape = reportShape(report);
    expect((shape?.window.toMs ?? 0) - BASE.wallMs).toBeLessThan(3 * 60 * MINUTE);
    const states = report.steps.map((step) => reportStepState(step, report));
    expect(states).toEqual(['made', 'made-late', 'made', 'planned', 'planned']);
    const last = report.steps.at(-1);
    expect(last && reportStepState(last, { ...report, ended: 'discontinued' })).toBe('not-made');
    expect(last && reportStepState({ ...last, plannedAt: null }, report)).toBe('planned');
  });

  it('the plan ends with the order, however long it would have gone on', () => {
    const endMs = BASE.wallMs - 30 * MINUTE;
    const over = { ...report, ended: 'discontinued' as const, endedAt: iso(endMs) };
    expect(reportShape(over)?.plan.at(-1)?.toMs).toBe(endMs);
    expect(reportShape(report)?.plan.at(-1)?.toMs).toBeGreaterThan(BASE.wallMs);
  });

  it('an order under which nothing flowed has none', () => {
    expect(reportShape({ ...report, startedAt: null })).toBeNull();
  });
});
