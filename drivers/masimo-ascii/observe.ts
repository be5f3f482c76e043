import { NOTHING_SAID, nextSaid, type Said } from '../../src/driver/kit/second-reading.ts';
import type { DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { MasimoLine } from './codec.ts';
import { alertsOf, doubtOf } from './exceptions.ts';

interface Quantity {
  readonly code: MetricCode;
  readonly of: (line: MasimoLine) => number | null;
  /** What the monitor can show (operator's manual); 0 stands for "no value" in its memory. */
  readonly min: number;
  readonly max: number;
  /** A greater change from one second to the next needs a second line that says the same. */
  readonly stepMax: number;
}

const QUANTITIES: readonly Quantity[] = [
  { code: 'MDC_PULS_OXIM_SAT_O2', of: ({ spo2 }) => spo2, min: 1, max: 100, stepMax: 10 },
  { code: 'MDC_PULS_OXIM_PULS_RATE', of: ({ pulse }) => pulse, min: 1, max: 240, stepMax: 30 },
  {
    code: 'MDC_PULS_OXIM_PERF_REL',
    of: ({ perfusion }) => perfusion,
    min: 0.01,
    max: 20,
    stepMax: 5,
  },
];

/** What was said before of each quantity, in the order of the table. */
export type SaidBefore = readonly Said[];
export const NOTHING_BEFORE: SaidBefore = QUANTITIES.map(() => NOTHING_SAID);

/** Values and alarms of one line, given what was said before. */
export function readLine(
  before: SaidBefore,
  line: MasimoLine,
  atMs: number,
): { readonly said: SaidBefore; readonly events: readonly DeviceEvent[] } {
  const steps = QUANTITIES.map((quantity, index) =>
    nextSaid(before[index] ?? NOTHING_SAID, quantity.of(line), quantity.stepMax),
  );
  const metrics = QUANTITIES.map((quantity, index) =>
    metricOf(quantity, line, steps[index]?.isConfirmed ?? false, atMs),
  );
  const alerts = alertsOf(line.alarm, line.exceptions);
  return {
    said: steps.map(({ said }) => said),
    events: [...metrics, { kind: 'alerts', alerts, atMs }],
  };
}

function metricOf(
  { code, of, min, max }: Quantity,
  line: MasimoLine,
  isConfirmed: boolean,
  atMs: number,
): MetricSeen {
  const value = of(line);
  const { deviceWallMs } = line;
  const base = { kind: 'metric', code, atMs, deviceWallMs } as const;
  const doubt = doubtOf(line.exceptions);
  // With the sensor off the monitor may go on showing its last number for a while.
  if (doubt?.makes === 'invalid') {
    return { ...base, value: null, validity: 'invalid', reason: doubt.reason };
  }
  if (value === null) {
    const why = doubt === null ? {} : { reason: doubt.reason };
    return { ...base, value: null, validity: 'not-available', ...why };
  }
  if (value < min || value > max) {
    return { ...base, value: null, validity: 'invalid', reason: `${value} is no value` };
  }
  if (doubt !== null) return { ...base, value, validity: 'questionable', reason: doubt.reason };
  if (!isConfirmed) return { ...base, value, validity: 'questionable', reason: UNCONFIRMED };
  return { ...base, value, validity: 'valid' };
}

const UNCONFIRMED = 'sudden change, not yet confirmed';
