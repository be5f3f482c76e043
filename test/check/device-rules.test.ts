import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/check/rule.ts';
import { mon01, mon02, mon08 } from '../../src/check/rules/devices.ts';
import { forwardedRules } from '../../src/check/rules/forwarded.ts';
import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { answer, ask, type DeviceSpec, device, order, pump, scene } from './scene-kit.ts';

const forwarder = (id: string): Rule => {
  const rule = forwardedRules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`nothing forwards ${id}`);
  return rule;
};
const pmp10 = forwarder('PMP-10');

const alert = (
  ruleId: string,
  priority: DeviceAlert['priority'],
  text = 'Something',
): DeviceAlert => ({ code: 'AL_X', text, ruleId, priority });

const forwarding: readonly {
  rule: Rule;
  role: 'pump' | 'monitor';
  told: DeviceAlert['priority'];
  becomes: string;
}[] = [
  { rule: forwarder('PMP-01'), role: 'pump', told: 'low', becomes: 'high' },
  { rule: forwarder('PMP-02'), role: 'pump', told: 'medium', becomes: 'high' },
  { rule: forwarder('PMP-05'), role: 'pump', told: 'low', becomes: 'low' },
  { rule: forwarder('PMP-07'), role: 'pump', told: 'low', becomes: 'medium' },
  { rule: forwarder('VIT-10'), role: 'monitor', told: 'medium', becomes: 'high' },
  { rule: forwarder('VIT-13'), role: 'monitor', told: 'high', becomes: 'high' },
  { rule: forwarder('MON-03'), role: 'monitor', told: 'low', becomes: 'medium' },
  { rule: forwarder('MON-03'), role: 'monitor', told: 'high', becomes: 'high' },
  { rule: forwarder('MON-10'), role: 'monitor', told: 'low', becomes: 'medium' },
  { rule: forwarder('PMP-10'), role: 'pump', told: 'low', becomes: 'low' },
  { rule: forwarder('PMP-10'), role: 'pump', told: 'medium', becomes: 'medium' },
  { rule: forwarder('PMP-10'), role: 'monitor', told: 'high', becomes: 'high' },
];

describe('alarms of the devices themselves', () => {
  test.each(forwarding)(
    '$rule.id of a $role at $told is forwarded as $becomes',
    ({ rule, role, told, becomes }) => {
      const ruleId = rule === pmp10 ? 'PMP-99' : rule.id;
      const subject = device(role, { alerts: [alert(ruleId, told)] });
      expect(ask(rule, scene(), { subject })).toMatchObject({
        presence: 'present',
        priority: becomes,
        message: { text: `${role === 'pump' ? 'Pump' : 'Monitor'}: Something` },
      });
    },
  );

  const mine = (rule: Rule): DeviceAlert[] => [alert(rule === pmp10 ? 'PMP-99' : rule.id, 'high')];
  const rules = forwardedRules;
  const cases: readonly { given: string; spec: DeviceSpec; alerted: boolean; expected: string }[] =
    [
      { given: 'it said "no alarm"', spec: {}, alerted: false, expected: 'absent' },
      {
        given: 'silent for 5 s with the alarm',
        spec: { frameAgeMs: 5_001 },
        alerted: true,
        expected: 'present',
      },
      {
        given: 'exactly 5 s without',
        spec: { frameAgeMs: 5_000 },
        alerted: false,
        expected: 'absent',
      },
      {
        given: 'silent for 5 s without',
        spec: { frameAgeMs: 5_001 },
        alerted: false,
        expected: 'stale',
      },
      {
        given: 'silent for 10 s with the alarm',
        spec: { frameAgeMs: 10_001 },
        alerted: true,
        expected: 'stale',
      },
      {
        given: 'unplugged with the alarm',
        spec: { port: 'closed', portAgeMs: 1 },
        alerted: true,
        expected: 'stale',
      },
      {
        given: 'unplugged without',
        spec: { port: 'closed', portAgeMs: 1 },
        alerted: false,
        expected: 'stale',
      },
      {
        given: 'no valid frame since the start',
        spec: { frameAgeMs: null },
        alerted: true,
        expected: 'stale',
      },
    ];
  test.each(cases)('$given -> $expected', ({ spec, alerted, expected }) => {
    for (const rule of rules) {
      const subject = device('pump', { ...spec, alerts: alerted ? mine(rule) : [] });
      expect(answer(ask(rule, scene(), { subject })), rule.id).toBe(expected);
    }
  });

  test('a device that has not said anything about alarms', () => {
    for (const rule of rules)
      expect(answer(ask(rule, scene(), { subject: device('pump') }))).toBe('no-observation');
  });

  test('each alarm has exactly one rule; what has none of its own is never lost', () => {
    for (const ruleId of [
      'PMP-01',
      'VIT-10',
      'VIT-13',
      'MON-03',
      'MON-10',
      'PMP-02',
      'PMP-03',
      'PMP-09',
      'PMP-11',
      'VIT-01',
      '',
    ]) {
      const subject = device('monitor', { alerts: [alert(ruleId, 'medium')] });
      const takers = rules.filter((rule) => answer(ask(rule, scene(), { subject })) === 'present');
      expect(takers, ruleId).toHaveLength(1);
    }
  });

  test('of several the most urgent speaks, and the others are counted', () => {
    const subject = device('pump', {
      alerts: [alert('VIT-01', 'low', 'Near end'), alert('', 'high', 'Air in line')],
    });
    expect(ask(pmp10, scene(), { subject })).toMatchObject({
      priority: 'high',
      message: { text: 'Pump: Air in line +1', textShort: 'AIR IN LINE +1' },
    });
  });

  test('the count is not cut off from a long text', () => {
    const subject = device('pump', {
      alerts: [alert('X', 'high', 'W'.repeat(60)), alert('Y', 'high', 'V')],
    });
    const judgement = ask(pmp10, scene(), { subject });
    expect(judgement).toMatchObject({ message: { text: expect.stringMatching(/ \+1$/) } });
    expect(judgement).toMatchObject({ message: { textShort: expect.stringMatching(/ \+1$/) } });
  });
});

