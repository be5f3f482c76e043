/** Ordered and live side by side, same size, in mg/h and mL/h: the reason why this product exists. */
import { concentration, decimal, doseRate, NBSP, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { nextOnPlan } from '../validity/plan.ts';
import { type ShownRate, shownRate } from '../validity/rate.ts';
import type { Moment } from '../validity/value.ts';
import type { AlarmView, BedView, DeviceView } from '../wire.ts';
import { BedsidePrompt } from './bedside.tsx';
import { StrangerNote, watchNotesOf } from './device-notes.tsx';
import { Said } from './text.tsx';
import { Bar, badCodes } from './tile.tsx';

interface InfusionInput {
  readonly bed: BedView;
  readonly pump: DeviceView | undefined;
  readonly alarms: readonly AlarmView[];
  readonly now: Moment;
}

export function InfusionPanel({ bed, pump, alarms, now }: InfusionInput) {
  const rate = shownRate(bed, now);
  const raised =
    now.link.phase === 'lost'
      ? undefined
      : alarms.find((alarm) => badCodes([alarm])('MDC_FLOW_FLUID_PUMP_CURRENT'));
  return (
    <section class="panel third infusion" data-alarm={raised?.priority} aria-label="Infusion">
      <DrugLine bed={bed} />
      <RatePair rate={rate} bed={bed} pump={pump} raised={raised} />
      {pump?.association.state === 'another' ? (
        <StrangerNote device={pump} />
      ) : (
        <>
          {pump && <PumpNote pump={pump} />}
          <p class="verdict">
            <b>{verdictText(bed, rate)}</b>
            <span class={rate.hint ? '' : 'muted'}>
              <Said>{rate.hint || explain(bed, rate, now)}</Said>
            </span>
            <BedsidePrompt bed={bed} now={now} />
          </p>
          <Facts bed={bed} rate={rate} now={now} />
        </>
      )}
    </section>
  );
}

/** One sentence: the devices page has the rest, and the numbers need the room. */
function PumpNote({ pump }: { pump: DeviceView }) {
  const [note] = watchNotesOf(pump);
  return note === undefined ? null : (
    <p class="pumpnotes">
      <Said>{note}</Said>
    </p>
  );
}

function DrugLine({ bed }: { bed: BedView }) {
  const { order } = bed;
  if (order === null) {
    return (
      <p class="drug">
        <b>No order</b>
        <span class="muted">dose cannot be checked</span>
      </p>
    );
  }
  const perMl = concentration(order.concentrationMgPerMl);
  return (
    <p class="drug">
      <b>
        <Said>{`${order.drugName} (${order.drugForm})`}</Said>
      </b>
      <span>
        {decimal(order.bagDrugMg, 2)} mg in {decimal(order.bagVolumeMl, 2)} mL ({perMl} mg/mL)
      </span>
    </p>
  );
}

function RatePair(input: {
  rate: ShownRate;
  bed: BedView;
  pump: DeviceView | undefined;
  raised: AlarmView | undefined;
}) {
  const { rate, bed, pump, raised } = input;
  const isGrey = rate.state !== 'valid' && rate.state !== 'questionable';
  const ordered = `num ${bed.infusion.orderedMgPerH === null ? 'stale' : 'plan'}`;
  const live = `num ${isGrey ? 'stale' : ''}`;
  const serial = pump?.serial ? `, s/n ${pump.serial}` : '';
  const isFilled = raised?.phase === 'active';
  return (
    <table class="pair">
      <thead>
        <tr>
          <td>
            <span class="pump">
              <Said>{pump ? `${bed.infusion.pumpLabel ?? pump.title}${serial}` : 'no pump'}</Said>
            </span>
          </td>
          <th scope="col">mg/h</th>
          <th scope="col">mL/h</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">ORDERED</th>
          <td class={ordered}>{rate.ordered.mgPerH}</td>
          <td class={ordered}>{rate.ordered.mlPerH}</td>
        </tr>
        <tr class={raised ? (isFilled ? 'bad' : 'noted') : ''}>
          <th scope="row">
            LIVE
            <br />
            <small>{rate.liveNote}</small>
          </th>
          <td class={live} data-state={rate.state}>
            {rate.live.mgPerH}
          </td>
          <td class={live} data-state={rate.state}>
            {rate.live.mlPerH}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function verdictText({ session, infusion }: BedView, rate: ShownRate): string {
  // A declared pause explains why nothing flows, and nothing else: a rate that is wrong stays so.
  if (session?.pause && infusion.state === 'stopped' && rate.word !== 'unknown') return 'PAUSED';
  if (rate.word.startsWith('×')) return `${rate.word} over order`;
  return rate.word === 'unknown' ? `UNKNOWN ${rate.unknownSince}` : rate.word;
}

/** What the word means, for whoever sees it for the first time. */
function explain(bed: BedView, rate: ShownRate, now: Moment): string {
  if (rate.word === 'unknown') return 'look at the pump';
  const pause = bed.session?.pause;
  if (pause) return `paused by ${pause.by}: ${pause.reason}`;
  switch (bed.infusion.state) {
    case 'on-order':
      return `within ${decimal(bed.limits.rateTolerance * 100, 1)} % of the order`;
    case 'not-started':
      return 'order is active, no flow seen yet';
    case 'no-order':
      return 'the pump is not checked against an order';
    case 'stopped':
      return 'the order says it should run';
    case 'kvo':
      return 'keep-vein-open rate only';
    case 'ended': {
      const endsAt = bed.order?.endsAt;
      return endsAt ? `order ended ${timeOfDay(parseWall(endsAt), now.utcOffsetMin)}` : '';
    }
    default:
      return '';
  }
}

function Facts({ bed, rate, now }: { bed: BedView; rate: ShownRate; now: Moment }) {
  const { infusion, order } = bed;
  const next = nextOnPlan(bed, now);
  return (
    <div class="facts">
      <span class="muted">Step</span>
      <span class="span">
        {infusion.step === null || infusion.of === null
          ? '--'
          : `${infusion.step} of ${infusion.of}${stepRate(bed)}`}
        {order?.hardMaxMgPerH ? (
          <span class="muted">, hard limit {doseRate(order.hardMaxMgPerH)} mg/h</span>
        ) : null}
      </span>
      <span class="muted">Next</span>
      <span>{nextText(bed, next.what, now)}</span>
      <span class={`num count ${now.link.phase === 'lost' ? 'stale' : ''}`}>{next.count}</span>
      <span class="muted">Given</span>
      {rate.givenPart === null ? <span /> : <Bar part={rate.givenPart} />}
      <span class="num">{rate.given}</span>
    </div>
  );
}

function stepRate({ infusion }: BedView): string {
  return infusion.orderedMgPerH === null ? '' : `: ${doseRate(infusion.orderedMgPerH)}${NBSP}mg/h`;
}

function nextText({ infusion, session }: BedView, what: string, now: Moment): string {
  if (session?.pause) return what;
  if (infusion.nextStepAt === null || infusion.nextStepMgPerH === null) return what;
  const at = timeOfDay(parseWall(infusion.nextStepAt), now.utcOffsetMin);
  return `${doseRate(infusion.nextStepMgPerH)}${NBSP}mg/h at ${at}`;
}
