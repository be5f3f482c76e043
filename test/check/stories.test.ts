import { describe, expect, test } from 'vitest';
import { evaluateBed, RULES, restoredMemory } from '../../src/check/evaluate.ts';
import type { RuleId } from '../../src/check/limits.ts';
import type { Scene } from '../../src/check/scene.ts';
import type { DevicePicture } from '../../src/observation/device-picture.ts';
import type { SessionRecord } from '../../src/order/session-record.ts';
import {
  CARED_FOR,
  device,
  ECG,
  HOUR,
  hourly,
  later,
  limits,
  MINUTE,
  monitor,
  NO_NIBP,
  NOW,
  order,
  polled,
  pump,
  SPO2,
  Story,
  scene,
  WALL,
} from './scene-kit.ts';

/** Wall and monotonic time run together from the moment of the tables. */
const at = (nowMs: number, parts: Partial<Scene>): Scene =>
  scene({ nowMs, wallMs: scene().wallMs + (nowMs - NOW), ...parts });

const spo2Story = (values: readonly number[]): Story =>
  new Story((nowMs) => {
    const second = Math.floor((nowMs - NOW) / 1_000);
    const value = values[Math.min(second, values.length - 1)] ?? 0;
    return at(nowMs, { monitors: [polled(monitor(SPO2, value), nowMs)] });
  });

describe('reference scenario 3: 40 mg entered as 40 mg/h', () => {
  test('far above the order within 5 s, with the hint, and above the hard limit within 3 s', () => {
    const story = new Story((nowMs) =>
      at(nowMs, {
        order: order({ sinceStartMs: null, hardMaxMgPerH: 30 }),
        pumps: [polled(pump(500), nowMs)],
      }),
    );
    const twin = new Story(story.sceneAt);
    expect(story.firstPresent('ORD-02', 10_000)).toBeLessThanOrEqual(5_000);
    expect(story.look('ORD-02')).toMatchObject({
      priority: 'high',
      message: { detail: 'live 40 mg/h, order 10 mg/h. Check units: 4 times' },
    });
    expect(twin.firstPresent('ORD-07', 10_000)).toBeLessThanOrEqual(3_000);
  });

  test('moderate is one row below severe, and surfaces when severe ends', () => {
    let mlPerH = 500;
    const story = new Story((nowMs) =>
      at(nowMs, { order: order(), pumps: [polled(pump(mlPerH), nowMs)] }),
    );
    story.after(15_000, 'ORD-01');
    const findings = () =>
      evaluateBed(story.memory, story.sceneAt(story.nowMs)).findings.find(
        ({ ruleId }) => ruleId === 'ORD-01',
      );
    expect(findings()).toMatchObject({
      verdict: { presence: 'present' },
      below: { ruleId: 'ORD-02', deviceId: null },
    });
    mlPerH = 137.5;
    expect(story.after(1_000, 'ORD-02')).toEqual({ presence: 'absent' });
    expect(findings()).toMatchObject({ verdict: { presence: 'present' }, below: null });
  });
});

describe('reference scenario 6: the end of the volume, then KVO', () => {
  test('medium, 2 min after the end, with what really flows', () => {
    const yaml = hourly(20).replace('drugMg: 480', 'drugMg: 240');
    // Wall time runs twice as fast here: 60 s of looks are 2 min of the schedule.
    const story = new Story((nowMs) => ({
      ...at(nowMs, {
        order: order({ yaml, sinceStartMs: HOUR }),
        pumps: [polled(pump(3, { status: 'kvo' }), nowMs)],
      }),
      wallMs: scene().wallMs + 2 * (nowMs - NOW),
    }));
    expect(story.firstPresent('ORD-21', 70_000)).toBe(61_000);
    expect(story.look('ORD-21')).toMatchObject({
      priority: 'medium',
      message: { detail: '3 mg/h (3 mL/h) flows. Stop, or complete the order' },
    });
  });
});

test('KVO after the end that becomes an infusion is high, also while the other pump is away', () => {
  const first = pump(3, { status: 'kvo' });
  const away = pump(0, { id: 'B01-pump2', port: 'closed', portAgeMs: 100 });
  let pumps = [first, pump(0, { id: 'B01-pump2' })];
  const story = new Story((nowMs) =>
    at(nowMs, {
      order: order({ sinceStartMs: 5 * HOUR }),
      pumps: pumps.map((it) => (it === away ? it : polled(it, nowMs))),
    }),
  );
  expect(story.after(3_000, 'ORD-21')).toMatchObject({ presence: 'present', priority: 'medium' });
  pumps = [pump(125), away];
  expect(story.after(3_000, 'ORD-21')).toMatchObject({ presence: 'present', priority: 'high' });
});

