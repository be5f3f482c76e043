/** The alarms of one bed with the two things a nurse can do about them. */
import { timeOfDay } from '../format/index.ts';
import { markSeen } from '../link/api.ts';
import { parseWall } from '../link/clock.ts';
import { endedLately, endOf, isUnacknowledged, type SortedAlarms } from '../state/alarm-order.ts';
import { station } from '../station.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView } from '../wire.ts';
import { standingFor } from './banner.tsx';
import { useCommand } from './command.ts';
import { openDialog } from './dialogs.tsx';
import { PrioritySymbol } from './icons.tsx';
import { PauseSound } from './pause-sound.tsx';
import { Said } from './text.tsx';

interface BedAlarmsInput {
  readonly bedId: string;
  readonly alarms: SortedAlarms;
  readonly now: Moment;
}

export function BedAlarms({ bedId, alarms, now }: BedAlarmsInput) {
  const here = (list: readonly AlarmView[]) => list.filter((alarm) => alarm.bedId === bedId);
  const standing = here(alarms.standing);
  const ended = here(alarms.ended).filter((alarm) => endedLately(alarm, now.wallMs));
  const inhibited = here(alarms.inhibited);
  const lastKnown = now.link.phase === 'lost' ? ', last known' : '';
  return (
    <section class="panel third" aria-label={`Alarms ${bedId}`}>
      <h2>
        <b>Alarms {bedId}</b> {countText(standing)}
        {lastKnown}
      </h2>
      {standing.length + ended.length + inhibited.length === 0 ? (
        <p>No alarm on this bed.</p>
      ) : (
        <ul class="rows">
          {[...standing, ...inhibited, ...ended].map((alarm) => (
            <AlarmRow key={alarm.alarmId} alarm={alarm} now={now} />
          ))}
        </ul>
      )}
      <div class="acts">
        <PauseSound bedId={bedId} />
        <AcknowledgeButton alarms={standing.filter(isUnacknowledged)} now={now} hasKey />
      </div>
    </section>
  );
}

function countText(standing: readonly AlarmView[]): string {
  if (standing.length === 0) return 'none';
  const present = standing.filter((alarm) => alarm.phase !== 'latched').length;
  const latched = standing.length - present;
  const parts = [
    present > 0 ? `${present} active` : '',
    latched > 0 ? `${latched} ended, not seen` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const ROW_CLASS: Readonly<Record<AlarmView['phase'], string>> = {
  active: '',
  acknowledged: 'acked',
  latched: 'ended',
  inhibited: 'grey',
  ended: 'grey',
};

function AlarmRow({ alarm, now }: { alarm: AlarmView; now: Moment }) {
  const at = (iso: string) => timeOfDay(parseWall(iso), now.utcOffsetMin, alarm.phase === 'active');
  return (
    <li class={ROW_CLASS[alarm.phase]} data-alarm={alarm.priority}>
      <span class="flag">
        <PrioritySymbol priority={alarm.priority} />
      </span>
      <div class="txt">
        <b>
          <Said>{`${alarm.present ? '' : 'Was: '}${alarm.text}`}</Said>
        </b>
        <p>
          <Said>{rowDetail(alarm, at)}</Said>
        </p>
      </div>
      <div class="when">
        {alarm.phase === 'latched' ? (
          <SeenButton alarm={alarm} now={now} />
        ) : (
          <>
            <span class="num">{alarm.present ? standingFor(alarm, now) : ''}</span>
            {at(alarm.present ? alarm.onsetAt : endOf(alarm))}
          </>
        )}
      </div>
    </li>
  );
}

function rowDetail(alarm: AlarmView, at: (iso: string) => string): string {
  if (alarm.phase === 'inhibited') return 'not shown on its own: its cause has an alarm already';
  if (alarm.phase === 'ended') return `ended ${at(endOf(alarm))}`;
  const by = alarm.acknowledgedAt
    ? `ack ${alarm.acknowledgedBy ?? ''} ${at(alarm.acknowledgedAt)}`
    : '';
  if (alarm.phase === 'latched') {
    const span = `${at(alarm.onsetAt)} to ${at(endOf(alarm))}`;
    return by === '' ? span : `${span}, ${by}`;
  }
  return by === '' ? (alarm.detail ?? '') : by;
}

export function SeenButton({ alarm, now }: { alarm: AlarmView; now: Moment }) {
  const { state, run } = useCommand((commandId) =>
    markSeen(commandId, station.current.name, [alarm]),
  );
  const isLost = now.link.phase === 'lost';
  const word = state.kind === 'pending' ? 'Sending' : 'Seen';
  return (
    <button type="button" class="seen" disabled={isLost} onClick={run}>
      <span>
        {word}
        {state.kind === 'failed' && (
          <>
            <br />
            <small>not confirmed</small>
          </>
        )}
      </span>
    </button>
  );
}

export function AcknowledgeButton(input: {
  alarms: readonly AlarmView[];
  now: Moment;
  hasKey?: boolean;
  word?: string;
}) {
  const { alarms, now } = input;
  const why =
    now.link.phase === 'lost'
      ? 'because there is no connection'
      : alarms.length === 0
        ? 'because none is new'
        : null;
  const count = alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`;
  return (
    <button
      class="big primary"
      type="button"
      disabled={why !== null}
      data-key={input.hasKey ? 'F4' : undefined}
      onClick={() => openDialog({ kind: 'acknowledge', alarms })}
    >
      <span>
        {input.word ?? (why === null ? `Acknowledge ${count}` : 'Acknowledge')}
        {input.word === undefined && (
          <>
            <br />
            <small>{why ?? 'F4, needs your PIN'}</small>
          </>
        )}
      </span>
    </button>
  );
}
