import { type DevicePicture, freshnessOf } from '../../observation/device-picture.ts';
import { drugLabel, pumpsInUse } from '../pump-drug.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** As the order says it: `ketamine S` and `ketamine racemic` are two drugs. */
const orderedDrug = ({ drug }: { readonly drug: { name: string; form: string } }): string =>
  `${drug.name} ${drug.form}`;

/** A pump in use that is heard now; else what to answer. */
function judged(
  scene: Scene,
  pump: DevicePicture | null,
  judge: (pump: DevicePicture, order: NonNullable<Scene['order']>, atMs: number) => Judgement,
): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  if (pump === null || pump.lastFrameAtMs === null) return undetermined('no-observation');
  if (freshnessOf(pump, nowMs) !== 'live') return undetermined('stale');
  if (!pumpsInUse(scene.pumps, order, nowMs).includes(pump)) return absent(pump.lastFrameAtMs);
  return judge(pump, order, pump.lastFrameAtMs);
}

const wrongDrug = (scene: Scene, subject: DevicePicture | null): Judgement =>
  judged(scene, subject, (pump, order, atMs) => {
    const label = drugLabel(pump, order);
    if (label.says !== 'other') return absent(atMs);
    const ordered = orderedDrug(order.document);
    return present(atMs, {
      text: clip(`WRONG DRUG: pump says ${label.text}`, 40),
      textShort: 'WRONG DRUG',
      detail: clip(`pump ${clip(label.text, 20)}, order ${clip(ordered, 20)}. Stop and check`, 70),
      parts: label.text.toLowerCase().replaceAll(' ', '_'),
    });
  });

export const ord13: Rule = {
  id: 'ORD-13',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    { name: 'wrong', timing: ({ rules }) => rules['ORD-13'].levels.wrong, judge: wrongDrug },
  ],
};

/**
 * The label is empty: the drug library of the pump was passed over. Only of pumps that can tell: one that
 * never does, or was set up on site not to, is shown in the pump check and alarms nobody in every session.
 */
const unknownDrug = (scene: Scene, subject: DevicePicture | null): Judgement =>
  judged(scene, subject, (pump, order, atMs) => {
    const told = pump.facts.get('drug');
    if (!pump.factsTold.includes('drug') || told?.validity === 'not-provided') return absent(atMs);
    const label = drugLabel(pump, order);
    if (label.says === 'ordered' || label.says === 'other') return absent(atMs);
    const says = label.says === 'none' ? 'names no drug' : `says ${clip(label.text, 16)}`;
    return present(atMs, {
      text: 'Drug not identified by the pump',
      textShort: 'DRUG NOT IDENTIFIED',
      detail: clip(`pump ${says}, order ${clip(orderedDrug(order.document), 20)}. Check label`, 70),
    });
  });

export const ord14: Rule = {
  id: 'ORD-14',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    { name: 'unknown', timing: ({ rules }) => rules['ORD-14'].levels.unknown, judge: unknownDrug },
  ],
};
