import type { AlarmMessage } from '../../alarm/condition.ts';
import type { DevicePicture } from '../../observation/device-picture.ts';
import { amount } from '../../observation/format.ts';
import { runningPause } from '../../order/session-record.ts';
import { delivered, type Range, WATCHED_MS } from '../delivery-watch.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { DELIVERY_CODES, FREE_FLOW_MS, volume, watchOf } from './delivery.ts';

const JUMP_MS = 30_000;

function bolus(scene: Scene, what: string, ml: number | null): AlarmMessage {
  const mgPerMl = scene.order?.concentrationMgPerMl ?? 0;
  const howMuch =
    ml === null ? 'amount not known yet' : `${volume(ml)} mL (${amount(ml * mgPerMl)} mg)`;
  return {
    text: 'BOLUS NOT IN ORDER',
    textShort: 'BOLUS NOT IN ORDER',
    detail: clip(`${what}, ${howMuch}. Stop, look at the pump`, 70),
    ...(ml === null ? {} : { value: ml, unit: 'mL' }),
    codes: DELIVERY_CODES,
  };
}

/** A volume that no rate explains. Once it stands, until 5 min of counter and rate agree again. */
function jumps(scene: Scene, subject: DevicePicture | null, isStanding: boolean): Judgement {
  const watch = watchOf(scene, subject);
  if (typeof watch === 'string') return undetermined(watch);
  const window = delivered(watch, isStanding ? WATCHED_MS : JUMP_MS, scene.nowMs);
  if (window === null) return undetermined('stale');
  const { rules } = scene.limits;
  const { aboveFraction, byMl } = rules['ORD-25'].levels.jump;
  const fraction = isStanding ? rules['ORD-11'].levels.over.aboveFraction : aboveFraction;
  const isJump = (counted: number, due: number): boolean =>
    counted - due > Math.max(byMl, due * fraction);
  const { counted, due, atMs } = window;
  if (isJump(counted.least, due.most))
    return present(atMs, bolus(scene, 'beyond the rate', counted.least - due.most));
  return isJump(counted.most, due.least) ? undetermined('stale') : absent(atMs);
}

/** Doses on demand or at intervals are boluses whatever the pump says of its state. */
const BOLUS_MODES: ReadonlySet<string> = new Set(['PCA', 'interval bolus']);

/** The pump says it: a bolus by hand, a loading dose, a purge into a line that is in use. */
function saysBolus(scene: Scene, subject: DevicePicture | null): Judgement {
  const watch = watchOf(scene, subject);
  if (watch === 'no-order' || subject === null || scene.order === null)
    return undetermined('no-order');
  const { pumpStatus, freshness, facts } = subject;
  if (pumpStatus === null || scene.nowMs - pumpStatus.atMs > freshness.staleMs)
    return undetermined(pumpStatus === null ? 'no-observation' : 'stale');
  const { order } = scene;
  const isInUse = order.startedAtWallMs !== null && runningPause(order.session) === undefined;
  const mode = facts.get('mode');
  const isOnDemand =
    pumpStatus.status === 'infusing' &&
    mode?.validity === 'valid' &&
    BOLUS_MODES.has(mode.text ?? '');
  const isBolus = pumpStatus.status === 'bolus' || (pumpStatus.status === 'purge' && isInUse);
  if (!isBolus && !isOnDemand) return absent(pumpStatus.atMs);
  const window = typeof watch === 'string' ? null : delivered(watch, FREE_FLOW_MS, scene.nowMs);
  const what = isBolus ? `pump says ${pumpStatus.status}, last minute` : `pump mode ${mode?.text}`;
  return present(pumpStatus.atMs, bolus(scene, what, known(window?.counted)));
}

const known = (counted: Range | undefined): number | null => counted?.least ?? null;

export const ord25: Rule = {
  id: 'ORD-25',
  kind: 'physiological',
  subject: 'pump',
  levels: [
    { name: 'jump', timing: ({ rules }) => rules['ORD-25'].levels.jump, judge: jumps },
    { name: 'told', timing: ({ rules }) => rules['ORD-25'].levels.told, judge: saysBolus },
  ],
};
