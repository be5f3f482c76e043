import type { SimulatorProcess } from '../host/client.ts';
import type { GatewayApi } from './api.ts';

/** What the demo shows, in seconds from the beginning of a round, and what it tells a visitor. */
export interface Scene {
  readonly at: number;
  readonly says: string;
  readonly does: (stage: Stage) => Promise<void>;
}

export interface Stage {
  readonly simulators: SimulatorProcess;
  readonly api: GatewayApi;
  /** The order that runs on B02; each round begins with a new one. */
  titrationOrderId: string | null;
}

/** mL/h at 2 mg/mL: 10 is 20 mg/h. */
const MG_PER_ML = 2;
const setRate = (stage: Stage, mgPerH: number): Promise<void> =>
  stage.simulators.command('B02-pump', 'set-rate', { mlPerH: mgPerH / MG_PER_ML });
const vitals = (
  stage: Stage,
  bed: string,
  args: Readonly<Record<string, unknown>>,
): Promise<void> => stage.simulators.command(`${bed}-mon`, 'set', args);

export const ROUND_SECONDS = 180;

export const STORY: readonly Scene[] = [
  {
    at: 0,
    says: 'All is well. B01: Goldberg day 1, 40 mg over 4 h. B02: titration, 20 mg/h, next step in 30 s.',
    does: async (stage) => {
      if (stage.titrationOrderId !== null)
        await stage.api.discontinue(stage.titrationOrderId, 'demo round over');
      await setRate(stage, 20);
      stage.titrationOrderId = await stage.api.placeOrder(titrationOrder(), 'B02');
    },
  },
  {
    at: 32,
    says: 'B02: the step to 25 mg/h is due and the nurse makes it in time. No alarm.',
    does: (stage) => setRate(stage, 25),
  },
  {
    at: 50,
    says: 'B02: someone keys ten times the rate, 250 mg/h. High alarm within 5 s.',
    does: (stage) => setRate(stage, 250),
  },
  {
    at: 72,
    says: 'B02: corrected to 25 mg/h. The alarm stays on the screen until it was seen.',
    does: (stage) => setRate(stage, 25),
  },
  {
    at: 85,
    says: 'B01: the line is occluded, the pump alarms and holds.',
    does: (stage) => stage.simulators.command('B01-pump', 'alarm', { code: 'AL_OCCLU' }),
  },
  {
    at: 103,
    says: 'B01: the line is free again and the infusion goes on.',
    does: async ({ simulators }) => {
      await simulators.command('B01-pump', 'alarm', { code: null });
      await simulators.command('B01-pump', 'start');
    },
  },
  {
    at: 112,
    says: 'B01: the oxygen saturation falls to 86 %. Medium alarm, then high.',
    does: (stage) => vitals(stage, 'B01', { spo2: 86, overSeconds: 8 }),
  },
  {
    at: 140,
    says: 'B01: the saturation recovers.',
    does: (stage) => vitals(stage, 'B01', { spo2: 97, overSeconds: 6 }),
  },
  {
    at: 152,
    says: 'B02: the cable of the pump comes out. The number disappears at once, alarm within 3 s.',
    does: ({ simulators }) => simulators.unplug('B02-pump'),
  },
  {
    at: 166,
    says: 'B02: the cable is back, under another device name. The same pump is recognised.',
    does: async ({ simulators }) => {
      await simulators.plug('B02-pump');
    },
  },
];

/** As config/orders/inpatient-titration.yaml, with the steps half a minute apart. Not a dose to use. */
function titrationOrder(): Readonly<Record<string, unknown>> {
  return {
    patient: { id: 'P-0000002', label: 'Patient 02', weightKg: 64 },
    regimen: 'inpatient-5-day',
    drug: { name: 'ketamine', form: 'racemic' },
    bag: { drugMg: 480, volumeMl: 240 },
    mode: 'mg-per-h',
    steps: [
      { step: 1, at: 'PT0S', dose: 20 },
      { step: 2, at: 'PT30S', dose: 25, earliest: '-PT5S', latest: 'PT1M' },
      { step: 3, at: 'PT2H', dose: 30 },
      { step: 4, at: 'PT4H', dose: 35 },
      { step: 5, at: 'PT6H', dose: 40 },
    ],
    end: 'PT8H',
    limits: { maxMgPerH: 40, maxMgSession: 300 },
    bolus: 'none',
    kvo: { allowed: false },
    nibpInterval: 'PT15M',
  };
}

/** Goldberg day 1: 40 mg in 500 mL over four hours. */
export const GOLDBERG_DAY_1: Readonly<Record<string, unknown>> = {
  patient: { id: 'P-0000001', label: 'Patient 01', weightKg: 70.8 },
  regimen: 'goldberg-outpatient-10-day',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 40, volumeMl: 500 },
  mode: 'mg-total-over',
  steps: [{ step: 1, at: 'PT0S', dose: 40, over: 'PT4H' }],
  end: 'PT4H',
  limits: { maxMgPerH: 20, maxMgSession: 40, maxMg24h: 40 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  recovery: 'PT1H',
  nibpInterval: 'PT15M',
};
