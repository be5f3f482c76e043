import { type Args, booleanArg, choiceArg, numberArg, onlyKnown } from './args.ts';
import type { SyringePump } from './pump.ts';
import { ALARM_BITS, type Face } from './wire.ts';

/** Works on the physics, or answers how the pump is set up from now on. */
type Command = (pump: SyringePump, face: Face, args: Args) => Face | undefined;

/** A command on the physics alone, with the arguments that it takes. */
const act =
  (name: string, known: readonly string[], run: (pump: SyringePump, args: Args) => void): Command =>
  (pump, _, args) => {
    onlyKnown(name, args, known);
    run(pump, args);
    return undefined;
  };

const ALARMS = Object.keys(ALARM_BITS);
const BOLUS_KINDS = ['hands-on', 'hands-free'] as const;
const VOLUME = [0.1, 9_999] as const;

/** Physics and front panel. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    'set-rate': act('set-rate', ['mlPerH'], (pump, args) =>
      pump.setRate(numberArg('set-rate', args, 'mlPerH', [0, 1_200])),
    ),
    start: act('start', [], (pump) => pump.start()),
    stop: act('stop', [], (pump) => pump.stop()),
    standby: act('standby', [], (pump) => pump.standby()),
    purge: act('purge', [], (pump) => pump.purge()),
    bolus: act('bolus', ['kind', 'ml'], (pump, args) => {
      const kind = choiceArg('bolus', args, 'kind', BOLUS_KINDS, 'hands-free');
      pump.bolus(kind === 'hands-on' ? null : numberArg('bolus', args, 'ml', [0.1, 50], 1));
    }),
    'set-vtbi': act('set-vtbi', ['ml'], (pump, args) =>
      pump.setVtbi(args['ml'] === null ? null : numberArg('set-vtbi', args, 'ml', VOLUME)),
    ),
    occlude: act('occlude', ['on'], (pump, args) =>
      pump.occlude(booleanArg('occlude', args, 'on')),
    ),
    stall: act('stall', ['on'], (pump, args) => pump.stall(booleanArg('stall', args, 'on'))),
    alarm: act('alarm', ['name', 'on'], (pump, args) =>
      pump.signal(choiceArg('alarm', args, 'name', ALARMS), booleanArg('alarm', args, 'on', true)),
    ),
    sound: act('sound', ['on'], (pump, args) => pump.sound(booleanArg('sound', args, 'on'))),
    'clear-volume': act('clear-volume', [], (pump) => pump.clearVolume()),
    'remove-syringe': act('remove-syringe', [], (pump) => pump.removeSyringe()),
    'replace-syringe': act('replace-syringe', ['ml'], (pump, args) =>
      pump.replaceSyringe(numberArg('replace-syringe', args, 'ml', VOLUME, 50)),
    ),
    power: (_, face, args) => {
      onlyKnown('power', args, ['mains', 'bars', 'subBatteryOk']);
      return {
        ...face,
        mains: booleanArg('power', args, 'mains', face.mains),
        batteryBars: numberArg('power', args, 'bars', [0, 15], face.batteryBars),
        subBatteryOk: booleanArg('power', args, 'subBatteryOk', face.subBatteryOk),
      };
    },
    'reserved-bits': (_, face, args) => {
      onlyKnown('reserved-bits', args, ['bits']);
      const { bits } = args;
      const used = Object.values(ALARM_BITS);
      const isReserved = (bit: unknown): bit is number =>
        Number.isInteger(bit) &&
        Number(bit) >= 0 &&
        Number(bit) < 24 &&
        !used.includes(Number(bit));
      if (!Array.isArray(bits) || !bits.every(isReserved)) {
        throw new Error('reserved-bits: bits must be a list of 9, 10, 11, 12, 14');
      }
      return { ...face, reservedBits: bits };
    },
  }),
);
