import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, numberArg, onlyKnown, textArg } from './args.ts';
import { Base } from './base.ts';
import { SyringeModule } from './module.ts';

const OPTIONS = [
  'modules',
  'replyDelayMs',
  'enqEveryMs',
  'enqPatienceMs',
  'refusesSecondOpen',
  'tellsFlow',
];
const MODULE_OPTIONS = ['rateMlPerH', 'running', 'syringeMl', 'drug', 'number'];
const RATE = [0, 1_200] as const;
const PLACE = /^[1-9]$/;
const DEFAULT_MODULES: readonly Args[] = [
  { place: 1, drug: 'Ketamine' },
  { place: 2, drug: 'Propofol', rateMlPerH: 20 },
];

/** A base with syringe modules. It obeys no command that acts on a pump; every one is counted. */
export const simulator: SimulatorKind = {
  id: 'fresenius-vial',
  // 7 data bits and one for the parity.
  line: { baudRate: 19_200, bitsPerByte: 10 },
  create: (options, nowMs) => new FreseniusBase(options, nowMs),
};

class FreseniusBase implements SimulatedDevice {
  readonly #base: Base;
  #nowMs: number;

  constructor(options: Args, nowMs: number) {
    const what = 'fresenius-vial';
    onlyKnown(what, options, OPTIONS);
    this.#nowMs = nowMs;
    this.#base = new Base(
      {
        replyDelayMs: numberArg(what, options, 'replyDelayMs', [1, 60_000], 15),
        enqEveryMs: numberArg(what, options, 'enqEveryMs', [100, 3_600_000], 2_000),
        enqPatienceMs: numberArg(what, options, 'enqPatienceMs', [10, 60_000], 300),
        refusesSecondOpen: booleanArg(what, options, 'refusesSecondOpen', false),
        tellsFlow: booleanArg(what, options, 'tellsFlow', false),
      },
      nowMs,
    );
    const modules = options['modules'] ?? DEFAULT_MODULES;
    if (!Array.isArray(modules)) throw new Error(`${what}: modules must be a list`);
    for (const module of modules) this.#insert(what, module as Args);
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    return [...this.#base.runTo(nowMs), ...this.#base.hear(bytes)];
  }

  advance(nowMs: number): Advance {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const send = this.#base.runTo(nowMs);
    const { wakeAtMs } = this.#base;
    return Number.isFinite(wakeAtMs) ? { send, wakeAtMs } : { send };
  }

  command(name: string, args: Args): void {
    const run = this.#commands.get(name);
    if (run === undefined) {
      const known = [...this.#commands.keys()].join(', ');
      throw new Error(`fresenius-vial does not know the command ${name}; it knows ${known}`);
    }
    run(args);
  }

  describe(): Readonly<Record<string, unknown>> {
    const base = this.#base;
    const modules = [...base.modules].map(([place, module]) => [
      place,
      {
        running: module.isRunning,
        rateMlPerH: module.rateMlPerH,
        flowMlPerH: module.flowMlPerH,
        volumeMl: module.volumeMl,
        syringeMl: module.syringeMl,
        drug: module.drug,
        number: module.number,
        alarm: module.alarm,
        error: module.error,
      },
    ]);
    const { forbidden, garbled, ...counts } = base.counts;
    return {
      ...counts,
      garbledMessages: garbled,
      forbiddenCommands: forbidden,
      forbidden: [...base.forbidden],
      sessions: base.sessions,
      asked: Object.fromEntries(base.asked),
      modules: Object.fromEntries(modules),
    };
  }

  #insert(what: string, args: Args): void {
    onlyKnown(what, args, ['place', ...MODULE_OPTIONS]);
    const place = placeArg(what, args);
    if (this.#base.modules.has(place)) throw new Error(`${what}: place ${place} is taken`);
    const settings = {
      rateMlPerH: numberArg(what, args, 'rateMlPerH', RATE, 10),
      running: booleanArg(what, args, 'running', true),
      // Real ones hold 60 mL; larger ones make long runs possible without a nurse.
      syringeMl: numberArg(what, args, 'syringeMl', [0.1, 10_000], 60),
      drug: textArg(what, args, 'drug', 'Ketamine'),
      number: numberOf(what, args, `SIM-${place}`),
    };
    this.#base.modules.set(place, new SyringeModule(settings, this.#nowMs));
  }

  #moduleAt(what: string, args: Args): SyringeModule {
    const place = placeArg(what, args);
    const module = this.#base.modules.get(place);
    if (module === undefined) throw new Error(`${what}: no module in place ${place}`);
    return module;
  }

