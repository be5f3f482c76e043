import type { DevicePicture } from '../../observation/device-picture.ts';
import { duration } from '../../observation/format.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';

/** The order says that something is to flow now: then it matters that a device cannot be seen. */
function isWatched(scene: Scene, subject: DevicePicture): boolean {
  const { order } = scene;
  if (order === null) return false;
  return subject.role === 'pump' || order.startedAtWallMs !== null;
}

/** The port is closed, or open again and the device has not said a valid word yet. */
function disconnected(
  scene: Scene,
  subject: DevicePicture | null,
  isStanding: boolean,
  isLong: boolean,
): Judgement {
  if (subject === null) return undetermined('no-observation');
  const { port, lastFrameAtMs } = subject;
  const isBack = port.state === 'open' && lastFrameAtMs !== null && lastFrameAtMs >= port.sinceMs;
  // A port that opens and closes again and again brings no data: that counts on for the long level.
  const isWaitedFor = isStanding || (isLong && lastFrameAtMs !== null);
  const isLost = port.state === 'open' ? isWaitedFor && !isBack : true;
  if (!isLost) return absent(scene.nowMs);
  const isImportant = isWatched(scene, subject);
  if (isLong && !isImportant) return absent(scene.nowMs);
  const what = subject.role === 'pump' ? 'Pump' : 'Monitor';
  return present(
    scene.nowMs,
    {
      text: clip(`${what} ${subject.deviceId} disconnected`, 40),
      textShort: `${what.toUpperCase()} DISCONNECTED`,
      detail: clip(
        `nothing heard for ${duration(scene.nowMs - (lastFrameAtMs ?? port.sinceMs))}. Check cable and device`,
        70,
      ),
    },
    isLong || isImportant ? undefined : 'low',
  );
}

export const mon01: Rule = {
  id: 'MON-01',
  kind: 'technical',
  subject: 'device',
  levels: [
    {
      name: 'lost',
      timing: ({ rules }) => rules['MON-01'].levels.lost,
      judge: (scene, subject, isStanding) => disconnected(scene, subject, isStanding, false),
    },
    {
      name: 'long',
      timing: ({ rules }) => rules['MON-01'].levels.long,
      judge: (scene, subject, isStanding) => disconnected(scene, subject, isStanding, true),
    },
  ],
};

/**
 * The port is open and nothing valid arrives: as dead as a closed one (decision 10). It begins with an
 * open port, since a closed one is MON-01; once it stands, only a valid frame ends it.
 */
function silent(
  scene: Scene,
  subject: DevicePicture | null,
  isStanding: boolean,
  isLong: boolean,
): Judgement {
  if (subject === null) return undetermined('no-observation');
  const { port, lastFrameAtMs, freshness } = subject;
  const isImportant = isWatched(scene, subject);
  if ((port.state !== 'open' && !isStanding) || (isLong && !isImportant))
    return absent(scene.nowMs);
  const isHeard = lastFrameAtMs !== null && scene.nowMs - lastFrameAtMs <= freshness.lostMs;
  const isJustOpen = !isStanding && scene.nowMs - port.sinceMs <= freshness.lostMs;
  if (isHeard || isJustOpen) return absent(scene.nowMs);
  const quietMs = scene.nowMs - (lastFrameAtMs ?? port.sinceMs);
  const what = subject.role === 'pump' ? 'Pump' : 'Monitor';
  return present(
    scene.nowMs,
    {
      text: clip(`No data from ${what.toLowerCase()} ${subject.deviceId}`, 40),
      textShort: `NO DATA FROM ${what.toUpperCase()}`,
      detail: clip(`nothing valid for ${duration(quietMs)}. Check device and cable`, 70),
    },
    isLong || isImportant ? undefined : 'low',
  );
}

export const mon02: Rule = {
  id: 'MON-02',
  kind: 'technical',
  subject: 'device',
  levels: [
    {
      name: 'silent',
      timing: ({ rules }) => rules['MON-02'].levels.silent,
      judge: (scene, subject, isStanding) => silent(scene, subject, isStanding, false),
    },
    {
      name: 'long',
      timing: ({ rules }) => rules['MON-02'].levels.long,
      judge: (scene, subject, isStanding) => silent(scene, subject, isStanding, true),
    },
  ],
};

/** Simulated or replayed data on a bed that is not declared for them. */
export const mon08: Rule = {
  id: 'MON-08',
  kind: 'technical',
  subject: 'device',
  levels: [
    {
      name: 'simulated',
      timing: ({ rules }) => rules['MON-08'].levels.simulated,
      judge: (scene, subject) => {
        if (subject === null) return undetermined('no-observation');
        if (scene.bedMode === 'demo') return absent(scene.nowMs);
        // A device that has not said anything yet may still turn out to be simulated.
        if (subject.mode === 'real')
          return subject.lastFrameAtMs === null
            ? undetermined('no-observation')
            : absent(scene.nowMs);
        return present(scene.nowMs, {
          text: clip(`SIMULATED DATA from ${subject.deviceId}`, 40),
          textShort: 'SIMULATED DATA',
          detail: 'these are not values of a patient. Remove the simulator or the replay',
        });
      },
    },
  ],
};
