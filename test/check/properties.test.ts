import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIORITY_RANK } from '../../src/alarm/condition.ts';
import { emptyMemory, evaluateBed, RULES } from '../../src/check/evaluate.ts';
import { infusionState } from '../../src/check/infusion-state.ts';
import type { RuleId } from '../../src/check/limits.ts';
import { pumpCheck } from '../../src/check/pump-check.ts';
import type { Scene } from '../../src/check/scene.ts';
import type { PumpStatus } from '../../src/observation/device-event.ts';
import type { DevicePicture } from '../../src/observation/device-picture.ts';
import { METRIC_CODES, Validity } from '../../src/observation/metrics.ts';
import {
  type DeviceSpec,
  device,
  expectFits,
  FLOW,
  HOUR,
  hourly,
  MINUTE,
  NO_NIBP,
  NOW,
  type OrderSpec,
  order,
  SESSION,
  scene,
  WALL,
} from './scene-kit.ts';

fc.configureGlobal({ numRuns: 300 });

const STATUSES: readonly PumpStatus[] = [
  'infusing',
  'stopped',
  'kvo',
  'bolus',
  'purge',
  'standby',
  'unknown',
];
const ageMs = fc.oneof(fc.constantFrom(0, 4_999, 5_000, 5_001, 10_001), fc.nat(3 * HOUR));
const number = fc.oneof(
  fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.001, 88, 93, 125, 1e9),
  fc.double(),
);
const text = fc.string({ maxLength: 80 });
const alert = fc.record({
  code: text,
  text,
  ruleId: fc.constantFrom('PMP-01', 'PMP-10', 'VIT-13', 'MON-03', 'MON-10', 'VIT-10', 'X'),
  priority: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
});
const value = fc.record({
  code: fc.constantFrom(...METRIC_CODES),
  value: number,
  validity: fc.constantFrom(...Validity.options),
  ageMs,
});
const drugFact = fc.record({
  code: fc.constant('drug' as const),
  text: fc.option(fc.oneof(fc.constantFrom('Ketamine', 'Esketamine', 'Propofol', '17'), text)),
  validity: fc.constantFrom(...Validity.options),
});
const spec: fc.Arbitrary<DeviceSpec> = fc
  .record({
    id: fc.constantFrom('a', 'B01-device-with-a-very-long-name-of-forty-signs'),
    values: fc.array(value, { maxLength: 6 }),
    status: fc.constantFrom(...STATUSES),
    statusAgeMs: ageMs,
    alerts: fc.array(alert, { maxLength: 3 }),
    reports: fc.constantFrom([], METRIC_CODES),
    factsTold: fc.constantFrom([], ['drug' as const]),
    facts: fc.array(drugFact, { maxLength: 1 }),
    frameAgeMs: fc.option(ageMs),
    port: fc.constantFrom('connecting' as const, 'open' as const, 'closed' as const),
    portAgeMs: ageMs,
    mode: fc.constantFrom('real' as const, 'demo' as const),
  })
  .map((it) => it);
const HEAVY = SESSION.replace('id: P-1', 'id: P-1, weightKg: 70.8').replace(
  'name: ketamine',
  `name: ${'ketamine '.repeat(6)}`,
);
const WRONG_BAG = {
  by: 'nurse-a',
  atWallMs: WALL - MINUTE,
  bag: { drugMg: 1 / 3, volumeMl: 4_999 },
  isAsOrdered: false,
};
const orders = fc.option(
  fc.record({
    yaml: fc.constantFrom(SESSION, HEAVY, hourly(20, 0, 40), hourly(0.5), hourly(900, 20)),
    session: fc.constantFrom({}, { bags: [WRONG_BAG] }),
    sinceStartMs: fc.option(fc.nat(6 * HOUR)),
    hardMaxMgPerH: fc.constantFrom(0.01, 50, 700),
  }),
);
const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    order: orders,
    pumps: fc.array(spec, { maxLength: 3 }),
    monitors: fc.array(spec, { maxLength: 2 }),
    bpm: fc.option(fc.double({ noNaN: true })),
    recent: fc.option(fc.integer({ min: 0, max: 100 })),
    cuffAgoMs: fc.option(ageMs),
    supervisedAgoMs: fc.option(ageMs),
  })
  .map(({ order: on, pumps, monitors, bpm, recent, cuffAgoMs, supervisedAgoMs }) =>
    scene({
      order: on === null ? null : order(on as OrderSpec),
      pumps: pumps.map((it) => device('pump', it)),
      monitors: monitors.map((it) => device('monitor', it)),
      baseline: { heartRateBpm: bpm },
      recentSpo2Max: recent,
      nibp: {
        ...NO_NIBP,
        lastReadingAtMs: cuffAgoMs === null ? null : NOW - cuffAgoMs,
        supervisedSinceMs: supervisedAgoMs === null ? null : NOW - supervisedAgoMs,
        intervalMs: 15 * MINUTE,
      },
    }),
  );

