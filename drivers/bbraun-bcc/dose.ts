import type { MetricCode } from '../../src/observation/metrics.ts';
import { UNITS } from './units.ts';
import { flagOf, hasBit, numberOf, type Reading, type Values, wordOf } from './values.ts';

type DoseCode = Extract<
  MetricCode,
  'MDC_CONC_DRUG' | 'MDCX_RATE_DOSE_MASS' | 'MDCX_RATE_DOSE_WEIGHT'
>;

/** A reading, or a number that the dose mode does not vouch for. */
export type DoseReading =
  | Reading
  | { readonly kind: 'questionable'; readonly value: number; readonly reason: string };

/** INDOCAL or STATUS1 bit 15; `undefined` when the ComDevice tells neither. */
function isDoseMode(values: Values): boolean | undefined {
  const flag = flagOf(values, 'INDOCAL');
  if (flag.kind === 'told') return flag.bits === 1;
  const status1 = wordOf(values, 'STATUS1');
  return status1.kind === 'told' ? hasBit(status1.bits, 15) : undefined;
}

/** The largest number that a field can hold; the maker's table gives no range. */
const FIELD_MAX = 9_999_999;

/** The rate that is being delivered (DORT, 3.36) is preferred to the one that was set (INDORT). */
const rateFields = (values: Values): readonly [string, string] =>
  values.has('DORT') ? ['DORT', 'DORTU'] : ['INDORT', 'INDORTU'];

/**
 * Concentration and dose rates. Each of ours has one unit: a number in another one goes there by a
 * plain factor, or nowhere. A pump without dose mode still sends a unit byte, which is stale then.
 */
export function doseOf(values: Values, code: DoseCode): DoseReading {
  const [parameter, unitParameter] =
    code === 'MDC_CONC_DRUG' ? (['INDCON', 'INDCONU'] as const) : rateFields(values);
  const amount = numberOf(values, parameter, FIELD_MAX);
  if (amount.kind !== 'number') return amount;
  const isOn = isDoseMode(values);
  if (isOn === false) return { kind: 'not-available', reason: 'dose mode is off at the pump' };
  const unit = unitOf(values, unitParameter);
  if (!('text' in unit)) return unit;
  if (unit.to?.code !== code) {
    return { kind: 'not-available', reason: `the pump tells it in ${unit.text}` };
  }
  const value = (amount.value * unit.to.times) / unit.to.by;
  return isOn === undefined
    ? { kind: 'questionable', value, reason: 'not told whether dose mode is on' }
    : { kind: 'number', value };
}

function unitOf(values: Values, parameter: string) {
  const byte = numberOf(values, parameter, 255);
  if (byte.kind === 'not-provided') {
    return { kind: 'invalid', reason: `unit is not sent: tick ${parameter}` } as const;
  }
  if (byte.kind !== 'number') return { kind: 'invalid', reason: 'unit not understood' } as const;
  const unit = UNITS.get(byte.value);
  return unit ?? ({ kind: 'invalid', reason: `unit ${byte.value} not known` } as const);
}

/** A unit that we do not know, on a pump that doses: nobody can check the dose. */
export function unknownUnit(values: Values): string | undefined {
  if (isDoseMode(values) !== true) return undefined;
  const parameters = ['INDCONU', rateFields(values)[1]];
  return parameters
    .filter((parameter) => {
      const byte = numberOf(values, parameter, 255);
      return byte.kind === 'invalid' || (byte.kind === 'number' && !UNITS.has(byte.value));
    })
    .map((parameter) => `${parameter}=${(values.get(parameter) ?? '').slice(0, 8)}`)[0];
}
