/** Twelve beds of a pain unit: placeholders, not doses to use. Times are relative to one instant. */
import type { BedView, DeviceView } from '../../dashboard/wire.ts';
import { emptyBed, type Instant, iso, makeDevice, numeric } from './fixture-parts.ts';

export * from './fixture-parts.ts';

const HOUR = 3600_000;
const MINUTE = 60_000;

interface BedPlan {
  readonly id: string;
  readonly kg: number;
  readonly hr: number;
  readonly spo2: number;
  readonly cuff: readonly [number, number];
  readonly cuffAgeMin: number;
  readonly steps: readonly (readonly [hours: number, mgPerH: number])[];
  readonly hours: number;
  /** Hours since flow was first seen; negative: the order is only signed. */
  readonly sinceHours: number;
  readonly mgPerMl: number;
  readonly live?: number;
}

const RISING = [
  [0, 20],
  [6, 25],
  [12, 30],
  [18, 35],
  [24, 40],
] as const;
const QUICK = [
  [0, 20],
  [4, 25],
  [8, 30],
  [12, 35],
  [16, 40],
] as const;

const PLANS: readonly (BedPlan | string)[] = [
  {
    id: 'B01',
    kg: 71,
    hr: 82,
    spo2: 97,
    cuff: [118, 74],
    cuffAgeMin: 5,
    steps: RISING,
    hours: 120,
    sinceHours: 5.31,
    mgPerMl: 2,
  },
  {
    id: 'B02',
    kg: 64,
    hr: 77,
    spo2: 98,
    cuff: [124, 80],
    cuffAgeMin: 3,
    steps: RISING,
    hours: 120,
    sinceHours: 6.29,
    mgPerMl: 2,
  },
  'B03',
  {
    id: 'B04',
    kg: 72,
    hr: 88,
    spo2: 96,
    cuff: [138, 84],
    cuffAgeMin: 5,
    steps: QUICK,
    hours: 120,
    sinceHours: 8.093,
    mgPerMl: 2,
  },
  {
    id: 'B05',
    kg: 80,
    hr: 69,
    spo2: 99,
    cuff: [112, 70],
    cuffAgeMin: 4,
    steps: RISING,
    hours: 120,
    sinceHours: 11.59,
    mgPerMl: 2,
  },
  {
    id: 'B06',
    kg: 68,
    hr: 74,
    spo2: 98,
    cuff: [121, 77],
    cuffAgeMin: 2,
    steps: [[0, 68]],
    hours: 4,
    sinceHours: 3.01,
    mgPerMl: 1,
  },
  {
    id: 'B07',
    kg: 59,
    hr: 84,
    spo2: 97,
    cuff: [128, 82],
    cuffAgeMin: 5,
    steps: QUICK,
    hours: 120,
    sinceHours: 15.1,
    mgPerMl: 2,
  },
  {
    id: 'B08',
    kg: 75,
    hr: 66,
    spo2: 98,
    cuff: [116, 72],
    cuffAgeMin: 1,
    steps: [[0, 75]],
    hours: 4,
    sinceHours: 4.79,
    mgPerMl: 1,
    live: 0,
  },
  {
    id: 'B09',
    kg: 83,
    hr: 71,
    spo2: 97,
    cuff: [126, 79],
    cuffAgeMin: 2,
    steps: [[0, 12.5]],
    hours: 4,
    sinceHours: 1.43,
    mgPerMl: 0.1,
  },
  {
    id: 'B10',
    kg: 90,
    hr: 79,
    spo2: 97,
    cuff: [131, 83],
    cuffAgeMin: 5,
    steps: RISING,
    hours: 120,
    sinceHours: 0.79,
    mgPerMl: 2,
  },
  {
    id: 'B11',
    kg: 66,
    hr: 92,
    spo2: 96,
    cuff: [134, 86],
    cuffAgeMin: 7,
    steps: [[0, 40]],
    hours: 120,
    sinceHours: 77.9,
    mgPerMl: 2,
  },
  {
    id: 'B12',
    kg: 72,
    hr: 73,
    spo2: 98,
    cuff: [119, 75],
    cuffAgeMin: 4,
    steps: RISING,
    hours: 120,
    sinceHours: -1,
    mgPerMl: 2,
  },
];

