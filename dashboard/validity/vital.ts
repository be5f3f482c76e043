/** Which of the bed's numerics fills a slot on the screen, and its text. */
import { age, NEVER, UNKNOWN, vital } from '../format/index.ts';
import type { BedView, MetricCode, Numeric, Validity } from '../wire.ts';
import { type Moment, shownContinuous } from './value.ts';

export interface Slot {
  readonly name: 'hr' | 'spo2' | 'rr' | 'co2' | 'pr';
  readonly label: string;
  readonly unit: string;
  /** Best source first. */
  readonly codes: readonly MetricCode[];
}

export const SLOTS = {
  hr: {
    name: 'hr',
    label: 'HR',
    unit: 'bpm',
    codes: ['MDCX_HEART_RATE_DISPLAYED', 'MDC_ECG_HEART_RATE'],
  },
  spo2: { name: 'spo2', label: 'SpO2', unit: '%', codes: ['MDC_PULS_OXIM_SAT_O2'] },
  rr: { name: 'rr', label: 'RR', unit: '/min', codes: ['MDC_RESP_RATE', 'MDC_CO2_RESP_RATE'] },
  co2: { name: 'co2', label: 'EtCO2', unit: 'mmHg', codes: ['MDC_AWAY_CO2_ET'] },
  pr: { name: 'pr', label: 'Pulse', unit: 'bpm', codes: ['MDC_PULS_OXIM_PULS_RATE'] },
} as const satisfies Record<string, Slot>;

export interface ShownVital {
  readonly slot: Slot;
  readonly state: Validity | 'off';
  /** `82`, `82?`, `-?-`, `--` or empty when nothing measures it. */
  readonly text: string;
  readonly note: string;
  readonly code: MetricCode | null;
  readonly source: string;
}

const TRUST: Readonly<Record<Validity, number>> = {
  valid: 0,
  questionable: 1,
  stale: 2,
  lost: 3,
  invalid: 3,
  'not-available': 4,
  'not-provided': 4,
  never: 5,
  unsupported: 6,
};

/** Several devices may measure the same: the most trustworthy is shown, the preferred code on a tie. */
export function shownVital(bed: BedView, slot: Slot, moment: Moment): ShownVital {
  const candidates = slot.codes.flatMap((code) =>
    bed.numerics.filter((numeric) => numeric.code === code),
  );
  let best: { numeric: Numeric; shown: ReturnType<typeof shownContinuous> } | null = null;
  for (const numeric of candidates) {
    const shown = shownContinuous(numeric, moment);
    if (best === null || TRUST[shown.state] < TRUST[best.shown.state]) best = { numeric, shown };
  }
  if (best === null || best.shown.state === 'unsupported') {
    return { slot, state: 'off', text: '', note: 'off', code: null, source: '' };
  }
  const { numeric, shown } = best;
  return {
    slot,
    state: shown.state,
    text: textOf(shown.state, shown.value, limitsOf(bed, slot)),
    note: shown.note,
    code: numeric.code,
    source: numeric.source ?? '',
  };
}

/** Low and high limit in force, where the gateway has one for this slot. */
export function limitsOf(bed: BedView, slot: Slot): readonly number[] {
  if (slot.name === 'hr' || slot.name === 'pr') return [bed.limits.hrLow, bed.limits.hrHigh];
  if (slot.name === 'spo2') return [bed.limits.spo2Low, bed.limits.spo2SevereLow];
  return [];
}

export function textOf(state: Validity, value: number | null, limits: readonly number[]): string {
  if (state === 'never') return NEVER;
  if (value === null) return UNKNOWN;
  const isDoubtful = state === 'questionable' || state === 'stale';
  return `${vital(value, ...limits)}${isDoubtful ? '?' : ''}`;
}

/** Age for the small print of the bed view; a value that is all right has one too. */
export function ageOf(numeric: { observedAtMonotonicMs: number | null }, moment: Moment): string {
  return numeric.observedAtMonotonicMs === null
    ? ''
    : age(moment.monotonicMs - numeric.observedAtMonotonicMs);
}
