import type { OrderDetail } from '../../src/hub/ward.ts';
import type {
  AlarmView,
  BedView,
  CheckForm,
  CourseView,
  DeviceView,
  DraftReply,
  InfusionView,
  Numeric,
  RegimenView,
} from '../../src/hub/wire/index.ts';

const AT = '2026-01-05T08:00:00.000Z';

export const anInfusion: InfusionView = {
  state: 'on-order',
  orderedMgPerH: 10,
  orderedMlPerH: 125,
  liveMgPerH: 10,
  liveMlPerH: 125,
  liveValidity: 'valid',
  liveObservedAt: AT,
  liveObservedAtMonotonicMs: 0,
  deviation: 0,
  hint: null,
  givenMg: 1,
  givenComplete: true,
  givenAtMostMg: 1,
  given24hMg: 1,
  given24hAtMostMg: 1,
  givenCourseMg: 1,
  givenCourseAtMostMg: 1,
  orderedTotalMg: 40,
  nextStepAt: null,
  nextStepMgPerH: null,
  step: 1,
  of: 1,
  pumpId: 'B01-pump',
  pumpLabel: 'Pump',
  volumeInfusedMl: 1,
  vtbiMl: 400,
  pressureMmHg: null,
};

export function aBed(bedId: string): BedView {
  return {
    bedId,
    bedMode: 'demo',
    simulated: true,
    patient: { id: `P-${bedId}`, label: 'Patient', weightKg: 70.8 },
    order: null,
    session: null,
    numerics: [],
    infusion: anInfusion,
    nibp: {
      intervalMin: 15,
      state: 'done',
      cycleMin: null,
      cycleDiffers: false,
      failures: 0,
      nextAt: null,
      nextSource: 'estimated',
      history: [],
    },
    waves: [],
    rateHistory: [],
    limits: { hrLow: 45, hrHigh: 130, spo2Low: 93, spo2SevereLow: 85, rateTolerance: 0.1 },
    deviceIds: [`${bedId}-pump`],
    audioPausedUntil: null,
    audioPausedBy: null,
  };
}

export function aDevice(bedId: string, deviceId: string, framesAccepted = 1): DeviceView {
  return {
    deviceId,
    bedId,
    driver: 'alaris-asena',
    role: 'pump',
    title: 'Alaris "GH"',
    evidence: 'simulated',
    port: '/dev/ttyUSB0',
    state: 'live',
    advice: null,
    mode: 'demo',
    serial: '8000-1',
    model: null,
    firmware: null,
    lastFrameAt: AT,
    lastFrameAtMonotonicMs: 0,
    association: { state: 'own', serial: '8000-1', belongsTo: null },
    status: null,
    facts: [],
    notice: null,
    cannotTell: [],
    alertsDecoded: 'all',
    alerts: [],
    counters: {
      framesAccepted,
      framesRejected: 2,
      bytesIn: 3,
      bytesDropped: 0,
      repliesMissed: 0,
      connects: 1,
      writesRefused: 0,
      impossibleValues: 0,
    },
  };
}

export function aNumeric(
  deviceId: string,
  value: number,
  code: Numeric['code'] = 'MDC_PULS_OXIM_SAT_O2',
): Numeric {
  return {
    code,
    value,
    unit: '%',
    validity: 'valid',
    observedAt: AT,
    observedAtMonotonicMs: 0,
    deviceId,
    mode: 'demo',
  };
}

export function anAlarm(alarmId: string, rev = 1, more: Partial<AlarmView> = {}): AlarmView {
  return {
    alarmId,
    rev,
    ruleId: 'ORD-02',
    priority: 'high',
    kind: 'physiological',
    bedId: 'B01',
    text: 'RATE FAR ABOVE ORDER',
    textShort: 'rate x10',
    phase: 'active',
    present: true,
    latching: false,
    onsetAt: AT,
    changedAt: AT,
    ...more,
  };
}

export const anOrder: OrderDetail = {
  view: {
    orderId: 'O-1',
    version: 1,
    status: 'draft',
    regimen: 'none',
    drugName: 'ketamine',
    drugForm: 'racemic',
    bagDrugMg: 40,
    bagVolumeMl: 500,
    concentrationMgPerMl: 0.08,
    mode: 'mg-total-over',
    steps: [{ step: 1, offsetMs: 0, mgPerH: 10, mlPerH: 125 }],
    durationMs: 14_400_000,
    maxMgPerH: 20,
    hardMaxMgPerH: 40,
    startedAt: null,
    endsAt: null,
    activatedAt: null,
    signedBy: null,
    verifiedBy: null,
  },
  document: { regimen: 'none' },
  bedId: null,
  versions: [],
};

export const aCheckForm: CheckForm = {
  orderId: 'O-1',
  version: 1,
  signedBy: 'dr.c',
  attemptsLeft: 3,
  fields: [
    { path: 'bag.drugMg', label: 'Drug in the bag', unit: 'mg', kind: 'number', group: 'bag' },
  ],
};

export const aDraft: DraftReply = {
  draftId: 'D000001',
  savedAt: AT,
  by: 'dr.c',
  bedId: null,
  amends: null,
  document: { regimen: 'none' },
  problems: [{ path: 'end', message: 'end is missing; write a duration such as PT4H.' }],
  note: null,
  checks: {
    concentrationMgPerMl: 0.08,
    totalMg: null,
    peakMgPerH: null,
    peakMlPerH: null,
    steps: [],
    hardMaxMgPerH: null,
    softMaxMgPerH: null,
    softExceeded: null,
    retype: [],
  },
};

export const aRegimen: RegimenView = {
  id: 'goldberg-outpatient-10-day',
  reference: 'R1',
  title: 'Ten-day outpatient course',
  source: { citation: 'Goldberg et al.', evidence: 'A', weight: 'low' },
  setting: 'outpatient-session',
  drug: { name: 'ketamine' },
  mode: 'mg-total-over',
  dose: { lowest: 40, highest: 80, first: 40 },
  calendar: [{ title: 'Course', sessions: 1, every: 'P1D', times: 10, weekends: 'left-out' }],
  adjuncts: [{ drug: 'clonidine', lowestMg: 0.1, highestMg: 0.1, route: 'oral' }],
  remarks: [],
};

export const aCourse: CourseView = {
  courseId: 'C-1',
  patientId: 'P-1',
  patientLabel: null,
  regimen: 'none',
  drug: 'ketamine racemic',
  days: [],
  plannedMg: 40,
  givenMg: null,
  givenAtMostMg: null,
  maxMgCourse: null,
  dayToday: null,
};
