import type {
  DeviceEvent,
  FactCode,
  MetricSeen,
  PumpStatus,
} from '../../src/observation/device-event.ts';
import type { MetricCode, Validity } from '../../src/observation/metrics.ts';
import type { NeFrame } from './codec.ts';
import { NO_VERSION, type Pump } from './known.ts';
import type { NeWord } from './queries.ts';
import { nlToMl, readDiameter } from './values.ts';

/** The mark of a simulated pump, in the text of its version: no model has these letters. */
const SIMULATED = 'SIM';
const VERSION = /^(NE\d+(?:X\d*)?)(V\d+\.\d+)$/;

/** `NE1000V3.928`; the text of another maker's label is its model as it stands. */
export function identityOf(version: string, atMs: number): DeviceEvent {
  const text = version.trim();
  const [, model, firmware] = VERSION.exec(text) ?? [];
  return {
    kind: 'identity',
    ...(version === NO_VERSION || text === '' ? {} : { model: model ?? text.slice(0, 60) }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(version.includes(SIMULATED) ? { mode: 'demo' } : {}),
    atMs,
  };
}

const STATES: ReadonlyMap<string, PumpStatus> = new Map([
  ['I', 'infusing'],
  ['S', 'stopped'],
  ['P', 'paused'],
  ['T', 'paused'],
  ['U', 'paused'],
  ['X', 'purge'],
]);

/** What the head of any answer tells. */
export function stateEvents(pump: Pump, frame: NeFrame, atMs: number): readonly DeviceEvent[] {
  const { state } = pump;
  const raw = frame.state ?? `A?${frame.alarm}`;
  return [
    { kind: 'pump-status', status: STATES.get(state ?? '') ?? 'unknown', raw, atMs },
    { ...flowOf(pump, atMs), source: 'derived from state and set rate' },
  ];
}

/** Rates are asked for every 2 s; one that has not been read for so long may have been changed. */
const RATE_AGE_MAX_MS = 5_000;
const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';

/** The pump tells no flow. With the motor running it is the set rate, if that was read since it ran so. */
function flowOf({ version, state, rate }: Pump, atMs: number): MetricSeen {
  const without = (reason: string) => metric(FLOW, null, 'not-available', atMs, reason);
  if (version === null) return without('version of the pump not read yet');
  switch (state) {
    case null:
      return without('pump told an alarm, its state is not read yet');
    case 'S':
    case 'P':
    case 'T':
    case 'U':
      return metric(FLOW, 0, 'valid', atMs);
    case 'X':
      return without('purging: the pump tells no rate for it');
    case 'W':
      return metric(FLOW, null, 'invalid', atMs, 'pump withdraws');
    case 'I':
      if (rate === null) return without('rate not read since state or phase changed');
      if (atMs - rate.atMs > RATE_AGE_MAX_MS) return without('rate not read for 5 s');
      return metric(FLOW, rate.mlPerHour, 'valid', atMs);
    default:
      return metric(FLOW, null, 'invalid', atMs, `state ${state} not known`);
  }
}

/** What was asked for. */
export function valueEvents(
  pump: Pump,
  { error, data }: NeFrame,
  word: NeWord,
  atMs: number,
): readonly DeviceEvent[] {
  const why =
    error === null ? undefined : (ERRORS.get(error) ?? 'pump does not know this question');
  switch (word) {
    case 'RAT':
      return [orNone('MDC_FLOW_FLUID_PUMP', pump.rate?.mlPerHour, atMs, why)];
    case 'DIS':
      return [
        orNone('MDC_VOL_FLUID_DELIV_TOTAL', inMl(pump.infusedNl), atMs, why),
        left(pump, atMs),
      ];
    case 'VOL':
      return [
        pump.targetNl === 0
          ? metric('MDC_VOL_FLUID_TBI', null, 'not-available', atMs, CONTINUOUS)
          : orNone('MDC_VOL_FLUID_TBI', inMl(pump.targetNl), atMs, why),
        left(pump, atMs),
      ];
    case 'DIR':
      return [fact('direction', pump.direction, atMs)];
    case 'PHN':
      return [fact('mode', pump.phase === null ? null : `phase ${pump.phase}`, atMs)];
    case 'DIA':
      return [syringe(error === null ? readDiameter(data) : undefined, atMs)];
    case 'status':
    case 'VER':
    case 'SAF':
      return [];
  }
}

const CONTINUOUS = 'no target volume: continuous';

const ERRORS: ReadonlyMap<string, string> = new Map([
  ['NA', 'not applicable now'],
  ['OOR', 'pump answers: out of range'],
  ['COM', 'pump did not understand the question'],
  ['IGN', 'pump was starting a phase'],
]);

const inMl = (nl: number | null): number | undefined => (nl === null ? undefined : nlToMl(nl));

/** The counter runs on over phases, so that this is exact only while the program has one. */
function left({ targetNl, infusedNl }: Pump, atMs: number): DeviceEvent {
  const code = 'MDC_VOL_FLUID_TBI_REMAIN';
  const without = (reason: string) => metric(code, null, 'not-available', atMs, reason);
  if (targetNl === 0) return without(CONTINUOUS);
  if (targetNl === null || infusedNl === null) return without('target or volume infused not read');
  if (infusedNl > targetNl) return without('more infused than the target of this phase');
  const value = nlToMl(targetNl - infusedNl);
  return metric(code, value, 'questionable', atMs, 'computed: target less infused volume');
}

function syringe(diameter: number | undefined, atMs: number): DeviceEvent {
  return fact('syringe', diameter === undefined ? null : `${diameter} mm`, atMs);
}

const fact = (code: FactCode, text: string | null, atMs: number): DeviceEvent => ({
  kind: 'fact',
  code,
  text,
  validity: text === null ? 'not-available' : 'valid',
  atMs,
});

const orNone = (
  code: MetricCode,
  value: number | undefined,
  atMs: number,
  reason?: string,
): DeviceEvent =>
  value === undefined
    ? metric(code, null, 'not-available', atMs, reason)
    : metric(code, value, 'valid', atMs);

const metric = (
  code: MetricCode,
  value: number | null,
  validity: Validity,
  atMs: number,
  reason?: string,
) =>
  ({
    kind: 'metric',
    code,
    value,
    validity,
    atMs,
    ...(reason === undefined ? {} : { reason }),
  }) as const;
