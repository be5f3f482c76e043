import type { DevicePicture } from '../../observation/device-picture.ts';
import { absent, clip, type Level, present, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { DELIVERY_CODES, volume } from './delivery.ts';

/** How long a counter that was cleared stays news; the alarm itself stays until somebody has seen it. */
const CLEARED_SHOWN_MS = 60_000;

/** Somebody cleared the pump's counter while the order runs, or the pump was restarted: is it still the same program? */
function counterCleared(scene: Scene, subject: DevicePicture | null): Judgement {
  const { order, nowMs, wallMs } = scene;
  if (subject?.role !== 'pump' || order === null || order.startedAtWallMs === null)
    return absent(nowMs);
  const watch = scene.deliveries.get(subject.deviceId);
  if (watch === undefined) return undetermined('no-observation');
  const { cleared } = watch;
  const sinceStartMs = wallMs - order.startedAtWallMs;
  const ageMs = cleared === null ? Number.POSITIVE_INFINITY : nowMs - cleared.atMs;
  if (cleared === null || ageMs > Math.min(CLEARED_SHOWN_MS, sinceStartMs)) return absent(nowMs);
  const judgement = present(cleared.atMs, {
    text: clip(`Counter of ${subject.deviceId} was cleared`, 40),
    textShort: 'PUMP COUNTER CLEARED',
    detail: clip(
      `${volume(cleared.fromMl)} to ${volume(cleared.toMl)} mL. Check program against the order`,
      70,
    ),
    parts: 'counter-cleared',
    codes: DELIVERY_CODES,
  });
  return judgement.presence === 'present' ? { ...judgement, latches: true } : judgement;
}

export const counterClearedLevel: Level = {
  name: 'cleared',
  timing: ({ rules }) => rules['PMP-11'].levels.cleared,
  judge: counterCleared,
};
