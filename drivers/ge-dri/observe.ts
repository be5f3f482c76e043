import type { CuffSeen, DeviceEvent, Episode } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { NibpSample } from './nibp.ts';
import {
  doubted,
  has,
  invalid,
  isSpecial,
  measures,
  NOT_MEASURED,
  type Reading,
  reading,
} from './numeric-record.ts';
import { leadsOff } from './status-alerts.ts';

/** Positions of the groups in the Basic class (DRI specification 12th ed., checked on captures). */
const ECG = 0;
const NIBP = 72;
const SPO2 = 118;
const CO2 = 132;
const ECG_EXTRA = 226;
/** Below the highest inhabited place, above any weather: outside, the pressure is not one. */
const AMBIENT_MIN_MMHG = 300;
const AMBIENT_MAX_MMHG = 900;

/** The Basic class of one record, and when it came. */
export interface Basic {
  readonly view: DataView;
  /** Where the 270 bytes begin. */
  readonly at: number;
  readonly atMs: number;
  /** The monitor's clock; absent when it says 0. */
  readonly deviceWallMs?: number;
}

const status = ({ view, at }: Basic, group: number): number => view.getUint32(at + group, true);
const label = ({ view, at }: Basic, group: number): number => view.getUint16(at + group + 4, true);
const raw = ({ view, at }: Basic, position: number): number => view.getInt16(at + position, true);

export const ecgStatus = (basic: Basic): number => status(basic, ECG);
export const ecgLabel = (basic: Basic): number => label(basic, ECG);
export const co2Status = (basic: Basic): number => status(basic, CO2);

export function basicMetrics(basic: Basic): readonly DeviceEvent[] {
  return [...ecgMetrics(basic), ...oximetryMetrics(basic), ...co2Metrics(basic)];
}

/** ECG status bits 3-6: where the monitor takes its displayed rate from. */
function rateSource(bits: number): string {
  switch ((bits >> 3) & 15) {
    case 0:
      return 'none';
    case 1:
    case 9:
      return 'ecg';
    case 2:
    case 3:
    case 4:
    case 5:
      return 'bp';
    case 6:
    case 12:
      return 'pleth';
    default:
      return 'unknown';
  }
}

function ecgMetrics(basic: Basic): readonly DeviceEvent[] {
  const bits = status(basic, ECG);
  if (!measures(bits)) {
    return [
      metric(basic, 'MDCX_HEART_RATE_DISPLAYED', NOT_MEASURED),
      metric(basic, 'MDC_ECG_HEART_RATE', NOT_MEASURED),
      metric(basic, 'MDC_RESP_RATE', NOT_MEASURED),
    ];
  }
  const source = rateSource(bits);
  const off = leadsOff(bits, label(basic, ECG));
  const respiration = reading(raw(basic, ECG + 14), 1);
  let displayed = reading(raw(basic, ECG + 6), 1);
  if (source === 'ecg') displayed = trustedEcg(displayed, bits, off);
  else if (source === 'none') displayed = doubted(displayed, 'rate without a source');
  else if (source === 'unknown') displayed = doubted(displayed, 'source of the rate unknown');
  let ecg = trustedEcg(reading(raw(basic, ECG_EXTRA), 1), bits, off);
  if (source !== 'ecg') ecg = doubted(ecg, 'monitor does not use the ECG');
  return [
    { ...metric(basic, 'MDCX_HEART_RATE_DISPLAYED', displayed), source },
    metric(basic, 'MDC_ECG_HEART_RATE', ecg),
    metric(
      basic,
      'MDC_RESP_RATE',
      off === 'none' ? respiration : doubted(respiration, 'ECG leads off'),
    ),
  ];
}

/** A rate counted from an ECG, after what the status bits say about that ECG. */
function trustedEcg(rate: Reading, bits: number, off: ReturnType<typeof leadsOff>): Reading {
  if (off === 'counting') return invalid('ECG leads off');
  if (off === 'first') return doubted(rate, 'ECG leads off');
  if (has(bits, 2) && rate.value !== 0) return doubted(rate, 'rate contradicts asystole');
  if (has(bits, 8)) return doubted(rate, 'ECG artifact');
  if (has(bits, 7)) return doubted(rate, 'ECG noise');
  if (has(bits, 9)) return doubted(rate, 'monitor is learning the ECG');
  return rate;
}

