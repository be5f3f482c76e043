import type { AlarmMessage } from '../../alarm/condition.ts';
import { doseRate } from '../../observation/format.ts';
import { sinceStartMs } from '../../order/active-order.ts';
import { standingHold } from '../../order/plan-in-time.ts';
import { stepAtRate, stepsOf } from '../../order/titration.ts';
import { exceeds, lowerLimitMgPerH, roundingMgPerH, upperLimitMgPerH } from '../rate-band.ts';
import { absent, clip, present, type Rule } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { unitHint } from '../unit-hint.ts';
import { ord23, ord24 } from './pauses.ts';
import { ord08 } from './soft-limit.ts';
import { isPausing, minutes, type StepScene, withSteps } from './step-scene.ts';

const CODES = ['MDC_FLOW_FLUID_PUMP_CURRENT'] as const;

const numbers = (
  it: StepScene,
  limit: number,
): Pick<AlarmMessage, 'value' | 'limit' | 'unit' | 'codes'> => ({
  value: it.liveMgPerH,
  limit,
  unit: 'mg/h',
  codes: CODES,
});

const versus = ({ liveMgPerH, ordered: { mgPerH } }: StepScene): string =>
  `live ${doseRate(liveMgPerH, mgPerH)} mg/h, order ${doseRate(mgPerH)} mg/h`;

interface Late {
  readonly isDecrease: boolean;
  /** How long after the window of the step closed, from that window's length after its time; ms. */
  readonly moreMs: (windowMs: number) => number;
}

/** A step whose time is over while the pump still has the rate from before it. */
function notMade(scene: Scene, { isDecrease, moreMs }: Late): Judgement {
  return withSteps(scene, (it) => {
    const { standing } = it;
    if (standing.kind !== 'not-made' || standing.isDecrease !== isDecrease) return absent(it.atMs);
    const { isStop, step, mgPerH, dueMs, missedMs, latestMs } = standing;
    const sinceMs = sinceStartMs(it.order, scene.wallMs) ?? 0;
    const isPaused = !isDecrease && isPausing(scene);
    if (isPaused || sinceMs <= missedMs + latestMs + moreMs(latestMs)) return absent(it.atMs);
    const what = isStop ? 'Infusion not stopped' : `Step ${step} not made`;
    const due = isStop ? 'stop' : `${doseRate(mgPerH)} mg/h`;
    return present(it.atMs, {
      text: clip(`${what}, ${minutes(sinceMs - dueMs)} late`, 40),
      textShort: isStop ? 'STOP IS LATE' : clip(`STEP ${step} IS LATE`, 24),
      detail: clip(
        `due: ${due}, still ${doseRate(it.liveMgPerH, mgPerH)} mg/h. ${isDecrease ? 'Lower it now' : 'Make or hold the step'}`,
        70,
      ),
      ...numbers(it, mgPerH),
    });
  });
}

/** A late decrease or stop is over-infusion, a late increase is not. */
export const ord04: Rule = {
  id: 'ORD-04',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'up',
      timing: ({ rules }) => rules['ORD-04'].levels.up,
      judge: (scene) => notMade(scene, { isDecrease: false, moreMs: () => 0 }),
    },
    {
      name: 'upLong',
      timing: ({ rules }) => rules['ORD-04'].levels.upLong,
      judge: (scene) => {
        const { times } = scene.limits.rules['ORD-04'].levels.upLong;
        return notMade(scene, {
          isDecrease: false,
          moreMs: (windowMs) => windowMs * (times - 1),
        });
      },
    },
    {
      name: 'down',
      timing: ({ rules }) => rules['ORD-04'].levels.down,
      judge: (scene) => notMade(scene, { isDecrease: true, moreMs: () => 0 }),
    },
    {
      name: 'downLong',
      timing: ({ rules }) => rules['ORD-04'].levels.downLong,
      judge: (scene) => {
        const { moreS } = scene.limits.rules['ORD-04'].levels.downLong;
        return notMade(scene, { isDecrease: true, moreMs: () => moreS * 1_000 });
      },
    },
  ],
};

