import {
  abortMessage,
  acceptMessage,
  answerMessages,
  errorMessage,
  type Introduction,
  mdsCreateMessage,
  type PolledThing,
  type Request,
  refuseMessage,
  releasedMessage,
  understood,
} from './messages.ts';
import { BLOCK_MS } from './waves.ts';
import { Ear, framed } from './wire.ts';

/** What the data export needs of the monitor around it. */
export interface Source {
  introduction(atMs: number): Introduction;
  ticks(atMs: number): number;
  numerics(atMs: number, isFirst: boolean): readonly PolledThing[];
  alarms(atMs: number): readonly PolledThing[];
  /** The block of 256 ms that ends then. */
  waves(atMs: number, sequence: number): readonly PolledThing[];
}

interface Stream {
  readonly invokeId: number;
  readonly number: number;
  readonly group: number;
  readonly nextAtMs: number;
  readonly untilMs: number;
  readonly sequence: number;
}

/** From the first answer to a poll on, one every 1.024 s; waves block after block. */
const PERIOD_MS = 1_024;
const ANSWER_MS = 60;
/** A host that says nothing for so long is gone. */
const HOST_SILENT_MS = 10_000;
const [NUMERICS, ALARMS, WAVES] = [6, 0x36, 9];

/** The port "Data Export": one association, polls of three kinds of objects, and nothing that sets anything. */
export class DataExport {
  /** Settings of a stubborn monitor. */
  isRefusing = false;
  isMute = false;
  knowsExtended = true;
  knowsAlarms = true;
  knowsWaves = true;
  /** Wave replies that are lost on their way out. */
  wavesToLose = 0;
  readonly asked = { associate: 0, polls: 0, single: 0, release: 0, abort: 0, garbled: 0 };
  forbidden = 0;
  associations = 0;
  readonly #source: Source;
  readonly #ear = new Ear();
  readonly #streams = new Map<number, Stream>();
  #state: 'idle' | 'introducing' | 'confirmed' = 'idle';
  #heardAtMs = 0;
  #isFirstReply = true;
  #due: { readonly atMs: number; readonly frame: Uint8Array }[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  get state(): string {
    return this.#state;
  }

  hear(bytes: Uint8Array, nowMs: number): void {
    for (const data of this.#ear.hear(bytes)) {
      if (data === null) this.asked.garbled += 1;
      else this.#heed(understood(data), nowMs);
    }
  }

  /** The monitor itself ends the association. */
  abort(nowMs: number): void {
    if (this.#state !== 'idle') this.#say(abortMessage(), nowMs);
    this.#end();
  }

  /** What is due up to now. */
  runTo(nowMs: number): readonly Uint8Array[] {
    if (this.#state !== 'idle' && nowMs - this.#heardAtMs >= HOST_SILENT_MS) {
      this.abort(this.#heardAtMs + HOST_SILENT_MS);
    }
    for (const [objectClass, stream] of this.#streams) this.#play(objectClass, stream, nowMs);
    const ready = this.#due.filter(({ atMs }) => atMs <= nowMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > nowMs);
    return this.isMute ? [] : ready.map(({ frame }) => frame);
  }

  get wakeAtMs(): number | undefined {
    const times = [
      ...this.#due.map(({ atMs }) => atMs),
      ...[...this.#streams.values()].map(({ nextAtMs }) => nextAtMs),
      ...(this.#state === 'idle' ? [] : [this.#heardAtMs + HOST_SILENT_MS]),
    ];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #heed(request: Request, nowMs: number): void {
    if (this.#state !== 'idle') this.#heardAtMs = nowMs;
    switch (request.kind) {
      case 'associate':
        this.asked.associate += 1;
        this.#associate(nowMs);
        break;
      case 'mds-result':
        if (this.#state === 'introducing') this.#state = 'confirmed';
        break;
      case 'release':
        this.asked.release += 1;
        if (this.#state !== 'idle') this.#say(releasedMessage(), nowMs + ANSWER_MS);
        this.#end();
        break;
      case 'abort':
        this.asked.abort += 1;
        this.#end();
        break;
      case 'poll':
        this.#poll(request, nowMs);
        break;
      case 'forbidden':
        this.forbidden += 1;
    }
  }

  /** Who is associated already does not hear a second request: the first one has to end. */
  #associate(nowMs: number): void {
    if (this.#state !== 'idle') return;
    if (this.isRefusing) {
      this.#say(refuseMessage(), nowMs + ANSWER_MS);
      return;
    }
    this.associations += 1;
    this.#state = 'introducing';
    this.#heardAtMs = nowMs;
    this.#isFirstReply = true;
    this.#say(acceptMessage(), nowMs + ANSWER_MS);
    this.#say(mdsCreateMessage(this.#source.introduction(nowMs)), nowMs + 2 * ANSWER_MS);
  }

  #poll(request: Extract<Request, { kind: 'poll' }>, nowMs: number): void {
    if (this.#state !== 'confirmed') return;
    const { objectClass, forS, invokeId, number, group } = request;
    const isKnown =
      objectClass === NUMERICS ||
      (objectClass === ALARMS && this.knowsAlarms) ||
      (objectClass === WAVES && this.knowsWaves && forS !== null);
    if (!isKnown || (forS !== null && !this.knowsExtended)) {
      this.#say(errorMessage(invokeId), nowMs + ANSWER_MS);
      return;
    }
    const untilMs = nowMs + (forS ?? 0) * 1_000;
    // Blocks go on from one another: a renewed poll of waves waits for the next one.
    const running = objectClass === WAVES ? this.#streams.get(WAVES) : undefined;
    const nextAtMs = running?.nextAtMs ?? nowMs + ANSWER_MS;
    const stream = { invokeId, number, group, nextAtMs, untilMs, sequence: 0 };
    if (forS === null) {
      this.asked.single += 1;
      this.#answer(objectClass, stream, null, nowMs + ANSWER_MS);
    } else {
      this.asked.polls += 1;
      this.#streams.set(objectClass, stream);
    }
  }

  #play(objectClass: number, from: Stream, nowMs: number): void {
    let stream = from;
    if (objectClass === ALARMS && !this.knowsAlarms) stream = { ...from, untilMs: 0 };
    while (stream.nextAtMs <= nowMs) {
      if (stream.nextAtMs > stream.untilMs) {
        this.#streams.delete(objectClass);
        return;
      }
      this.#answer(objectClass, stream, stream.sequence, stream.nextAtMs);
      const sequence = (stream.sequence + 1) % 65_536;
      const periodMs = objectClass === WAVES ? BLOCK_MS : PERIOD_MS;
      stream = { ...stream, nextAtMs: stream.nextAtMs + periodMs, sequence };
    }
    this.#streams.set(objectClass, stream);
  }

  #answer(objectClass: number, stream: Stream, sequence: number | null, atMs: number): void {
    const isFirst = this.#isFirstReply && objectClass === NUMERICS;
    if (isFirst) this.#isFirstReply = false;
    const things = this.#things(objectClass, sequence, isFirst, atMs);
    const { invokeId, number, group } = stream;
    const ticks = this.#source.ticks(atMs);
    const answer = { invokeId, number, group, objectClass, sequence, ticks, things };
    if (objectClass === WAVES && this.wavesToLose > 0) this.wavesToLose -= 1;
    else for (const message of answerMessages(answer)) this.#say(message, atMs);
  }

  #things(objectClass: number, sequence: number | null, isFirst: boolean, atMs: number) {
    switch (objectClass) {
      case NUMERICS:
        return this.#source.numerics(atMs, isFirst);
      case WAVES:
        return this.#source.waves(atMs, sequence ?? 0);
      default:
        return this.#source.alarms(atMs);
    }
  }

  #say(message: Uint8Array, atMs: number): void {
    this.#due.push({ atMs, frame: framed(message) });
  }

  #end(): void {
    this.#state = 'idle';
    this.#streams.clear();
  }
}
