import type { Advance, SimulatedDevice, SimulatorKind } from '../kit/device.ts';
import { type Args, booleanArg, choiceArg, numberArg, onlyKnown } from './args.ts';
import { COMMANDS } from './panel.ts';
import { SyringePump } from './pump.ts';
import { type Face, PacketEar, parseRequest, type Request, reply, statusData } from './wire.ts';

const OPTIONS = [
  'devid',
  'model',
  'software',
  'rateMlPerH',
  'vtbiMl',
  'infiniteVtbi',
  'running',
  'syringeMl',
  'doseMode',
  'doseRate',
  'weightKg',
  'dilution',
  'replyDelayMs',
  'stateInLowNibble',
];
/** How many forbidden requests are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;

/**
 * A Terufusion SS syringe pump on the wireless network. Its DEVID begins with SIM, where a real one has
 * digits only: that is the mark by which the gateway knows that it is simulated.
 */
export const simulator: SimulatorKind = {
  id: 'terumo-ss',
  // Nominal, as at the driver: the real one has no serial line.
  line: { baudRate: 115_200, bitsPerByte: 10 },
  create: (options, nowMs) => new TerumoSs(options, nowMs),
};

class TerumoSs implements SimulatedDevice {
  readonly #pump: SyringePump;
  readonly #ear = new PacketEar();
  readonly #replyDelayMs: number;
  #face: Face;
  #isDocked = false;
  /** Answered instead of the status; `null` = the status. */
  #result: number | null = null;
  #waiting: { readonly atMs: number; readonly packet: Uint8Array }[] = [];
  #asked = 0;
  #askedForId = 0;
  #notMine = 0;
  #garbled = 0;
  #forbiddenCount = 0;
  readonly #forbidden: string[] = [];