const running = order();
const notBegun = order({ sinceStartMs: null });

describe('MON-01: disconnected', () => {
  test.each([
    { given: 'open and talking', spec: {}, standing: false, expected: 'absent' },
    {
      given: 'not yet connected',
      spec: { port: 'connecting' },
      standing: false,
      expected: 'present',
    },
    {
      given: 'closed',
      spec: { port: 'closed', portAgeMs: 1 },
      standing: false,
      expected: 'present',
    },
    {
      given: 'open for the first time and silent',
      spec: { frameAgeMs: null },
      standing: false,
      expected: 'absent',
    },
    {
      given: 'standing, open again, nothing said yet',
      spec: { portAgeMs: 10, frameAgeMs: 20 },
      standing: true,
      expected: 'present',
    },
    {
      given: 'standing, open again, the first valid word',
      spec: { portAgeMs: 10, frameAgeMs: 10 },
      standing: true,
      expected: 'absent',
    },
    {
      given: 'standing and never heard',
      spec: { frameAgeMs: null },
      standing: true,
      expected: 'present',
    },
  ] as const)('$given -> $expected', ({ spec, standing, expected }) => {
    const about = scene({ order: running, pumps: [device('pump', spec)] });
    expect(answer(ask(mon01, about, { level: 'lost', isStanding: standing }))).toBe(expected);
  });

  test('the minute counts on through a port that opens and closes and brings no data', () => {
    for (const spec of [
      { port: 'closed', portAgeMs: 500 },
      { portAgeMs: 500, frameAgeMs: 20_000 },
    ] as const) {
      const about = scene({ order: running, pumps: [device('pump', spec)] });
      expect(answer(ask(mon01, about, { level: 'long' }))).toBe('present');
    }
  });

  test.each([
    { given: 'pump, order runs', role: 'pump', on: running, priority: undefined, long: 'present' },
    {
      given: 'pump, order not begun',
      role: 'pump',
      on: notBegun,
      priority: undefined,
      long: 'present',
    },
    { given: 'pump, no order', role: 'pump', on: null, priority: 'low', long: 'absent' },
    {
      given: 'monitor, order runs',
      role: 'monitor',
      on: running,
      priority: undefined,
      long: 'present',
    },
    {
      given: 'monitor, order not begun',
      role: 'monitor',
      on: notBegun,
      priority: 'low',
      long: 'absent',
    },
    { given: 'monitor, no order', role: 'monitor', on: null, priority: 'low', long: 'absent' },
  ] as const)('$given', ({ role, on, priority, long }) => {
    const about = scene({ order: on });
    const closed = device(role, { port: 'closed', portAgeMs: 65_000, frameAgeMs: 65_000 });
    const judgement = ask(mon01, about, { subject: closed });
    expect(judgement.presence === 'present' ? judgement.priority : 'none').toBe(priority);
    expect(answer(ask(mon01, about, { subject: closed, level: 'long' }))).toBe(long);
    const silent = device(role, { frameAgeMs: 65_000 });
    const quiet = ask(mon02, about, { subject: silent });
    expect(quiet.presence === 'present' ? quiet.priority : 'none').toBe(priority);
    expect(answer(ask(mon02, about, { subject: silent, level: 'long' }))).toBe(long);
  });

  test('what is said', () => {
    const about = scene({
      order: running,
      pumps: [device('pump', { port: 'closed', portAgeMs: 2_000, frameAgeMs: 3_000 })],
    });
    expect(ask(mon01, about)).toMatchObject({
      message: {
        text: 'Pump B01-pump disconnected',
        textShort: 'PUMP DISCONNECTED',
        detail: 'nothing heard for 00:03. Check cable and device',
      },
    });
  });
});

