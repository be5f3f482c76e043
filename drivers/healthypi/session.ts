import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { decodeHealthyPi, type Packet, type PacketV4 } from './codec.ts';
import { type Curve, EMPTY, type Filling, filled, whyNoSignal } from './waves.ts';

const ECG_V4: Curve = {
  code: 'MDC_ECG_ELEC_POTL',
  samplesPerS: 125,
  blockSamples: 25,
  shift: 0,
  rail: 32_767,
};
const RESPIRATION_V4: Curve = { ...ECG_V4, code: 'MDC_RESP' };
/** 18 bits of the converter; the two lowest are left away. */
const ECG_V5: Curve = { ...ECG_V4, blockSamples: 32, shift: 2, rail: 131_071 };
const PPG_V5: Curve = {
  ...ECG_V4,
  code: 'MDC_PULS_OXIM_PLETH',
  samplesPerS: 100,
  blockSamples: 16,
};

/** The board sends its numbers with every sample; once a second is enough of them. */
const NUMBERS_EVERY_MS = 1_000;

export const LEADS_OFF: DeviceAlert = {
  code: 'LEADS_OFF',
  text: 'ECG leads off',
  ruleId: 'MON-03',
  priority: 'medium',
};

export interface HealthyPiState {
  readonly isOpen: boolean;
  /** Whether the board is a simulated one; `null` = not told yet. v5 tells it in its PPG frames only. */
  readonly isSimulated: boolean | null;
  readonly ecg: Filling;
  readonly respiration: Filling;
  readonly ppg: Filling;
  /** When numbers were published last; `null` = not since the line was opened. */
  readonly numbersAtMs: number | null;
  readonly isLeadsOff: boolean;
}

const CLOSED: HealthyPiState = {
  isOpen: false,
  isSimulated: null,
  ecg: EMPTY,
  respiration: EMPTY,
  ppg: EMPTY,
  numbersAtMs: null,
  isLeadsOff: false,
};

/** Only listens. */
export const healthyPiSession: Session<HealthyPiState> = { initial: CLOSED, step };

function step(state: HealthyPiState, input: SessionInput): Step<HealthyPiState> {
  const { atMs } = input;
  switch (input.kind) {
    case 'opened':
      return { state: { ...CLOSED, isOpen: true }, send: [], events: [] };
    case 'closing':
    case 'closed':
      return { state: CLOSED, send: [], events: [] };
    case 'wake':
      return { state, send: [], events: [] };
    case 'frame': {
      const decoded = state.isOpen ? decodeHealthyPi(input.frame) : undefined;
      if (decoded?.ok) return heard(state, decoded.value, atMs);
      const reason = decoded === undefined ? 'unexpected' : decoded.error.kind;
      return { state, send: [], events: [{ kind: 'frame-rejected', reason, atMs }] };
    }
  }
}

function heard(before: HealthyPiState, packet: Packet, atMs: number): Step<HealthyPiState> {
  const [told, identity] = identified(before, packet, atMs);
  const { state, events } = read(told, packet, atMs);
  // The identity before the values: nothing of a simulator may be shown as real, not even once.
  return { state, send: [], events: [...identity, { kind: 'frame-accepted', atMs }, ...events] };
}

function identified(
  state: HealthyPiState,
  packet: Packet,
  atMs: number,
): readonly [HealthyPiState, readonly DeviceEvent[]] {
  if (packet.kind === 'v5-ecg' || packet.kind === 'v5-old') return [state, []];
  const { isSimulated } = packet;
  if (state.isSimulated === isSimulated) return [state, []];
  const identity: DeviceEvent = {
    kind: 'identity',
    model: packet.kind === 'v4' ? 'HealthyPi v4' : 'HealthyPi v5',
    ...(isSimulated ? { mode: 'demo' as const } : {}),
    atMs,
  };
  return [{ ...state, isSimulated }, [identity]];
}

