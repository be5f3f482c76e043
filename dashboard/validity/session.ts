/** The session of a bed in words. All times are the gateway's; what is not known is said, not left out. */
import {
  amount,
  decimal,
  concentration as formatConcentration,
  NBSP,
  NEVER,
  UNKNOWN,
  vital,
} from '../format/index.ts';
import type { BedView, SessionView, TitrationView } from '../wire.ts';
import { shownRate } from './rate.ts';
import type { Moment } from './value.ts';
import { type Count, countTo, whenText } from './when.ts';

export interface Fact {
  readonly label: string;
  readonly text: string;
  /** Beside it, smaller: who, why, how sure. */
  readonly note: string;
}

export interface ShownSession {
  readonly phase: string;
  readonly note: string;
  readonly count: (Count & { readonly label: string }) | null;
  readonly facts: readonly Fact[];
}

const LAST_KNOWN = 'as last known';

export function shownSession(bed: BedView, session: SessionView, moment: Moment): ShownSession {
  const phase = phaseOf(session, moment);
  const isLost = moment.link.phase === 'lost';
  return {
    ...(isLost ? { ...phase, note: LAST_KNOWN } : phase),
    count: countOf(session, moment),
    facts: [
      ...timesOf(session, moment),
      ...dayOf(session),
      baselineOf(session, moment),
      bagOf(bed, session),
      ...observationOf(session, moment),
      ...totalOf(bed, isLost),
    ],
  };
}

function phaseOf(session: SessionView, moment: Moment): { phase: string; note: string } {
  const { pause, recovery } = session;
  switch (session.phase) {
    case 'waiting':
      return { phase: 'Not started', note: 'the order is active, no flow seen yet' };
    case 'infusing':
      return { phase: 'Infusing', note: '' };
    case 'paused':
      return { phase: 'Paused', note: pause === null ? '' : `${pause.reason}, by ${pause.by}` };
    case 'ended':
      return { phase: 'Ended', note: 'the ordered end has passed; the order is not completed' };
    case 'recovery':
      return {
        phase: 'Recovery',
        note: recovery === null ? '' : `since ${whenText(recovery.since, moment)}`,
      };
    case 'recovered':
      return { phase: 'Recovered', note: 'observed long enough; not discharged yet' };
  }
}

function countOf(session: SessionView, moment: Moment): ShownSession['count'] {
  const { pause, recovery, endsAt, plannedStartAt } = session;
  if (session.phase === 'paused' && pause !== null)
    return { label: 'resume in', ...countTo(pause.until, moment) };
  if (session.phase === 'recovery' && recovery !== null)
    return { label: 'observe for', ...countTo(recovery.until, moment) };
  if (session.phase === 'infusing' && endsAt !== null)
    return { label: 'ends in', ...countTo(endsAt, moment) };
  if (session.phase === 'waiting' && plannedStartAt !== null)
    return { label: 'starts in', ...countTo(plannedStartAt, moment) };
  return null;
}

function timesOf(session: SessionView, moment: Moment): readonly Fact[] {
  const { plannedStartAt, startedAt, endsAt, recovery } = session;
  const planned = plannedStartAt === null ? '' : `planned ${whenText(plannedStartAt, moment)}`;
  const started = startedAt === null ? 'not yet' : whenText(startedAt, moment);
  const end = { label: 'Ends', text: whenText(endsAt, moment), note: 'pauses counted in' };
  const done = {
    label: 'Observed until',
    text: whenText(recovery?.until ?? null, moment),
    note: recovery === null ? '' : `completed ${whenText(recovery.since, moment)}`,
  };
  return [
    { label: 'Started', text: started, note: planned },
    ...(recovery === null ? [end] : [done]),
  ];
}

function dayOf({ course }: SessionView): readonly Fact[] {
  if (course === null) return [];
  const note =
    course.plannedMg === null ? '' : `${amount(course.plannedMg)}${NBSP}mg planned for this day`;
  return [{ label: 'Course', text: `day ${course.day} of ${course.of}`, note }];
}

const BASELINE_WORDS = {
  none: 'nobody has taken it',
  provisional: 'provisional: no nurse confirmed it',
  confirmed: 'confirmed',
} as const;

