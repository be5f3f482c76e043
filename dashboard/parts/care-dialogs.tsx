/** What is noted about the patient: baseline, observation, what else was given, and leaving. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { vital } from '../format/index.ts';
import { atBedside } from '../link/order-api.ts';
import type { BedView } from '../wire.ts';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';

type Answers = Readonly<Record<string, unknown>>;

function useAnswers(): readonly [Answers, (key: string) => (value: unknown) => void] {
  const [answers, setAnswers] = useState<Answers>({});
  const set = (key: string) => (value: unknown) =>
    setAnswers((before) => ({ ...before, [key]: value }));
  return [answers, set];
}

/** A number or nothing; what is half typed is neither and holds the dialog back. */
const areNumbers = (answers: Answers, specs: readonly FieldSpec[]): boolean =>
  specs.every(({ path }) => answers[path] === undefined || typeof answers[path] === 'number');

const orNull = (answers: Answers, specs: readonly FieldSpec[]): object =>
  Object.fromEntries(specs.map(({ path }) => [path, answers[path] ?? null]));

const BASELINE: readonly FieldSpec[] = [
  { path: 'heartRateBpm', label: 'Heart rate', kind: 'number', unit: '/min' },
  { path: 'spo2Percent', label: 'SpO2', kind: 'number', unit: '%' },
  { path: 'systolicMmHg', label: 'Systolic', kind: 'number', unit: 'mmHg' },
  { path: 'diastolicMmHg', label: 'Diastolic', kind: 'number', unit: 'mmHg' },
];

export function BaselineDialog({ bed }: { bed: BedView }) {
  const [answers, set] = useAnswers();
  const baseline = bed.session?.baseline;
  const seen: Readonly<Record<string, number | null | undefined>> = {
    heartRateBpm: baseline?.heartRateBpm,
    spo2Percent: baseline?.spo2Percent,
    systolicMmHg: baseline?.systolicMmHg,
    diastolicMmHg: baseline?.diastolicMmHg,
  };
  const isEmpty = BASELINE.every(({ path }) => answers[path] === undefined);
  const why = isEmpty
    ? 'every value is missing'
    : areNumbers(answers, BASELINE)
      ? null
      : 'a value cannot be read';
  return (
    <PersonDialog
      title={`Baseline ${bed.bedId}`}
      commit="This is the baseline"
      why={why}
      send={(by) => atBedside(by, bed.bedId, 'baseline', orNull(answers, BASELINE))}
    >
      <p>
        Values of the patient at rest before the infusion. What the monitor showed is proposed: take
        it, or type what you measured. Leave empty what is not known.
      </p>
      <div class="fields">
        {BASELINE.map((spec) => (
          <Field
            key={spec.path}
            spec={spec}
            value={answers[spec.path]}
            proposal={wholeOrNone(seen[spec.path])}
            onChange={set(spec.path)}
          />
        ))}
      </div>
    </PersonDialog>
  );
}

/** As the screen shows it: the proposal that is taken is the number that was read. */
const wholeOrNone = (value: number | null | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(vital(value));

const score = (path: string, label: string, words: readonly string[]): FieldSpec => ({
  path,
  label,
  kind: 'choice',
  choices: words.map((word, value) => ({
    value,
    word: word === '' ? `${value}` : `${value} ${word}`,
  })),
  isWide: true,
});
const SEVERITY = ['none', 'mild', 'moderate', 'severe'] as const;

/** Scales as the gateway reads them (docs/interfaces.md); the source gives affective 4 no word. */
const SCORES: readonly FieldSpec[] = [
  { path: 'pain', label: 'Pain, 0 none to 10 worst', kind: 'number', unit: '0 to 10' },
  score('affective', 'Affective', [...SEVERITY, '']),
  score('sedation', 'Sedation', ['awake', 'drowsy', 'to voice', 'to touch', 'unrousable']),
  score('dysphoria', 'Dysphoria', SEVERITY),
  score('hallucination', 'Hallucination', SEVERITY),
  score('nausea', 'Nausea', SEVERITY),
  score('headache', 'Headache', SEVERITY),
];
const NOTE: FieldSpec = { path: 'note', label: 'Note', kind: 'text', isWide: true };

export function ObservationDialog({ bed }: { bed: BedView }) {
  const [answers, set] = useAnswers();
  const isEmpty = [...SCORES, NOTE].every(({ path }) => answers[path] === undefined);
  const why = isEmpty
    ? 'nothing is entered'
    : areNumbers(answers, SCORES)
      ? null
      : 'a score cannot be read';
  return (
    <PersonDialog
      title={`Observation ${bed.bedId}`}
      commit="Note it"
      why={why}
      send={(by) =>
        atBedside(by, bed.bedId, 'observation', {
          ...orNull(answers, SCORES),
          note: answers['note'] ?? null,
        })
      }
    >
      <div class="scores">
        {[...SCORES, NOTE].map((spec) => (
          <Field key={spec.path} spec={spec} value={answers[spec.path]} onChange={set(spec.path)} />
        ))}
      </div>
    </PersonDialog>
  );
}

const GIVEN: readonly FieldSpec[] = [
  { path: 'drug', label: 'Drug', kind: 'text', isRequired: true },
  { path: 'doseMg', label: 'Dose', kind: 'number', unit: 'mg', isRequired: true },
  { path: 'route', label: 'Route', kind: 'text', isRequired: true },
  { path: 'givenAt', label: 'Given at', kind: 'moment', hint: 'Empty: now' },
];

export function AdjunctDialog({ bed }: { bed: BedView }) {
  const [answers, set] = useAnswers();
  const { drug, doseMg, route, givenAt } = answers;
  const isTimed = givenAt === undefined || (typeof givenAt === 'string' && givenAt.endsWith('Z'));
  const why =
    !drug || !route || typeof doseMg !== 'number'
      ? 'drug, dose or route is missing'
      : isTimed
        ? null
        : 'the time cannot be read';
  return (
    <PersonDialog
      title={`Given beside the infusion, ${bed.bedId}`}
      commit="It was given"
      why={why}
      send={(by) =>
        atBedside(by, bed.bedId, 'adjunct', {
          drug,
          doseMg,
          route,
          ...(givenAt === undefined ? {} : { givenAt }),
        })
      }
    >
      <p>Noted for the report. It is not checked against the order.</p>
      <div class="fields">
        {GIVEN.map((spec) => (
          <Field key={spec.path} spec={spec} value={answers[spec.path]} onChange={set(spec.path)} />
        ))}
      </div>
    </PersonDialog>
  );
}

const WHY: FieldSpec = { path: 'reason', label: 'Remark', kind: 'text', hint: 'May stay empty' };

export function DischargeDialog({ bed }: { bed: BedView }) {
  const [answers, set] = useAnswers();
  const isEarly = bed.session?.phase === 'recovery';
  const { reason } = answers;
  return (
    <PersonDialog
      title={`Discharge from ${bed.bedId}`}
      commit="The patient leaves"
      why={isEarly && !reason ? 'before the end of the observation a remark is needed' : null}
      send={(by) => atBedside(by, bed.bedId, 'discharge', reason === undefined ? {} : { reason })}
    >
      <p>
        {isEarly ? 'The time of observation is not over yet.' : 'The time of observation is over.'}
      </p>
      <Field spec={WHY} value={reason} onChange={set('reason')} />
    </PersonDialog>
  );
}