export function makeBeds(at: Instant): BedView[] {
  return PLANS.map((plan) => (typeof plan === 'string' ? emptyBed(plan) : occupiedBed(plan, at)));
}

function occupiedBed(plan: BedPlan, at: Instant): BedView {
  const startMs = at.wallMs - plan.sinceHours * HOUR;
  const isActive = plan.sinceHours >= 0;
  const isOver = plan.sinceHours > plan.hours;
  const index = plan.steps.findLastIndex(([hours]) => hours <= plan.sinceHours);
  const ordered = isActive && !isOver ? (plan.steps[index]?.[1] ?? null) : null;
  const next = plan.steps[index + 1];
  const live = plan.live ?? ordered ?? 0;
  const endMs = startMs + plan.hours * HOUR;
  const nextAtMs = next ? startMs + next[0] * HOUR : endMs;
  const total = totalMg(plan, plan.hours);
  const given = isActive ? totalMg(plan, Math.min(plan.sinceHours, plan.hours)) : 0;
  return {
    ...emptyBed(plan.id),
    patient: {
      id: `MRN 00411${plan.id.slice(1)}`,
      label: `Patient ${plan.id.slice(1)}`,
      weightKg: plan.kg,
    },
    order: {
      orderId: `order-${plan.id}`,
      version: 2,
      status: isActive ? 'active' : 'signed',
      regimen: plan.hours > 6 ? 'Five days rising' : 'Four hour session',
      drugName: 'ketamine',
      drugForm: 'racemic',
      bagDrugMg: 480,
      bagVolumeMl: 480 / plan.mgPerMl,
      concentrationMgPerMl: plan.mgPerMl,
      mode: 'mg-per-h',
      steps: plan.steps.map(([hours, mgPerH], step) => ({
        step: step + 1,
        offsetMs: hours * HOUR,
        mgPerH,
        mlPerH: mgPerH / plan.mgPerMl,
      })),
      durationMs: plan.hours * HOUR,
      maxMgPerH: Math.max(...plan.steps.map(([, mgPerH]) => mgPerH)),
      hardMaxMgPerH: 60,
      startedAt: isActive ? iso(startMs) : null,
      endsAt: isActive ? iso(endMs) : null,
      activatedAt: isActive ? iso(startMs - MINUTE) : null,
      signedBy: 'dr-west',
      verifiedBy: isActive ? 'nurse-b' : null,
    },
    numerics: [
      numeric(plan.id, 'MDCX_HEART_RATE_DISPLAYED', plan.hr, 'bpm', at),
      numeric(plan.id, 'MDC_PULS_OXIM_SAT_O2', plan.spo2, '%', at),
      numeric(plan.id, 'MDC_PULS_OXIM_PULS_RATE', plan.hr, 'bpm', at),
      numeric(plan.id, 'MDC_RESP_RATE', 13, '/min', at),
      numeric(plan.id, 'MDC_AWAY_CO2_ET', 38, 'mmHg', at),
      numeric(
        plan.id,
        'MDC_PRESS_BLD_NONINV_SYS',
        plan.cuff[0],
        'mmHg',
        at,
        plan.cuffAgeMin * MINUTE,
      ),
      numeric(
        plan.id,
        'MDC_PRESS_BLD_NONINV_DIA',
        plan.cuff[1],
        'mmHg',
        at,
        plan.cuffAgeMin * MINUTE,
      ),
      numeric(
        plan.id,
        'MDC_PRESS_BLD_NONINV_MEAN',
        meanOf(plan.cuff),
        'mmHg',
        at,
        plan.cuffAgeMin * MINUTE,
      ),
    ],
    infusion: {
      state: isOver ? 'ended' : isActive ? 'on-order' : 'not-started',
      orderedMgPerH: ordered,
      orderedMlPerH: ordered === null ? null : ordered / plan.mgPerMl,
      liveMgPerH: live,
      liveMlPerH: live / plan.mgPerMl,
      liveValidity: 'valid',
      liveObservedAt: iso(at.wallMs - 1000),
      liveObservedAtMonotonicMs: at.monotonicMs - 1000,
      deviation: ordered === null ? null : (live - ordered) / ordered,
      hint: null,
      givenMg: given,
      givenComplete: true,
      givenAtMostMg: given,
      given24hMg: given,
      given24hAtMostMg: given,
      givenCourseMg: given,
      givenCourseAtMostMg: given,
      orderedTotalMg: total,
      nextStepAt: isActive && !isOver ? iso(nextAtMs) : null,
      nextStepMgPerH: next ? next[1] : null,
      step: isActive ? index + 1 : null,
      of: plan.steps.length,
      pumpId: `${plan.id}-pump`,
      pumpLabel: 'Alaris GH',
      volumeInfusedMl: given / plan.mgPerMl,
      vtbiMl: 240,
      pressureMmHg: 120,
    },
    nibp: {
      intervalMin: 15,
      state: 'done',
      cycleMin: 15,
      cycleDiffers: false,
      failures: 0,
      nextAt: iso(at.wallMs + (15 - plan.cuffAgeMin) * MINUTE),
      nextSource: 'device',
      history: [0, 1, 2, 3, 4].map((back) => {
        const cuff = [plan.cuff[0] - back * 3, plan.cuff[1] - back * 2] as const;
        return {
          at: iso(at.wallMs - (plan.cuffAgeMin + back * 15) * MINUTE),
          systolic: cuff[0],
          diastolic: cuff[1],
          mean: meanOf(cuff),
        };
      }),
    },
    rateHistory: isActive ? history(plan, startMs, at.wallMs) : [],
    deviceIds: [`${plan.id}-pump`, `${plan.id}-mon`],
  };
}