function oximetryMetrics(basic: Basic): readonly DeviceEvent[] {
  const isOn = measures(status(basic, SPO2));
  const at = (offset: number, perUnit: number): Reading =>
    isOn ? reading(raw(basic, SPO2 + offset), perUnit) : NOT_MEASURED;
  return [
    metric(basic, 'MDC_PULS_OXIM_SAT_O2', at(6, 100)),
    metric(basic, 'MDC_PULS_OXIM_PULS_RATE', at(8, 1)),
    metric(basic, 'MDC_PULS_OXIM_PERF_REL', at(10, 100)),
  ];
}

function co2Metrics(basic: Basic): readonly DeviceEvent[] {
  const bits = status(basic, CO2);
  // The ambient pressure is there without a CO2 module, too: the status comes first.
  const isOn = measures(bits);
  const rate = isOn ? trustedCo2(reading(raw(basic, CO2 + 10), 1), bits) : NOT_MEASURED;
  const endTidal = isOn ? trustedCo2(endTidalMmHg(basic), bits) : NOT_MEASURED;
  return [metric(basic, 'MDC_CO2_RESP_RATE', rate), metric(basic, 'MDC_AWAY_CO2_ET', endTidal)];
}

/** The wire has 1/100 per cent of the ambient pressure: 487 of 759.8 mmHg are 37.0 mmHg. */
function endTidalMmHg(basic: Basic): Reading {
  const fraction = raw(basic, CO2 + 6);
  if (isSpecial(fraction)) return reading(fraction, 1);
  const step = co2StepMmHg(basic);
  if (step === null) return invalid('no ambient pressure');
  return { value: fraction * step, validity: 'valid' };
}

/** mmHg of 1/100 per cent of the ambient pressure, which has 1/10 mmHg; `null` when that cannot be one. */
export function co2StepMmHg(basic: Basic): number | null {
  const ambient = raw(basic, CO2 + 12);
  const isPressure = ambient >= AMBIENT_MIN_MMHG * 10 && ambient <= AMBIENT_MAX_MMHG * 10;
  return isPressure ? ambient / 100_000 : null;
}

function trustedCo2(value: Reading, bits: number): Reading {
  if (has(bits, 3)) return invalid('CO2 calibrating');
  if (has(bits, 4)) return invalid('CO2 zeroing');
  if (has(bits, 5)) return doubted(value, 'CO2 line blocked');
  if (has(bits, 6)) return doubted(value, 'CO2 air leak');
  return has(bits, 9) ? doubted(value, 'CO2 line wet') : value;
}

/** What the cuff group says; `null` when there is no cuff module or it is off. */
export function nibpSample(basic: Basic, nibpTimeS: number | null): NibpSample | null {
  if (!measures(status(basic, NIBP))) return null;
  return {
    sys: raw(basic, NIBP + 6),
    dia: raw(basic, NIBP + 8),
    mean: raw(basic, NIBP + 10),
    label: label(basic, NIBP),
    nibpTimeS,
    atMs: basic.atMs,
  };
}

/** The interval of the automatic mode is not on this wire, and a failed run looks like an equal repeat. */
export function cuffSeen(sample: NibpSample | null, atMs: number): CuffSeen {
  const state = sample === null ? 'unknown' : has(sample.label, 5) ? 'measuring' : 'idle';
  return { kind: 'cuff', state, atMs };
}

/** Without a cuff there is no reading, of no time. */
const NO_EPISODE: Episode = { measuredAtMs: null, confirmed: false, measuring: false };

export function nibpMetrics(
  basic: Basic,
  sample: NibpSample | null,
  episode: Episode = NO_EPISODE,
): readonly DeviceEvent[] {
  const one = (code: MetricCode, value: number | undefined): DeviceEvent => ({
    ...metric(basic, code, value === undefined ? NOT_MEASURED : reading(value, 100)),
    episode,
  });
  return [
    one('MDC_PRESS_BLD_NONINV_SYS', sample?.sys),
    one('MDC_PRESS_BLD_NONINV_DIA', sample?.dia),
    one('MDC_PRESS_BLD_NONINV_MEAN', sample?.mean),
  ];
}

function metric({ atMs, deviceWallMs }: Basic, code: MetricCode, from: Reading) {
  return {
    kind: 'metric' as const,
    code,
    ...from,
    atMs,
    ...(deviceWallMs === undefined ? {} : { deviceWallMs }),
  };
}
