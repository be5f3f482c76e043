import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createAutosave, type SaveState } from '../../dashboard/entry/autosave.ts';
import {
  differencesOf,
  openFields,
  shownValue,
  specOf,
  withoutDifferences,
} from '../../dashboard/entry/check-entry.ts';
import { DRUG, LIMITS, PATIENT, PLAN, WATCH } from '../../dashboard/entry/fields.ts';
import { labelOf, saidOf } from '../../dashboard/entry/labels.ts';
import { rowsOf, valueAt, withoutRow, withRow, withValue } from '../../dashboard/entry/plain.ts';
import { frameOf, proposalAt } from '../../dashboard/entry/proposals.ts';
import { daysOf, type FieldKind, readTyped, typedText } from '../../dashboard/entry/typed.ts';
import { sectionsOf, statusText, waitsForCheck } from '../../dashboard/entry/words.ts';
import { NBSP } from '../../dashboard/format/index.ts';
import type { Answer } from '../../dashboard/link/call.ts';
import { previewPath } from '../../dashboard/parts/plan-preview.tsx';
import type { CheckField } from '../../dashboard/wire.ts';
import { Regimen } from '../../src/order/regimen.ts';
import { draftOrder } from '../../src/order/regimen-draft.ts';

const value = (kind: FieldKind, text: string, unit = 'mg') => {
  const read = readTyped(kind, text, unit);
  return read.ok ? read.value : read.problem;
};

describe('what is typed into a field of an order', () => {
  it.each([
    ['40', 40],
    ['12.5', 12.5],
    ['0.35', 0.35],
    ['1.0', 1],
    ['0', 0],
    ['', undefined],
    [' 80 ', 80],
  ])('the number %j is %j', (text, number) => {
    expect(value('number', text)).toBe(number);
  });

  it.each([
    ['12,5', 'Write a decimal point and no comma, such as 12.5.'],
    ['1,000', 'Write a decimal point and no comma, such as 12.5.'],
    ['-5', 'It cannot be negative.'],
    ['−5', 'It cannot be negative.'],
    ['.5', 'Write the zero: 0.5.'],
    ['5.', 'Digits are missing after the point.'],
    ['1e3', 'Write all digits, without an e.'],
    ['0.12345', 'Write at most 4 decimals.'],
    ['05', 'Leave out the zero in front.'],
    ['156 lb', 'This field is in kg, not in lb.'],
    ['40mg', 'Write the number alone; the field is in kg.'],
    ['forty', 'Write a number in kg.'],
    ['4 0', 'Write the number alone; the field is in kg.'],
    ['12345678', 'That is too large a number.'],
    ['NaN', 'Write a number in kg.'],
    ['٤٠', 'Write a number in kg.'],
  ])('%j is no number: %s', (text, problem) => {
    expect(value('number', text, 'kg')).toBe(problem);
  });

  it.each([
    ['hours', '4', 'PT4H'],
    ['hours', '4:00', 'PT4H'],
    ['hours', '0:30', 'PT30M'],
    ['hours', '120:00', 'PT120H'],
    ['hours', '0:00', 'PT0S'],
    ['hours', '4:60', 'Write hours and minutes: 4:00 or 0:30.'],
    ['hours', '4.5', 'Write hours and minutes: 4:00 or 0:30.'],
    ['minutes', '15', 'PT15M'],
    ['minutes', '1.5', 'Write whole minutes.'],
    ['minutes-before', '2', '-PT2M'],
    ['date', '2026-11-23', '2026-11-23'],
    ['date', '2026-02-30', 'Write the date as year-month-day: 2026-11-23.'],
    ['date', '23.11.2026', 'Write the date as year-month-day: 2026-11-23.'],
    ['moment', '2026-11-23 25:00', 'Write date and time: 2026-11-23 08:00.'],
  ] as const)('%s %j is %j', (kind, text, expected) => {
    expect(value(kind, text)).toBe(expected);
  });

  it('a time is wall time at the gateway, not in the browser', () => {
    expect(readTyped('moment', '2026-11-23 08:00', '', 60)).toEqual({
      ok: true,
      value: '2026-11-23T07:00:00Z',
    });
    expect(typedText('moment', '2026-11-23T07:00:00Z', 60)).toBe('2026-11-23 08:00');
  });

  it('what an order says stands in its field as it can be typed', () => {
    expect(typedText('hours', 'P5D')).toBe('120:00');
    expect(typedText('hours', 'PT4H30M')).toBe('4:30');
    expect(typedText('minutes-before', '-PT2M')).toBe('2');
    expect(typedText('number', 4500)).toBe('4500');
    expect(typedText('number', '12,5')).toBe('12,5');
    // Half a minute has no place in the field: it stands there as it is, never rounded.
    expect(typedText('hours', 'PT30S')).toBe('PT30S');
    expect(value('hours', 'PT30S')).toBe('PT30S');
    expect(daysOf('P5D')).toBe(`5${NBSP}d`);
    expect(daysOf('PT4H')).toBe('');
  });

  it('typed, shown and typed again is the same: no field changes by being looked at', () => {
    const kinds = ['number', 'hours', 'minutes', 'minutes-before', 'date', 'moment'] as const;
    const digits = fc.stringMatching(/^[0-9.:, -]{0,12}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        digits,
        fc.integer({ min: -720, max: 840 }),
        (kind, text, offset) => {
          const read = readTyped(kind, text, 'mg', offset);
          if (!read.ok) return;
          const again = readTyped(kind, typedText(kind, read.value, offset), 'mg', offset);
          expect(again).toEqual(read);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a number that can be typed means exactly what its digits say', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.nat(9_999), (whole, part) => {
        const text = `${whole}.${String(part).padStart(4, '0')}`;
        expect(value('number', text)).toBe(Number(text));
      }),
    );
  });
});

