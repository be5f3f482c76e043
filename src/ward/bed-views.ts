import { infusionState } from '../check/infusion-state.ts';
import type { AlarmLimits } from '../check/limits.ts';
import { type NibpWatch, nibpWatch } from '../check/nibp-watch.ts';
import type { NibpHistory } from '../check/scene.ts';
import type {
  BedView,
  InfusionView,
  Nibp,
  Numeric,
  OrderView,
  ShownValidity,
} from '../hub/wire/index.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';
import { endsAtWallMs } from '../order/active-order.ts';
import { givenDose } from '../order/dose-ledger.ts';
import type { OrderRecord } from '../order/order-life.ts';
import { concentrationOf, planOf } from '../order/ordered-rate.ts';
import { sceneOf } from '../pipeline/bed-scene.ts';
import type { BedState } from '../pipeline/bed-state.ts';
import { iso, isoAt, type Moment } from '../pipeline/times.ts';
import { numericViews, shownValidity } from './device-views.ts';
import { sessionView } from './session-views.ts';
import type { WaveStreams } from './wave-streams.ts';

export interface BedSurroundings {
  readonly limits: AlarmLimits;
  /** The order that runs on the bed. */
  readonly order: OrderRecord | undefined;
  readonly waveStreams: WaveStreams;
  readonly audioPause: { readonly untilWallMs: number; readonly by: string } | undefined;
}

/** One bed as clients see it, whole. */
export function bedView(state: BedState, moment: Moment, around: BedSurroundings): BedView {
  const pictures = [...state.pictures.values()];
  const { order, audioPause } = around;
  const isPaused = audioPause !== undefined && moment.wallMs < audioPause.untilWallMs;
  const patient = (order ?? state.recovery)?.document.patient;
  return {
    bedId: state.bedId,
    bedMode: state.bedMode,
    simulated: state.bedMode === 'demo' || pictures.some(({ mode }) => mode !== 'real'),
    patient:
      patient === undefined
        ? null
        : {
            id: patient.id,
            label: patient.label ?? patient.id,
            weightKg: patient.weightKg ?? null,
          },
    order: order === undefined ? null : orderView(order),
    session: sessionView(state, moment, around.limits),
    numerics: numericsOf(state, moment),
    infusion: infusionView(state, moment, around.limits),
    nibp: nibpView(state, moment, around.limits),
    waves: around.waveStreams.views(pictures, moment.nowMs),
    rateHistory: rateView(state, moment),
    limits: limitsView(state.ownLimits ?? around.limits),
    deviceIds: pictures.map(({ deviceId }) => deviceId),
    audioPausedUntil: isPaused ? iso(audioPause.untilWallMs) : null,
    audioPausedBy: isPaused ? audioPause.by : null,
  };
}

function numericsOf(state: BedState, moment: Moment): Numeric[] {
  return [...state.pictures.values()].flatMap((picture) => numericViews(picture, moment));
}

