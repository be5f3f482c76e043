import { type Args, booleanArg, numberArg, onlyKnown } from './args.ts';
import { AT_REST, BOUNDS, meanPressure, SIGNS, type Signs } from './patient.ts';

export const WHAT = 'ge-dri';

/** What a ward file may say of this monitor, checked. */
export interface Options {
  readonly signs: Signs;
  readonly seed: number;
  readonly variability: number;
  readonly nibpIntervalMin: number;
  readonly minIntervalS: number;
  readonly hasCo2: boolean;
  /** A CARESCAPE, which knows alarm records. */
  readonly hasAlarms: boolean;
  /** uV at 300/s, played again and again in place of the patient's ECG. */
  readonly ecgSamples: readonly number[] | null;
  readonly wallAtStartMs: number;
}

const KNOWN = [
  ...SIGNS,
  'seed',
  'variability',
  'nibpIntervalMin',
  'minIntervalS',
  'co2',
  'alarms',
  'ecgSamples',
  'wallAtStartMs',
];
/** Start of the virtual clock of tests: without another the monitor's clock agrees with it. */
const WALL_AT_ZERO_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
const INTERVAL_MIN_MAX = 240;

export function optionsOf(args: Args, nowMs: number): Options {
  onlyKnown(WHAT, args, KNOWN);
  return {
    signs: signsOf(args),
    seed: numberArg(WHAT, args, 'seed', [-(2 ** 31), 2 ** 32], 1),
    variability: numberArg(WHAT, args, 'variability', [0, 3], 1),
    nibpIntervalMin: intervalArg(WHAT, args, 'nibpIntervalMin', 15),
    minIntervalS: numberArg(WHAT, args, 'minIntervalS', [1, 60], 1),
    hasCo2: booleanArg(WHAT, args, 'co2', true),
    hasAlarms: booleanArg(WHAT, args, 'alarms', true),
    ecgSamples: ecgSamplesOf(args['ecgSamples']),
    wallAtStartMs: numberArg(
      WHAT,
      args,
      'wallAtStartMs',
      [0, 4_000_000_000_000],
      WALL_AT_ZERO_MS + nowMs,
    ),
  };
}

/** 0 is "no automatic measurements"; a run takes most of a minute. */
export function intervalArg(what: string, args: Args, name: string, otherwise?: number): number {
  const minutes = numberArg(what, args, name, [0, INTERVAL_MIN_MAX], otherwise);
  if (minutes === 0 || minutes >= 1) return minutes;
  throw new Error(`${what}: ${name} must be 0 or a number from 1 to ${INTERVAL_MIN_MAX}`);
}

export function onOff(what: string, args: Args): boolean {
  onlyKnown(what, args, ['on']);
  return booleanArg(what, args, 'on');
}

function ecgSamplesOf(value: unknown): readonly number[] | null {
  if (value === undefined) return null;
  const isSample = (one: unknown): boolean =>
    Number.isInteger(one) && Number(one) >= -32_768 && Number(one) <= 32_767;
  if (Array.isArray(value) && value.length > 0 && value.every(isSample)) return value;
  throw new Error(`${WHAT}: ecgSamples must be whole numbers of microvolts, 300 a second`);
}

function signsOf(args: Args): Signs {
  const signs = { ...AT_REST };
  for (const sign of SIGNS) {
    signs[sign] = numberArg(WHAT, args, sign, BOUNDS[sign], AT_REST[sign]);
  }
  const isMeanLeftOut = args['map'] === undefined;
  const isPressureGiven = args['sys'] !== undefined || args['dia'] !== undefined;
  return isMeanLeftOut && isPressureGiven
    ? { ...signs, map: meanPressure(signs.sys, signs.dia) }
    : signs;
}
