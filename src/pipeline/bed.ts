import type { Finding } from '../alarm/decide.ts';
import { evaluateBed } from '../check/evaluate.ts';
import { infusionState } from '../check/infusion-state.ts';
import type { AlarmLimits } from '../check/limits.ts';
import { liveFlow } from '../check/live-rate.ts';
import { limitsWithOrder } from '../check/order-limits.ts';
import { pumpsOfOrder } from '../check/pump-drug.ts';
import {
  type DevicePicture,
  isHeard,
  type PictureEvent,
  pictureAfter,
  withAssociation,
} from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';
import type { WaveSeen } from '../observation/wave.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { KnownDoses } from '../order/dose-book.ts';
import { withoutSession } from '../order/dose-ledger.ts';
import { type DoseNote, finalNotes, withNotes } from '../order/dose-note.ts';
import type { BaselineValues, SessionEvent } from '../order/session-event.ts';
import { emptyTracks, provisionalBaseline, withMonitorSeen } from './bed-baseline.ts';
import { deliveriesAfter } from './bed-delivery.ts';
import { dosesAfter, dosesOfOrder, givesAnother } from './bed-doses.ts';
import {
  type BedHistory,
  emptyBedHistory,
  withCuffFailure,
  withCuffReading,
  withRate,
  withSpo2,
} from './bed-history.ts';
import { anchorInRecovery, leftTooEarly } from './bed-recovery.ts';
import { sceneOf } from './bed-scene.ts';
import type { BedInput, BedState } from './bed-state.ts';
import { nextStepWatch, resumeNote, stepNote, withPauseSoFar } from './bed-titration.ts';
import type { Moment } from './times.ts';

export interface BedStep {
  readonly state: BedState;
  readonly moment: Moment;
  readonly input: BedInput;
  /** What every rule says now. */
  readonly findings: readonly Finding[];
  /** Blocks of waveforms that this input brought and that belong to this bed. */
  readonly waves: readonly BedWave[];
  /** First flow after an order was started on this bed: the steps count from here. */
  readonly flowStarted: FlowStart | null;
  /** What is to be written down of the amounts given. */
  readonly doseNotes: readonly DoseNote[];
  /** What the pump was seen to do in the session; what else there is comes with the next look. */
  readonly sessionNote: SessionEvent | null;
}

export interface BedWave {
  readonly deviceId: string;
  readonly block: WaveSeen;
}

export interface FlowStart {
  readonly orderId: string;
  readonly pumpId: string;
  /** The pump's volume counter at that moment, mL; `null` when it gave none. */
  readonly counterMl: number | null;
  /** What was seen until then: the provisional baseline. */
  readonly baseline: BaselineValues;
}

/** One input further. Pure: the same inputs at the same moments give the same steps, always. */
export function nextBed(
  before: BedState,
  input: BedInput,
  moment: Moment,
  limits: AlarmLimits,
): BedStep {
  const applied = applyInput(before, input, moment);
  const taken = input.kind === 'order' ? withOwnLimits(applied, limits) : applied;
  const order = withPauseSoFar(taken.order, taken.history.rate, moment);
  const fed = order === taken.order ? taken : { ...taken, order };
  const scene = sceneOf(fed, moment, limits);
  const { liveMgPerH } = infusionState(scene);
  const { memory, findings } = evaluateBed(fed.memory, scene);
  const isOtherSession =
    fed.history.doses.session?.orderId !== before.history.doses.session?.orderId;
  const last = isOtherSession ? finalNotes(before.history.doses, moment.nowMs) : [];
  const { ledger, notes } = withNotes(fed.history.doses, moment.nowMs);
  const history = { ...withRate(fed.history, liveMgPerH, moment.nowMs), doses: ledger };
  const stepWatch = nextStepWatch(fed.stepWatch, scene);
  const state: BedState = { ...fed, history, memory, stepWatch };
  return {
    state,
    moment,
    input,
    findings,
    waves: wavesOf(state, input),
    flowStarted: flowStart(state, moment.nowMs),
    doseNotes: [...last, ...notes],
    sessionNote: resumeNote(scene, history.rate, moment) ?? stepNote(stepWatch, scene),
  };
}