  /** At the front of a module, by name and the arguments beside its place. */
  #onModule(
    name: string,
    known: readonly string[],
    run: (module: SyringeModule, args: Args) => void,
  ): readonly [string, (args: Args) => void] {
    return [
      name,
      (args) => {
        onlyKnown(name, args, ['place', ...known]);
        run(this.#moduleAt(name, args), args);
      },
    ];
  }

  readonly #commands: ReadonlyMap<string, (args: Args) => void> = new Map([
    this.#onModule('set-rate', ['mlPerH'], (module, args) => {
      module.rateMlPerH = numberArg('set-rate', args, 'mlPerH', RATE);
    }),
    this.#onModule('start', [], (module) => module.start()),
    this.#onModule('stop', [], (module) => module.stop()),
    this.#onModule('clear-volume', [], (module) => module.clearVolume()),
    this.#onModule('set-drug', ['drug'], (module, args) => {
      module.drug = args['drug'] === '' ? '' : textArg('set-drug', args, 'drug');
    }),
    this.#onModule('set-number', ['number'], (module, args) => {
      module.number = numberOf('set-number', args);
    }),
    this.#onModule('stick', ['on'], (module, args) => {
      module.isStuck = booleanArg('stick', args, 'on');
    }),
    this.#onModule('alarm', ['code'], (module, args) => {
      module.signal(args['code'] === null ? null : textArg('alarm', args, 'code'));
    }),
    this.#onModule('error', ['code'], (module, args) => {
      module.error = textArg('error', args, 'code');
    }),
    [
      'insert-module',
      (args: Args) => {
        this.#insert('insert-module', args);
      },
    ],
    [
      'remove-module',
      (args: Args) => {
        onlyKnown('remove-module', args, ['place']);
        this.#moduleAt('remove-module', args);
        const place = placeArg('remove-module', args);
        this.#base.modules.delete(place);
        this.#base.closeSession(place);
      },
    ],
    [
      'unreachable',
      (args: Args) => {
        onlyKnown('unreachable', args, ['place', 'on']);
        const place = placeArg('unreachable', args);
        if (booleanArg('unreachable', args, 'on')) this.#base.unreachable.add(place);
        else this.#base.unreachable.delete(place);
      },
    ],
    [
      'refuse',
      (args: Args) => {
        onlyKnown('refuse', args, ['whom', 'code']);
        const whom = textArg('refuse', args, 'whom');
        if (args['code'] === null) this.#base.refusals.delete(whom);
        else this.#base.refusals.set(whom, textArg('refuse', args, 'code'));
      },
    ],
    [
      'mute-words',
      (args: Args) => {
        onlyKnown('mute-words', args, ['words']);
        const { words } = args;
        if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
          throw new Error('mute-words: words must be a list such as 1LE');
        }
        this.#base.mutedWords.clear();
        for (const word of words) this.#base.mutedWords.add(word);
      },
    ],
    [
      'tell',
      (args: Args) => {
        onlyKnown('tell', args, ['place', 'status', 'data']);
        const { status } = args;
        if (status !== 'E' && status !== 'M') throw new Error('tell: status must be E or M');
        const data = args['data'];
        if (typeof data !== 'string') throw new Error('tell: data must be a text');
        this.#base.tell(placeArg('tell', args), status, data);
      },
    ],
    [
      'enq-inside',
      (args: Args) => {
        onlyKnown('enq-inside', args, ['on']);
        this.#base.isEnqInside = booleanArg('enq-inside', args, 'on');
      },
    ],
    [
      'close-session',
      (args: Args) => {
        onlyKnown('close-session', args, ['place']);
        this.#base.closeSession(placeArg('close-session', args));
      },
    ],
    [
      'drop-link',
      (args: Args) => {
        onlyKnown('drop-link', args, []);
        this.#base.dropLink();
      },
    ],
  ]);
}

function placeArg(what: string, args: Args): string {
  const place = String(args['place'] ?? 1);
  if (PLACE.test(place)) return place;
  throw new Error(`${what}: place must be 1 to 9`);
}

/** A simulator that passes for a real pump is a hazard, so there is no option to make one. */
function numberOf(what: string, args: Args, otherwise?: string): string {
  const number = textArg(what, args, 'number', otherwise);
  if (number.startsWith('SIM')) return number;
  throw new Error(`${what}: number must begin with SIM, the mark of a simulated module`);
}