describe('reference scenario 9: SpO2', () => {
  test('94, then 92 for long: low at 10 s', () => {
    const story = spo2Story([94, ...Array<number>(30).fill(92)]);
    expect(story.firstPresent('VIT-01', 30_000)).toBe(11_000);
    expect(story.look('VIT-02')).toEqual({ presence: 'absent' });
  });

  test('one reading of 92 and then 95: nothing', () => {
    expect(spo2Story([94, 92, 95]).firstPresent('VIT-01', 60_000)).toBeNull();
  });

  test('87 for 5 s: severe, high and latching; low is below it while both stand', () => {
    const story = spo2Story([97, ...Array<number>(30).fill(87)]);
    expect(story.firstPresent('VIT-02', 30_000)).toBe(6_000);
    story.after(8_000, 'VIT-02');
    const { findings } = evaluateBed(story.memory, story.sceneAt(story.nowMs));
    const found = (id: RuleId) => findings.find(({ ruleId }) => ruleId === id);
    expect(found('VIT-02')).toMatchObject({ latching: true, verdict: { priority: 'high' } });
    expect(found('VIT-01')).toMatchObject({ below: { ruleId: 'VIT-02', deviceId: null } });
  });

  test('it ends only after 10 s at 94 or more', () => {
    const story = spo2Story([...Array<number>(20).fill(92), ...Array<number>(60).fill(94)]);
    story.after(20_000, 'VIT-01');
    expect(story.after(9_000, 'VIT-01')).toEqual({ presence: 'undetermined', because: 'pending' });
    expect(story.after(2_000, 'VIT-01')).toEqual({ presence: 'absent' });
  });
});

describe('reference scenario 10: heart rate over a baseline of 70', () => {
  const story = (bpm: number) =>
    new Story((nowMs) =>
      at(nowMs, { monitors: [polled(monitor(ECG, bpm), nowMs)], baseline: { heartRateBpm: 70 } }),
    );
  test.each([
    { bpm: 85, afterMs: 60_000 },
    { bpm: 84, afterMs: 60_000 },
    { bpm: 83, afterMs: null },
  ])('$bpm bpm', ({ bpm, afterMs }) => {
    expect(story(bpm).firstPresent('VIT-03', 120_000)).toBe(afterMs);
  });

  test('low at first, medium after 5 min, medium after 1 min at 1.40 times', () => {
    expect(story(85).firstPresent('VIT-03', 400_000, 'low')).toBe(60_000);
    expect(story(85).firstPresent('VIT-03', 400_000, 'medium')).toBe(300_000);
    expect(story(98).firstPresent('VIT-03', 400_000, 'medium')).toBe(60_000);
  });

  test('only the high level of the heart rate limits stays until seen', () => {
    const latching = (bpm: number) => {
      const it = story(bpm);
      it.after(12_000, 'VIT-04');
      return evaluateBed(it.memory, it.sceneAt(it.nowMs)).findings.find(
        ({ ruleId }) => ruleId === 'VIT-04',
      );
    };
    expect(latching(130)).toMatchObject({ latching: false, verdict: { priority: 'medium' } });
    expect(latching(150)).toMatchObject({ latching: true, verdict: { priority: 'high' } });
  });
});

describe('reference scenario 11: the last cuff reading at 10:00', () => {
  const story = new Story((nowMs) =>
    at(nowMs, {
      order: order(),
      nibp: {
        ...NO_NIBP,
        lastReadingAtMs: NOW,
        supervisedSinceMs: NOW - HOUR,
        intervalMs: 15 * MINUTE,
      },
    }),
  );
  test('low at 10:17, medium at 10:20', () => {
    story.nowMs = NOW + 16 * MINUTE;
    expect(story.firstPresent('VIT-07', 2 * MINUTE, 'low')).toBe(MINUTE);
    expect(story.firstPresent('VIT-07', 5 * MINUTE, 'medium')).toBe(3 * MINUTE);
  });
});

