import type { DeviceEvent, MetricSeen } from '../../src/observation/device-event.ts';
import { MISSING_SAMPLE, type WaveSeen } from '../../src/observation/wave.ts';
import { FRAMES_PER_S, type Packet } from './packet.ts';
import { alertsOf, doubtOf, type Flags } from './status.ts';

/** A number as the device gave it. */
export interface Told {
  /** `null` = the device has none, `undefined` = not told this time. */
  readonly value: number | null | undefined;
  /** False for a number that nothing but its own digits speaks for (format 8). */
  readonly isConfirmed: boolean;
}

/** What the device can measure; outside of it a number is none. */
const SPO2 = { code: 'MDC_PULS_OXIM_SAT_O2', max: 100 } as const;
const RATE = { code: 'MDC_PULS_OXIM_PULS_RATE', max: 350 } as const;

/** Values and alarms, each as old as its last byte. */
export function valueEvents(
  spo2: Told,
  rate: Told,
  flags: Flags,
  atMs: number,
): readonly DeviceEvent[] {
  return [
    ...metricOf(SPO2, spo2, flags, atMs),
    ...metricOf(RATE, rate, flags, atMs),
    { kind: 'alerts', alerts: alertsOf(flags), atMs },
  ];
}

function metricOf(
  { code, max }: typeof SPO2 | typeof RATE,
  { value, isConfirmed }: Told,
  flags: Flags,
  atMs: number,
): readonly MetricSeen[] {
  const doubt = doubtOf(flags);
  const base = { kind: 'metric', code, atMs } as const;
  // Said also where the number itself was damaged: the old one may not stay.
  if (doubt?.validity === 'invalid') return [{ ...base, value: null, ...doubt }];
  if (value === undefined) return [];
  if (value === null) {
    const why = doubt === null ? {} : { reason: doubt.reason };
    return [{ ...base, value: null, validity: 'not-available', ...why }];
  }
  if (value < 1 || value > max) {
    return [{ ...base, value: null, validity: 'invalid', reason: `${value} is no value` }];
  }
  if (doubt !== null) return [{ ...base, value, ...doubt }];
  return isConfirmed
    ? [{ ...base, value, validity: 'valid' }]
    : [{ ...base, value, validity: 'questionable', reason: 'sudden change, not yet confirmed' }];
}

/** Format 7 has 16 bits without a sign; a sample has 15 and a sign. */
const ZERO_7 = -32_768;

/**
 * The pleth samples of a packet of 25 places; a damaged frame is a missing sample.
 *
 * @param atMs arrival of the last byte
 */
export function waveOf(packet: Packet, firstIndex: number, flags: Flags, atMs: number): WaveSeen {
  const zero = packet.find((frame) => frame !== null)?.format === 7 ? ZERO_7 : 0;
  const samples = Int16Array.from(packet, (frame) =>
    // The lowest of the 65536 is taken: it means missing.
    frame === null ? MISSING_SAMPLE : Math.max(frame.pleth + zero, MISSING_SAMPLE + 1),
  );
  return {
    kind: 'wave',
    code: 'MDC_PULS_OXIM_PLETH',
    firstIndex,
    samplesPerS: FRAMES_PER_S,
    samples,
    scale: null,
    zero,
    ...(doubtOf(flags) ?? { validity: 'valid' }),
    atMs,
  };
}