describe('MON-02: the port is open and nothing valid arrives', () => {
  test.each([
    {
      given: 'the last frame 10 s ago',
      spec: { frameAgeMs: 10_000 },
      standing: false,
      expected: 'absent',
    },
    {
      given: 'just over 10 s ago',
      spec: { frameAgeMs: 10_001 },
      standing: false,
      expected: 'present',
    },
    {
      given: 'never, open for 10 s',
      spec: { frameAgeMs: null, portAgeMs: 10_000 },
      standing: false,
      expected: 'absent',
    },
    {
      given: 'never, open for longer',
      spec: { frameAgeMs: null, portAgeMs: 10_001 },
      standing: false,
      expected: 'present',
    },
    {
      given: 'reopened 10 s ago, silent for long',
      spec: { frameAgeMs: 60_000, portAgeMs: 10_000 },
      standing: false,
      expected: 'absent',
    },
    {
      given: 'closed, which is MON-01',
      spec: { frameAgeMs: 60_000, port: 'closed' },
      standing: false,
      expected: 'absent',
    },
    {
      given: 'standing, then closed',
      spec: { frameAgeMs: 60_000, port: 'closed' },
      standing: true,
      expected: 'present',
    },
    {
      given: 'standing, reopened and still silent',
      spec: { frameAgeMs: 60_000, portAgeMs: 1 },
      standing: true,
      expected: 'present',
    },
    {
      given: 'standing, a valid frame',
      spec: { frameAgeMs: 0 },
      standing: true,
      expected: 'absent',
    },
    {
      given: 'standing and never heard',
      spec: { frameAgeMs: null, portAgeMs: 1 },
      standing: true,
      expected: 'present',
    },
  ] as const)('$given -> $expected', ({ spec, standing, expected }) => {
    const about = scene({ order: running, pumps: [device('pump', spec)] });
    for (const level of ['silent', 'long'])
      expect(answer(ask(mon02, about, { level, isStanding: standing }))).toBe(expected);
  });
});

describe('MON-08: data that are of no patient', () => {
  test.each([
    { mode: 'real', bedMode: 'live', expected: 'absent' },
    { mode: 'demo', bedMode: 'live', expected: 'present' },
    { mode: 'test', bedMode: 'live', expected: 'present' },
    { mode: 'demo', bedMode: 'demo', expected: 'absent' },
    { mode: 'test', bedMode: 'demo', expected: 'absent' },
    { mode: 'real', bedMode: 'demo', expected: 'absent' },
  ] as const)('$mode data on a $bedMode bed -> $expected', ({ mode, bedMode, expected }) => {
    expect(answer(ask(mon08, scene({ bedMode, pumps: [pump(10, { mode })] })))).toBe(expected);
  });

  test('a device that has not said anything yet is not yet known to be real', () => {
    const never = device('pump', { frameAgeMs: null });
    expect(answer(ask(mon08, scene({ pumps: [never] })))).toBe('no-observation');
  });

  test('also when the device went away since', () => {
    const gone = pump(10, { mode: 'demo', port: 'closed', portAgeMs: 100 });
    expect(answer(ask(mon08, scene({ pumps: [gone] })))).toBe('present');
  });
});