describe('reference scenario 12: the cable is pulled in mid-infusion', () => {
  const PULLED = NOW + 10_000;
  const BACK = PULLED + 70_000;
  const cable = (on = order({ session: CARED_FOR })) => {
    const before = pump(125);
    const pulled = pump(125, { port: 'closed', portAgeMs: 0 });
    const replugged = (nowMs: number): DevicePicture => polled(pump(125, { portAgeMs: 0 }), nowMs);
    return new Story((nowMs) => {
      const picture =
        nowMs < PULLED
          ? polled(before, nowMs)
          : nowMs < BACK
            ? later(pulled, PULLED - NOW)
            : { ...replugged(nowMs), port: { state: 'open' as const, name: 'p', sinceMs: BACK } };
      return at(nowMs, { order: on, pumps: [picture] });
    });
  };

  test('medium within 3 s, high at 60 s, gone with the first word; nothing else is raised', () => {
    const story = cable();
    story.after(PULLED - NOW, 'MON-01', 'B01-pump');
    expect(story.firstPresent('MON-01', 5_000, 'medium', 'B01-pump')).toBeLessThanOrEqual(3_000);
    const others: string[] = [];
    let highAtMs: number | null = null;
    while (story.nowMs < BACK - 250) {
      story.nowMs += 250;
      const { memory, findings } = evaluateBed(story.memory, story.sceneAt(story.nowMs));
      story.memory = memory;
      for (const { ruleId, verdict } of findings) {
        if (verdict.presence !== 'present') continue;
        if (ruleId !== 'MON-01') others.push(ruleId);
        else if (verdict.priority === 'high') highAtMs ??= story.nowMs - PULLED;
      }
    }
    expect(others).toEqual([]);
    expect(highAtMs).toBe(60_000);
    expect(story.after(1_000, 'MON-01', 'B01-pump')).toEqual({ presence: 'absent' });
    expect(story.after(60_000, 'ORD-18')).toEqual({ presence: 'absent' });
    expect(story.after(60_000, 'ORD-22')).toEqual({ presence: 'absent' });
  });

  test('an over-rate alarm stands through the loss, and ends with the first right reading', () => {
    let mlPerH = 200;
    let isPulled = false;
    const story = new Story((nowMs) => {
      const seen = isPulled
        ? pump(mlPerH, { port: 'closed', portAgeMs: 100 })
        : polled(pump(mlPerH), nowMs);
      return at(nowMs, { order: order({ sinceStartMs: 4 * HOUR - 20_000 }), pumps: [seen] });
    });
    expect(story.after(6_000, 'ORD-02')).toMatchObject({ presence: 'present' });
    isPulled = true;
    expect(story.after(60_000, 'ORD-02')).toMatchObject({ presence: 'undetermined' });
    mlPerH = 0;
    isPulled = false;
    expect(story.after(1_000, 'ORD-02')).toEqual({ presence: 'absent' });
  });

  test('silence that becomes a closed port stays what it is until data come', () => {
    let picture: DevicePicture = device('pump', { frameAgeMs: 0 });
    const story = new Story((nowMs) => at(nowMs, { order: order(), pumps: [picture] }));
    expect(story.firstPresent('MON-02', 80_000, 'high', 'B01-pump')).toBeGreaterThan(60_000);
    picture = { ...picture, port: { state: 'closed', name: 'p', sinceMs: story.nowMs } };
    expect(story.after(30_000, 'MON-02', 'B01-pump')).toMatchObject({ priority: 'high' });
    picture = { ...picture, port: { state: 'open', name: 'p', sinceMs: story.nowMs } };
    expect(story.after(5_000, 'MON-02', 'B01-pump')).toMatchObject({ priority: 'high' });
    const { findings } = evaluateBed(story.memory, story.sceneAt(story.nowMs));
    // The cable explains the silence only while it is told as urgently.
    const low = findings.find(({ ruleId }) => ruleId === 'MON-02');
    const cable = findings.find(({ ruleId }) => ruleId === 'MON-01');
    const isAsUrgent = cable?.verdict.presence === 'present' && cable.verdict.priority === 'high';
    expect(low?.below).toEqual(isAsUrgent ? { ruleId: 'MON-01', deviceId: 'B01-pump' } : null);
    picture = { ...picture, lastFrameAtMs: story.nowMs };
    expect(story.look('MON-02', 'B01-pump')).toEqual({ presence: 'absent' });
  });
});

