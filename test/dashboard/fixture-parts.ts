/** One of each: an instant, an empty bed, a value, an alarm, a device. */
import type { AlarmView, BedView, DeviceView, Numeric } from '../../dashboard/wire.ts';

export const BASE_WALL_MS = Date.parse('2026-11-21T14:05:32.000Z');
export const BASE_MONOTONIC_MS = 5_000_000;

/** Gateway time at which a fixture is made. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export const BASE: Instant = { wallMs: BASE_WALL_MS, monotonicMs: BASE_MONOTONIC_MS };

export const iso = (ms: number): string => new Date(ms).toISOString();

const LIMITS = { hrLow: 50, hrHigh: 120, spo2Low: 93, spo2SevereLow: 88, rateTolerance: 0.05 };

export function emptyBed(bedId: string): BedView {
  return {
    bedId,
    bedMode: 'live',
    simulated: false,
    patient: null,
    order: null,
    session: null,
    numerics: [],
    infusion: {
      state: 'no-pump',
      orderedMgPerH: null,
      orderedMlPerH: null,
      liveMgPerH: null,
      liveMlPerH: null,
      liveValidity: 'unsupported',
      liveObservedAt: null,
      liveObservedAtMonotonicMs: null,
      deviation: null,
      hint: null,
      givenMg: null,
      givenComplete: true,
      givenAtMostMg: null,
      given24hMg: null,
      given24hAtMostMg: null,
      givenCourseMg: null,
      givenCourseAtMostMg: null,
      orderedTotalMg: null,
      nextStepAt: null,
      nextStepMgPerH: null,
      step: null,
      of: null,
      pumpId: null,
      pumpLabel: null,
      volumeInfusedMl: null,
      vtbiMl: null,
      pressureMmHg: null,
    },
    nibp: {
      intervalMin: null,
      state: 'off',
      cycleMin: null,
      cycleDiffers: false,
      failures: 0,
      nextAt: null,
      nextSource: 'estimated',
      history: [],
    },
    waves: [],
    rateHistory: [],
    limits: LIMITS,
    deviceIds: [],
    audioPausedUntil: null,
    audioPausedBy: null,
  };
}

export function numeric(
  bedId: string,
  code: Numeric['code'],
  value: number,
  unit: string,
  at: Instant,
  ageMs = 400,
): Numeric {
  return {
    code,
    value,
    unit,
    validity: 'valid',
    observedAt: iso(at.wallMs - ageMs),
    observedAtMonotonicMs: at.monotonicMs - ageMs,
    deviceId: `${bedId}-mon`,
    mode: 'real',
  };
}

export function makeAlarm(
  alarm: Partial<AlarmView> & Pick<AlarmView, 'alarmId' | 'bedId'>,
  at: Instant,
): AlarmView {
  return {
    rev: 1,
    ruleId: 'ORD-02',
    priority: 'high',
    kind: 'physiological',
    text: 'Rate far above order ×10',
    textShort: 'Rate ×10, live 300 mg/h',
    detail: 'live 300 mg/h, order 30 mg/h. Check units: looks like 10 times',
    phase: 'active',
    present: true,
    latching: true,
    onsetAt: iso(at.wallMs - 12_000),
    changedAt: iso(at.wallMs - 12_000),
    ...alarm,
  };
}

export function makeDevice(bedId: string, role: DeviceView['role'], at: Instant): DeviceView {
  const isPump = role === 'pump';
  return {
    deviceId: `${bedId}-${isPump ? 'pump' : 'mon'}`,
    bedId,
    driver: isPump ? 'alaris-asena' : 'ge-dri',
    role,
    title: isPump ? 'Alaris GH syringe pump' : 'GE patient monitor',
    evidence: 'vectors from open sources',
    port: isPump ? `/dev/serial/by-id/usb-pump-${bedId}` : `tcp 10.0.0.${bedId.slice(1)}:4001`,
    state: 'live',
    advice: null,
    mode: 'real',
    serial: `8005-12${bedId.slice(1)}`,
    model: isPump ? 'GH' : 'B450',
    firmware: '2.3.6',
    lastFrameAt: iso(at.wallMs - 400),
    lastFrameAtMonotonicMs: at.monotonicMs - 400,
    association: { state: 'own', serial: `8005-12${bedId.slice(1)}`, belongsTo: null },
    status: null,
    facts: [],
    notice: null,
    cannotTell: [],
    alertsDecoded: isPump ? 'all' : 'some',
    alerts: [],
    counters: {
      framesAccepted: 12_480,
      framesRejected: 2,
      bytesIn: 900_000,
      bytesDropped: 0,
      repliesMissed: 1,
      connects: 1,
      writesRefused: 0,
      impossibleValues: 0,
    },
  };
}