/** As ordered, each step a few minutes late, with one gap of a quarter of an hour. */
function history(plan: BedPlan, startMs: number, nowMs: number): BedView['rateHistory'] {
  const points = plan.steps
    .filter(([hours]) => startMs + hours * HOUR <= nowMs)
    .map(([hours, mgPerH], index) => ({
      at: iso(startMs + hours * HOUR + (index === 0 ? 0 : 2 * MINUTE)),
      mgPerH: mgPerH as number | null,
    }));
  const last = points.at(-1)?.mgPerH ?? null;
  const gapMs = nowMs - 40 * MINUTE;
  const hasGap = gapMs > Date.parse(points.at(-1)?.at ?? iso(nowMs));
  const gap = hasGap
    ? [
        { at: iso(gapMs), mgPerH: null },
        { at: iso(gapMs + 8 * MINUTE), mgPerH: last },
      ]
    : [];
  const ended = plan.live === 0 ? [{ at: iso(startMs + plan.hours * HOUR), mgPerH: 0 }] : [];
  return [...points, ...gap, ...ended].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function totalMg(plan: BedPlan, untilHours: number): number {
  return plan.steps.reduce((sum, [from, mgPerH], index) => {
    const to = Math.min(plan.steps[index + 1]?.[0] ?? plan.hours, untilHours);
    return sum + Math.max(0, to - from) * mgPerH;
  }, 0);
}

function meanOf([systolic, diastolic]: readonly [number, number]): number {
  return diastolic + (systolic - diastolic) / 3;
}

export function makeDevices(at: Instant): DeviceView[] {
  return PLANS.flatMap((plan) =>
    typeof plan === 'string'
      ? []
      : [makeDevice(plan.id, 'pump', at), makeDevice(plan.id, 'monitor', at)],
  );
}