describe('a stop', () => {
  const stoppedAfter = (mlPerH: number) =>
    new Story((nowMs) => at(nowMs, { order: order(), pumps: [polled(pump(mlPerH), nowMs)] }));
  test('low at 60 s, medium at 5 min', () => {
    expect(stoppedAfter(0).firstPresent('ORD-22', 400_000, 'low')).toBe(60_000);
    expect(stoppedAfter(0).firstPresent('ORD-22', 400_000, 'medium')).toBe(300_000);
  });

  test('a slow rate: low at 60 s, medium at 5 min only beyond -20 %', () => {
    expect(stoppedAfter(110).firstPresent('ORD-03', 400_000, 'low')).toBe(60_000);
    expect(stoppedAfter(110).firstPresent('ORD-03', 400_000, 'medium')).toBeNull();
    expect(stoppedAfter(90).firstPresent('ORD-03', 400_000, 'medium')).toBe(300_000);
  });

  test('running without an order: 30 s, high; an order ends it', () => {
    let on: Scene['order'] = null;
    const story = new Story((nowMs) => at(nowMs, { order: on, pumps: [polled(pump(125), nowMs)] }));
    expect(story.firstPresent('ORD-18', 60_000, 'high')).toBe(30_000);
    on = order();
    expect(story.look('ORD-18')).toEqual({ presence: 'absent' });
  });

  test('when the order is gone its rules end at once and count anew', () => {
    let on: Scene['order'] = order();
    const story = new Story((nowMs) => at(nowMs, { order: on, pumps: [polled(pump(500), nowMs)] }));
    expect(story.after(6_000, 'ORD-02')).toMatchObject({ presence: 'present' });
    on = null;
    expect(story.look('ORD-02')).toEqual({ presence: 'undetermined', because: 'no-order' });
    on = order();
    expect(story.look('ORD-02').presence).not.toBe('present');
  });
});

/** A pause for another bag, over, and nobody has read the label. */
const BAG_CHANGED: Partial<SessionRecord> = {
  pauses: [
    {
      by: 'nurse-a',
      atWallMs: WALL - 10 * MINUTE,
      reason: 'bag change',
      isBagChange: true,
      untilWallMs: WALL - 5 * MINUTE,
      endedAtWallMs: WALL - 8 * MINUTE,
      stoppedMs: 2 * MINUTE,
    },
  ],
};

const PAUSE_OVER: Partial<SessionRecord> = {
  pauses: (BAG_CHANGED.pauses ?? []).map((pause) => ({ ...pause, endedAtWallMs: null })),
};

describe('after a restart of the gateway', () => {
  const deviceOf = (subject: string): string | null =>
    subject === 'bed' ? null : subject === 'monitor' ? 'B01-monitor' : 'B01-pump';
  // These stand on the order alone, which the log tells without a device.
  const OF_THE_ORDER: ReadonlySet<string> = new Set(['ORD-27', 'ORD-28']);
  const standing = RULES.filter(({ id }) => !OF_THE_ORDER.has(id)).flatMap((rule) =>
    (['low', 'medium', 'high'] as const).map((priority) => ({ rule, priority })),
  );
  test.each(standing)(
    'a standing $rule.id at $priority stays without data',
    ({ rule, priority }) => {
      const deviceId = deviceOf(rule.subject);
      const never = { port: 'connecting', frameAgeMs: null } as const;
      // A rule about no order, the end of one or what was noted in it can only stand where that is so.
      const ended = order(
        {
          'ORD-21': { sinceStartMs: 5 * HOUR },
          'ORD-16': { session: BAG_CHANGED },
          'ORD-23': { session: PAUSE_OVER },
        }[rule.id as string] ?? {},
      );
      const blind = scene({
        order: rule.id === 'ORD-18' ? null : ended,
        pumps: [device('pump', never)],
        monitors: [device('monitor', never)],
        nibp: { ...NO_NIBP, supervisedSinceMs: NOW, intervalMs: 15 * MINUTE },
      });
      const alarm = { ruleId: rule.id, deviceId, priority };
      let memory = restoredMemory([alarm], limits);
      for (let nowMs = NOW; nowMs < NOW + 60_000; nowMs += 250) {
        const step = evaluateBed(memory, { ...blind, nowMs });
        memory = step.memory;
        const verdict = step.findings.find(
          (it) => it.ruleId === rule.id && it.deviceId === deviceId,
        )?.verdict;
        expect(verdict?.presence).not.toBe('absent');
      }
    },
  );

  test('valid data end it, and an unknown rule of another version is left alone', () => {
    const memory = restoredMemory(
      [
        { ruleId: 'VIT-01', deviceId: null, priority: 'medium' },
        { ruleId: 'VIT-99', deviceId: null, priority: 'high' },
      ],
      limits,
    );
    const story = new Story((nowMs) => at(nowMs, { monitors: [polled(monitor(SPO2, 97), nowMs)] }));
    story.memory = memory;
    expect(story.look('VIT-01')).toEqual({ presence: 'undetermined', because: 'pending' });
    expect(story.after(11_000, 'VIT-01')).toEqual({ presence: 'absent' });
  });
});
