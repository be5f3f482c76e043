import { describe, expect, test } from 'vitest';
import { emptyMemory, evaluateBed } from '../../src/check/evaluate.ts';
import { ord15, ord16 } from '../../src/check/rules/order-concentration.ts';
import { ord13, ord14 } from '../../src/check/rules/order-drug.ts';
import { ord17, ord19 } from '../../src/check/rules/order-patient.ts';
import type { Scene } from '../../src/check/scene.ts';
import type { FactSeen } from '../../src/observation/device-event.ts';
import {
  type DevicePicture,
  nextDevicePicture,
  withAssociation,
} from '../../src/observation/device-picture.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import type { Pause, SessionRecord } from '../../src/order/session-record.ts';
import {
  answer,
  ask,
  type DeviceSpec,
  device,
  expectFits,
  FLOW,
  HOUR,
  MINUTE,
  NOW,
  order,
  polled,
  SESSION,
  Story,
  scene,
  WALL,
} from './scene-kit.ts';

interface Told {
  readonly id?: string;
  readonly mlPerH?: number | null;
  readonly drug?: string | null;
  readonly drugValidity?: FactSeen['validity'];
  readonly mgPerMl?: number | null;
  readonly kg?: number | null;
  readonly validity?: Validity;
  readonly spec?: DeviceSpec;
}

/** A pump that can tell drug, concentration and weight. */
function smart(told: Told = {}): DevicePicture {
  const { mlPerH = 125, drug = 'Ketamine', drugValidity = 'valid', validity = 'valid' } = told;
  const value = (code: MetricCode, of: number | null | undefined) =>
    of === undefined ? [] : [{ code, value: of, validity }];
  return device('pump', {
    id: told.id ?? 'B01-pump',
    status: mlPerH === 0 ? 'stopped' : 'infusing',
    reports: [FLOW, 'MDC_CONC_DRUG', 'MDC_ATTR_PT_WEIGHT'],
    factsTold: ['drug'],
    facts: [{ code: 'drug', text: drug, validity: drugValidity }],
    ...told.spec,
    values: [
      { code: FLOW, value: mlPerH },
      ...value('MDC_CONC_DRUG', told.mgPerMl),
      ...value('MDC_ATTR_PT_WEIGHT', told.kg),
    ],
  });
}

const on = (...pumps: readonly DevicePicture[]): Scene => scene({ order: order(), pumps });
const WEIGHT_BASED = `
patient: { id: P-8, weightKg: 70.8 }
regimen: none
drug: { name: ketamine, form: racemic }
bag: { drugMg: 500, volumeMl: 500 }
mode: mg-per-kg-per-h
steps: [{ step: 1, at: PT0S, dose: 1 }]
end: PT4H
limits: { maxMgPerH: 75 }
bolus: none
`;

