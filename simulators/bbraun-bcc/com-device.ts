import { type Coding, parameters } from './parameters.ts';
import type { SpacePump } from './pump.ts';
import { addEscapes, BccEar, block, type Heard, spoilt, toBytes } from './wire.ts';

export interface ComDeviceSettings {
  readonly bedId: string;
  readonly version: string;
  readonly isStuffed: boolean;
  readonly coding: Coding;
  readonly isCyclic: boolean;
  readonly cycleMs: number;
  readonly replyDelayMs: number;
}

/** What one block of an answer is about. */
type Part =
  | { readonly kind: 'pump'; readonly slot: string }
  | { readonly kind: 'text'; readonly address: string; readonly text: string };

/** Asked sooner than this after the last answer, or after the last question. */
const PAUSE_MS = 500;
const FORBIDDEN_KEPT = 100;
const SELF = '50100';
const SLOT = /^[1-3][1-9A-O]$/;

/**
 * SpaceCom or ComDevice: answers questions with blocks, waits for an ACK after each, sends a block again
 * for a NAK, and in cyclic mode begins by itself. What a real one answers to a wrong bed id, before ALIVE
 * and for an empty slot is not known; this one says 68, 68 and 11.
 */
export class ComDevice {
  readonly pumps = new Map<string, SpacePump>();
  readonly unticked = new Set<string>();
  /** Slots that answer with an extended error, and which. */
  readonly slotErrors = new Map<string, string>();
  /** Texts that stand in place of what the pump says, by slot and parameter. */
  readonly sayings = new Map<string, string>();
  /** Slots whose pump was taken out since the last answer. */
  readonly removed = new Set<string>();
  systemError: string | null = null;
  /** So many of the next blocks get a wrong check. */
  spoil = 0;
  /** Slots whose blocks always get one. */
  readonly spoiltSlots = new Set<string>();
  coding: Coding;
  isCyclic: boolean;
  readonly #replyDelayMs: number;
  readonly #cycleMs: number;
  readonly #version: string;
  #bedId: string;
  #isStuffed: boolean;
  #ear: BccEar;
  #nowMs: number;
  #startedAtMs: number;
  /** What the seconds begin with: a device that has been on for a while. */
  #firstS = 90;
  #isAlive = false;
  #parts: readonly Part[] = [];
  #wire = '';
  #isAwaitingAck = false;
  #nextCycleAtMs: number;
  #lastSign = '';
  #waiting: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  #lastPollAtMs = Number.NEGATIVE_INFINITY;
  #lastEndAtMs = Number.NEGATIVE_INFINITY;
  readonly #asked = new Map<string, number>();
  readonly #forbidden: string[] = [];
  readonly #count = { forbidden: 0, garbled: 0, acks: 0, naks: 0, fastPolls: 0, unfinished: 0 };

  constructor(settings: ComDeviceSettings, nowMs: number) {
    this.#bedId = settings.bedId;
    this.#version = settings.version;
    this.#isStuffed = settings.isStuffed;
    this.coding = settings.coding;
    this.isCyclic = settings.isCyclic;
    this.#cycleMs = settings.cycleMs;
    this.#replyDelayMs = settings.replyDelayMs;
    this.#ear = new BccEar(settings.isStuffed);
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs;
    this.#nextCycleAtMs = nowMs + settings.cycleMs;
  }

  hear(bytes: Uint8Array): void {
    for (const heard of this.#ear.hear(bytes)) this.#take(heard);
  }

  runTo(nowMs: number): void {
    for (const pump of this.pumps.values()) pump.runTo(nowMs);
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#mayCycle && (this.#nowMs >= this.#nextCycleAtMs || this.#hasTriggered())) {
      this.#begin(this.#everything());
    }
  }