interface Read {
  readonly state: HealthyPiState;
  readonly events: readonly DeviceEvent[];
}

function read(state: HealthyPiState, packet: Packet, atMs: number): Read {
  switch (packet.kind) {
    case 'v4':
      return readV4(state, packet, atMs);
    case 'v5-ecg': {
      // The ECG of v5 does not say whether it is simulated: it waits for a frame that does.
      if (state.isSimulated === null) return { state, events: [] };
      const { filling, blocks } = filled(ECG_V5, state.ecg, packet.ecg, false, atMs);
      return withoutNumbers({ ...state, ecg: filling }, KEEPS_OLD, blocks, atMs);
    }
    case 'v5-ppg': {
      const { filling, blocks } = filled(PPG_V5, state.ppg, packet.ppg, false, atMs);
      return withoutNumbers({ ...state, ppg: filling }, KEEPS_OLD, blocks, atMs);
    }
    case 'v5-old':
      return withoutNumbers(state, 'firmware too old: rate of samples unknown', [], atMs);
  }
}

const KEEPS_OLD = 'this board keeps old values';

function readV4(before: HealthyPiState, packet: PacketV4, atMs: number): Read {
  const { isLeadsOff } = packet;
  const ecg = filled(ECG_V4, before.ecg, [packet.ecg], isLeadsOff, atMs);
  const { respiration: raw } = packet;
  const respiration = filled(RESPIRATION_V4, before.respiration, [raw], isLeadsOff, atMs);
  const state: HealthyPiState = {
    ...before,
    ecg: ecg.filling,
    respiration: respiration.filling,
    isLeadsOff,
  };
  const events: DeviceEvent[] = [...ecg.blocks, ...respiration.blocks];
  const isNews = before.isLeadsOff !== isLeadsOff;
  if (!isNews && !isDue(state, atMs)) return { state, events };
  const why = isLeadsOff ? 'leads off' : whyNoSignal(ECG_V4, ecg.filling);
  events.push(
    { kind: 'alerts', alerts: isLeadsOff ? [LEADS_OFF] : [], atMs },
    number('MDC_ECG_HEART_RATE', packet.heartRate, why, atMs),
    number('MDC_RESP_RATE', packet.respirationRate, why, atMs),
    number('MDC_PULS_OXIM_SAT_O2', packet.spo2, undefined, atMs),
  );
  return { state: { ...state, numbersAtMs: atMs }, events };
}

const isDue = ({ numbersAtMs }: HealthyPiState, atMs: number): boolean =>
  numbersAtMs === null || atMs - numbersAtMs >= NUMBERS_EVERY_MS;

/** Computed by the board in a way that nobody has proven: never more than questionable. */
function number(
  code: MetricCode,
  value: number,
  why: string | undefined,
  atMs: number,
): DeviceEvent {
  if (why !== undefined) {
    return { kind: 'metric', code, value: null, validity: 'invalid', reason: why, atMs };
  }
  if (value === 0) {
    return { kind: 'metric', code, value: null, validity: 'not-available', atMs };
  }
  const reason = 'open board, not for alarms';
  return { kind: 'metric', code, value, validity: 'questionable', reason, atMs };
}

/** What the firmware cannot tell truly is not told, with the reason. */
function withoutNumbers(
  state: HealthyPiState,
  reason: string,
  blocks: readonly DeviceEvent[],
  atMs: number,
): Read {
  if (!isDue(state, atMs)) return { state, events: blocks };
  const none = (code: MetricCode): DeviceEvent => ({
    kind: 'metric',
    code,
    value: null,
    validity: 'invalid',
    reason,
    atMs,
  });
  return {
    state: { ...state, numbersAtMs: atMs },
    events: [
      ...blocks,
      none('MDC_ECG_HEART_RATE'),
      none('MDC_RESP_RATE'),
      none('MDC_PULS_OXIM_SAT_O2'),
    ],
  };
}
