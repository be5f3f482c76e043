import { type Args, booleanArg, choiceArg, numberArg, onlyKnown, textArg } from './args.ts';
import type { SyringePump } from './pump.ts';

export const RATE = { min: 0, max: 1_200 };
const STRAY = { min: -1_200, max: 10_000 };
const VOLUME = { min: 0.001, max: 9_999 };
/** Real ones hold 50 mL; larger ones make long runs possible without a nurse. */
export const SYRINGE = { min: 0.1, max: 10_000, otherwise: 50 };

type Command = (pump: SyringePump, args: Args) => void;

/** Physics and front panel. */
export const PANEL: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    'set-rate': (pump, args) => {
      onlyKnown('set-rate', args, ['mlPerH']);
      pump.setRate(numberArg('set-rate', args, 'mlPerH', RATE));
    },
    start: (pump, args) => {
      onlyKnown('start', args, []);
      pump.start();
    },
    hold: (pump, args) => {
      onlyKnown('hold', args, []);
      pump.hold();
    },
    'set-vtbi': (pump, args) => {
      onlyKnown('set-vtbi', args, ['ml']);
      pump.setVtbi(volumeOrNone('set-vtbi', args, 'ml'));
    },
    occlude: (pump, args) => {
      onlyKnown('occlude', args, ['on']);
      pump.occlude(booleanArg('occlude', args, 'on'));
    },
    alarm: (pump, args) => {
      onlyKnown('alarm', args, ['code']);
      pump.signal(args['code'] === null ? null : textArg('alarm', args, 'code'));
    },
    'clear-volume': (pump, args) => {
      onlyKnown('clear-volume', args, []);
      pump.clearVolume();
    },
    stray: (pump, args) => {
      onlyKnown('stray', args, ['mlPerH']);
      pump.stray(numberArg('stray', args, 'mlPerH', STRAY));
    },
    mains: (pump, args) => {
      onlyKnown('mains', args, ['on']);
      pump.setPower({ isOnMains: booleanArg('mains', args, 'on') });
    },
    battery: (pump, args) => {
      onlyKnown('battery', args, ['charge']);
      pump.setPower({ battery: choiceArg('battery', args, 'charge', ['full', 'low', 'empty']) });
    },
  }),
);

export function volumeOrNone(what: string, args: Args, name: string): number | null {
  return args[name] === undefined || args[name] === null
    ? null
    : numberArg(what, args, name, VOLUME);
}