  due(): readonly Uint8Array[] {
    const send = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs).map(({ bytes }) => bytes);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
    return send;
  }

  get wakeAtMs(): number | undefined {
    const times = this.#waiting.map(({ atMs }) => atMs);
    if (this.#mayCycle) times.push(this.#nextCycleAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Switched off and on: its seconds begin again and it knows nobody. */
  restart(): void {
    this.#startedAtMs = this.#nowMs;
    this.#firstS = 0;
    this.#isAlive = false;
    this.#isAwaitingAck = false;
    this.#parts = [];
    this.#waiting = [];
  }

  setBedId(bedId: string): void {
    this.#bedId = bedId;
  }

  setStuffing(isOn: boolean): void {
    this.#isStuffed = isOn;
    this.#ear = new BccEar(isOn);
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      bedId: this.#bedId,
      stuffing: this.#isStuffed,
      timeS: this.#timeS,
      awaitsAck: this.#isAwaitingAck,
      asked: Object.fromEntries(this.#asked),
      acks: this.#count.acks,
      naks: this.#count.naks,
      fastPolls: this.#count.fastPolls,
      unfinishedAnswers: this.#count.unfinished,
      garbledFrames: this.#count.garbled,
      forbiddenCommands: this.#count.forbidden,
      forbidden: [...this.#forbidden],
    };
  }

  get #timeS(): number {
    return this.#firstS + Math.floor((this.#nowMs - this.#startedAtMs) / 1_000);
  }

  get #mayCycle(): boolean {
    return this.isCyclic && this.#isAlive && !this.#isAwaitingAck && this.#waiting.length === 0;
  }

  #take(heard: Heard): void {
    switch (heard.kind) {
      case 'ack':
        this.#onAck();
        break;
      case 'nak':
        this.#count.naks += 1;
        if (this.#wire !== '') this.#say();
        break;
      case 'garbled':
        this.#count.garbled += 1;
        this.#refuse();
        break;
      case 'question':
        this.#answer(heard.bedId, heard.text);
    }
  }

  #onAck(): void {
    this.#count.acks += 1;
    if (!this.#isAwaitingAck) return;
    this.#isAwaitingAck = false;
    this.#parts = this.#parts.slice(1);
    if (this.#parts.length > 0) this.#next();
    else this.#lastEndAtMs = this.#nowMs;
  }

  #answer(bedId: string, question: string): void {
    this.#asked.set(question, (this.#asked.get(question) ?? 0) + 1);
    if (question === 'ADMIN:ALIVE') {
      this.#isAlive = true;
      this.#nextCycleAtMs = this.#nowMs;
      this.#begin([text('GNACK,0')]);
    } else if (!this.#isAlive || bedId !== this.#bedId) this.#refuse();
    else if (question === 'ADMIN:VERSION') this.#begin([text(this.#version)]);
    else if (question === 'MEM:GET') this.#poll(this.#everything());
    else if (question.startsWith('MEM:GETSLOT#')) this.#poll([this.#slot(question.slice(12))]);
    else this.#note(question);
  }

  #poll(parts: readonly Part[]): void {
    const sinceMs = this.#nowMs - Math.max(this.#lastPollAtMs, this.#lastEndAtMs);
    if (sinceMs < PAUSE_MS) this.#count.fastPolls += 1;
    this.#lastPollAtMs = this.#nowMs;
    this.#begin(parts);
  }

  /** There is no such question: nobody may ever send one, so tests look here. */
  #note(question: string): void {
    this.#count.forbidden += 1;
    if (this.#forbidden.length < FORBIDDEN_KEPT) this.#forbidden.push(question);
    this.#refuse();
  }

  #refuse(): void {
    this.#begin([text('GNERR,68')]);
  }

  #slot(slot: string): Part {
    if (!SLOT.test(slot)) return text('GNERR,811');
    return this.pumps.has(slot) ? this.#pump(slot) : text('GNERR,11');
  }

  #pump(slot: string): Part {
    const error = this.slotErrors.get(slot);
    return error === undefined ? { kind: 'pump', slot } : text(`GNERR,${error}`, `501${slot}`);
  }

  #everything(): readonly Part[] {
    if (this.systemError !== null) return [text(`GNERR,${this.systemError}`)];
    const removed = [...this.removed].map((slot) => text('GNERR,39', `501${slot}`));
    this.removed.clear();
    const parts = [...removed, ...[...this.pumps.keys()].map((slot) => this.#pump(slot))];
    return parts.length === 0 ? [text('GNERR,11')] : parts;
  }

  /** A new question, answered or not, ends the answer before it. */
  #begin(parts: readonly Part[]): void {
    if (this.#isAwaitingAck) this.#count.unfinished += 1;
    this.#waiting = [];
    this.#parts = parts;
    this.#nextCycleAtMs = Math.max(this.#nextCycleAtMs, this.#nowMs);
    if (parts.some(({ kind }) => kind === 'pump'))
      this.#nextCycleAtMs = this.#nowMs + this.#cycleMs;
    this.#lastSign = this.#sign();
    this.#next(true);
  }

  #next(isFirst = false): void {
    const [part] = this.#parts;
    if (part === undefined) return;
    this.#wire = block(this.#bedId, this.#records(part, isFirst), this.#parts.length === 1);
    this.#say();
  }

  #say(): void {
    const [part] = this.#parts;
    const isSpoilt = part?.kind === 'pump' && this.spoiltSlots.has(part.slot);
    const wire = isSpoilt || this.spoil > 0 ? spoilt(this.#wire) : this.#wire;
    this.spoil = Math.max(0, this.spoil - 1);
    const bytes = toBytes(this.#isStuffed ? addEscapes(wire) : wire);
    this.#isAwaitingAck = true;
    this.#waiting.push({ atMs: this.#nowMs + this.#replyDelayMs, bytes });
  }

  #records(part: Part, isFirst: boolean): readonly string[] {
    const time = this.#timeS;
    if (part.kind === 'text') return [`${time},${part.address},${part.text}`];
    const own = isFirst ? [`${time},${SELF},FMNOR,1`, `${time},${SELF},FMSTAT,00051`] : [];
    const pump = this.pumps.get(part.slot);
    // Taken out in the middle of an answer.
    if (pump === undefined) return [`${time},501${part.slot},GNERR,39`];
    const told = parameters(pump, this.coding)
      .filter(([name]) => !this.unticked.has(name))
      .map(([name, value]) => {
        const said = this.sayings.get(`${part.slot} ${name}`) ?? value;
        return `${time},501${part.slot},${name},${said}`;
      });
    return [...own, ...told];
  }

  /** The parameters that trigger a cycle at once: what runs and what alarms. */
  #sign(): string {
    return [...this.pumps].map(([slot, pump]) => [slot, pump.doing, ...pump.alarms]).join();
  }

  #hasTriggered(): boolean {
    return this.#sign() !== this.#lastSign;
  }
}

const text = (words: string, address = SELF): Part => ({ kind: 'text', address, text: words });