describe('a document while it is typed', () => {
  it('is changed in one place and not in any other', () => {
    const before = { steps: [{ step: 1, dose: 20 }], bag: { drugMg: 40 }, unknown: { kept: true } };
    const after = withValue(before, 'steps[1].dose', 25);
    expect(after).toEqual({ ...before, steps: [{ step: 1, dose: 20 }, { dose: 25 }] });
    expect(before.steps).toEqual([{ step: 1, dose: 20 }]);
    expect(withValue(before, 'bag.drugMg', undefined)).toEqual({ ...before, bag: {} });
    expect(valueAt(withValue({}, 'a.b[2].c', 1), 'a.b[2].c')).toBe(1);
  });

  it('a list without rows is taken out', () => {
    const one = withRow({}, 'adjuncts', { drug: 'clonidine' });
    expect(rowsOf(one, 'adjuncts')).toBe(1);
    expect(withoutRow(one, 'adjuncts', 0)).toEqual({});
  });

  it('a path has the name of its field', () => {
    expect(labelOf('bag.drugMg')).toBe('Drug in the bag');
    expect(labelOf('steps[1].dose')).toBe('Step 2: Dose');
    expect(labelOf('course.sessions[2].date')).toBe('Day 3: Date');
    expect(labelOf('somewhere.else')).toBe('somewhere.else');
  });

  it('a sentence of the gateway names fields as the screen does', () => {
    const message = 'limits.maxMgSession is 300 mg and steps[1].dose gives more; the 1.5 mg stay.';
    expect(saidOf({ path: 'limits.maxMgSession', message })).toBe(
      'is 300 mg and Step 2: Dose gives more; the 1.5 mg stay.',
    );
    expect(saidOf({ path: 'bag', message: 'The order is stale.' })).toBe('The order is stale.');
  });

  it('no field stands in the form twice', () => {
    const paths = [PATIENT, DRUG, PLAN, LIMITS, WATCH].flatMap(({ fields }) =>
      fields.map(({ path }) => path),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });
});

const regimens = readdirSync('config/regimens')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => Regimen.parse(parse(readFileSync(`config/regimens/${name}`, 'utf8'))));

