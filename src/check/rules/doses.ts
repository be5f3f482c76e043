import type { AlarmMessage } from '../../alarm/condition.ts';
import { amount, doseRate } from '../../observation/format.ts';
import { type ActiveOrder, orderedNow } from '../../order/active-order.ts';
import { plannedMg } from '../../order/ordered-rate.ts';
import { planNow } from '../../order/plan-in-time.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { exceeds } from '../rate-band.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { ord25 } from './bolus.ts';
import { ord20, ord26 } from './channels.ts';
import { ord11, ord12 } from './delivery.ts';
import { givenText, readAtMs, type Share, sharesOf } from './dose-share.ts';

const CODES = ['MDC_VOL_FLUID_DELIV_TOTAL'] as const;
const HOUR_MS = 3_600_000;

const isOver = (mg: number, { orderedMg }: Share, marginMg: number): boolean =>
  exceeds(mg, orderedMg + marginMg);

const worst = (shares: readonly Share[]): Share | undefined =>
  shares.toSorted((a, b) => b.given.atMostMg / b.orderedMg - a.given.atMostMg / a.orderedMg)[0];

function message(shares: readonly Share[], text: string, textShort: string): AlarmMessage {
  const { given, orderedMg, scope } = worst(shares) ?? NO_SHARE;
  const told = `${givenText(given, orderedMg)} of ${amount(orderedMg)} mg`;
  return {
    text: clip(text, 40),
    textShort: clip(textShort, 24),
    detail: clip(`${told} (${scope}). Check pump and order`, 70),
    value: given.atLeastMg,
    limit: orderedMg,
    unit: 'mg',
    parts: shares.map((share) => share.scope.replace(' ', '-')).join(' '),
    codes: CODES,
  };
}
const NO_SHARE: Share = {
  scope: 'session',
  given: { atLeastMg: 0, atMostMg: 0, isExact: true },
  orderedMg: 0,
};

/**
 * More was given than is ordered. Present only when the least that can have been given is too much; where
 * only the most is, that cannot be told, and the level `possible` says so.
 */
function overOrder(
  scene: Scene,
  marginMg: (share: Share, order: ActiveOrder) => number,
  text: string,
): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const shares = sharesOf(scene, order);
  if (shares === null) return undetermined('no-observation');
  const over = shares.filter((share) =>
    isOver(share.given.atLeastMg, share, marginMg(share, order)),
  );
  if (over.length > 0)
    return present(readAtMs(scene), message(over, `${text}: ${scopeOf(over)}`, text));
  const canTell = shares.every(
    (share) => !isOver(share.given.atMostMg, share, marginMg(share, order)),
  );
  return canTell ? absent(readAtMs(scene)) : undetermined('stale');
}

const scopeOf = (shares: readonly Share[]): string => {
  const scope = worst(shares)?.scope;
  return scope === '24 h' ? 'last 24 h' : `this ${scope}`;
};

function possiblyOver(scene: Scene): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const shares = sharesOf(scene, order);
  if (shares === null) return undetermined('no-observation');
  const over = shares.filter((share) =>
    isOver(share.given.atMostMg, share, firstMargin(scene, share, order)),
  );
  if (over.length === 0) return absent(scene.nowMs);
  return present(scene.nowMs, message(over, 'Dose may be above the order', 'DOSE MAY BE OVER'));
}

/** One drop is not an overdose: what a line holds, or a fraction. */
function firstMargin({ limits }: Scene, { orderedMg }: Share, order: ActiveOrder): number {
  const { aboveFraction, aboveMl } = limits.rules['ORD-09'].levels.over;
  return Math.max(orderedMg * aboveFraction, aboveMl * order.concentrationMgPerMl);
}

const ord09: Rule = {
  id: 'ORD-09',
  kind: 'physiological',
  subject: 'bed',
  // What may be over is a doubt: it ends when the counter settles it.
  latchesFrom: 'medium',
  levels: [
    {
      name: 'possible',
      timing: ({ rules }) => rules['ORD-09'].levels.possible,
      judge: possiblyOver,
    },
    {
      name: 'over',
      timing: ({ rules }) => rules['ORD-09'].levels.over,
      judge: (scene) =>
        overOrder(scene, (share, order) => firstMargin(scene, share, order), 'DOSE ABOVE ORDER'),
    },
    {
      name: 'far',
      timing: ({ rules }) => rules['ORD-09'].levels.far,
      judge: (scene) => {
        const { aboveFraction } = scene.limits.rules['ORD-09'].levels.far;
        const margin = (share: Share, order: ActiveOrder): number =>
          Math.max(share.orderedMg * aboveFraction, firstMargin(scene, share, order));
        return overOrder(scene, margin, 'DOSE FAR ABOVE ORDER');
      },
    },
  ],
};

/** At the rate of now until the next step, and by the plan after it, more will be given than is ordered. */
function projected(scene: Scene): Judgement {
  const { order } = scene;
  if (order === null) return undetermined('no-order');
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), scene.nowMs);
  const { phase, nextChange } = orderedNow(order, scene.wallMs);
  const { startedAtWallMs, concentrationMgPerMl } = order;
  if (startedAtWallMs === null || phase === 'ended' || nextChange === null)
    return absent(scene.nowMs);
  const shares = sharesOf(scene, order);
  if (shares === null) return undetermined('no-observation');
  const liveMgPerH = flow.mlPerH * concentrationMgPerMl;
  const sinceStartMs = Math.max(0, scene.wallMs - startedAtWallMs);
  const untilChangeMg = (liveMgPerH * Math.max(0, nextChange.atMs - sinceStartMs)) / HOUR_MS;
  const toComeMg = untilChangeMg + plannedMg(planNow(order), nextChange.atMs);
  const { aboveFraction } = scene.limits.rules['ORD-10'].levels.projected;
  // What was given in the last 24 h leaves that window while the rest is given: that cannot be projected.
  const over = shares.find(
    (share) =>
      share.scope !== '24 h' &&
      isOver(share.given.atLeastMg + toComeMg, share, share.orderedMg * aboveFraction),
  );
  if (over === undefined) return flow.isComplete ? absent(flow.atMs) : undetermined(flow.because);
  const mg = over.given.atLeastMg + toComeMg;
  return present(flow.atMs, {
    text: clip(`At this rate ${amount(mg)} of ${amount(over.orderedMg)} mg`, 40),
    textShort: clip(`WILL GIVE ${amount(mg)} mg`, 24),
    detail: clip(
      `${givenText(over.given)} mg given (${over.scope}), now ${doseRate(liveMgPerH)} mg/h. Check rate`,
      70,
    ),
    value: mg,
    limit: over.orderedMg,
    unit: 'mg',
    codes: CODES,
  });
}

const ord10: Rule = {
  id: 'ORD-10',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'projected',
      timing: ({ rules }) => rules['ORD-10'].levels.projected,
      judge: projected,
    },
  ],
};

export const doseRules: readonly Rule[] = [ord09, ord10, ord11, ord12, ord20, ord25, ord26];