/** They hold for the patient until the discharge, so in the recovery too. Checked at activation. */
function withOwnLimits(state: BedState, limits: AlarmLimits): BedState {
  const { alarmLimits = [] } = (state.order ?? state.recovery)?.document ?? {};
  const ownLimits = alarmLimits.length === 0 ? null : limitsWithOrder(limits, alarmLimits).limits;
  return { ...state, ownLimits };
}

/**
 * Waves come many times a second and no rule looks at one block alone: they change what is known of the
 * device, and the rules look at it with the next value or tick.
 */
export const bringsOnlyWaves = (input: BedInput): boolean =>
  input.kind === 'device' && input.events.every(({ kind }) => BESIDE_RULES.has(kind));

const BESIDE_RULES: ReadonlySet<PictureEvent['kind']> = new Set([
  'wave',
  'frame-accepted',
  'line-heard',
  'link-counters',
]);

/** One input that brings only waves further, without a look at the rules. */
export function withWaves(before: BedState, input: BedInput, moment: Moment): BedStep {
  const state = applyInput(before, input, moment);
  const waves = wavesOf(state, input);
  const nothing = { findings: [], flowStarted: null, doseNotes: [], sessionNote: null };
  return { state, moment, input, waves, ...nothing };
}

function wavesOf({ pictures }: BedState, input: BedInput): readonly BedWave[] {
  if (input.kind !== 'device') return [];
  const { deviceId, events } = input;
  const picture = pictures.get(deviceId);
  if (picture === undefined || !isHeard(picture)) return [];
  return events.flatMap((event) => (event.kind === 'wave' ? [{ deviceId, block: event }] : []));
}

function applyInput(state: BedState, input: BedInput, moment: Moment): BedState {
  switch (input.kind) {
    case 'tick':
      return state;
    case 'order': {
      const { order, recovery = null } = input;
      const next = withOrder(state, order, input.doses, moment);
      const leftEarly = leftTooEarly(state, { order, recovery }, moment);
      const anchor = order === null ? anchorInRecovery(state, recovery, moment) : next.anchor;
      return { ...next, recovery, leftEarly, anchor };
    }
    case 'associations':
      return { ...state, pictures: associated(state.pictures, input.of) };
    case 'device': {
      const before = state.pictures.get(input.deviceId);
      if (before === undefined) return state;
      const picture = pictureAfter(before, input.events);
      const pictures = new Map(state.pictures).set(input.deviceId, picture);
      const next = { ...state, pictures };
      const history = historyAfter(next, picture, input.events, moment);
      return withBaselineSeen({ ...next, history }, picture, moment);
    }
  }
}

/** @param of device id → serial number of the device that belongs there */
function associated(
  pictures: BedState['pictures'],
  of: ReadonlyMap<string, string>,
): BedState['pictures'] {
  return new Map(
    [...pictures].map(([id, picture]) => {
      const elsewhere = new Map<string, string>();
      for (const [other, serial] of of) if (other !== id) elsewhere.set(serial, other);
      return [id, withAssociation(picture, { serial: of.get(id) ?? null, elsewhere })];
    }),
  );
}

const pumpsOf = ({ pictures }: Pick<BedState, 'pictures'>): readonly DevicePicture[] =>
  [...pictures.values()].filter(({ role }) => role === 'pump');