describe('the shape of a plan while it is typed', () => {
  const at = (hours: number, mgPerH: number) => ({
    step: 1,
    atMs: hours * 3_600_000,
    mgPerH,
    mlPerH: null,
  });

  it('rises where the gateway says so', () => {
    const steps = [at(0, 20), at(2, 40)];
    expect(previewPath({ steps }, 4 * 3_600_000)).toBe('M0 90H0V45H160V0H320V90');
  });

  it.each([
    ['without a rate', [], 4],
    ['without an end', [at(0, 20)], 0],
    ['with a step after the end', [at(0, 20), at(5, 40)], 4],
    ['with times that do not rise', [at(2, 20), at(1, 40)], 4],
  ])('there is none %s', (_, steps, hours) => {
    expect(previewPath({ steps }, hours * 3_600_000)).toBeNull();
  });
});

describe('a template proposes and never decides', () => {
  it.each(regimens.map((regimen) => [regimen.reference, regimen] as const))(
    '%s: the draft begins without a dose, a bag or a limit',
    (_, regimen) => {
      const { document } = draftOrder(regimen, { session: 1, patient: { weightKg: 70.8 } });
      const draft = frameOf(document);
      const text = JSON.stringify({ ...draft, patient: undefined });
      expect(text).not.toMatch(/"(dose|over|doseMg|plannedMg|drugMg|volumeMl|maxMg\w*|end)"/);
      expect(rowsOf(draft, 'steps')).toBe(rowsOf(document, 'steps'));
      expect(valueAt(draft, 'bolus')).toBe('none');
    },
  );

  it('a proposal stands beside an empty field only, and not in a row that is another one now', () => {
    const proposed = {
      steps: [
        { step: 1, dose: 20 },
        { step: 2, dose: 25 },
      ],
      end: 'PT4H',
    };
    const draft = frameOf({ regimen: 'x', ...proposed });
    expect(proposalAt(proposed, draft, 'steps[1].dose')).toBe(25);
    expect(proposalAt(proposed, draft, 'end')).toBe('PT4H');
    const typed = withValue(draft, 'steps[1].dose', 30);
    expect(proposalAt(proposed, typed, 'steps[1].dose')).toBeUndefined();
    const fewer = withoutRow(draft, 'steps', 0);
    expect(proposalAt(proposed, fewer, 'steps[0].dose')).toBeUndefined();
    expect(proposalAt(null, draft, 'end')).toBeUndefined();
  });
});

describe('the draft is kept', () => {
  function desk() {
    const timers: { readonly ms: number; readonly run: () => void; isOff: boolean }[] = [];
    const sent: string[] = [];
    const states: SaveState['kind'][] = [];
    const saved: string[] = [];
    let answers: ((answer: Answer<string>) => void)[] = [];
    const autosave = createAutosave<string, string>({
      save: (text) => {
        sent.push(text);
        return new Promise((resolve) => answers.push(resolve));
      },
      onSaved: (text) => saved.push(text),
      onState: ({ kind }) => states.push(kind),
      after: (ms, run) => {
        const timer = { ms, run, isOff: false };
        timers.push(timer);
        return () => {
          timer.isOff = true;
        };
      },
    });
    const fire = () => {
      for (const timer of timers.splice(0)) if (!timer.isOff) timer.run();
    };
    const answer = async (reply: Answer<string>) => {
      const [first, ...rest] = answers;
      answers = rest;
      first?.(reply);
      await Promise.resolve();
      await Promise.resolve();
    };
    return { autosave, fire, answer, sent, states, saved };
  }

  it('many keys are one save, and the newest text is what is kept', async () => {
    const { autosave, fire, answer, sent, saved, states } = desk();
    autosave.change('4');
    autosave.change('40');
    fire();
    expect(sent).toEqual(['40']);
    autosave.change('400');
    await answer({ kind: 'done', value: '40' });
    // The answer to the older text is no judgement of the newer one.
    expect(saved).toEqual([]);
    fire();
    expect(sent).toEqual(['40', '400']);
    await answer({ kind: 'done', value: '400' });
    expect(saved).toEqual(['400']);
    expect(states.at(-1)).toBe('saved');
  });

  it('what could not be saved is said, and tried again until it is', async () => {
    const { autosave, fire, answer, sent, states } = desk();
    autosave.change('40');
    fire();
    await answer({ kind: 'unconfirmed', sentence: 'no answer' });
    expect(states.at(-1)).toBe('unsaved');
    fire();
    expect(sent).toEqual(['40', '40']);
    await answer({ kind: 'done', value: '40' });
    expect(states.at(-1)).toBe('saved');
  });

  it('leaving the screen saves what was typed last', () => {
    const { autosave, sent } = desk();
    autosave.change('40');
    autosave.stop();
    expect(sent).toEqual(['40']);
  });
});

