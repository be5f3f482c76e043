import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import {
  type Args,
  booleanArg,
  choiceArg,
  numberArg,
  onlyKnown,
  textArg,
  textsArg,
} from './args.ts';
import { ComDevice } from './com-device.ts';
import { PANEL, PUMP_OPTIONS, pumpFrom } from './panel.ts';

const OPTIONS = [
  'bedId',
  'version',
  'stuffing',
  'coding',
  'mode',
  'cycleMs',
  'replyDelayMs',
  'pumps',
  'unticked',
];
const SLOT = /^[1-3][1-9A-O]$/;
const BED_ID = /^SIM[/-9A-Za-z[\\\]^_`]{0,12}$/;
const MODES = ['request', 'cyclic'] as const;
const CODINGS = ['flags', 'words'] as const;
const DEFAULT_PUMPS: readonly Args[] = [
  { slot: '11', drug: 'Ketamine', mgPerMl: 5, rateMlPerH: 4, vtbiMl: 40 },
  {
    slot: '12',
    kind: 'infusomat',
    drug: 'Esketamine',
    mgPerMl: 1,
    weightKg: 70,
    rateMlPerH: 20,
    containerMl: 500,
  },
];

/**
 * A rack of B. Braun pumps behind one SpaceCom or ComDevice. Its bed id begins with SIM, in every block:
 * that is the mark by which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: 'bbraun-bcc',
  line: { baudRate: 9_600, bitsPerByte: 10 },
  create: (options, nowMs) => new BccRack(options, nowMs),
};

class BccRack implements SimulatedDevice {
  readonly #com: ComDevice;
  #nowMs: number;

  constructor(options: Args, nowMs: number) {
    const what = 'bbraun-bcc';
    onlyKnown(what, options, OPTIONS);
    this.#nowMs = nowMs;
    this.#com = new ComDevice(
      {
        bedId: bedIdArg(what, options, 'SIM01'),
        version: textArg(what, options, 'version', 'V3.36'),
        isStuffed: booleanArg(what, options, 'stuffing', true),
        coding: choiceArg(what, options, 'coding', CODINGS, 'flags'),
        isCyclic: choiceArg(what, options, 'mode', MODES, 'request') === 'cyclic',
        cycleMs: numberArg(what, options, 'cycleMs', [1_000, 60_000], 5_000),
        replyDelayMs: numberArg(what, options, 'replyDelayMs', [0, 60_000], 20),
      },
      nowMs,
    );
    for (const name of textsArg(what, options, 'unticked')) this.#com.unticked.add(name);
    const pumps = options['pumps'] ?? DEFAULT_PUMPS;
    if (!Array.isArray(pumps)) throw new Error(`${what}: pumps must be a list`);
    for (const pump of pumps) this.#insert(what, pump as Args);
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#runTo(nowMs);
    this.#com.hear(bytes);
    return this.#com.due();
  }

  advance(nowMs: number): Advance {
    this.#runTo(nowMs);
    const send = this.#com.due();
    const { wakeAtMs } = this.#com;
    return wakeAtMs === undefined ? { send } : { send, wakeAtMs };
  }

  command(name: string, args: Args): void {
    const onPanel = PANEL.get(name);
    const onRack = this.#commands.get(name);
    if (onPanel !== undefined) {
      const { slot, ...rest } = args;
      onPanel(this.#pumpAt(name, slot), rest);
    } else if (onRack !== undefined) onRack(args);
    else {
      const known = [...PANEL.keys(), ...this.#commands.keys()].join(', ');
      throw new Error(`bbraun-bcc does not know the command ${name}; it knows ${known}`);
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    const slots = [...this.#com.pumps].map(([slot, pump]) => [
      slot,
      {
        doing: pump.doing,
        drug: pump.drug,
        rateMlPerH: pump.rateMlPerH,
        flowMlPerH: pump.flowMlPerH,
        infusedMl: pump.infusedMl,
        vtbiMl: pump.vtbiLeftMl,
        containerMl: pump.containerMl,
        pressurePercent: pump.pressurePercent,
        occluded: pump.isOccluded,
        mains: pump.isOnMains,
        batteryMin: pump.batteryMin,
        alarms: [...pump.alarms],
      },
    ]);
    return { ...this.#com.describe(), slots: Object.fromEntries(slots) };
  }

  #runTo(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    this.#com.runTo(nowMs);
  }

  #pumpAt(what: string, slot: unknown) {
    const at = slot ?? this.#com.pumps.keys().next().value;
    const pump = typeof at === 'string' ? this.#com.pumps.get(at) : undefined;
    if (pump === undefined) throw new Error(`${what}: no pump in slot ${String(at)}`);
    return pump;
  }

  #insert(what: string, args: Args): void {
    onlyKnown(what, args, ['slot', ...PUMP_OPTIONS]);
    const slot = slotArg(what, args);
    if (this.#com.pumps.has(slot)) throw new Error(`${what}: slot ${slot} is taken`);
    this.#com.pumps.set(slot, pumpFrom(what, args, this.#nowMs));
    this.#com.removed.delete(slot);
  }

  /** What is done to the rack or on the page of the ComDevice. */
  readonly #commands: ReadonlyMap<string, (args: Args) => void> = new Map(
    Object.entries<(args: Args) => void>({
      'insert-pump': (args) => this.#insert('insert-pump', args),
      'remove-pump': (args) => {
        onlyKnown('remove-pump', args, ['slot']);
        const slot = slotArg('remove-pump', args);
        this.#pumpAt('remove-pump', slot);
        this.#com.pumps.delete(slot);
        this.#com.removed.add(slot);
      },
      untick: (args) => {
        onlyKnown('untick', args, ['parameters']);
        for (const name of textsArg('untick', args, 'parameters')) this.#com.unticked.add(name);
      },
      tick: (args) => {
        onlyKnown('tick', args, ['parameters']);
        for (const name of textsArg('tick', args, 'parameters')) this.#com.unticked.delete(name);
      },
      'set-coding': (args) => {
        onlyKnown('set-coding', args, ['coding']);
        this.#com.coding = choiceArg('set-coding', args, 'coding', CODINGS);
      },
      'set-mode': (args) => {
        onlyKnown('set-mode', args, ['mode']);
        this.#com.isCyclic = choiceArg('set-mode', args, 'mode', MODES) === 'cyclic';
      },
      'set-stuffing': (args) => {
        onlyKnown('set-stuffing', args, ['on']);
        this.#com.setStuffing(booleanArg('set-stuffing', args, 'on'));
      },
      'set-bed-id': (args) => {
        onlyKnown('set-bed-id', args, ['bedId']);
        this.#com.setBedId(bedIdArg('set-bed-id', args));
      },
      'slot-error': (args) => {
        onlyKnown('slot-error', args, ['slot', 'code']);
        const slot = slotArg('slot-error', args);
        const code = codeArg('slot-error', args);
        if (code === null) this.#com.slotErrors.delete(slot);
        else this.#com.slotErrors.set(slot, code);
      },
      'system-error': (args) => {
        onlyKnown('system-error', args, ['code']);
        this.#com.systemError = codeArg('system-error', args);
      },
      say: (args) => {
        onlyKnown('say', args, ['slot', 'parameter', 'value']);
        const key = `${slotArg('say', args)} ${textArg('say', args, 'parameter')}`;
        if (args['value'] === null) this.#com.sayings.delete(key);
        else this.#com.sayings.set(key, textArg('say', args, 'value'));
      },
      spoil: (args) => {
        onlyKnown('spoil', args, ['blocks']);
        this.#com.spoil = numberArg('spoil', args, 'blocks', [0, 1_000]);
      },
      'spoil-slot': (args) => {
        onlyKnown('spoil-slot', args, ['slot', 'on']);
        const slot = slotArg('spoil-slot', args);
        if (booleanArg('spoil-slot', args, 'on')) this.#com.spoiltSlots.add(slot);
        else this.#com.spoiltSlots.delete(slot);
      },
      restart: (args) => {
        onlyKnown('restart', args, []);
        this.#com.restart();
      },
    }),
  );
}

function slotArg(what: string, args: Args): string {
  const { slot } = args;
  if (typeof slot === 'string' && SLOT.test(slot)) return slot;
  throw new Error(`${what}: slot must be pillar 1 to 3 and place 1 to 9 or A to O, such as 11`);
}

/** A simulator that passes for a real rack is a hazard, so there is no option to make one. */
function bedIdArg(what: string, args: Args, otherwise?: string): string {
  const bedId = textArg(what, args, 'bedId', otherwise);
  if (BED_ID.test(bedId)) return bedId;
  throw new Error(`${what}: bedId must begin with SIM, the mark of a simulated rack`);
}

function codeArg(what: string, args: Args): string | null {
  if (args['code'] === null) return null;
  const code = textArg(what, args, 'code');
  if (/^\d{1,4}$/.test(code)) return code;
  throw new Error(`${what}: code must be 1 to 4 digits, or null`);
}
