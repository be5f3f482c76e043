import { useState } from 'preact/hooks';
import { timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { standingFor } from '../parts/banner.tsx';
import { AcknowledgeButton, SeenButton } from '../parts/bed-alarms.tsx';
import { PrioritySymbol } from '../parts/icons.tsx';
import { Said } from '../parts/text.tsx';
import { endedLately, endOf, isUnacknowledged, type SortedAlarms } from '../state/alarm-order.ts';
import { hrefOf } from '../state/route.ts';
import { linkReport, moment, ward } from '../state/store.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView } from '../wire.ts';

type Section = 'active' | 'latched' | 'inhibited';

const EMPTY_TEXT: Readonly<Record<Section, string>> = {
  active: 'No alarm is active.',
  latched: 'Nothing has ended without being seen.',
  inhibited: 'No alarm is held back by another one.',
};

export function AlarmsScreen({ alarms }: { alarms: SortedAlarms }) {
  const now = moment.value;
  const [section, setSection] = useState<Section>('active');
  const active = alarms.standing.filter((alarm) => alarm.phase !== 'latched');
  const lists: Readonly<Record<Section, readonly AlarmView[]>> = {
    active: [...active, ...alarms.ended.filter((alarm) => endedLately(alarm, now.wallMs))],
    latched: alarms.latched,
    inhibited: alarms.inhibited,
  };
  const tab = (name: Section, word: string) => (
    <button
      type="button"
      role="tab"
      id={`tab-${name}`}
      aria-controls="alarm-list"
      aria-selected={section === name}
      onClick={() => setSection(name)}
    >
      {word}
    </button>
  );
  const since = linkReport.value.lostSinceWallMs;
  return (
    <main class="page alarms">
      <h1 class="unseen">Alarms</h1>
      <div class="tabs" role="tablist" aria-label="Which alarms">
        {tab('active', `Active ${active.length}`)}
        {tab('latched', `Ended, not seen ${alarms.latched.length}`)}
        {tab('inhibited', `Inhibited ${alarms.inhibited.length}`)}
      </div>
      <section
        class="panel list"
        role="tabpanel"
        id="alarm-list"
        aria-labelledby={`tab-${section}`}
      >
        {since !== null && <p>Last known at {timeOfDay(since, now.utcOffsetMin, true)}</p>}
        {lists[section].length === 0 ? (
          <p class="nothing">{EMPTY_TEXT[section]}</p>
        ) : (
          <AlarmTable rows={lists[section]} now={now} />
        )}
      </section>
    </main>
  );
}

function AlarmTable({ rows, now }: { rows: readonly AlarmView[]; now: Moment }) {
  return (
    <table class="log active">
      <colgroup>
        <col class="c-pri" />
        <col class="c-bed" />
        <col class="c-time" />
        <col class="c-el" />
        <col />
        <col class="c-user" />
        <col class="c-act" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Priority</span>
          </th>
          <th scope="col">Bed</th>
          <th scope="col">Since</th>
          <th scope="col">For</th>
          <th scope="col">Alarm</th>
          <th scope="col">Acknowledged</th>
          <th scope="col">
            <span class="unseen">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((alarm) => (
          <Row key={alarm.alarmId} alarm={alarm} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ alarm, now }: { alarm: AlarmView; now: Moment }) {
  const at = (iso: string) => timeOfDay(parseWall(iso), now.utcOffsetMin, true);
  const isFilled = alarm.phase === 'active';
  const isOver = alarm.phase === 'ended' || alarm.phase === 'inhibited';
  return (
    <tr data-alarm={alarm.priority} class={isFilled ? '' : isOver ? 'acked grey' : 'acked'}>
      <td class="pri">
        <PrioritySymbol priority={alarm.priority} />
        <span class="unseen">{alarm.priority}</span>
      </td>
      <td class="num">
        <a href={hrefOf({ screen: 'bed', bedId: alarm.bedId })}>{alarm.bedId}</a>
      </td>
      <td>{at(alarm.onsetAt)}</td>
      <td class="num">{alarm.present ? standingFor(alarm, now) : ''}</td>
      <td class="wide">
        <b>
          <Said>{`${alarm.present ? '' : 'Was: '}${alarm.text}`}</Said>
        </b>
        <small>
          <Said>{`${smallPrint(alarm, at)} ${alarm.ruleId}`}</Said>
        </small>
      </td>
      <td>{acknowledgedText(alarm, at)}</td>
      <td class="right">
        <RowAction alarm={alarm} now={now} />
      </td>
    </tr>
  );
}

function smallPrint(alarm: AlarmView, at: (iso: string) => string): string {
  if (!alarm.present) return `${at(alarm.onsetAt)} to ${at(endOf(alarm))}.`;
  return alarm.detail === undefined ? '' : `${alarm.detail}.`;
}

function acknowledgedText(alarm: AlarmView, at: (iso: string) => string) {
  if (alarm.acknowledgedAt) {
    return <Said>{`${alarm.acknowledgedBy ?? ''} ${at(alarm.acknowledgedAt)}`}</Said>;
  }
  return isUnacknowledged(alarm) ? 'not yet' : '';
}

function RowAction({ alarm, now }: { alarm: AlarmView; now: Moment }) {
  if (alarm.phase === 'latched') return <SeenButton alarm={alarm} now={now} />;
  if (alarm.phase === 'active')
    return <AcknowledgeButton alarms={[alarm]} now={now} word="Acknowledge" />;
  if (alarm.phase === 'inhibited') return <InhibitedBy alarm={alarm} />;
  return <>{alarm.phase === 'ended' ? 'ended' : 'returns if it worsens'}</>;
}

function InhibitedBy({ alarm }: { alarm: AlarmView }) {
  const cause = alarm.inhibitedBy ? ward.value.alarms.get(alarm.inhibitedBy) : undefined;
  return cause ? <Said>{`by: ${cause.textShort}`}</Said> : <>by another alarm</>;
}
