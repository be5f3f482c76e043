import { freshnessOf } from '../../observation/device-picture.ts';
import { amount, concentration } from '../../observation/format.ts';
import type { ActiveOrder } from '../../order/active-order.ts';
import { isSameConcentration, lastLabel } from '../../order/session-bag.ts';
import { runningPause } from '../../order/session-record.ts';
import { concentrationSource, concentrationsTold, differs } from '../concentration.ts';
import { pumpsInUse, pumpsOfOrder } from '../pump-drug.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** `day 10: 80 mg bag`: the same rate every day, and another bag. */
function orderedBag({ document, bag }: ActiveOrder): string {
  const mg = `${amount(bag.drugMg)} mg bag`;
  return document.course === undefined ? mg : `day ${document.course.day}: ${mg}`;
}

function wrongConcentration(order: ActiveOrder, who: string, told: number, atMs: number) {
  const ordered = order.concentrationMgPerMl;
  const c1 = concentration(told);
  const c2 = concentration(ordered);
  return present(atMs, {
    text: clip(`CONCENTRATION ${c1}, order ${c2} mg/mL`, 40),
    textShort: clip(`CONCENTRATION ${c1}`, 24),
    detail: clip(`${who} ${c1}, order ${c2} mg/mL (${orderedBag(order)}). Stop, check bag`, 70),
    value: told,
    limit: ordered,
    unit: 'mg/mL',
    parts: c1,
    codes: ['MDC_CONC_DRUG'],
  });
}

const areHeard = ({ pumps, nowMs }: Scene, order: ActiveOrder): boolean =>
  pumpsOfOrder(pumps, order).every((pump) => freshnessOf(pump, nowMs) === 'live');

/** The pump's own number, or the label that was read last, against the order. One is enough. */
function concentrationWrong(scene: Scene): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  const { aboveFraction } = scene.limits.rules['ORD-15'].levels.differs;
  const told = concentrationsTold(scene, order);
  for (const it of told) {
    if (it.kind !== 'told') continue;
    if (differs(it.mgPerMl, order.concentrationMgPerMl, aboveFraction))
      return wrongConcentration(order, 'pump', it.mgPerMl, it.atMs);
  }
  const label = lastLabel(order);
  if (label !== null && !isSameConcentration(label, order.bag))
    return wrongConcentration(order, 'label', label.drugMg / label.volumeMl, nowMs);
  // What a silent pump was set to meanwhile is not known: that ends nothing.
  const isUnseen = told.some(({ kind }) => kind === 'unseen') || !areHeard(scene, order);
  return isUnseen ? undetermined('stale') : absent(nowMs);
}

export const ord15: Rule = {
  id: 'ORD-15',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'differs',
      timing: ({ rules }) => rules['ORD-15'].levels.differs,
      judge: concentrationWrong,
    },
  ],
};

/** A bag was changed, and nobody has said what is in the new one. */
function unverified(scene: Scene): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  const mayRun = order.startedAtWallMs !== null && runningPause(order.session) === undefined;
  if (!mayRun || concentrationSource(scene, order) !== 'none') return absent(nowMs);
  if (!areHeard(scene, order)) return undetermined('stale');
  if (pumpsInUse(scene.pumps, order, nowMs).length === 0) return absent(nowMs);
  const [first] = order.session.concentrationConfirmedBy;
  const so =
    first === undefined
      ? 'Read the label, or two people confirm'
      : `${first.by} confirmed, one more`;
  return present(nowMs, {
    text: 'Confirm concentration (2 people)',
    textShort: 'CONFIRM CONCENTRATION',
    detail: clip(
      `bag changed, order ${concentration(order.concentrationMgPerMl)} mg/mL. ${so}`,
      70,
    ),
  });
}

export const ord16: Rule = {
  id: 'ORD-16',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'unverified',
      timing: ({ rules }) => rules['ORD-16'].levels.unverified,
      judge: unverified,
    },
  ],
};
