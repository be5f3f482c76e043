import type { PumpStatus } from '../../src/observation/device-event.ts';
import { type Bits, flagOf, hasBit, type Values, wordOf } from './values.ts';

/** What the pump does, as far as its flags and words say. */
export interface RunState {
  readonly status: PumpStatus;
  /** The parameters behind it, as received. */
  readonly raw: string;
  /** Why the set rate is not to be taken for the flow. */
  readonly doubt?: string;
}

/** RUNSTATE: 0 stop, 1 run, 3 KVO. STATUS1: 2 standby, 4 prime, 7 infusing, 10 and 11 bolus, 13 KVO. */
const RUN = { stop: 0, run: 1, kvo: 3 } as const;
const STATUS = { standby: 2, prime: 4, infusing: 7, bolusByHand: 10, bolus: 11, kvo: 13 } as const;
/** Of PREALARM: KVO is running. */
const KVO_EARLY = 5;
const OFF = '00050';

const SHOWN = ['STATUS1', 'RUNSTATE', 'INM2', 'INM3', 'INM6', 'INM10', 'INM14', 'DSSTATUS'];

/**
 * The set rate proves nothing: a pump that an alarm stopped may still show it. Delivering is INM3,
 * STATUS1 bit 7 or RUNSTATE bit 1, and where none of them is provided nobody knows.
 */
export function runStateOf(values: Values): RunState {
  const raw = SHOWN.filter((name) => values.has(name))
    .map((name) => `${name}=${values.get(name) ?? ''}`)
    .join(' ')
    .slice(0, 60);
  return { ...judge(values), raw };
}

function judge(values: Values): Omit<RunState, 'raw'> {
  const status1 = wordOf(values, 'STATUS1');
  const run = wordOf(values, 'RUNSTATE');
  const early = wordOf(values, 'PREALARM');
  const pumping = flagOf(values, 'INM3');
  if ([status1, run, pumping].some(({ kind }) => kind === 'unreadable')) {
    return { status: 'unknown', doubt: 'state of the pump not understood' };
  }
  const isSaid = (flag: string, ...bits: readonly number[]): boolean =>
    has(flagOf(values, flag), 0) || bits.some((bit) => has(status1, bit));

  // In the order of what matters: more than one of them can be true at a time.
  if (isSaid('INM14', STATUS.prime)) return { status: 'purge', doubt: 'purge: flow not known' };
  if (isSaid('INM2', STATUS.bolusByHand, STATUS.bolus)) {
    return { status: 'bolus', doubt: 'bolus: its rate is told when it is over' };
  }
  if (isSaid('INM10', STATUS.kvo) || has(run, RUN.kvo) || has(early, KVO_EARLY)) {
    return { status: 'kvo', doubt: 'rate during KVO is not known' };
  }
  const isDelivering = delivering(values, pumping, status1, run);
  if (isDelivering === 'contradiction') {
    return { status: 'unknown', doubt: 'pump contradicts itself about delivering' };
  }
  if (isSaid('INM6', STATUS.standby)) {
    return isDelivering === true
      ? { status: 'unknown', doubt: 'pump says standby and delivering' }
      : { status: 'standby' };
  }
  if (isDelivering === undefined) {
    return { status: 'unknown', doubt: 'not told whether the pump delivers' };
  }
  return { status: isDelivering ? 'infusing' : 'stopped' };
}

function delivering(
  values: Values,
  pumping: Bits,
  status1: Bits,
  run: Bits,
): boolean | 'contradiction' | undefined {
  const told: boolean[] = [];
  if (pumping.kind === 'told') told.push(has(pumping, 0));
  if (status1.kind === 'told') told.push(has(status1, STATUS.infusing));
  if (has(run, RUN.run)) told.push(true);
  if (has(run, RUN.stop)) told.push(false);
  if (values.get('DSSTATUS') === OFF) told.push(false);
  if (told.includes(true) && told.includes(false)) return 'contradiction';
  return told[0];
}

const has = (word: Bits, bit: number): boolean => word.kind === 'told' && hasBit(word.bits, bit);
