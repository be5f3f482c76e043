import { type DevicePicture, freshnessOf } from '../../observation/device-picture.ts';
import { weight } from '../../observation/format.ts';
import { pumpsInUse } from '../pump-drug.ts';
import { exceeds } from '../rate-band.ts';
import { reading } from '../readings.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

const LB_PER_KG = 2.2046;

/** A ratio within 2 % of that of kg and lb says who mistook one for the other. A hint only. */
function weightHint(pumpKg: number, orderKg: number): string {
  const isNear = (ratio: number): boolean => Math.abs(ratio / LB_PER_KG - 1) <= 0.02;
  if (isNear(pumpKg / orderKg)) return 'Lb typed as kg in the pump?';
  if (isNear(orderKg / pumpKg)) return 'Lb typed as kg in the order?';
  return 'Weigh, or look at the chart';
}

/** @param wantsDosed a dose by weight: the error is in the dose, by the same ratio */
function weightDiffers(
  scene: Scene,
  pump: DevicePicture | null,
  wantsDosed: boolean,
  fraction: number,
): Judgement {
  const { order, nowMs } = scene;
  if (order === null) return undetermined('no-order');
  if (pump === null) return undetermined('no-observation');
  if (freshnessOf(pump, nowMs) !== 'live') return undetermined('stale');
  const { weightKg } = order.document.patient;
  const isDosed = order.document.mode === 'mg-per-kg-per-h';
  if (weightKg === undefined || isDosed !== wantsDosed) return absent(nowMs);
  if (!pumpsInUse(scene.pumps, order, nowMs).includes(pump)) return absent(nowMs);
  const told = reading([pump], 'MDC_ATTR_PT_WEIGHT', nowMs);
  if (!told.ok) return told.because === 'stale' ? undetermined('stale') : absent(nowMs);
  if (!exceeds(Math.abs(told.value - weightKg), weightKg * fraction)) return absent(told.atMs);
  const both = `pump ${weight(told.value)} kg, order ${weight(weightKg)} kg`;
  return present(told.atMs, {
    text: clip(`Weight: ${both}`, 40),
    textShort: clip(`WEIGHT ${weight(told.value)} / ${weight(weightKg)} kg`, 24),
    detail: clip(`${weightHint(told.value, weightKg)} ${both}`, 70),
    value: told.value,
    limit: weightKg,
    unit: 'kg',
    parts: weight(told.value),
    codes: ['MDC_ATTR_PT_WEIGHT'],
  });
}

export const ord17: Rule = {
  id: 'ORD-17',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    {
      name: 'fixed',
      timing: ({ rules }) => rules['ORD-17'].levels.fixed,
      judge: (scene, pump) => {
        const { aboveFraction } = scene.limits.rules['ORD-17'].levels.fixed;
        return weightDiffers(scene, pump, false, aboveFraction);
      },
    },
    {
      name: 'weight-based',
      timing: ({ rules }) => rules['ORD-17'].levels['weight-based'],
      judge: (scene, pump) => {
        const { aboveFraction } = scene.limits.rules['ORD-17'].levels['weight-based'];
        return weightDiffers(scene, pump, true, aboveFraction);
      },
    },
  ],
};

/**
 * A device of another bed answers here while an order runs: its patient is another one. No device that we
 * read tells a patient; what there is to go by is which device belongs to which bed. MON-09 says that a device
 * is not the expected one; this rule adds that it is somebody else's.
 */
function patientMismatch(scene: Scene, device: DevicePicture | null): Judgement {
  if (scene.order === null) return undetermined('no-order');
  if (device === null || device.lastFrameAtMs === null) return undetermined('no-observation');
  const { stranger, identity, lastFrameAtMs } = device;
  if (stranger === null)
    return identity.serial === undefined && device.association.serial !== null
      ? undetermined('no-observation')
      : absent(lastFrameAtMs);
  const { belongsTo, serial } = stranger;
  const isOfThisBed = [...scene.pumps, ...scene.monitors].some(
    ({ deviceId }) => deviceId === belongsTo,
  );
  if (belongsTo === null || isOfThisBed) return absent(lastFrameAtMs);
  const what = device.role;
  return present(lastFrameAtMs, {
    text: clip(`PATIENT MISMATCH: ${what} of another bed`, 40),
    textShort: 'PATIENT MISMATCH',
    detail: clip(
      `${clip(serial, 20)} belongs to ${clip(belongsTo, 20)}. Check patient and cable`,
      70,
    ),
    parts: serial.replaceAll(' ', '_'),
  });
}

export const ord19: Rule = {
  id: 'ORD-19',
  kind: 'physiological',
  subject: 'device',
  levels: [
    {
      name: 'mismatch',
      timing: ({ rules }) => rules['ORD-19'].levels.mismatch,
      judge: patientMismatch,
    },
  ],
};
