import { countdown, duration, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { phaseClass } from '../parts/banner.tsx';
import { PrioritySymbol } from '../parts/icons.tsx';
import { Said } from '../parts/text.tsx';
import { Tile } from '../parts/tile.tsx';
import { byBed, type SortedAlarms } from '../state/alarm-order.ts';
import { nextHour } from '../state/next-hour.ts';
import { hrefOf } from '../state/route.ts';
import { linkReport, moment, ward } from '../state/store.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView } from '../wire.ts';

const ROWS_SHOWN = 14;

export function Overview({ alarms }: { alarms: SortedAlarms }) {
  const now = moment.value;
  const { beds } = ward.value;
  return (
    <main class="page overview">
      <h1 class="unseen">All beds</h1>
      <aside class="rail" aria-label="Attention and next tasks">
        <Attention alarms={alarms} now={now} />
        <NextHour now={now} />
      </aside>
      <section
        class={`beds ${beds.length > 12 ? 'many' : beds.length <= 8 ? 'few' : ''}`}
        aria-label="Beds"
      >
        {beds.map((bed) => (
          <Tile
            key={bed.bedId}
            bed={bed}
            now={now}
            alarms={alarms.standing.filter((alarm) => alarm.bedId === bed.bedId)}
          />
        ))}
        {beds.length === 0 && (
          <p class="panel">
            {now.link.phase === 'connecting'
              ? 'Waiting for the beds of this ward.'
              : 'No bed is set up at the gateway.'}
          </p>
        )}
      </section>
    </main>
  );
}

function Attention({ alarms, now }: { alarms: SortedAlarms; now: Moment }) {
  const rows = byBed(alarms.standing);
  const since = linkReport.value.lostSinceWallMs;
  return (
    <section class="panel">
      <h2>
        {since === null ? 'Attention' : `Last known at ${timeOfDay(since, now.utcOffsetMin, true)}`}{' '}
        <b>{rows.length}</b>
      </h2>
      {rows.length === 0 && (
        <p>{since === null ? 'No bed needs you now.' : 'No alarm was known.'}</p>
      )}
      <ul class="attention">
        {rows.map(({ alarm, more }) => (
          <li key={alarm.bedId} class={phaseClass(alarm)} data-alarm={alarm.priority}>
            <a href={hrefOf({ screen: 'bed', bedId: alarm.bedId })} data-row={alarm.bedId}>
              <span class="flag">
                <PrioritySymbol priority={alarm.priority} />
              </span>
              <span class="what">
                <span class="first">
                  <b>{alarm.bedId}</b>
                  {more > 0 && `+${more}`}
                  <span class="num">{railTime(alarm, now)}</span>
                </span>
                <Said>{`${alarm.phase === 'latched' ? 'Was: ' : ''}${alarm.textShort}`}</Said>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function railTime(alarm: AlarmView, now: Moment): string {
  if (now.link.phase === 'lost') return '';
  if (alarm.phase === 'latched') return 'not seen';
  if (alarm.phase === 'acknowledged') return 'ack';
  return duration(now.wallMs - parseWall(alarm.onsetAt));
}

function NextHour({ now }: { now: Moment }) {
  const tasks = nextHour(ward.value.beds, now.wallMs);
  const shown = tasks.slice(0, ROWS_SHOWN);
  const isLost = now.link.phase === 'lost';
  return (
    <section class="panel next">
      <h2>Next 60 min{isLost && ', last known'}</h2>
      {tasks.length === 0 && <p class="muted">Nothing is due.</p>}
      <table>
        <tbody>
          {shown.map((task) => (
            <tr key={`${task.where} ${task.atMs} ${task.what}`}>
              <td class="num">{timeOfDay(task.atMs, now.utcOffsetMin)}</td>
              <td>{task.where}</td>
              <td>{task.what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {tasks.length > shown.length && (
        <p class="muted">
          and {tasks.length - shown.length} more, last in{' '}
          {countdown((tasks.at(-1)?.atMs ?? now.wallMs) - now.wallMs)}
        </p>
      )}
    </section>
  );
}
