/** Which sound the station owes its nurses now. The gateway decides alarms; this only makes them heard. */
import { parseWall } from '../link/clock.ts';
import type { Liveness } from '../link/liveness.ts';
import { compareAlarms, isUnacknowledged } from '../state/alarm-order.ts';
import type { AlarmView, BedView } from '../wire.ts';
import type { Wanted } from './scheduler.ts';

export interface SoundInput {
  readonly alarms: Iterable<AlarmView>;
  readonly beds: readonly BedView[];
  readonly link: Liveness;
  /** A page that has never shown a ward has lost nothing. */
  readonly hasWatched: boolean;
  readonly wallMs: number;
  readonly nowMs: number;
  /** The page-fault sound of this station may rest for two minutes; what is seen stays. */
  readonly faultPausedUntilMs: number;
}

export function wantedSound(input: SoundInput): Wanted | null {
  const isLost = input.hasWatched && input.link.phase === 'lost';
  if (isLost && input.nowMs < input.faultPausedUntilMs) return null;
  const sounding = [...input.alarms]
    .filter((alarm) => isUnacknowledged(alarm) && (isLost || !isPaused(alarm, input)))
    .sort(compareAlarms);
  const [first] = sounding;
  const isFault = isLost && first?.priority !== 'high';
  if (isFault) return { kind: 'fault', key: 'link' };
  if (first === undefined) return null;
  return { kind: first.priority, key: newestKey(sounding, first) };
}

/** Link loss cancels a pause: a station that cannot hear of a new alarm must not keep quiet. */
function isPaused(alarm: AlarmView, input: SoundInput): boolean {
  const until = input.beds.find((bed) => bed.bedId === alarm.bedId)?.audioPausedUntil ?? null;
  return until !== null && parseWall(until) > input.wallMs;
}

function newestKey(sounding: readonly AlarmView[], first: AlarmView): string {
  return sounding
    .filter((alarm) => alarm.priority === first.priority)
    .map((alarm) => alarm.alarmId)
    .sort()
    .join(' ');
}