function early(scene: Scene): Judgement {
  return withSteps(scene, (it) => {
    const { standing } = it;
    if (standing.kind !== 'early') return absent(it.atMs);
    const { step, byMs } = standing;
    const hold = standingHold(it.order.session, step, scene.wallMs);
    return present(it.atMs, {
      text: clip(
        hold !== undefined || byMs === null
          ? `Step ${step} running while it is held`
          : `Step ${step} running ${minutes(byMs)} early`,
        40,
      ),
      textShort: clip(`STEP ${step} TOO EARLY`, 24),
      detail: clip(`${versus(it)}. Go back, or have the order changed`, 70),
      ...numbers(it, it.ordered.mgPerH),
    });
  });
}

/** The order wants a person to say first that the criteria of this step are met. */
function unconfirmed(scene: Scene): Judgement {
  return withSteps(scene, (it) => {
    const { order } = it;
    const step = stepAtRate(order, it.liveMgPerH, scene.wallMs);
    const ordered = step === null ? undefined : order.document.steps[step - 1];
    const isConfirmed = order.session.confirmedSteps.some((one) => one.step === step);
    if (ordered?.confirm !== true || isConfirmed) return absent(it.atMs);
    const { condition } = ordered;
    return present(it.atMs, {
      text: clip(`Step ${step} running without confirmation`, 40),
      textShort: clip(`STEP ${step} NOT CONFIRMED`, 24),
      detail: clip(
        condition === undefined ? 'Confirm that its criteria are met' : `Confirm: ${condition}`,
        70,
      ),
      ...numbers(it, it.ordered.mgPerH),
    });
  });
}

export const ord05: Rule = {
  id: 'ORD-05',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    { name: 'early', timing: ({ rules }) => rules['ORD-05'].levels.early, judge: early },
    {
      name: 'unconfirmed',
      timing: ({ rules }) => rules['ORD-05'].levels.unconfirmed,
      judge: unconfirmed,
    },
  ],
};

/**
 * The rate of a later step than the next, or of none. An order of one step has no other to take it for: there ORD-01 to
 * -03 tell every deviation. What they still let pass is no unknown rate either.
 */
function unknownRate(scene: Scene, isAbove: boolean): Judgement {
  return withSteps(scene, (it) => {
    const { standing, order, ordered } = it;
    const { lowest, highest } = ordered.permitted;
    const isOne = ordered.phase === 'ended' || stepsOf(order).length === 1;
    if (isOne || it.liveMgPerH > highest !== isAbove) return absent(it.atMs);
    if (standing.kind !== 'skipped' && standing.kind !== 'unknown') return absent(it.atMs);
    const band = {
      lowestMgPerH: lowest,
      highestMgPerH: highest,
      toleranceMgPerH: roundingMgPerH(order.concentrationMgPerMl),
    };
    const { rules } = scene.limits;
    const isBeyond = isAbove
      ? exceeds(it.liveMgPerH, upperLimitMgPerH(band, rules['ORD-01'].levels.over.aboveFraction))
      : exceeds(lowerLimitMgPerH(band, rules['ORD-03'].levels.under.belowFraction), it.liveMgPerH);
    if (!isBeyond) return absent(it.atMs);
    const isSkipped = standing.kind === 'skipped';
    const hint = unitHint(it.liveMgPerH, ordered.mgPerH, it.liveMlPerH);
    return present(it.atMs, {
      text: clip(
        isSkipped
          ? `Rate of step ${standing.step}, step ${ordered.step ?? ''} is ordered`
          : 'Rate matches no ordered step',
        40,
      ),
      textShort: isSkipped ? 'STEP SKIPPED' : 'RATE OF NO STEP',
      detail: clip(`${versus(it)}. ${hint ?? 'Stop and check'}`, 70),
      ...numbers(it, ordered.mgPerH),
    });
  });
}

export const ord06: Rule = {
  id: 'ORD-06',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'below',
      timing: ({ rules }) => rules['ORD-06'].levels.below,
      judge: (scene) => unknownRate(scene, false),
    },
    {
      name: 'above',
      timing: ({ rules }) => rules['ORD-06'].levels.above,
      judge: (scene) => unknownRate(scene, true),
    },
  ],
};

/** ORD-04 to -06, -08, -23, -24: steps, soft limit, pauses. */
export const stepRules: readonly Rule[] = [ord04, ord05, ord06, ord08, ord23, ord24];