describe('ORD-13: the pump names another drug', () => {
  test.each([
    ['Ketamine', 'absent'],
    ['Ketamine 5 mg/mL', 'absent'],
    ['Esketamine', 'present'],
    ['Propofol 1 %', 'present'],
    // Names nothing: ORD-14 says so.
    ['17', 'absent'],
    [null, 'absent'],
  ])('%s: %s', (drug, expected) => {
    const judgement = ask(ord13, on(smart({ drug })));
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test('the message names both drugs', () => {
    expect(ask(ord13, on(smart({ drug: 'Esketamine' })))).toMatchObject({
      message: {
        text: 'WRONG DRUG: pump says Esketamine',
        detail: 'pump Esketamine, order ketamine racemic. Stop and check',
      },
    });
  });

  test('before anything flows it is the programme of the last patient', () => {
    const idle = smart({ drug: 'Propofol', mlPerH: 0 });
    const waiting = order({ sinceStartMs: null });
    expect(answer(ask(ord13, scene({ order: waiting, pumps: [idle] })))).toBe('absent');
    // The pump with which it began is looked at while it stands, too.
    const begun = { ...order(), startPumpId: 'B01-pump' };
    expect(answer(ask(ord13, scene({ order: begun, pumps: [idle] })))).toBe('present');
  });

  test('a second pump with a drug of its own is none of this order; the other form is', () => {
    const ours = smart({ id: 'a' });
    const propofol = smart({ id: 'b', drug: 'Propofol' });
    const sForm = smart({ id: 'b', drug: 'Esketamine' });
    expect(answer(ask(ord13, on(ours, propofol), { subject: propofol }))).toBe('absent');
    expect(answer(ask(ord13, on(ours, sForm), { subject: sForm }))).toBe('present');
    expect(answer(ask(ord13, on(ours, sForm), { subject: ours }))).toBe('absent');
  });

  test('a silent pump ends nothing, and without an order there is nothing to compare', () => {
    const silent = smart({ drug: 'Propofol', spec: { frameAgeMs: 5_001 } });
    expect(answer(ask(ord13, on(silent)))).toBe('stale');
    expect(answer(ask(ord13, scene({ pumps: [smart()] })))).toBe('no-order');
  });
});

describe('ORD-14: the drug library was passed over', () => {
  test.each([
    [null, 'not-available', 'present'],
    ['17', 'valid', 'present'],
    ['Propofol', 'questionable', 'present'],
    ['Ketamine', 'valid', 'absent'],
    ['Ketamine', 'questionable', 'absent'],
    ['Propofol', 'valid', 'absent'],
    // Set up on site not to tell: nobody at the bed can change that.
    [null, 'not-provided', 'absent'],
  ] as const)('%s (%s): %s', (drug, drugValidity, expected) => {
    const judgement = ask(ord14, on(smart({ drug, drugValidity })));
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test('a pump that never tells its drug is not judged', () => {
    const dumb = smart({ drug: null, spec: { factsTold: [] } });
    expect(answer(ask(ord14, on(dumb)))).toBe('absent');
  });

  test('medium after 30 s and not before', () => {
    const story = new Story((nowMs) =>
      scene({
        nowMs,
        order: order(),
        pumps: [polled(smart({ drug: null, drugValidity: 'not-available' }), nowMs)],
      }),
    );
    expect(story.firstPresent('ORD-14', 60_000, 'medium', 'B01-pump')).toBe(30_000);
  });
});

const said = (by: string, minutesAgo: number) => ({ by, atWallMs: WALL - minutesAgo * MINUTE });
const bagChange = (minutesAgo: number, endedMinutesAgo: number | null): Pause => ({
  ...said('nurse-a', minutesAgo),
  reason: 'bag change',
  isBagChange: true,
  untilWallMs: WALL - (minutesAgo - 10) * MINUTE,
  endedAtWallMs: endedMinutesAgo === null ? null : WALL - endedMinutesAgo * MINUTE,
  stoppedMs: 0,
});
const label = (minutesAgo: number, drugMg: number, volumeMl = 500) => ({
  ...said('nurse-a', minutesAgo),
  bag: { drugMg, volumeMl },
  isAsOrdered: drugMg === 40,
});

/** Ordered: 40 mg in 500 mL, 0.08 mg/mL. */
const withBags = (session: Partial<SessionRecord>, pump = smart()): Scene =>
  scene({ order: order({ session }), pumps: [pump] });

describe('ORD-15: the concentration is another one', () => {
  test.each([
    [0.08, 'absent'],
    // Exactly 2 % is still the same, either way.
    [0.0816, 'absent'],
    [0.0784, 'absent'],
    [0.08161, 'present'],
    [0.07839, 'present'],
    [0.16, 'present'],
    [undefined, 'absent'],
  ])('the pump says %s mg/mL: %s', (mgPerMl, expected) => {
    const judgement = ask(ord15, on(smart({ ...(mgPerMl === undefined ? {} : { mgPerMl }) })));
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test.each(['questionable', 'invalid', 'not-available'] as const)(
    'a number that is %s raises nothing and ends nothing that another source raised',
    (validity) => {
      expect(answer(ask(ord15, on(smart({ mgPerMl: 0.16, validity }))))).toBe('absent');
    },
  );

  test('a pump that fell silent ends nothing', () => {
    const silent = smart({ mgPerMl: 0.08, spec: { frameAgeMs: 5_001 } });
    expect(answer(ask(ord15, on(silent)))).toBe('stale');
  });

  test('the label that was read last, against the order', () => {
    const first = label(60, 40);
    const wrong = label(10, 80);
    expect(answer(ask(ord15, withBags({ bags: [first] })))).toBe('absent');
    const judgement = ask(ord15, withBags({ bags: [first, wrong] }));
    expectFits(judgement);
    expect(judgement).toMatchObject({
      presence: 'present',
      message: {
        text: 'CONCENTRATION 0.16, order 0.08 mg/mL',
        detail: 'label 0.16, order 0.08 mg/mL (40 mg bag). Stop, check bag',
        value: 0.16,
        limit: 0.08,
        unit: 'mg/mL',
      },
    });
    // The right bag hangs again; the pump agreed all the time, which is no proof of the bag.
    expect(answer(ask(ord15, withBags({ bags: [wrong, first] })))).toBe('absent');
    const pumpAgrees = smart({ mgPerMl: 0.08 });
    expect(answer(ask(ord15, withBags({ bags: [wrong] }, pumpAgrees)))).toBe('present');
  });

  test('the same strength in another volume is the same concentration', () => {
    expect(answer(ask(ord15, withBags({ bags: [label(1, 20, 250)] })))).toBe('absent');
    expect(answer(ask(ord15, withBags({ bags: [label(1, 40, 511)] })))).toBe('present');
  });

  test('in a course the day and its bag are named: the rate is the same every day', () => {
    const yaml = `${SESSION}
course:
  day: 10
  sessions: [${Array.from({ length: 10 }, (_, day) => `{ day: ${day + 1}, date: "2026-11-${11 + day}", plannedMg: 40 }`).join(', ')}]
`;
    const judgement = ask(
      ord15,
      scene({ order: order({ yaml }), pumps: [smart({ mgPerMl: 0.04 })] }),
    );
    expectFits(judgement);
    expect(judgement).toMatchObject({
      message: { detail: 'pump 0.04, order 0.08 mg/mL (day 10: 40 mg bag). Stop, check bag' },
    });
  });

  test('at the first sample', () => {
    const story = new Story((nowMs) =>
      scene({ nowMs, order: order(), pumps: [polled(smart({ mgPerMl: 0.04 }), nowMs)] }),
    );
    expect(story.firstPresent('ORD-15', 5_000, 'high')).toBe(0);
  });
});

describe('ORD-16: nobody has said what hangs there', () => {
  const changed = { pauses: [bagChange(10, 8)] };
  const rows: readonly (readonly [string, Partial<SessionRecord>, string, Told | null])[] = [
    ['the label was read at the start', {}, 'absent', null],
    ['a bag was changed and no label read', changed, 'present', null],
    ['the pause still runs', { pauses: [bagChange(2, null)] }, 'absent', null],
    [
      'another pause changes no bag',
      { pauses: [{ ...bagChange(10, 8), isBagChange: false }] },
      'absent',
      null,
    ],
    ['the label was read in the pause', { ...changed, bags: [label(9, 40)] }, 'absent', null],
    ['the label was read before the pause', { ...changed, bags: [label(11, 40)] }, 'present', null],
    [
      'a wrong label was read: that is ORD-15',
      { ...changed, bags: [label(9, 80)] },
      'absent',
      null,
    ],
    ['the pump tells it', changed, 'absent', { mgPerMl: 0.08 }],
    ['the pump tells another one', changed, 'present', { mgPerMl: 0.16 }],
    [
      'one person confirmed',
      { ...changed, concentrationConfirmedBy: [said('a', 5)] },
      'present',
      null,
    ],
    [
      'one person confirmed twice',
      { ...changed, concentrationConfirmedBy: [said('a', 5), said('a', 4)] },
      'present',
      null,
    ],
    [
      'two people confirmed',
      { ...changed, concentrationConfirmedBy: [said('a', 5), said('b', 4)] },
      'absent',
      null,
    ],
    ['nothing flows', changed, 'absent', { mlPerH: 0 }],
  ];
  test.each(rows)('%s', (_name, session, expected, told) => {
    const judgement = ask(ord16, withBags(session, smart(told ?? {})));
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test('before the first flow nothing is given that could be wrong', () => {
    const waiting = order({ session: changed, sinceStartMs: null });
    expect(answer(ask(ord16, scene({ order: waiting, pumps: [smart()] })))).toBe('absent');
  });

  test('medium after 60 s and not before', () => {
    const story = new Story((nowMs) =>
      scene({ nowMs, order: order({ session: changed }), pumps: [polled(smart(), nowMs)] }),
    );
    expect(story.firstPresent('ORD-16', 90_000, 'medium')).toBe(60_000);
  });
});

describe('ORD-17: the weight in the pump is another one', () => {
  const dosed = (kg: number | null, told: Told = {}): Scene =>
    scene({ order: order({ yaml: WEIGHT_BASED }), pumps: [smart({ kg, ...told })] });
  const fixed = (kg: number): Scene =>
    scene({
      order: order({ yaml: SESSION.replace('id: P-1', 'id: P-1, weightKg: 70.8') }),
      pumps: [smart({ kg })],
    });
  const level = 'weight-based';

  test.each([
    [70.8, 'absent'],
    // Exactly 5 % is still the same, either way.
    [74.34, 'absent'],
    [67.26, 'absent'],
    [74.35, 'present'],
    [67.25, 'present'],
    [null, 'absent'],
  ])('%s kg for 70.8 kg: %s', (kg, expected) => {
    const judgement = ask(ord17, dosed(kg), { level });
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test.each([
    [156, 'Lb typed as kg in the pump?'],
    [32.1, 'Lb typed as kg in the order?'],
    [152.9, 'Weigh, or look at the chart'],
    [100, 'Weigh, or look at the chart'],
  ])('%s kg: %s', (kg, hint) => {
    const judgement = ask(ord17, dosed(kg), { level });
    if (judgement.presence !== 'present') throw new Error(judgement.presence);
    expect(judgement.message.detail).toContain(hint);
    expect(judgement.message.text).toBe(`Weight: pump ${kg} kg, order 70.8 kg`);
  });

  test('high where the dose is by weight, low where it is not, and no word without a weight', () => {
    expect(answer(ask(ord17, dosed(156), { level }))).toBe('present');
    expect(answer(ask(ord17, dosed(156), { level: 'fixed' }))).toBe('absent');
    expect(answer(ask(ord17, fixed(156), { level }))).toBe('absent');
    expect(answer(ask(ord17, fixed(156), { level: 'fixed' }))).toBe('present');
    expect(answer(ask(ord17, on(smart({ kg: 156 })), { level: 'fixed' }))).toBe('absent');
    const priorityOf = (about: Scene) => {
      const { findings } = evaluateBed(emptyMemory, about);
      const found = findings.find(({ ruleId }) => ruleId === 'ORD-17');
      return found?.verdict.presence === 'present'
        ? found.verdict.priority
        : found?.verdict.presence;
    };
    expect(priorityOf(dosed(156))).toBe('high');
    expect(priorityOf(fixed(156))).toBe('low');
  });

  test('a number that may not be relied on raises nothing; a silent pump ends nothing', () => {
    expect(answer(ask(ord17, dosed(156, { validity: 'questionable' }), { level }))).toBe('absent');
    const silent = dosed(70.8, { spec: { frameAgeMs: 5_001 } });
    expect(answer(ask(ord17, silent, { level }))).toBe('stale');
  });
});

describe('ORD-19: a device of another bed', () => {
  const elsewhere = new Map([['SN-2', 'B02-pump']]);
  const answering = (serial: string | undefined, expected: string | null = 'SN-1') => {
    const silent = smart();
    const named =
      serial === undefined
        ? silent
        : nextDevicePicture(silent, { kind: 'identity', serial, atMs: NOW });
    return withAssociation(named, { serial: expected, elsewhere });
  };

  test.each([
    ['its own pump', answering('SN-1'), 'absent'],
    ['a spare of nobody', answering('SN-3'), 'absent'],
    ['the pump of bed 2', answering('SN-2'), 'present'],
    ['the pump of bed 2 where none was expected', answering('SN-2', null), 'present'],
    ['a pump that has not said who it is', answering(undefined), 'no-observation'],
    ['a pump that never says who it is', answering(undefined, null), 'absent'],
  ])('%s: %s', (_name, pump, expected) => {
    const judgement = ask(ord19, on(pump));
    expect(answer(judgement)).toBe(expected);
    expectFits(judgement);
  });

  test('two places of the same bed have one patient', () => {
    const other = device('pump', { id: 'B02-pump' });
    expect(answer(ask(ord19, on(answering('SN-2'), other)))).toBe('absent');
  });

  test('without an order there is no patient to mistake, and MON-09 speaks', () => {
    expect(answer(ask(ord19, scene({ pumps: [answering('SN-2')] })))).toBe('no-order');
  });

  test('while it stands, MON-09 of the same device is its second line', () => {
    const { findings } = evaluateBed(emptyMemory, on(answering('SN-2')));
    const mon09 = findings.find(
      ({ ruleId, deviceId }) => ruleId === 'MON-09' && deviceId === 'B01-pump',
    );
    expect(mon09).toMatchObject({ below: { ruleId: 'ORD-19', deviceId: 'B01-pump' } });
  });
});

describe('root cause: with the wrong drug or bag no rate rule stands beside it', () => {
  const finding = (told: Told, ruleId: string) => {
    const story = new Story((nowMs) =>
      scene({
        nowMs,
        wallMs: WALL + (nowMs - NOW),
        order: order({ sinceStartMs: HOUR }),
        pumps: [polled(smart({ mlPerH: 500, ...told }), nowMs)],
      }),
    );
    story.after(12_000, 'ORD-02');
    const { findings } = evaluateBed(story.memory, story.sceneAt(story.nowMs));
    return findings.find((it) => it.ruleId === ruleId);
  };

  test.each(['ORD-01', 'ORD-02'])('%s goes below ORD-15, and below ORD-13', (ruleId) => {
    expect(finding({ mgPerMl: 0.16 }, ruleId)).toMatchObject({
      verdict: { presence: 'present' },
      below: { ruleId: ruleId === 'ORD-01' ? 'ORD-02' : 'ORD-15' },
    });
    expect(finding({ drug: 'Esketamine' }, ruleId)).toMatchObject({
      below: { ruleId: ruleId === 'ORD-01' ? 'ORD-02' : 'ORD-13' },
    });
  });

  test('the hard limit is never grouped away', () => {
    const hard = finding({ mgPerMl: 0.16, mlPerH: 1_000 }, 'ORD-07');
    expect(hard).toMatchObject({ verdict: { presence: 'present' }, below: null });
  });
});
