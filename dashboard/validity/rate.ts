/** Ordered and live rate, and the words between them. */
import {
  age,
  amount,
  deviation,
  doseRate,
  NBSP,
  NEVER,
  pumpRate,
  timeOfDay,
  UNKNOWN,
} from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { BedView, Validity } from '../wire.ts';
import { type Moment, type Shown, shownContinuous } from './value.ts';

export interface ShownRate {
  readonly state: Validity;
  readonly ordered: { readonly mgPerH: string; readonly mlPerH: string };
  readonly live: { readonly mgPerH: string; readonly mlPerH: string };
  /** `1 s`, `no data 00:42`. */
  readonly liveNote: string;
  /** `= on order`, `over +12 %`, `×10`, `unknown`. */
  readonly word: string;
  readonly hint: string;
  /** `since 14:02`, when the live rate is unknown and was known once. */
  readonly unknownSince: string;
  /** `106 of 480 mg`, `61.2 to 64 mg` where a counter was silent, `at least 61.2 mg` where nobody knows more. */
  readonly given: string;
  /** 0 to 1, or `null` when nobody can tell. */
  readonly givenPart: number | null;
}

export function shownRate(bed: BedView, moment: Moment): ShownRate {
  const { infusion } = bed;
  const live = shownContinuous(
    {
      value: infusion.liveMlPerH,
      validity: infusion.liveValidity,
      observedAtMonotonicMs: infusion.liveObservedAtMonotonicMs,
    },
    moment,
  );
  const isLinked = moment.link.phase !== 'lost';
  const given = givenOf(bed, isLinked, live.value !== null && isLinked);
  return {
    state: live.state,
    ordered: {
      mgPerH: infusion.orderedMgPerH === null ? NEVER : doseRate(infusion.orderedMgPerH),
      mlPerH: infusion.orderedMlPerH === null ? NEVER : pumpRate(infusion.orderedMlPerH),
    },
    live: {
      mgPerH: liveText(live, infusion.liveMgPerH, (mgPerH) =>
        doseRate(mgPerH, bed.order?.maxMgPerH, bed.order?.hardMaxMgPerH),
      ),
      mlPerH: liveText(live, live.value, pumpRate),
    },
    liveNote: live.note || liveAge(infusion.liveObservedAtMonotonicMs, moment),
    word: wordOf(bed, live, moment),
    unknownSince: unknownSince(bed, live, moment),
    hint: live.value === null ? '' : (infusion.hint ?? ''),
    ...given,
  };
}

function liveText(live: Shown, value: number | null, text: (value: number) => string): string {
  if (live.state === 'never') return NEVER;
  if (live.state === 'unsupported') return '';
  if (live.value === null || value === null) return live.value === null ? UNKNOWN : NEVER;
  return live.state === 'valid' ? text(value) : `${text(value)}?`;
}

function liveAge(observedAtMonotonicMs: number | null, moment: Moment): string {
  return observedAtMonotonicMs === null ? '' : age(moment.monotonicMs - observedAtMonotonicMs);
}

/** A word about a rate that nobody knows would be a claim: unknown beats everything the gateway said. */
function wordOf(bed: BedView, live: Shown, moment: Moment): string {
  const { infusion, order } = bed;
  if (infusion.state === 'no-pump') return 'no pump';
  if (live.value === null || moment.link.phase === 'lost') return 'unknown';
  switch (infusion.state) {
    case 'unknown':
      return 'unknown';
    case 'no-order':
      return 'no order';
    case 'not-started':
      return 'not started';
    case 'on-order':
      return '= on order';
    case 'over':
    case 'under':
      return `${deviates(infusion.state, infusion.deviation)}`;
    case 'stopped':
      return 'STOPPED';
    case 'kvo':
      return 'KVO';
    case 'bolus':
      return 'BOLUS';
    case 'ended':
      return order?.endsAt
        ? `ended ${timeOfDay(parseWall(order.endsAt), moment.utcOffsetMin)}`
        : 'ended';
  }
}

function unknownSince(bed: BedView, live: Shown, moment: Moment): string {
  const since = bed.infusion.liveObservedAt;
  if (live.value !== null || since === null || bed.infusion.state === 'no-pump') return '';
  return `since ${timeOfDay(parseWall(since), moment.utcOffsetMin)}`;
}

function deviates(word: 'over' | 'under', fraction: number | null): string {
  if (fraction === null) return word;
  return fraction >= 3 ? deviation(fraction) : `${word} ${deviation(fraction)}`;
}

function givenOf(
  bed: BedView,
  isLinked: boolean,
  isLiveKnown: boolean,
): Pick<ShownRate, 'given' | 'givenPart'> {
  const { givenMg, givenComplete, givenAtMostMg, orderedTotalMg } = bed.infusion;
  if (givenMg === null) {
    const of = orderedTotalMg === null ? '' : ` of ${amount(orderedTotalMg)}${NBSP}mg`;
    return { given: bed.order === null ? '' : `${UNKNOWN}${of}`, givenPart: null };
  }
  // A range so narrow that both ends read the same is a number; the bound is only true while it is told.
  const isNarrow = givenAtMostMg !== null && amount(givenAtMostMg) === amount(givenMg);
  if (!givenComplete && !isNarrow && isLinked && givenAtMostMg !== null) {
    const range = `${amount(givenMg)} to ${amount(givenAtMostMg)}`;
    return { given: `${range}${NBSP}mg`, givenPart: null };
  }
  if (!(givenComplete || isNarrow) || !isLiveKnown) {
    return { given: `at least ${amount(givenMg)}${NBSP}mg`, givenPart: null };
  }
  if (orderedTotalMg === null) return { given: `${amount(givenMg)}${NBSP}mg`, givenPart: null };
  return {
    given: `${amount(givenMg)} of ${amount(orderedTotalMg)}${NBSP}mg`,
    givenPart: orderedTotalMg > 0 ? Math.min(1, givenMg / orderedTotalMg) : null,
  };
}
