import { describe, expect, test } from 'vitest';
import { alertsOf, KNOWN_ALERTS, reservedBits } from '../../drivers/terumo-ss/alarm-bits.ts';
import { statusEvents } from '../../drivers/terumo-ss/observe.ts';
import { type Changes, status } from './terumo-ss-talk.ts';

describe('alarm bits', () => {
  const ROWS: readonly (readonly [
    bit: number,
    code: string | null,
    ruleId?: string,
    priority?: string,
  ])[] = [
    [0, 'shutdown-notice', 'PMP-04', 'high'],
    [1, 'link-interruption', 'PMP-10', 'medium'],
    [2, 'completion', 'PMP-06', 'medium'],
    [3, 'occlusion', 'PMP-01', 'high'],
    [4, 'syringe-displacement', 'PMP-03', 'high'],
    [5, 'plunger-displacement', 'PMP-03', 'high'],
    [6, 'slider-displacement', 'PMP-03', 'high'],
    [7, 'barrel-detection', 'PMP-03', 'high'],
    [8, 'nearly-empty', 'PMP-05', 'medium'],
    [9, null],
    [10, null],
    [11, null],
    [12, null],
    [13, 'power-failure', 'PMP-04', 'high'],
    [14, null],
    [15, 'ac-power', 'PMP-08', 'low'],
    [16, 'no-flow-rate', 'PMP-10', 'medium'],
    [17, 'rate-vtbi-judgment', 'PMP-10', 'medium'],
    [18, 'no-vtbi', 'PMP-10', 'medium'],
    [19, 'battery', 'PMP-07', 'medium'],
    [20, 'start-reminder', 'PMP-10', 'medium'],
    [21, 'pressure', 'PMP-01', 'high'],
    [22, 'maintenance-timer', 'PMP-10', 'medium'],
    [23, 'battery-replacement', 'PMP-07', 'medium'],
  ];
  const bits = (...set: readonly number[]): Changes => ({
    10: set
      .reduce((sum, bit) => sum + 2 ** bit, 0)
      .toString(16)
      .padStart(6, '0'),
  });

  const rows = ROWS.map(([bit, code, ruleId, priority]) => ({ bit, code, ruleId, priority }));

  test.each(rows)('bit $bit: $code', ({ bit, code, ruleId, priority }) => {
    const one = status(bits(bit));
    if (code === null) {
      expect(alertsOf(one)).toEqual([]);
      expect(reservedBits(one)).toEqual([bit]);
      return;
    }
    expect(alertsOf(one)).toMatchObject([{ code, ruleId, priority }]);
    expect(reservedBits(one)).toEqual([]);
    // With the sound it is still this one alarm, and none that has no name.
    const sounding = alertsOf(status({ ...bits(bit), 14: '08' }));
    expect(sounding.map((alert) => alert.code)).toEqual([code]);
  });

  test('bit 0 is the lowest bit of the last byte, bit 23 the highest of the first', () => {
    expect(alertsOf(status({ 10: '00 00 01' }))).toMatchObject([{ code: 'shutdown-notice' }]);
    expect(alertsOf(status({ 10: '80 00 00' }))).toMatchObject([{ code: 'battery-replacement' }]);
  });

  test('all bits at once: every alarm is in the list', () => {
    const known = ROWS.flatMap(([, code]) => code ?? []);
    expect(alertsOf(status({ 10: 'FF FF FF' })).map(({ code }) => code)).toEqual(known);
  });

  test('every code stands once, fits the row of the nurse and is in the list of known ones', () => {
    expect(new Set(KNOWN_ALERTS.map(({ code }) => code)).size).toBe(KNOWN_ALERTS.length);
    for (const { text } of KNOWN_ALERTS) expect(text.length).toBeLessThanOrEqual(38);
  });

  test('reserved bits are logged with the state, not alarmed', () => {
    const events = statusEvents(status(bits(9, 14)), { check: null, isProven: true }, 0);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'alerts', alerts: [] }));
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'pump-status', raw: 'start 10, reserved alarm bits 9 14' }),
    );
  });

  test.each([
    { what: 'sound without a bit', changes: { 14: '08' }, codes: ['alarm-sound'] },
    {
      what: 'sound with a reserved bit only',
      changes: { ...bits(9), 14: '08' },
      codes: ['alarm-sound'],
    },
    {
      what: 'sound and battery at 75 % pressure',
      changes: { ...bits(19), 14: '0B' },
      codes: ['battery', 'alarm-sound-at-pressure'],
    },
    {
      what: 'sound and battery at 50 % pressure',
      changes: { ...bits(19), 14: '0A' },
      codes: ['battery'],
    },
    {
      what: 'sound and occlusion at 75 %',
      changes: { ...bits(3), 14: '0B' },
      codes: ['occlusion'],
    },
    { what: 'sound and pressure at 75 %', changes: { ...bits(21), 14: '0B' }, codes: ['pressure'] },
    { what: '75 % without sound', changes: { 14: '03' }, codes: [] },
    {
      what: 'sound, reminder, plunger not set',
      changes: { ...bits(20), 14: '28' },
      codes: ['start-reminder', 'alarm-sound-without-syringe'],
    },
    {
      what: 'sound, reminder, no syringe',
      changes: { ...bits(20), 14: '08', 15: '00' },
      codes: ['start-reminder', 'alarm-sound-without-syringe'],
    },
    { what: 'plunger not set, no sound', changes: { 14: '20' }, codes: [] },
    {
      what: 'sound, plunger displaced and not set',
      changes: { ...bits(5), 14: '28' },
      codes: ['plunger-displacement'],
    },
    { what: 'key lock', changes: { 14: '10' }, codes: [] },
    { what: 'sub-battery abnormal', changes: { 13: '95' }, codes: ['sub-battery'] },
    { what: 'sub-battery reserved', changes: { 13: 'D5' }, codes: [] },
  ])('$what: $codes', ({ changes, codes }) => {
    expect(alertsOf(status(changes)).map(({ code }) => code)).toEqual(codes);
  });

  test('an alarm that sounds and has no name is high', () => {
    expect(alertsOf(status({ 14: '08' }))).toEqual([
      { code: 'alarm-sound', text: 'Pump alarm, not named', ruleId: 'PMP-10', priority: 'high' },
    ]);
  });
});
