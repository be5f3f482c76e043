import { type DevicePicture, freshnessOf } from '../../observation/device-picture.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/**
 * Another device answers than the one that belongs to this place: cables were swapped, or the pump was
 * replaced. Its values are not taken until a person says that it belongs there.
 */
function changed(_scene: Scene, subject: DevicePicture | null): Judgement {
  if (subject === null || subject.lastFrameAtMs === null) return undetermined('no-observation');
  const { stranger, association, identity } = subject;
  // The line is new and the device has not said who it is: that ends nothing.
  if (identity.serial === undefined) return undetermined('no-observation');
  if (stranger === null) return absent(subject.lastFrameAtMs);
  const what = subject.role === 'pump' ? 'pump' : 'monitor';
  const was =
    stranger.belongsTo === null
      ? `${association.serial} is expected`
      : `it belongs to ${stranger.belongsTo}`;
  return present(subject.lastFrameAtMs, {
    text: clip(`Another ${what} at ${subject.deviceId}: confirm`, 40),
    textShort: clip(`${what.toUpperCase()} CHANGED: CONFIRM`, 24),
    detail: clip(`${stranger.serial} answers, ${was}. Look at it, then confirm`, 70),
    parts: stranger.serial.replaceAll(' ', '_'),
  });
}

export const mon09: Rule = {
  id: 'MON-09',
  kind: 'technical',
  subject: 'device',
  levels: [
    { name: 'changed', timing: ({ rules }) => rules['MON-09'].levels.changed, judge: changed },
  ],
};

/** The pump's own alarms cannot be read, or not all of them: that is no "no alarm". */
function unread(scene: Scene, subject: DevicePicture | null): Judgement {
  if (subject === null) return undetermined('no-observation');
  const freshness = freshnessOf(subject, scene.nowMs);
  if (freshness === 'never' || freshness === 'lost') return undetermined('stale');
  if (subject.alertsDecoded === 'all') return absent(scene.nowMs);
  const isNone = subject.alertsDecoded === 'none';
  return present(scene.nowMs, {
    text: isNone
      ? "The pump's own alarms are not read here"
      : 'Not all alarms of the pump are read here',
    textShort: 'PUMP ALARMS NOT READ',
    detail: clip(`${subject.deviceId}: look at the pump, and listen to it`, 70),
  });
}

export const mon12: Rule = {
  id: 'MON-12',
  kind: 'technical',
  subject: 'pump',
  levels: [{ name: 'unread', timing: ({ rules }) => rules['MON-12'].levels.unread, judge: unread }],
};
