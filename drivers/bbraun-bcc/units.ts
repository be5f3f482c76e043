import type { MetricCode } from '../../src/observation/metrics.ts';

/** What a unit byte means to us. Without a metric it is known and is none of our units. */
export interface Unit {
  readonly text: string;
  readonly to?: {
    readonly code: Extract<
      MetricCode,
      'MDC_CONC_DRUG' | 'MDCX_RATE_DOSE_MASS' | 'MDCX_RATE_DOSE_WEIGHT'
    >;
    /** Times this and divided by that is our unit; both whole, so that nothing is rounded twice. */
    readonly times: number;
    readonly by: number;
  };
}

const unit = (text: string): Unit => ({ text });
const conc = (text: string, times: number, by: number): Unit => ({
  text,
  to: { code: 'MDC_CONC_DRUG', times, by },
});
const mass = (text: string, times: number, by: number): Unit => ({
  text,
  to: { code: 'MDCX_RATE_DOSE_MASS', times, by },
});
const perWeight = (text: string, times: number, by: number): Unit => ({
  text,
  to: { code: 'MDCX_RATE_DOSE_WEIGHT', times, by },
});

/**
 * Unit bytes of INDCONU, INDORTU, DORTU (technical interface specification, 3.4.2.3), as far as we know them
 * of 156. Any other is unknown, and a number with an unknown unit is no number.
 */
export const UNITS: ReadonlyMap<number, Unit> = new Map([
  [1, unit('ml/h')],
  [2, unit('ml')],
  [24, unit('mg')],
  [25, unit('ug')],
  [30, conc('ng/ml', 1, 1_000_000)],
  [31, conc('mg/ml', 1, 1)],
  [32, conc('ug/ml', 1, 1_000)],
  [33, conc('g/ml', 1_000, 1)],
  [36, unit('IU/ml')],
  [47, mass('mg/min', 60, 1)],
  [48, mass('mg/h', 1, 1)],
  [49, mass('mg/day', 1, 24)],
  [50, mass('ug/min', 60, 1_000)],
  [51, mass('ug/h', 1, 1_000)],
  [52, mass('ug/day', 1, 24_000)],
  [53, mass('g/min', 60_000, 1)],
  [54, mass('g/h', 1_000, 1)],
  [65, perWeight('ng/kg/min', 60, 1_000_000)],
  [66, perWeight('ng/kg/h', 1, 1_000_000)],
  [68, perWeight('mg/kg/min', 60, 1)],
  [69, perWeight('mg/kg/h', 1, 1)],
  [70, perWeight('mg/kg/day', 1, 24)],
  [71, perWeight('ug/kg/min', 60, 1_000)],
  [72, perWeight('ug/kg/h', 1, 1_000)],
  [73, perWeight('ug/kg/day', 1, 24_000)],
  [106, unit('mg/m2/min')],
  [107, unit('mg/m2/h')],
  [155, unit('ml/kg/h')],
]);
