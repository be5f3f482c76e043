import * as z from 'zod/mini';

/**
 * The metrics that InfuseWatch knows: reference id and code of ISO/IEEE 11073-10101, the one unit in
 * which we carry the value, and a range outside of which a reading is impossible (never shown, counted).
 * `MDCX_` marks private terms where the nomenclature has none or its code is not verified.
 *
 * `episodic` metrics (cuff pressures) are single measurements that carry their own time; all others
 * are continuous and go stale.
 */
export const METRICS = {
  MDC_FLOW_FLUID_PUMP_CURRENT: { mdc: 158014, unit: 'mL/h', min: 0, max: 3000, episodic: false },
  MDC_FLOW_FLUID_PUMP: { mdc: 157784, unit: 'mL/h', min: 0, max: 3000, episodic: false },
  MDC_VOL_FLUID_DELIV_TOTAL: { mdc: 157993, unit: 'mL', min: 0, max: 100_000, episodic: false },
  MDC_VOL_FLUID_TBI: { mdc: 157884, unit: 'mL', min: 0, max: 100_000, episodic: false },
  MDC_TIME_PD_REMAIN: { mdc: 157916, unit: 's', min: 0, max: 10_000_000, episodic: false },
  MDCX_PRESS_INFUS_LINE: { mdc: 0, unit: 'mmHg', min: -1000, max: 2000, episodic: false },
  MDC_ECG_HEART_RATE: { mdc: 147842, unit: 'bpm', min: 0, max: 350, episodic: false },
  /** The rate that the monitor shows as HR; `source` says where it comes from. */
  MDCX_HEART_RATE_DISPLAYED: { mdc: 0, unit: 'bpm', min: 0, max: 350, episodic: false },
  MDC_PULS_OXIM_SAT_O2: { mdc: 150456, unit: '%', min: 0, max: 100, episodic: false },
  MDC_PULS_OXIM_PULS_RATE: { mdc: 149530, unit: 'bpm', min: 0, max: 350, episodic: false },
  MDC_PULS_OXIM_PERF_REL: { mdc: 150448, unit: '%', min: 0, max: 100, episodic: false },
  MDC_RESP_RATE: { mdc: 151562, unit: '/min', min: 0, max: 200, episodic: false },
  MDC_CO2_RESP_RATE: { mdc: 151594, unit: '/min', min: 0, max: 200, episodic: false },
  MDC_AWAY_CO2_ET: { mdc: 151728, unit: 'mmHg', min: 0, max: 200, episodic: false },
  MDC_PRESS_BLD_NONINV_SYS: { mdc: 150021, unit: 'mmHg', min: 0, max: 350, episodic: true },
  MDC_PRESS_BLD_NONINV_DIA: { mdc: 150022, unit: 'mmHg', min: 0, max: 350, episodic: true },
  MDC_PRESS_BLD_NONINV_MEAN: { mdc: 150023, unit: 'mmHg', min: 0, max: 350, episodic: true },
} as const;

export type MetricCode = keyof typeof METRICS;
export const METRIC_CODES = Object.keys(METRICS) as MetricCode[];
export const MetricCode = z.enum(METRIC_CODES as [MetricCode, ...MetricCode[]]);

/** How far a reading can be trusted (IEEE 11073-10207). Only `valid` feeds threshold rules. */
export const Validity = z.enum(['valid', 'questionable', 'invalid', 'not-available']);
export type Validity = z.infer<typeof Validity>;

/** Where data comes from (IEEE 11073-10207). `test` is a replayed recording, `demo` a simulator. */
export const GenerationMode = z.enum(['real', 'test', 'demo']);
export type GenerationMode = z.infer<typeof GenerationMode>;
