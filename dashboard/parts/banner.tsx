/**
 * The alarm banner: always in the same place, quiet when there is nothing. It shows the first alarm of
 * the common order; alarms that rank the same take turns, a more urgent one never gives way.
 */
import { duration, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { bannerTurn, endOf, type SortedAlarms } from '../state/alarm-order.ts';
import { hrefOf } from '../state/route.ts';
import { moment, route } from '../state/store.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView, Priority } from '../wire.ts';
import { Icon, PrioritySymbol } from './icons.tsx';
import { PauseSound } from './pause-sound.tsx';
import { Said } from './text.tsx';

const TURN_MS = 4_000;
export const STARS: Readonly<Record<Priority, string>> = { high: '***', medium: '**', low: '*' };

export function Banner({ alarms }: { alarms: SortedAlarms }) {
  const now = moment.value;
  const alarm = bannerTurn(alarms.standing, Math.floor(now.monotonicMs / TURN_MS));
  if (alarm === undefined) return <CalmBanner last={alarms.ended[0]} now={now} />;
  const isHere = route.value.screen === 'bed' && route.value.bedId === alarm.bedId;
  return (
    <section
      class={`banner ${phaseClass(alarm)}`}
      data-alarm={alarm.priority}
      data-alarm-id={alarm.alarmId}
      aria-label="Alarm"
    >
      <PrioritySymbol priority={alarm.priority} />
      <b class="bed">{alarm.bedId}</b>
      <p>
        <strong>
          {STARS[alarm.priority]} {alarm.phase === 'latched' && 'Was: '}
          <Said>{alarm.text}</Said>
        </strong>
        <span class="detail">
          <Said>{detailOf(alarm, now)}</Said>
        </span>
      </p>
      <time class="num">{alarm.present ? standingFor(alarm, now) : ''}</time>
      {alarms.standing.length > 1 ? (
        <a class="more" href={hrefOf({ screen: 'alarms' })}>
          +{alarms.standing.length - 1} more
        </a>
      ) : (
        <span />
      )}
      <div class="actions">
        {!isHere && (
          <a class="button big" href={hrefOf({ screen: 'bed', bedId: alarm.bedId })}>
            Open {alarm.bedId}
          </a>
        )}
        <PauseSound bedId={alarm.bedId} isInBanner />
      </div>
    </section>
  );
}

/**
 * For screen readers: a separate line that changes once for each revision, because the banner itself
 * counts seconds and would be read out all the time.
 */
export function Announcement({ alarms }: { alarms: SortedAlarms }) {
  const [first] = alarms.standing;
  const isUrgent = first?.priority === 'high';
  const words = first ? `${first.bedId} ${first.text}. ${first.detail ?? ''}` : '';
  return (
    <div class="unseen">
      <p role="alert">{isUrgent && <Said>{words}</Said>}</p>
      <p role="status">{!isUrgent && words !== '' && <Said>{words}</Said>}</p>
    </div>
  );
}

function CalmBanner({ last, now }: { last: AlarmView | undefined; now: Moment }) {
  const ended = last
    ? `No active alarms. Last: ${last.bedId} ${last.text}, ended ${timeOfDay(parseWall(endOf(last)), now.utcOffsetMin)}`
    : 'No active alarms.';
  return (
    <section class="banner calm" aria-label="Alarms">
      {now.link.phase === 'connecting' ? <span /> : <Icon shape="check" />}
      <p>{now.link.phase === 'connecting' ? 'Connecting to the gateway' : <Said>{ended}</Said>}</p>
      <a class="button" href={hrefOf({ screen: 'alarms' })}>
        Alarm list
      </a>
    </section>
  );
}

export function phaseClass(alarm: AlarmView): string {
  if (alarm.phase === 'latched') return 'steady latched';
  return alarm.phase === 'active' ? '' : 'steady';
}

export function standingFor(alarm: AlarmView, now: Moment): string {
  if (now.link.phase === 'lost') return '';
  return duration(now.wallMs - parseWall(alarm.onsetAt));
}

function detailOf(alarm: AlarmView, now: Moment): string {
  const at = (iso: string) => timeOfDay(parseWall(iso), now.utcOffsetMin);
  if (alarm.phase === 'acknowledged' && alarm.acknowledgedAt) {
    const detail = alarm.detail === undefined ? '' : `${alarm.detail}. `;
    return `${detail}Acknowledged ${at(alarm.acknowledgedAt)} by ${alarm.acknowledgedBy ?? ''}`;
  }
  if (alarm.phase === 'latched') return `${at(alarm.onsetAt)} to ${at(endOf(alarm))}, not yet seen`;
  return alarm.detail ?? '';
}