function baselineOf({ baseline }: SessionView, moment: Moment): Fact {
  if (baseline.state === 'none')
    return { label: 'Baseline', text: NEVER, note: BASELINE_WORDS.none };
  const by = baseline.by === null ? '' : ` by ${baseline.by}`;
  const at = baseline.at === null ? '' : ` ${whenText(baseline.at, moment)}`;
  return {
    label: 'Baseline',
    text: baselineText(baseline),
    note: `${BASELINE_WORDS[baseline.state]}${by}${at}`,
  };
}

/** `HR 76, SpO2 98 %, 120/76`; `--` for what was not taken. */
export function baselineText(
  baseline: Pick<
    SessionView['baseline'],
    'heartRateBpm' | 'spo2Percent' | 'systolicMmHg' | 'diastolicMmHg'
  >,
): string {
  const { heartRateBpm, spo2Percent, systolicMmHg, diastolicMmHg } = baseline;
  const cuff = `${vitalText(systolicMmHg)}/${vitalText(diastolicMmHg)}`;
  return `HR ${vitalText(heartRateBpm)}, SpO2 ${vitalText(spo2Percent)}, ${cuff}`;
}

const vitalText = (value: number | null): string => (value === null ? NEVER : vital(value));

const SOURCE_WORDS: Readonly<Record<SessionView['concentration']['source'], string>> = {
  pump: 'told by the pump',
  label: 'as the label says',
  'two-people': 'read by two people',
  none: 'nobody vouches for it',
};

/** Where the pump runs at the same rate every day, only the bag makes the dose: that is where to look. */
function bagOf({ order }: BedView, { concentration, course }: SessionView): Fact {
  if (order === null) return { label: 'Bag', text: 'no infusion runs', note: '' };
  const people = concentration.confirmedBy.join(', ');
  const vouched = `${SOURCE_WORDS[concentration.source]}${people === '' ? '' : `: ${people}`}`;
  const perMl = `${formatConcentration(order.concentrationMgPerMl)}${NBSP}mg/mL`;
  const look =
    course !== null && order.mode === 'mg-total-over'
      ? '. Same pump rate every day: check the bag'
      : '';
  return {
    label: 'Bag',
    text: `${decimal(order.bagDrugMg, 2)}${NBSP}mg in ${decimal(order.bagVolumeMl, 2)}${NBSP}mL (${perMl})`,
    note: `${vouched}${look}`,
  };
}

function observationOf(session: SessionView, moment: Moment): readonly Fact[] {
  const { observationDueAt } = session;
  if (observationDueAt === null) return [];
  const count = countTo(observationDueAt, moment);
  return [
    {
      label: 'Observation',
      text: count.isLate ? count.text : `due in ${count.text}`,
      note: whenText(observationDueAt, moment),
    },
  ];
}

/** In the last 24 hours and in the course: at least, and at most where a counter was silent. */
function totalOf({ infusion, order }: BedView, isLost: boolean): readonly Fact[] {
  const { given24hMg, givenCourseMg } = infusion;
  // After the order the ledger is told by the report; while it runs, silence is something to be seen.
  if (given24hMg === null && order === null) return [];
  const day =
    given24hMg === null ? UNKNOWN : mgRange(given24hMg, isLost ? null : infusion.given24hAtMostMg);
  const course = mgRange(givenCourseMg, isLost ? null : infusion.givenCourseAtMostMg);
  const note = course === NEVER ? '' : `in the course ${course}`;
  return [{ label: 'Last 24 h', text: day, note }];
}

/** At which step the pump runs; what nobody can see now is not told as a fact. */
export function runningText(bed: BedView, titration: TitrationView, moment: Moment): string {
  if (moment.link.phase === 'lost') return LAST_KNOWN;
  const { runningStep, steps } = titration;
  if (shownRate(bed, moment).word === 'unknown') return 'it is not known at which the pump runs';
  if (runningStep !== null) return `the pump runs at step ${runningStep} of ${steps.length}`;
  return bed.infusion.liveMgPerH === 0
    ? 'the pump gives nothing'
    : 'the pump runs at the rate of no step';
}

/** `61.2 mg`, `61.2 to 64 mg`, `at least 61.2 mg` or `--`. */
export function mgRange(atLeast: number | null, atMost: number | null): string {
  if (atLeast === null) return NEVER;
  if (atMost === null) return `at least ${amount(atLeast)}${NBSP}mg`;
  if (amount(atLeast) === amount(atMost)) return `${amount(atLeast)}${NBSP}mg`;
  return `${amount(atLeast)} to ${amount(atMost)}${NBSP}mg`;
}
