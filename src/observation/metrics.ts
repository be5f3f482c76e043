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
  /** Programmed volume to be infused. */
  MDC_VOL_FLUID_TBI: { mdc: 157884, unit: 'mL', min: 0, max: 100_000, episodic: false },
  /** Of it, what is left. */
  MDC_VOL_FLUID_TBI_REMAIN: { mdc: 157872, unit: 'mL', min: 0, max: 100_000, episodic: false },
  /** In the syringe or bag, by the pump's own reckoning. */
  MDCX_VOL_FLUID_CONTAINER_REMAIN: { mdc: 0, unit: 'mL', min: 0, max: 100_000, episodic: false },
  MDC_TIME_PD_REMAIN: { mdc: 157916, unit: 's', min: 0, max: 10_000_000, episodic: false },
  MDCX_PRESS_INFUS_LINE: { mdc: 0, unit: 'mmHg', min: -1000, max: 2000, episodic: false },
  /** Line pressure in per cent of the pressure at which the pump stops with an occlusion alarm. */
  MDCX_PRESS_INFUS_OF_LIMIT: { mdc: 0, unit: '%', min: 0, max: 200, episodic: false },
  /** As programmed in the pump, for comparison with the order; the order's own bag is what counts. */
  MDC_CONC_DRUG: { mdc: 157760, unit: 'mg/mL', min: 0, max: 10_000, episodic: false },
  /** Dose rates as the pump says them. MDC_RATE_DOSE allows many units; each of ours has one. */
  MDCX_RATE_DOSE_MASS: { mdc: 0, unit: 'mg/h', min: 0, max: 100_000, episodic: false },
  MDCX_RATE_DOSE_WEIGHT: { mdc: 0, unit: 'mg/kg/h', min: 0, max: 10_000, episodic: false },
  /** The patient's weight as programmed in the pump. */
  MDC_ATTR_PT_WEIGHT: { mdc: 68063, unit: 'kg', min: 0, max: 600, episodic: false },
  MDC_TIME_BATT_REMAIN: { mdc: 67976, unit: 'min', min: 0, max: 100_000, episodic: false },
  MDC_ATTR_VAL_BATT_CHARGE: { mdc: 67996, unit: '%', min: 0, max: 100, episodic: false },
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

/**
 * Monitors write 0 where they measure nothing. A heart that stands still and a pulse that is gone are told by an
 * alarm of the monitor and by the waveform, never by this number.
 */
export const ZERO_IS_NO_VALUE: ReadonlySet<string> = new Set([
  'MDC_ECG_HEART_RATE',
  'MDCX_HEART_RATE_DISPLAYED',
  'MDC_PULS_OXIM_SAT_O2',
  'MDC_PULS_OXIM_PULS_RATE',
]);

export type MetricCode = keyof typeof METRICS;
export const METRIC_CODES = Object.keys(METRICS) as MetricCode[];
export const MetricCode = z.enum(METRIC_CODES as [MetricCode, ...MetricCode[]]);

/**
 * How far a reading can be trusted (IEEE 11073-10207). Only `valid` feeds threshold rules.
 * `not-available`: the device has no value now. `not-provided`: the device could tell it and was set up
 * on site not to; a person can change that.
 */
export const Validity = z.enum([
  'valid',
  'questionable',
  'invalid',
  'not-available',
  'not-provided',
]);
export type Validity = z.infer<typeof Validity>;

/** Where data comes from (IEEE 11073-10207). `test` is a replayed recording, `demo` a simulator. */
export const GenerationMode = z.enum(['real', 'test', 'demo']);
export type GenerationMode = z.infer<typeof GenerationMode>;
