/** Pauses the sound of one bed for two minutes; the gateway counts, ends and breaks the pause. */
import { duration } from '../format/index.ts';
import { pauseSound } from '../link/api.ts';
import { parseWall } from '../link/clock.ts';
import { isUnacknowledged } from '../state/alarm-order.ts';
import { moment, ward } from '../state/store.ts';
import { station } from '../station.ts';
import { useCommand } from './command.ts';
import { Icon } from './icons.tsx';

/** Time left, or `null` when the bed's alarms may sound. */
export function pauseLeftMs(audioPausedUntil: string | null, wallMs: number): number | null {
  if (audioPausedUntil === null) return null;
  const leftMs = parseWall(audioPausedUntil) - wallMs;
  return leftMs > 0 ? leftMs : null;
}

export function PauseSound({ bedId, isInBanner = false }: { bedId: string; isInBanner?: boolean }) {
  const { state, run } = useCommand((commandId) =>
    pauseSound(commandId, station.current.name, bedId),
  );
  const now = moment.value;
  const bed = ward.value.beds.find((one) => one.bedId === bedId);
  const leftMs = pauseLeftMs(bed?.audioPausedUntil ?? null, now.wallMs);
  const sounds = [...ward.value.alarms.values()].some(
    (alarm) => alarm.bedId === bedId && isUnacknowledged(alarm),
  );
  const why =
    now.link.phase === 'lost'
      ? 'because there is no connection'
      : sounds
        ? null
        : 'because no alarm sounds';
  if (isInBanner && why !== null) return null;
  if (leftMs !== null && why === null) {
    return (
      <button class="big" type="button" disabled>
        <Icon shape="belloff" />
        <span>
          Sound paused
          <br />
          {bedId} <b class="num">{duration(leftMs)}</b>
        </span>
      </button>
    );
  }
  return (
    <button class="big" type="button" disabled={why !== null} data-key="F2" onClick={run}>
      <span>
        {state.kind === 'pending' ? 'Asking the gateway' : 'Pause sound'}
        {state.kind !== 'pending' && (isInBanner ? <br /> : ' ')}
        {state.kind !== 'pending' && `${bedId} 2 min`}
        <SmallLine
          text={state.kind === 'failed' ? state.sentence : (why ?? (isInBanner ? '' : 'F2'))}
        />
      </span>
    </button>
  );
}

export function SmallLine({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <>
      <br />
      <small>{text}</small>
    </>
  );
}
