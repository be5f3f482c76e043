import { countdown, timeOfDay, UNKNOWN_COUNTDOWN, vital } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { cuffHistory, type ShownCuff, shownCuff } from '../validity/cuff.ts';
import type { Moment } from '../validity/value.ts';
import type { BedView } from '../wire.ts';
import { cuffText } from './tile.tsx';

const ROWS = 5;
/** The little bars run from 40 to 200 mmHg. */
const SCALE_FROM = 40;
const SCALE_TO = 200;
const BAR_WIDTH = 160;
const SCALE_TICKS = [80, 120, 160];

export function NibpPanel({ bed, now }: { bed: BedView; now: Moment }) {
  const cuff = shownCuff(bed, now);
  const isGrey = cuff.state !== 'valid' && cuff.state !== 'questionable';
  return (
    <section class="panel nibp-panel" aria-label="Blood pressure">
      <div class="head">
        <b>NIBP</b> <span class="muted">mmHg</span>
        <span class="spacer" />
        {cuff.isMeasuring && <b>measuring</b>}
      </div>
      <p class={`value num ${isGrey ? 'stale' : ''}`} data-state={cuff.state}>
        {cuffText(cuff)}
      </p>
      <p class="nowrap">
        {cuff.mean !== null && <b>({vital(cuff.mean)})</b>}{' '}
        <span class="muted">{whenText(cuff, now)}</span>
      </p>
      <NextCuff bed={bed} now={now} />
      {now.link.phase !== 'lost' && <CuffNote bed={bed} />}
      <CuffTable bed={bed} now={now} />
    </section>
  );
}

function whenText(cuff: ShownCuff, now: Moment): string {
  if (cuff.isAbsent) return 'not measured on this bed';
  if (now.link.valuesLost) return 'no connection';
  if (cuff.state === 'never') return 'no reading yet';
  return cuff.time === '' ? 'no reading within the hour' : `${cuff.time}, ${cuff.ago}`;
}

function NextCuff({ bed, now }: { bed: BedView; now: Moment }) {
  const { nextAt, nextSource } = bed.nibp;
  if (nextAt === null) return <p class="due" />;
  const leftMs = parseWall(nextAt) - now.wallMs;
  const isLost = now.link.phase === 'lost';
  return (
    <p class="due">
      <span class="muted">
        next {timeOfDay(parseWall(nextAt), now.utcOffsetMin)}
        <br />
        {nextSource === 'device' ? 'by device' : 'estimated'}
      </span>
      <span class={`num ${isLost ? 'stale' : ''}`}>
        {isLost ? UNKNOWN_COUNTDOWN : leftMs < 0 ? `late ${countdown(-leftMs)}` : countdown(leftMs)}
      </span>
    </p>
  );
}

/** What keeps the next reading from being as ordered. */
function CuffNote({ bed }: { bed: BedView }) {
  const { failures, cycleDiffers, cycleMin, intervalMin } = bed.nibp;
  const notes = [
    failures > 0 && `failed ${failures === 1 ? 'once' : `${failures} times`}`,
    cycleDiffers &&
      intervalMin !== null &&
      (cycleMin === null
        ? `monitor measures by hand only, ordered every ${intervalMin} min`
        : `monitor measures every ${cycleMin} min, ordered every ${intervalMin} min`),
  ].filter((note) => note !== false);
  return notes.length === 0 ? null : <p class="cuffnote">{notes.join('; ')}</p>;
}

function CuffTable({ bed, now }: { bed: BedView; now: Moment }) {
  const rows = cuffHistory(bed, now).slice(0, ROWS);
  if (rows.length === 0) return null;
  return (
    <table>
      <caption class="unseen">Earlier blood pressures: time, systolic over diastolic, mean</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.at}>
            <td>{row.time}</td>
            <td>
              {row.systolic === null ? '-?-' : vital(row.systolic)}/
              {row.diastolic === null ? '-?-' : vital(row.diastolic)}
            </td>
            <td class="muted">{row.mean === null ? '' : vital(row.mean)}</td>
            <td class="range">
              <RangeBar low={row.diastolic} high={row.systolic} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RangeBar({ low, high }: { low: number | null; high: number | null }) {
  if (low === null || high === null) return null;
  const x = (mmHg: number) =>
    ((Math.min(Math.max(mmHg, SCALE_FROM), SCALE_TO) - SCALE_FROM) / (SCALE_TO - SCALE_FROM)) *
    BAR_WIDTH;
  return (
    <svg viewBox={`0 0 ${BAR_WIDTH} 12`} preserveAspectRatio="none" aria-hidden="true">
      <path class="tick" d={SCALE_TICKS.map((mmHg) => `M${x(mmHg)} 0V12`).join('')} />
      <path class="span" d={`M${x(low)} 6H${x(high)}`} />
    </svg>
  );
}