describe('the blind second entry', () => {
  const field = (path: string, change: Partial<CheckField> = {}): CheckField => ({
    path,
    label: path,
    unit: null,
    kind: 'number',
    group: 'plan',
    ...change,
  });
  const fields = [
    field('bag.drugMg', { unit: 'mg' }),
    field('steps[0].over', { kind: 'duration' }),
    field('drug.form', { kind: 'choice', choices: ['racemic', 'S'] }),
  ];

  it('asks in the units of order entry', () => {
    expect(specOf(field('steps[0].over', { kind: 'duration' }))).toMatchObject({ unit: 'h:min' });
    expect(specOf(field('steps[1].earliest', { kind: 'duration' })).kind).toBe('minutes-before');
    expect(specOf(fields[2] as CheckField).choices?.map(({ word }) => word)).toEqual([
      'racemic',
      'S-form',
    ]);
  });

  it('cannot be compared before every field holds something that can be read', () => {
    expect(openFields(fields, {})).toHaveLength(3);
    const half = { bag: { drugMg: '4,0' }, steps: [{ over: 'PT4H' }], drug: { form: 'racemic' } };
    expect(openFields(fields, half).map(({ path }) => path)).toEqual(['bag.drugMg']);
    expect(openFields(fields, withValue(half, 'bag.drugMg', 40))).toEqual([]);
  });

  it('what differs is emptied for the next pass, and nothing else', () => {
    const entered = { bag: { drugMg: 80 }, drug: { form: 'racemic' } };
    const differences = differencesOf([{ path: 'bag.drugMg', entered: 80, ordered: 40 }]);
    expect(withoutDifferences(entered, differences)).toEqual({
      bag: {},
      drug: { form: 'racemic' },
    });
    expect(differencesOf({ problems: [] })).toEqual([]);
    expect(shownValue(fields, 'bag.drugMg', 40)).toBe('40 mg');
    expect(shownValue(fields, 'drug.form', 'S')).toBe('S-form');
    expect(shownValue(fields, 'steps[0].over', null)).toBe('nothing');
  });
});

describe('which order needs somebody', () => {
  const running = { status: 'active', pendingVersion: null, failedChecks: 0 } as const;
  const amended = { ...running, pendingVersion: { version: 2, status: 'signed' } } as const;
  const signed = { ...running, status: 'signed' } as const;

  it('a change that waits is to do, while the order runs', () => {
    expect(sectionsOf(running)).toEqual(['running']);
    expect(sectionsOf(amended)).toEqual(['open', 'running']);
    expect(waitsForCheck(amended)).toBe(true);
    expect(waitsForCheck(running)).toBe(false);
    expect(waitsForCheck(signed)).toBe(true);
  });

  it('three failed checks lock it: nobody is sent to a check that is refused', () => {
    expect(waitsForCheck({ ...signed, failedChecks: 2 })).toBe(true);
    expect(waitsForCheck({ ...signed, failedChecks: 3 })).toBe(false);
    expect(statusText({ ...signed, failedChecks: 3 })).toBe('locked, its second check failed');
    expect(statusText({ ...amended, failedChecks: 3 })).toContain('running; version 2 locked');
  });
});
