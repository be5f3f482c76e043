/** The report of one session of the fixtures: B04, eight hours in, with a gap, a late step and a tenfold rate. */
import type { ReportView } from '../../dashboard/wire.ts';
import { makeSession } from './session-fixtures.ts';
import { type Instant, iso, makeBeds } from './ward-fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `isLong`: five days to their end, which is many pages. */
export function makeReport(at: Instant, isLong = false): ReportView {
  const bed = makeBeds(at).find((one) => one.bedId === 'B04');
  if (!bed?.order || !bed.patient) throw new Error('no fixture B04');
  const { order, patient } = bed;
  const startMs = isLong ? at.wallMs - 121 * HOUR : Date.parse(order.startedAt ?? '');
  const toMs = isLong ? startMs + 120 * HOUR : at.wallMs;
  const session = makeSession(bed, at);
  const gapMs = startMs + 5.5 * HOUR;
  const levels = order.steps.map((step, index) => ({
    at: iso(startMs + step.offsetMs + (index === 1 ? 18 : 2) * MINUTE),
    mgPerH: step.mgPerH as number | null,
  }));
  const seen = levels.filter((point) => Date.parse(point.at) < toMs);
  return {
    madeAt: iso(at.wallMs),
    timeZone: 'UTC',
    utcOffsetMin: 0,
    gatewayId: 'gw-test',
    site: 'Pain unit',
    unit: '4W',
    build: '0.1.0',
    simulated: false,
    bedId: 'B04',
    patient,
    order: { ...order, startedAt: iso(startMs) },
    versions: [1, 2].map((version) => ({
      version,
      status: version === 2 ? ('active' as const) : ('replaced' as const),
      softLimitReason: null,
      activatedBy: version === 2 ? 'nurse-a' : null,
      createdBy: 'dr-west',
      createdAt: iso(startMs - (5 - version) * HOUR),
      signedBy: 'dr-west',
      signedAt: iso(startMs - (5 - version) * HOUR + MINUTE),
      verifiedBy: version === 2 ? 'nurse-b' : null,
      verifiedAt: version === 2 ? iso(startMs - 2 * HOUR) : null,
      activatedAt: version === 2 ? iso(startMs - 10 * MINUTE) : null,
      reason: version === 2 ? 'smaller bag' : null,
    })),
    history: [
      'Order written',
      'Signed',
      'Checked by a second person',
      'Activated on B04',
      'Flow seen',
    ].map((text, index) => ({
      seq: 100 + index,
      at: iso(startMs - (4 - index) * HOUR),
      text,
      by: index === 4 ? null : 'dr-west',
      station: index === 4 ? null : 'Station 2',
    })),
    course: session.course,
    plannedStartAt: iso(startMs - 5 * MINUTE),
    activatedAt: iso(startMs - 10 * MINUTE),
    startedAt: iso(startMs),
    plannedEndAt: iso(startMs + 120 * HOUR),
    endedAt: isLong ? iso(toMs) : null,
    ended: isLong ? 'completed' : null,
    endReason: null,
    from: iso(startMs),
    to: iso(toMs),
    isComplete: false,
    gaps: [
      {
        from: iso(gapMs),
        to: iso(gapMs + 16 * MINUTE),
        what: 'pump',
        text: 'No data of the pump',
      },
    ],
    steps: order.steps.map((step, index) => {
      const plannedMs = startMs + step.offsetMs;
      const isMade = plannedMs < toMs;
      const late = index === 1 ? 18 : 2;
      return {
        step: step.step,
        mgPerH: step.mgPerH,
        mlPerH: step.mlPerH,
        plannedAt: iso(plannedMs),
        state: isMade ? (index === 1 ? 'late' : 'made') : 'not-made',
        madeAt: isMade ? iso(plannedMs + late * MINUTE) : null,
        readMgPerH: isMade ? step.mgPerH : null,
        confirmedBy: isMade && index > 0 ? 'nurse-a' : null,
      };
    }),
    plannedMg: 4_600,
    givenMg: 207,
    givenAtMostMg: 213.7,
    doses: [
      {
        pumpId: 'B04-pump',
        bagDrugMg: 480,
        bagVolumeMl: 240,
        from: iso(startMs),
        to: iso(toMs),
        atLeastMl: 103.5,
        atMostMl: 106.85,
        atLeastMg: 207,
        atMostMg: 213.7,
        how: 'counter of the pump x 2 mg/mL; at most over the gap at the rate before it',
      },
    ],
    planRate: order.steps.map((step) => ({
      at: iso(startMs + step.offsetMs),
      mgPerH: step.mgPerH,
    })),
    actualRate: [
      ...seen.filter((point) => Date.parse(point.at) < gapMs),
      { at: iso(gapMs), mgPerH: null },
      { at: iso(gapMs + 16 * MINUTE), mgPerH: 25 },
      { at: iso(startMs + 7.6 * HOUR), mgPerH: 300 },
      { at: iso(startMs + 7.62 * HOUR), mgPerH: 25 },
      ...seen.filter((point) => Date.parse(point.at) > startMs + 7.62 * HOUR),
    ].filter((point, index) => index > 0 || point.mgPerH !== null),
    vitals: quarters(startMs, toMs),
    hours: hours(startMs, toMs),
    baseline: session.baseline,
    observations: [...session.observations].reverse(),
    adjuncts: session.adjuncts,
    pauses: [
      {
        by: 'nurse-a',
        at: iso(startMs + 3 * HOUR),
        reason: 'bag change',
        isBagChange: true,
        until: iso(startMs + 3 * HOUR + 10 * MINUTE),
        endedAt: iso(startMs + 3 * HOUR + 6 * MINUTE),
        stoppedS: 312,
      },
    ],
    holds: [
      {
        by: 'nurse-b',
        at: iso(startMs + 4 * HOUR),
        step: 2,
        reason: 'sedation 3',
        until: null,
        releasedAt: iso(startMs + 4.2 * HOUR),
      },
    ],
    bags: [
      {
        by: 'nurse-a',
        at: iso(startMs - 15 * MINUTE),
        drugMg: 480,
        volumeMl: 240,
        isAsOrdered: true,
      },
    ],
    concentrationConfirmed: [{ by: 'nurse-a', at: iso(startMs - 15 * MINUTE) }],
    alarms: alarmsOf(startMs),
    recovery: null,
    discharge: null,
    devices: (['pump', 'monitor'] as const).map((role) => ({
      deviceId: `B04-${role}`,
      role,
      driver: role === 'pump' ? 'alaris-asena' : 'ge-dri',
      serials: ['8005-1204'],
      model: role === 'pump' ? 'GH' : 'B450',
      firmware: '2.3.6',
      mode: 'real',
    })),
    clockNotes: ['No step of the clock in this period.'],
    log: { fromSeq: 100, fromHash: '9f2c'.repeat(16), toSeq: 64_880, toHash: '41ab'.repeat(16) },
  };
}

