/** One bed on the overview: five bands of fixed height, so that an alarm moves nothing. */
import { duration, timeOfDay, UNKNOWN, vital, weight } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { hrefOf } from '../state/route.ts';
import { type ShownCuff, shownCuff } from '../validity/cuff.ts';
import { nextOnPlan } from '../validity/plan.ts';
import { type ShownRate, shownRate } from '../validity/rate.ts';
import type { Moment } from '../validity/value.ts';
import { SLOTS, type Slot, shownVital } from '../validity/vital.ts';
import type { AlarmView, BedView, MetricCode } from '../wire.ts';
import { phaseClass } from './banner.tsx';
import { Icon, PrioritySymbol } from './icons.tsx';
import { pauseLeftMs } from './pause-sound.tsx';
import { Said } from './text.tsx';
import { kindOf, WaveLane } from './wave-lane.tsx';

interface TileInput {
  readonly bed: BedView;
  /** Of this bed, in the common order. */
  readonly alarms: readonly AlarmView[];
  readonly now: Moment;
}

/** Characters that fit a rate cell at full size. */
const LONGEST_FULL_SIZE = 4;
const RATE_CODE: MetricCode = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const CUFF_CODE: MetricCode = 'MDC_PRESS_BLD_NONINV_SYS';

export function Tile({ bed, alarms, now }: TileInput) {
  // A monitor that sends, or an alarm, has a patient behind it, whether or not an order names one.
  const isIdle = bed.patient === null && bed.numerics.length === 0 && alarms.length === 0;
  if (isIdle) return <EmptyTile bed={bed} now={now} />;
  // On a page that is not live the last alarms stand in the list beside, with their time.
  const [top] = now.link.phase === 'lost' ? [] : alarms;
  const isBad = badCodes(now.link.phase === 'lost' ? [] : alarms);
  const rate = shownRate(bed, now);
  return (
    <a
      class={`tile ${top ? phaseClass(top) : ''} ${bed.simulated ? 'simulated' : ''}`}
      data-alarm={top?.priority}
      data-bed={bed.bedId}
      href={hrefOf({ screen: 'bed', bedId: bed.bedId })}
    >
      <TileHead bed={bed} top={top} now={now} />
      <dl class="cells">
        <VitalCell
          bed={bed}
          slot={hasSlot(bed, SLOTS.hr) ? SLOTS.hr : SLOTS.pr}
          now={now}
          isBad={isBad}
        />
        <VitalCell bed={bed} slot={SLOTS.spo2} now={now} isBad={isBad} />
        <CuffCell cuff={shownCuff(bed, now)} isBad={isBad(CUFF_CODE)} />
      </dl>
      <TileStrip bed={bed} now={now} />
      <RateCells rate={rate} isBad={isBad(RATE_CODE)} bed={bed} />
      <PlanLine bed={bed} now={now} />
      <TileFoot top={top} rate={rate} now={now} />
    </a>
  );
}

/** A strip of the ECG, where the tiles are high enough for it (theme/waves.css). */
function TileStrip({ bed, now }: { bed: BedView; now: Moment }) {
  const wave = bed.waves.find((one) => kindOf(one) === 'ecg') ?? bed.waves[0];
  return wave === undefined ? null : <WaveLane key={wave.stream} wave={wave} now={now} isSmall />;
}

function TileHead({ bed, top, now }: { bed: BedView; top: AlarmView | undefined; now: Moment }) {
  const pausedMs = pauseLeftMs(bed.audioPausedUntil, now.wallMs);
  const kg = bed.patient?.weightKg ?? null;
  return (
    <header>
      <span class="chip">
        {top && <PrioritySymbol priority={top.priority} />}
        <b>{bed.bedId}</b>
      </span>
      <span class="who">
        <Said>{bed.patient?.label ?? 'No order'}</Said>
      </span>
      {pausedMs !== null && top !== undefined ? (
        <span class="kg paused">
          <Icon shape="belloff" />
          <b class="num">{duration(pausedMs)}</b>
          {bed.simulated && <span class="sim">SIMULATED</span>}
        </span>
      ) : (
        <span class="kg">
          {bed.simulated ? <span class="sim">SIMULATED</span> : kg !== null && `${weight(kg)} kg`}
        </span>
      )}
    </header>
  );
}

function VitalCell(input: {
  bed: BedView;
  slot: Slot;
  now: Moment;
  isBad: (code: MetricCode | null) => boolean;
}) {
  const shown = shownVital(input.bed, input.slot, input.now);
  const isGrey = shown.state !== 'valid' && shown.state !== 'questionable';
  return (
    <div class={`cell ${input.slot.name} ${input.isBad(shown.code) ? 'bad' : ''}`}>
      <dt class={isGrey && shown.state !== 'stale' ? 'stale' : ''}>
        <Said>{input.slot.label}</Said>
        {shown.state === 'stale' && ` ${shown.note}`}
        {shown.state === 'off' && ' off'}
      </dt>
      <dd class={`num ${isGrey ? 'stale' : ''}`} data-state={shown.state}>
        {shown.text || ' '}
      </dd>
    </div>
  );
}

