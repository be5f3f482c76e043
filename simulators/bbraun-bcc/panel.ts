import {
  type Args,
  booleanArg,
  choiceArg,
  numberArg,
  numberOrNone,
  onlyKnown,
  textArg,
} from './args.ts';
import { ALARMS, BATTERY_FULL_MIN, SpacePump } from './pump.ts';

const RATE = [0, 1_800] as const;
const VOLUME = [0.01, 9_999.9] as const;
const CONCENTRATION = [0.000_001, 10_000] as const;

export const PUMP_OPTIONS: readonly string[] = [
  'kind',
  'drug',
  'rateMlPerH',
  'vtbiMl',
  'vtbiEnd',
  'containerMl',
  'running',
  'mgPerMl',
  'weightKg',
  'batteryMin',
];

/** A pump as the ward file or `insert-pump` describes it. */
export function pumpFrom(what: string, args: Args, nowMs: number): SpacePump {
  return new SpacePump(
    {
      kind: choiceArg(what, args, 'kind', ['perfusor', 'infusomat'], 'perfusor'),
      drug: drugArg(what, args),
      rateMlPerH: numberArg(what, args, 'rateMlPerH', RATE, 10),
      vtbiMl: numberOrNone(what, args, 'vtbiMl', VOLUME),
      vtbiEnd: choiceArg(what, args, 'vtbiEnd', ['stop', 'kvo'], 'stop'),
      containerMl: numberArg(what, args, 'containerMl', VOLUME, 50),
      running: booleanArg(what, args, 'running', true),
      mgPerMl: numberOrNone(what, args, 'mgPerMl', CONCENTRATION),
      weightKg: numberOrNone(what, args, 'weightKg', [0.1, 300]),
      batteryMin: numberArg(what, args, 'batteryMin', [0, BATTERY_FULL_MIN], BATTERY_FULL_MIN),
    },
    nowMs,
  );
}

const drugArg = (what: string, args: Args): string | null =>
  args['drug'] === undefined || args['drug'] === null ? null : textArg(what, args, 'drug');

type Command = (pump: SpacePump, args: Args) => void;

const plain =
  (name: string, run: (pump: SpacePump) => void): Command =>
  (pump, args) => {
    onlyKnown(name, args, []);
    run(pump);
  };

/** What a nurse does at one pump, and what happens to it. `slot` says which; without it the first one. */
export const PANEL: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    start: plain('start', (pump) => pump.start()),
    stop: plain('stop', (pump) => pump.stop()),
    standby: plain('standby', (pump) => pump.standby()),
    kvo: plain('kvo', (pump) => pump.kvo()),
    purge: plain('purge', (pump) => pump.purge()),
    'clear-volume': plain('clear-volume', (pump) => pump.clearVolume()),
    'set-rate': (pump, args) => {
      onlyKnown('set-rate', args, ['mlPerH']);
      pump.setRate(numberArg('set-rate', args, 'mlPerH', RATE));
    },
    'set-drug': (pump, args) => {
      onlyKnown('set-drug', args, ['drug', 'mgPerMl']);
      const mgPerMl = numberOrNone('set-drug', args, 'mgPerMl', CONCENTRATION);
      pump.setDrug(drugArg('set-drug', args), mgPerMl);
    },
    'set-vtbi': (pump, args) => {
      onlyKnown('set-vtbi', args, ['ml']);
      pump.setVtbi(numberOrNone('set-vtbi', args, 'ml', VOLUME));
    },
    bolus: (pump, args) => {
      onlyKnown('bolus', args, ['ml']);
      pump.bolus(numberArg('bolus', args, 'ml', VOLUME));
    },
    occlude: (pump, args) => {
      onlyKnown('occlude', args, ['on']);
      pump.occlude(booleanArg('occlude', args, 'on'));
    },
    mains: (pump, args) => {
      onlyKnown('mains', args, ['on']);
      pump.mains(booleanArg('mains', args, 'on'));
    },
    alarm: (pump, args) => {
      onlyKnown('alarm', args, ['alarm']);
      pump.signal(args['alarm'] === null ? null : choiceArg('alarm', args, 'alarm', ALARMS));
    },
    'replace-container': (pump, args) => {
      onlyKnown('replace-container', args, ['ml']);
      pump.replaceContainer(numberArg('replace-container', args, 'ml', VOLUME));
    },
  }),
);