function quarters(startMs: number, toMs: number): ReportView['vitals'] {
  const count = Math.floor((toMs - startMs) / (15 * MINUTE)) + 1;
  return Array.from({ length: count }, (_, index) => {
    const at = startMs + index * 15 * MINUTE;
    return {
      at: iso(at),
      heartRateBpm: 78 + (index % 9),
      heartRateFrom: index % 11 === 3 ? ('pulse' as const) : ('ecg' as const),
      spo2Percent: index % 7 === 5 ? null : 96 + (index % 3),
      respPerMin: index % 13 === 8 ? null : 13,
      pressure:
        index % 6 === 4
          ? null
          : { at: iso(at - 4 * MINUTE), systolic: 118 + (index % 12), diastolic: 74, mean: 91.5 },
      pain: index % 4 === 0 ? 6 : null,
      sedation: index % 4 === 0 ? 1 : null,
    };
  });
}

function hours(startMs: number, toMs: number): ReportView['hours'] {
  const count = Math.ceil((toMs - startMs) / HOUR);
  return Array.from({ length: count }, (_, index) => ({
    from: iso(startMs + index * HOUR),
    to: iso(Math.min(startMs + (index + 1) * HOUR, toMs)),
    heartRateBpm: { min: 74, max: 92 },
    spo2Percent: index === 5 ? null : { min: 92.6, max: 99 },
    respPerMin: { min: 11, max: 16 },
    systolicMmHg: { min: 112, max: 138 },
    diastolicMmHg: { min: 70, max: 84 },
  }));
}

function alarmsOf(startMs: number): ReportView['alarms'] {
  const one = (
    index: number,
    priority: 'high' | 'medium' | 'low',
    ruleId: string,
    text: string,
    detail: string,
  ): ReportView['alarms'][number] => ({
    alarmId: `A${index}`,
    ruleId,
    priority,
    kind: 'physiological',
    deviceId: 'B04-pump',
    text,
    detail,
    worst: index === 1 ? 300 : null,
    unit: index === 1 ? 'mg/h' : null,
    onsetAt: iso(startMs + (5 + index * 0.4) * HOUR),
    endedAt: index === 3 ? null : iso(startMs + (5.1 + index * 0.4) * HOUR),
    acknowledgedBy: index === 3 ? null : 'nurse-a',
    acknowledgedAt: index === 3 ? null : iso(startMs + (5.02 + index * 0.4) * HOUR),
  });
  return [
    one(
      1,
      'high',
      'ORD-02',
      'Rate far above order ×10',
      'live 300 mg/h, order 25 mg/h. Check units',
    ),
    one(2, 'medium', 'MON-01', 'Pump not connected', 'the rate is unknown. Look at the pump'),
    one(3, 'low', 'ORD-04', 'Step 3 not made', '30 mg/h due, still 25 mg/h'),
  ];
}