  constructor(options: Args, nowMs: number) {
    const what = 'terumo-ss';
    onlyKnown(what, options, OPTIONS);
    this.#face = faceOf(what, options);
    this.#replyDelayMs = numberArg(what, options, 'replyDelayMs', [0, 60_000], 30);
    this.#pump = new SyringePump(
      {
        rateMlPerH: numberArg(what, options, 'rateMlPerH', [0, 1_200], 10),
        vtbiMl: orNone(what, options, 'vtbiMl', [0.1, 9_999]),
        running: booleanArg(what, options, 'running', true),
        // Real ones hold 50 mL; larger ones make long runs possible without a nurse.
        syringeMl: numberArg(what, options, 'syringeMl', [0.1, 10_000], 50),
      },
      nowMs,
    );
  }

  receive(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    this.#pump.runTo(nowMs);
    if (this.#isDocked) return [];
    for (const heard of this.#ear.hear(bytes)) {
      if (heard === 'garbled') this.#garbled += 1;
      else this.#answer(heard.xml, nowMs);
    }
    return this.#replyDelayMs === 0 ? this.#due(nowMs) : [];
  }

  advance(nowMs: number): Advance {
    this.#pump.runTo(nowMs);
    const send = this.#due(nowMs);
    const next = this.#waiting[0];
    return next === undefined ? { send } : { send, wakeAtMs: next.atMs };
  }

  command(name: string, args: Args): void {
    const run = COMMANDS.get(name);
    if (run !== undefined) this.#face = run(this.#pump, this.#face, args) ?? this.#face;
    else if (name === 'dock') this.#dock(args);
    else if (name === 'set-devid') this.#setDevid(args);
    else if (name === 'set-result') this.#setResult(args);
    else {
      const known = [...COMMANDS.keys(), 'dock', 'set-devid', 'set-result'].join(', ');
      throw new Error(`terumo-ss does not know the command ${name}; it knows ${known}`);
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    const pump = this.#pump;
    return {
      devid: this.#face.devid,
      state: pump.state,
      rateMlPerH: pump.rateMlPerH,
      flowMlPerH: pump.flowMlPerH,
      deliveredMl: pump.deliveredMl,
      vtbiMl: pump.vtbiLeftMl,
      syringeMl: pump.syringeMl,
      syringeIn: pump.isSyringeIn,
      pressure: pump.pressure,
      alarms: [...pump.alarms],
      sounding: pump.isSounding,
      mains: this.#face.mains,
      batteryBars: this.#face.batteryBars,
      docked: this.#isDocked,
      askedForId: this.#askedForId,
      askedForStatus: this.#asked,
      forOtherPumps: this.#notMine,
      garbledPackets: this.#garbled,
      forbiddenRequests: this.#forbiddenCount,
      forbidden: [...this.#forbidden],
    };
  }

  #answer(xml: string, nowMs: number): void {
    const request = parseRequest(xml);
    if (request === undefined) {
      this.#note(xml);
      return;
    }
    const packet = this.#reply(request, xml);
    if (packet !== undefined) this.#waiting.push({ atMs: nowMs + this.#replyDelayMs, packet });
  }

  /** A pump is silent to what is not for it, also to a command without a DEVID. */
  #reply({ devid, command }: Request, xml: string): Uint8Array | undefined {
    if (command === null && devid === '') {
      this.#askedForId += 1;
      return reply(this.#face.devid);
    }
    if (devid !== this.#face.devid || command === null) {
      this.#notMine += 1;
      return undefined;
    }
    const [sequence = 0, code = 0, high = 0, low = 0] = command;
    const header = [sequence, code, high, low];
    if (command.length < 4) return this.#refuse(xml, header, [0x13, 0, 0, 0]);
    if (code !== 1 || high !== 0 || low !== 0) {
      return this.#refuse(xml, header, [0x11, code, high, low]);
    }
    if (command.length > 4) return this.#refuse(xml, header, [0x14, code, high, low]);
    this.#asked += 1;
    if (this.#result !== null) {
      return reply(this.#face.devid, [...header, this.#result, code, high, low]);
    }
    return reply(this.#face.devid, [...header, 0, ...statusData(this.#pump, this.#face)]);
  }

  #refuse(xml: string, header: readonly number[], result: readonly number[]): Uint8Array {
    this.#note(xml);
    return reply(this.#face.devid, [...header, ...result]);
  }

  /** Anything but the two questions: no monitor may ever send it, so tests look here. */
  #note(xml: string): void {
    this.#forbiddenCount += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(xml);
  }

  #due(nowMs: number): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= nowMs).map(({ packet }) => packet);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return send;
  }

  /** In the rack the wireless link is off: nothing is heard and nothing said. */
  #dock(args: Args): void {
    onlyKnown('dock', args, ['on']);
    this.#isDocked = booleanArg('dock', args, 'on');
    this.#waiting = [];
  }

  /** As if another pump answered at this address. */
  #setDevid(args: Args): void {
    onlyKnown('set-devid', args, ['devid']);
    this.#face = { ...this.#face, devid: simulatedDevid('set-devid', args['devid']) };
  }

  /** The execution result from now on; without one the status again. */
  #setResult(args: Args): void {
    onlyKnown('set-result', args, ['result']);
    this.#result = orNone('set-result', args, 'result', [1, 255]);
  }
}

function faceOf(what: string, options: Args): Face {
  const software = options['software'] ?? '0403';
  if (typeof software !== 'string' || !/^[0-9A-F]{4}$/.test(software)) {
    throw new Error(`${what}: software must be four hex digits`);
  }
  return {
    devid: simulatedDevid(what, options['devid'] ?? 'SIM000000000000000000001'),
    software,
    model: choiceArg(what, options, 'model', ['TE-SS730', 'TE-SS830', 'TE-SS830P'], 'TE-SS830'),
    doseMode: choiceArg(what, options, 'doseMode', ['mL/h', 'ug/kg/min', 'mg/kg/h'], 'mL/h'),
    doseRate: numberArg(what, options, 'doseRate', [0, 9_999], 0),
    weightKg: orNone(what, options, 'weightKg', [0.1, 300]),
    dilution: orNone(what, options, 'dilution', [0.01, 9_999]),
    infiniteVtbi: booleanArg(what, options, 'infiniteVtbi', false),
    mains: true,
    batteryBars: 5,
    subBatteryOk: true,
    stateInLowNibble: booleanArg(what, options, 'stateInLowNibble', false),
    reservedBits: [],
  };
}

/** A simulator that passes for a real pump is a hazard, so there is no option to make one. */
function simulatedDevid(what: string, devid: unknown): string {
  if (typeof devid === 'string' && /^SIM\d{21}$/.test(devid)) return devid;
  throw new Error(`${what}: devid must be SIM, the mark of a simulated pump, and 21 digits`);
}

const orNone = (
  what: string,
  args: Args,
  name: string,
  range: readonly [number, number],
): number | null => (args[name] == null ? null : numberArg(what, args, name, range));