function historyAfter(
  state: BedState,
  picture: DevicePicture,
  events: readonly PictureEvent[],
  { nowMs }: Moment,
): BedHistory {
  const { history, order } = state;
  // Only what this input brought: an old value must not be counted again.
  const fresh = (code: MetricCode): number | null => {
    if (!events.some((event) => event.kind === 'metric' && event.code === code)) return null;
    const metric = picture.metrics.get(code);
    return metric?.validity === 'valid' ? metric.value : null;
  };
  if (picture.role === 'pump') {
    const toldOther = givesAnother(picture, pumpsOf(state), order);
    return {
      ...history,
      doses: dosesAfter(history.doses, picture, events, nowMs, toldOther),
      deliveries: deliveriesAfter(history.deliveries, picture, events, order, nowMs),
    };
  }
  const seen = withSpo2(history, fresh('MDC_PULS_OXIM_SAT_O2'), nowMs);
  return withCuffFailure(withCuffReading(seen, picture), picture);
}

/** What is seen under an infusion is no baseline. */
function withBaselineSeen(state: BedState, picture: DevicePicture, { nowMs }: Moment): BedState {
  const isInfusing = state.order !== null && state.order.startedAtWallMs !== null;
  if (picture.role !== 'monitor' || isInfusing) return state;
  const monitors = [...state.pictures.values()].filter(({ role }) => role === 'monitor');
  const { staleMs } = picture.freshness;
  const baseline = withMonitorSeen(state.history.baseline, monitors, staleMs, nowMs);
  if (baseline === state.history.baseline) return state;
  return { ...state, history: { ...state.history, baseline } };
}

/** A new order begins its own session: volume, supervision and baseline start anew. */
function withOrder(
  state: BedState,
  order: ActiveOrder | null,
  known: KnownDoses | undefined,
  moment: Moment,
): BedState {
  const isSame = order !== null && order.orderId === state.order?.orderId;
  const startedAt = order?.startedAtWallMs ?? null;
  const hasJustStarted = startedAt !== null && !(isSame && state.order?.startedAtWallMs !== null);
  let { history } = state;
  const before = state.order?.document.patient.id ?? state.patientId;
  const patientId = order?.document.patient.id ?? before;
  // Another patient: nothing of the first one may be seen, not the cuff readings either.
  if (before !== null && patientId !== before)
    return withOrder(forgetPatient(state), order, known, moment);
  if (!isSame) {
    const nibpSupervisedSinceMs = order === null ? null : moment.nowMs;
    history = { ...history, nibpSupervisedSinceMs, rate: [] };
  }
  history = { ...history, doses: dosesOfOrder(history.doses, order, known, moment) };
  if (hasJustStarted) history = { ...history, baseline: emptyTracks };
  // What is noted in a session must not take over a clock that was set meanwhile.
  const isSameStart = isSame && startedAt === state.order?.startedAtWallMs;
  const anchor = order === null ? null : isSameStart ? state.anchor : moment;
  const stepWatch = isSame ? state.stepWatch : null;
  return { ...state, order, patientId, history, anchor, stepWatch };
}

function forgetPatient(state: BedState): BedState {
  const pictures = [...state.pictures].map(
    ([id, picture]) => [id, { ...picture, metrics: new Map() }] as const,
  );
  return {
    ...state,
    order: null,
    patientId: null,
    pictures: new Map(pictures),
    // The counters of the pumps are of no patient.
    history: {
      ...emptyBedHistory,
      doses: withoutSession(state.history.doses),
      deliveries: state.history.deliveries,
    },
  };
}

/** The first pump that is really seen to flow, and that does not say that it gives another drug. */
function flowStart(state: BedState, nowMs: number): FlowStart | null {
  const { order } = state;
  if (order === null || order.startedAtWallMs !== null) return null;
  for (const picture of pumpsOfOrder(pumpsOf(state), order)) {
    const { mlPerH } = liveFlow([picture], nowMs);
    if (mlPerH <= 0) continue;
    const counter = picture.metrics.get('MDC_VOL_FLUID_DELIV_TOTAL');
    const counterMl = counter?.validity === 'valid' ? counter.value : null;
    const baseline = provisionalBaseline(state.history.baseline, state.history.nibp, nowMs);
    return { orderId: order.orderId, pumpId: picture.deviceId, counterMl, baseline };
  }
  return null;
}