function CuffCell({ cuff, isBad }: { cuff: ShownCuff; isBad: boolean }) {
  const isGrey = cuff.state !== 'valid' && cuff.state !== 'questionable';
  const label = cuff.isMeasuring ? 'runs' : cuff.isAbsent ? 'off' : cuff.time;
  return (
    <div class={`cell ${isBad ? 'bad' : ''}`}>
      <dt>NIBP {label}</dt>
      <dd class={`num ${isGrey ? 'stale' : ''}`} data-state={cuff.state}>
        <span class="nibp">{cuffText(cuff)}</span>
      </dd>
    </div>
  );
}

export function cuffText(cuff: ShownCuff): string {
  if (cuff.isAbsent) return ' ';
  if (cuff.state === 'never') return '--/--';
  return `${whole(cuff.systolic)}/${whole(cuff.diastolic)}`;
}

function whole(value: number | null): string {
  return value === null ? UNKNOWN : vital(value);
}

function RateCells({ rate, isBad, bed }: { rate: ShownRate; isBad: boolean; bed: BedView }) {
  const isGrey = rate.state !== 'valid' && rate.state !== 'questionable';
  const hasPump = bed.infusion.state !== 'no-pump';
  return (
    <dl class="cells rates">
      <div class="cell">
        <dt>Ordered</dt>
        <dd class={`num ${bed.infusion.orderedMgPerH === null ? 'stale' : 'plan'}`}>
          <Fitted>{rate.ordered.mgPerH}</Fitted>
        </dd>
        <dd class="ml">{rate.ordered.mlPerH}</dd>
      </div>
      <div class={`cell ${isBad ? 'bad' : ''}`}>
        <dt>Live{rate.state === 'stale' && ` ${rate.liveNote}`}</dt>
        <dd class={`num ${isGrey ? 'stale' : ''}`} data-state={rate.state}>
          <Fitted>{hasPump ? rate.live.mgPerH : ' '}</Fitted>
        </dd>
        <dd class="ml">{hasPump ? rate.live.mlPerH : ' '}</dd>
      </div>
      <div class="cell">
        <dt>mg/h</dt>
        <dd class="word">
          <span>{rate.word}</span>
        </dd>
        <dd class="ml">mL/h</dd>
      </div>
    </dl>
  );
}

/** The longest values (`12.5?`, `1,240`) get smaller digits rather than run into the next cell. */
function Fitted({ children }: { children: string }) {
  const isLong = children.length > LONGEST_FULL_SIZE;
  return <span class={isLong ? 'long' : ''}>{children}</span>;
}

function PlanLine({ bed, now }: { bed: BedView; now: Moment }) {
  const next = nextOnPlan(bed, now);
  const isLost = now.link.phase === 'lost';
  return (
    <p class={`step ${isLost ? 'muted' : ''}`}>
      {next.what}
      <span class={`num ${isLost ? 'stale' : ''}`}>{next.count}</span>
    </p>
  );
}

function TileFoot({
  top,
  rate,
  now,
}: {
  top: AlarmView | undefined;
  rate: ShownRate;
  now: Moment;
}) {
  if (top !== undefined) {
    return (
      <div class="foot">
        <span>
          <Said>{footText(top, now)}</Said>
        </span>
      </div>
    );
  }
  if (now.link.phase === 'lost')
    return <div class="foot">{rate.given && `Given ${rate.given}`}</div>;
  return (
    <div class="foot">
      {rate.givenPart !== null && <Bar part={rate.givenPart} />}
      {rate.given}
    </div>
  );
}

function footText(top: AlarmView, now: Moment): string {
  if (top.phase === 'latched') return `Was: ${top.textShort}`;
  if (top.phase !== 'acknowledged' || !top.acknowledgedAt) return top.textShort;
  const at = timeOfDay(parseWall(top.acknowledgedAt), now.utcOffsetMin);
  return `Ack ${at} ${top.acknowledgedBy ?? ''}`;
}

export function Bar({ part }: { part: number }) {
  return (
    <span class="bar">
      <i style={{ width: `${part * 100}%` }} />
    </span>
  );
}

function EmptyTile({ bed, now }: { bed: BedView; now: Moment }) {
  return (
    <a class="tile empty" data-bed={bed.bedId} href={hrefOf({ screen: 'bed', bedId: bed.bedId })}>
      <header>
        <b>{bed.bedId}</b>
        {bed.simulated && <span class="kg sim">SIMULATED</span>}
      </header>
      <div class="blank">
        {now.link.phase === 'lost' ? 'No patient when last known' : 'No patient'}
      </div>
    </a>
  );
}

export function badCodes(alarms: readonly AlarmView[]): (code: MetricCode | null) => boolean {
  const codes = new Set(
    alarms.filter((alarm) => alarm.present).flatMap((alarm) => alarm.codes ?? []),
  );
  return (code) => code !== null && codes.has(code);
}

export function hasSlot(bed: BedView, slot: Slot): boolean {
  return bed.numerics.some((numeric) => slot.codes.includes(numeric.code));
}
