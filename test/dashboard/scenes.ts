/** What the fake gateway can show: the calm ward, the ward with alarms, and single oddities. */
import type { AlarmView, BedView } from '../../dashboard/wire.ts';
import { bedsWithSessions } from './session-fixtures.ts';
import { type Instant, iso, makeAlarm, makeBeds } from './ward-fixtures.ts';

export interface Scene {
  readonly beds: readonly BedView[];
  readonly alarms: readonly AlarmView[];
}

export const SCENES = {
  calm: (at: Instant): Scene => ({
    beds: makeBeds(at),
    alarms: [
      makeAlarm(
        {
          alarmId: 'A0',
          bedId: 'B07',
          priority: 'medium',
          phase: 'ended',
          present: false,
          text: 'SpO2 91, limit 93',
          textShort: 'SpO2 91, limit 93',
          onsetAt: iso(at.wallMs - 50 * 60_000),
          endedAt: iso(at.wallMs - 45 * 60_000),
          changedAt: iso(at.wallMs - 45 * 60_000),
        },
        at,
      ),
    ],
  }),
  alarmed: (at: Instant): Scene => ({ beds: alarmedBeds(at), alarms: mixedAlarms(at) }),
  simulated: (at: Instant): Scene => ({
    beds: alarmedBeds(at).map((bed) => ({ ...bed, bedMode: 'demo', simulated: true })),
    alarms: mixedAlarms(at),
  }),
  sessions: (at: Instant): Scene => ({ beds: bedsWithSessions(at), alarms: [] }),
  noted: (at: Instant): Scene => ({ beds: alarmedBeds(at), alarms: notedAlarms(at) }),
} as const;

export type SceneName = keyof typeof SCENES;

function alarmedBeds(at: Instant): BedView[] {
  return makeBeds(at).map((bed): BedView => {
    if (bed.bedId === 'B04') {
      const points = bed.rateHistory.slice(0, -1);
      return {
        ...bed,
        infusion: {
          ...bed.infusion,
          state: 'over',
          liveMgPerH: 300,
          liveMlPerH: 150,
          deviation: 9,
          hint: 'Check units: 10 times',
        },
        rateHistory: [...points, { at: iso(at.wallMs - 12_000), mgPerH: 300 }],
      };
    }
    if (bed.bedId === 'B02') {
      return {
        ...bed,
        infusion: {
          ...bed.infusion,
          state: 'under',
          liveMgPerH: 20,
          liveMlPerH: 10,
          deviation: -0.2,
          nextStepAt: iso(at.wallMs - 17 * 60_000),
          nextStepMgPerH: 25,
        },
      };
    }
    if (bed.bedId === 'B07') return withValue(bed, 'MDC_PULS_OXIM_SAT_O2', { value: 91 });
    if (bed.bedId === 'B10') {
      return withValue(bed, 'MDC_PULS_OXIM_SAT_O2', {
        validity: 'stale',
        observedAtMonotonicMs: at.monotonicMs - 7_000,
      });
    }
    return bed;
  });
}

export function withValue(
  bed: BedView,
  code: BedView['numerics'][number]['code'],
  change: Partial<BedView['numerics'][number]>,
): BedView {
  return {
    ...bed,
    numerics: bed.numerics.map((one) => (one.code === code ? { ...one, ...change } : one)),
  };
}

export function mixedAlarms(at: Instant): AlarmView[] {
  return [
    makeAlarm({ alarmId: 'A1', bedId: 'B04', codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'] }, at),
    makeAlarm(
      {
        alarmId: 'A2',
        bedId: 'B04',
        ruleId: 'ORD-07',
        text: 'Above hard limit 60 mg/h',
        textShort: 'Above limit 60 mg/h',
        detail: 'live 300 mg/h. Stop the pump, call the prescriber',
        onsetAt: iso(at.wallMs - 13_000),
        codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
      },
      at,
    ),
    makeAlarm(
      {
        alarmId: 'A3',
        bedId: 'B07',
        ruleId: 'VIT-01',
        priority: 'medium',
        text: 'SpO2 91, limit 93',
        textShort: 'SpO2 91, limit 93',
        detail: 'lowest 90. Look at the patient',
        onsetAt: iso(at.wallMs - 100_000),
        codes: ['MDC_PULS_OXIM_SAT_O2'],
      },
      at,
    ),
    makeAlarm(
      {
        alarmId: 'A4',
        bedId: 'B02',
        ruleId: 'ORD-04',
        priority: 'low',
        text: 'Step 2 not made',
        textShort: 'Step 2 not made',
        detail: '25 mg/h due 13:48, still 20 mg/h',
        onsetAt: iso(at.wallMs - 130_000),
        codes: ['MDC_FLOW_FLUID_PUMP_CURRENT'],
      },
      at,
    ),
  ];
}

function notedAlarms(at: Instant): AlarmView[] {
  const noted = { acknowledgedBy: 'nurse-a', acknowledgedAt: iso(at.wallMs - 5_000) };
  const [rate, hard, spo2, step] = mixedAlarms(at);
  const latched = makeAlarm(
    {
      alarmId: 'A5',
      bedId: 'B01',
      ruleId: 'VIT-02',
      text: 'SpO2 86, severe limit 88',
      textShort: 'SpO2 86, limit 88',
      phase: 'latched',
      present: false,
      endedAt: iso(at.wallMs - 60_000),
      changedAt: iso(at.wallMs - 60_000),
      onsetAt: iso(at.wallMs - 120_000),
      ...noted,
    },
    at,
  );
  const list = [rate, hard, spo2, step].flatMap((alarm) =>
    alarm ? [{ ...alarm, phase: 'acknowledged' as const, ...noted }] : [],
  );
  return [...list, latched];
}