test('no scene makes a rule throw, and every text has its length', () => {
  void fc.assert(
    fc.property(fc.array(anyScene, { minLength: 1, maxLength: 4 }), (scenes) => {
      let memory = emptyMemory;
      for (const [index, about] of scenes.entries()) {
        const step = evaluateBed(memory, { ...about, nowMs: NOW + index * 250 });
        memory = step.memory;
        infusionState(about);
        for (const { what, order: said } of pumpCheck(about)) expect(said, what).not.toBe('');
      }
      for (const about of scenes) {
        for (const rule of RULES) {
          const subjects: readonly (DevicePicture | null)[] =
            rule.subject === 'bed' ? [null] : [...about.pumps, ...about.monitors];
          for (const subject of subjects)
            for (const level of rule.levels)
              for (const isStanding of [false, true])
                expectFits(level.judge(about, subject, isStanding));
        }
      }
    }),
  );
});

/** Rules that compare a reading with a limit: they may speak only of what was seen. */
const THRESHOLD: readonly RuleId[] = [
  'ORD-01',
  'ORD-02',
  'ORD-03',
  'ORD-04',
  'ORD-05',
  'ORD-06',
  'ORD-07',
  'ORD-08',
  'ORD-18',
  'ORD-21',
  'ORD-22',
  'ORD-24',
  'VIT-01',
  'VIT-02',
  'VIT-03',
  'VIT-04',
];
/** What the schedule alone answers, without any device: nothing is due, or it is too early. */
const BY_SCHEDULE: readonly RuleId[] = [
  'ORD-03',
  'ORD-04',
  'ORD-05',
  'ORD-06',
  'ORD-18',
  'ORD-21',
  'ORD-22',
  'ORD-24',
];

/** Every value is missing, not a number, doubtful, stale or of a device that is gone. */
const unseen: fc.Arbitrary<DeviceSpec> = fc
  .tuple(spec, fc.constantFrom('null', 'nan', 'questionable', 'stale', 'closed', 'never'), ageMs)
  .map(([it, how, extraMs]): DeviceSpec => {
    const values = (it.values ?? []).map((seen) => ({
      ...seen,
      ...(how === 'null' ? { value: null } : {}),
      ...(how === 'nan' ? { value: Number.NaN } : {}),
      ...(how === 'questionable' ? { validity: 'questionable' as const } : {}),
      ...(how === 'stale' ? { ageMs: 5_001 + extraMs } : {}),
    }));
    const { status: _, ...rest } = it;
    const open = { ...rest, port: 'open' as const, status: 'infusing' as const, values };
    if (how === 'closed') return { ...open, port: 'closed' };
    return how === 'never' ? { ...open, frameAgeMs: null } : open;
  });

test('what cannot be seen is never newly an alarm, and never "no alarm"', () => {
  const blind = fc.record({
    about: anyScene,
    pumps: fc.array(unseen, { maxLength: 3 }),
    monitors: fc.array(unseen, { maxLength: 2 }),
  });
  void fc.assert(
    fc.property(blind, ({ about, pumps, monitors }) => {
      let memory = emptyMemory;
      const dark: Scene = {
        ...about,
        pumps: pumps.map((it) => device('pump', it)),
        monitors: monitors.map((it) => device('monitor', it)),
      };
      for (let nowMs = NOW; nowMs < NOW + 4_000; nowMs += 1_000) {
        const step = evaluateBed(memory, { ...dark, nowMs });
        memory = step.memory;
        for (const { ruleId, verdict } of step.findings) {
          const id = THRESHOLD.find((it) => it === ruleId);
          if (id === undefined) continue;
          expect(verdict.presence, ruleId).not.toBe('present');
          if (!BY_SCHEDULE.includes(id)) expect(verdict.presence, ruleId).toBe('undetermined');
        }
      }
    }),
  );
});

describe('monotony: the further from the order, the more urgent, never less', () => {
  const urgency = (mlPerH: number): number => {
    const on = order();
    let memory = emptyMemory;
    let most = 0;
    for (let nowMs = NOW; nowMs <= NOW + 20_000; nowMs += 1_000) {
      const seen = device('pump', { status: 'infusing', values: [{ code: FLOW, value: mlPerH }] });
      const metric = seen.metrics.get(FLOW);
      const metrics = new Map(seen.metrics);
      if (metric !== undefined) metrics.set(FLOW, { ...metric, atMs: nowMs });
      const pumps = [{ ...seen, metrics, lastFrameAtMs: nowMs }];
      const step = evaluateBed(memory, scene({ order: on, pumps, nowMs }));
      memory = step.memory;
      for (const { ruleId, verdict } of step.findings) {
        if (!ruleId.startsWith('ORD') || verdict.presence !== 'present') continue;
        most = Math.max(most, PRIORITY_RANK[verdict.priority]);
      }
    }
    return most;
  };

  test('over the order', () => {
    const flow = fc.double({ min: 125, max: 3_000, noNaN: true });
    void fc.assert(
      fc.property(flow, flow, (one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(urgency(more)).toBeGreaterThanOrEqual(urgency(less));
      }),
    );
  });
});
