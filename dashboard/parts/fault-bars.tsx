/** Faults of this page itself, in the inverse of the theme: never an alarm colour, never overlooked. */
import { countdown, timeOfDay } from '../format/index.ts';
import {
  faultPausedUntilMs,
  linkReport,
  moment,
  soundHealthNow,
  stopwatchMs,
} from '../state/store.ts';
import { station } from '../station.ts';
import { openDialog } from './dialogs.tsx';
import { Icon } from './icons.tsx';

const FAULT_PAUSE_MS = 120_000;

export function NotLiveBar() {
  const report = linkReport.value;
  const { utcOffsetMin } = moment.value;
  const since = report.lostSinceWallMs;
  const isPaused = stopwatchMs.value < faultPausedUntilMs.value;
  const pause = () => {
    faultPausedUntilMs.value = performance.now() + FAULT_PAUSE_MS;
  };
  return (
    <section class="faultbar" aria-label="Not live">
      <Icon shape="cut" />
      <div role="alert">
        <strong>
          NOT LIVE: no connection to the gateway
          {since !== null && ` since ${timeOfDay(since, utcOffsetMin, true)}`}
        </strong>
        <p>
          Check each patient and pump directly. Sound pauses are cancelled. Trying again every 2 s.
        </p>
      </div>
      <div class="right">
        <time class="num">{countdown(report.lostForMs)}</time>
        <p>without data</p>
      </div>
      <button class="big" type="button" disabled={isPaused} onClick={pause}>
        {isPaused ? 'Fault sound rests' : 'Rest this sound'}
        <br />2 min
      </button>
    </section>
  );
}

export function SoundBar() {
  const health = soundHealthNow.value;
  if (health !== 'blocked' && health !== 'faulty') return null;
  const enable = () => {
    station.current.sound?.enable();
    openDialog({ kind: 'sound-test' });
  };
  return (
    <button class="soundbar" type="button" onClick={enable}>
      <Icon shape="belloff" />
      <b>
        {health === 'blocked'
          ? 'SOUND IS OFF ON THIS STATION – TOUCH TO ENABLE'
          : 'SOUND DOES NOT WORK ON THIS STATION – TOUCH TO TEST'}
      </b>
    </button>
  );
}

export function LiveAgain() {
  const { recoveredGapMs } = linkReport.value;
  if (recoveredGapMs === null) return null;
  return (
    <p class="liveagain" role="status">
      Live again, gap {countdown(recoveredGapMs)}
    </p>
  );
}