/** Where several pumps hang on a bed, the one that flows is shown. */
function shownPump(state: BedState): DevicePicture | undefined {
  const pumps = [...state.pictures.values()].filter(({ role }) => role === 'pump');
  const flows = (pump: DevicePicture): boolean =>
    (pump.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT')?.value ?? 0) > 0;
  return pumps.find(flows) ?? pumps[0];
}

export function infusionView(state: BedState, moment: Moment, limits: AlarmLimits): InfusionView {
  const live = infusionState(sceneOf(state, moment, limits));
  const pump = shownPump(state);
  const { order, history } = state;
  const given = givenDose(history.doses, moment.nowMs);
  const startedAt = order?.startedAtWallMs ?? null;
  return {
    state: live.word,
    orderedMgPerH: live.orderedMgPerH,
    orderedMlPerH: live.orderedMlPerH,
    liveMgPerH: live.liveMgPerH,
    liveMlPerH: live.liveMlPerH,
    liveValidity: flowValidity(pump, live.liveMlPerH, moment.nowMs),
    liveObservedAt: live.liveAtMs === null ? null : isoAt(live.liveAtMs, moment),
    liveObservedAtMonotonicMs: live.liveAtMs,
    deviation: live.deviation,
    hint: live.hint,
    givenMg: given?.session.atLeastMg ?? null,
    givenComplete: given?.session.isExact ?? false,
    givenAtMostMg: given?.session.atMostMg ?? null,
    given24hMg: given?.last24h.atLeastMg ?? null,
    given24hAtMostMg: given?.last24h.atMostMg ?? null,
    givenCourseMg: given?.course.atLeastMg ?? null,
    givenCourseAtMostMg: given?.course.atMostMg ?? null,
    orderedTotalMg: order === null ? null : order.plannedTotalMg,
    nextStepAt:
      startedAt === null || live.nextChange === null ? null : iso(startedAt + live.nextChange.atMs),
    nextStepMgPerH:
      live.nextChange === null || live.nextChange.isEnd ? null : live.nextChange.mgPerH,
    step: live.step,
    of: live.of,
    pumpId: pump?.deviceId ?? null,
    pumpLabel: pump === undefined ? null : pumpLabel(pump),
    volumeInfusedMl: numberOf(pump, 'MDC_VOL_FLUID_DELIV_TOTAL', moment.nowMs),
    vtbiMl: numberOf(pump, 'MDC_VOL_FLUID_TBI', moment.nowMs),
    pressureMmHg: numberOf(pump, 'MDCX_PRESS_INFUS_LINE', moment.nowMs),
  };
}

/** The sum may be unknown although one pump is well: then the number is gone, and this says why. */
function flowValidity(
  pump: DevicePicture | undefined,
  liveMlPerH: number | null,
  nowMs: number,
): ShownValidity {
  const metric = pump?.metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT');
  if (pump === undefined) return 'never';
  // Heard before and not since the line came back is lost, not new.
  if (metric === undefined) return pump.lastFrameAtMs === null ? 'never' : 'lost';
  const shown = shownValidity(pump, metric, nowMs);
  return liveMlPerH === null && shown === 'valid' ? 'lost' : shown;
}

function numberOf(pump: DevicePicture | undefined, code: MetricCode, nowMs: number): number | null {
  const metric = pump?.metrics.get(code);
  if (pump === undefined || metric === undefined) return null;
  return shownValidity(pump, metric, nowMs) === 'valid' ? metric.value : null;
}

/** Short: it stands beside the column heads of the infusion panel, with the serial number. */
function pumpLabel({ identity, driverId }: DevicePicture): string {
  const [maker = ''] = driverId.split('-');
  return identity.model ?? `${maker.charAt(0).toUpperCase()}${maker.slice(1)}`;
}

export function nibpView(state: BedState, moment: Moment, limits: AlarmLimits): Nibp {
  const { history } = state;
  const scene = sceneOf(state, moment, limits);
  const { nibp } = scene;
  const watch = cuffWatch(nibp, moment.nowMs, scene.limits);
  return {
    intervalMin: nibp.intervalMs === null ? null : nibp.intervalMs / 60_000,
    state: watch.state,
    cycleMin: nibp.cycleMs === null || nibp.cycleMs === undefined ? null : nibp.cycleMs / 60_000,
    cycleDiffers: watch.cycleDiffers,
    failures: nibp.failures,
    nextAt:
      watch.dueAtMs === null || history.nibp.length === 0 ? null : isoAt(watch.dueAtMs, moment),
    nextSource: watch.dueBy === 'device' ? 'device' : 'estimated',
    history: history.nibp.map(({ atMs, systolic, diastolic, mean }) => ({
      at: isoAt(atMs, moment),
      systolic,
      diastolic,
      mean,
    })),
  };
}

/** The same bounds as those of the alarm, so that the word and VIT-07 never disagree. */
export function cuffWatch(nibp: NibpHistory, nowMs: number, { rules }: AlarmLimits): NibpWatch {
  const { late, overdue } = rules['VIT-07'].levels;
  return nibpWatch(nibp, nowMs, {
    lateByMs: late.lateByS * 1_000,
    overdueByMs: overdue.lateByS * 1_000,
  });
}

export function rateView(state: BedState, moment: Moment): { at: string; mgPerH: number | null }[] {
  return state.history.rate.map(({ atMs, mgPerH }) => ({ at: isoAt(atMs, moment), mgPerH }));
}

export function orderView(order: OrderRecord): OrderView {
  const { document, active } = order;
  const concentration = concentrationOf(document.bag);
  const plan = planOf(document);
  const endsAt = active === null ? null : endsAtWallMs(active);
  const startedAt = active?.startedAtWallMs ?? null;
  return {
    orderId: order.orderId,
    version: order.version,
    status: order.status,
    regimen: document.regimen,
    drugName: document.drug.name,
    drugForm: document.drug.form,
    bagDrugMg: document.bag.drugMg,
    bagVolumeMl: document.bag.volumeMl,
    concentrationMgPerMl: concentration,
    mode: document.mode,
    steps: plan.map(({ step, fromMs, mgPerH }) => ({
      step,
      offsetMs: fromMs,
      mgPerH,
      mlPerH: mgPerH / concentration,
    })),
    durationMs: document.end,
    maxMgPerH: document.limits.maxMgPerH,
    hardMaxMgPerH: active?.hardMaxMgPerH ?? null,
    startedAt: startedAt === null ? null : iso(startedAt),
    endsAt: endsAt === null ? null : iso(endsAt),
    activatedAt: active === null ? null : iso(active.activatedAtWallMs),
    signedBy: order.signedBy,
    verifiedBy: order.verifiedBy,
  };
}

function limitsView({ rules }: AlarmLimits): BedView['limits'] {
  return {
    hrLow: rules['VIT-04'].levels.limits.low,
    hrHigh: rules['VIT-04'].levels.limits.high,
    spo2Low: rules['VIT-01'].levels.low.below,
    spo2SevereLow: rules['VIT-02'].levels.severe.below,
    rateTolerance: rules['ORD-01'].levels.over.aboveFraction,
  };
}
