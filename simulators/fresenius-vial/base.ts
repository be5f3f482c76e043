import type { SyringeModule } from './module.ts';
import { ACK, BaseEar, ENQ, message, NAK, withEnqInside } from './wire.ts';

/** How many forbidden commands are kept word for word; all are counted. */
const FORBIDDEN_KEPT = 100;
/** Command letters that only read, and the answers to what is told unasked. */
const READING: ReadonlySet<string> = new Set([
  'DC',
  'FC',
  'LE',
  'DE',
  'AE',
  'LF',
  'LM',
  'LP',
  'LN',
]);

export interface BaseSettings {
  readonly replyDelayMs: number;
  readonly enqEveryMs: number;
  /** To the DC4 that answers an ENQ; without it the base drops the host. */
  readonly enqPatienceMs: number;
  /** A session that is open already is refused with 06. */
  readonly refusesSecondOpen: boolean;
  /** A module that stands still tells a rate of 0 and not the one that is set. */
  readonly tellsFlow: boolean;
}

interface Waiting {
  readonly atMs: number;
  readonly frame: Uint8Array;
}

/** The base: sessions, keep-alive, and the modules in its places. */
export class Base {
  readonly modules = new Map<string, SyringeModule>();
  readonly unreachable = new Set<string>();
  /** By place: refused with this code whatever is asked for; by `place word`: only that. */
  readonly refusals = new Map<string, string>();
  readonly mutedWords = new Set<string>();
  isEnqInside = false;
  readonly counts = {
    linkDrops: 0,
    enquiries: 0,
    acks: 0,
    naks: 0,
    garbled: 0,
    answersDue: 0,
    forbidden: 0,
  };
  readonly forbidden: string[] = [];
  readonly asked = new Map<string, number>();
  readonly #settings: BaseSettings;
  readonly #ear = new BaseEar();
  readonly #sessions = new Set<string>();
  #nowMs: number;
  #waiting: Waiting[] = [];
  #enqAtMs = Number.POSITIVE_INFINITY;
  #aliveByMs = Number.POSITIVE_INFINITY;

  constructor(settings: BaseSettings, nowMs: number) {
    this.#settings = settings;
    this.#nowMs = nowMs;
  }

  get sessions(): readonly string[] {
    return [...this.#sessions].sort();
  }

  get wakeAtMs(): number {
    const waitingMs = Math.min(...this.#waiting.map(({ atMs }) => atMs));
    return Math.min(waitingMs, this.#enqAtMs, this.#aliveByMs);
  }

  /** Lets time pass, from one event to the next, and gives what is said in it. */
  runTo(nowMs: number): readonly Uint8Array[] {
    const said: Uint8Array[] = [];
    while (this.wakeAtMs <= nowMs) {
      this.#nowMs = Math.max(this.#nowMs, this.wakeAtMs);
      for (const module of this.modules.values()) module.runTo(this.#nowMs);
      said.push(...this.#happen(this.#nowMs));
    }
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (const module of this.modules.values()) module.runTo(this.#nowMs);
    return said;
  }

  /** What the host says; ACK and NAK go out at once, answers after their delay. */
  hear(bytes: Uint8Array): readonly Uint8Array[] {
    const said: Uint8Array[] = [];
    for (const heard of this.#ear.hear(bytes)) {
      if (heard.kind === 'message') {
        said.push(Uint8Array.of(ACK));
        this.#take(heard.text);
      } else if (heard.kind === 'garbled') {
        this.counts.garbled += 1;
        said.push(Uint8Array.of(NAK, 0x32));
      } else if (heard.kind === 'alive') this.#aliveByMs = Number.POSITIVE_INFINITY;
      else if (heard.kind === 'ack') this.counts.acks += 1;
      else this.counts.naks += 1;
    }
    return said;
  }

  /** Says something that nobody asked for; the host has to send the letter back. */
  tell(place: string, status: 'E' | 'M', data: string): void {
    this.counts.answersDue += 1;
    this.#say(`${place}${status};${data}`);
  }

  /** Forgets the host, as after a keep-alive that was not answered. */
  dropLink(): void {
    this.counts.linkDrops += 1;
    this.#sessions.clear();
    this.#waiting = [];
    this.#enqAtMs = Number.POSITIVE_INFINITY;
    this.#aliveByMs = Number.POSITIVE_INFINITY;
  }

  closeSession(place: string): void {
    this.#sessions.delete(place);
  }

  #happen(atMs: number): readonly Uint8Array[] {
    if (this.#aliveByMs <= atMs) this.dropLink();
    const due = this.#waiting.filter((one) => one.atMs <= atMs).map(({ frame }) => frame);
    this.#waiting = this.#waiting.filter((one) => one.atMs > atMs);
    const said = this.isEnqInside ? due.map((frame) => this.#withEnq(frame, atMs)) : due;
    if (this.#enqAtMs > atMs) return said;
    this.#enqAtMs = atMs + this.#settings.enqEveryMs;
    this.#enquire(atMs);
    return [...said, Uint8Array.of(ENQ)];
  }

  #withEnq(frame: Uint8Array, atMs: number): Uint8Array {
    this.#enquire(atMs);
    return withEnqInside(frame);
  }

  #enquire(atMs: number): void {
    this.counts.enquiries += 1;
    this.#aliveByMs = Math.min(this.#aliveByMs, atMs + this.#settings.enqPatienceMs);
  }

  #say(text: string): void {
    this.#waiting.push({ atMs: this.#nowMs + this.#settings.replyDelayMs, frame: message(text) });
  }

  #take(text: string): void {
    const [, place = '', word = '', data] = /^(\d)([A-Z]{1,2})(?:;(.*))?$/.exec(text) ?? [];
    if (word === 'E' || word === 'M') {
      this.counts.answersDue -= 1;
      return;
    }
    if (!READING.has(word)) {
      this.#note(text);
      this.#say(`${place || '0'}I;20`);
      return;
    }
    const question = data === undefined ? word : `${word};${data}`;
    this.asked.set(`${place}${question}`, (this.asked.get(`${place}${question}`) ?? 0) + 1);
    if (this.mutedWords.has(`${place}${word}`)) return;
    this.#say(`${place}${this.#answer(place, word, data)}`);
  }

  /** A command that acts on a pump: no monitor may ever send one, so tests look here. */
  #note(text: string): void {
    this.counts.forbidden += 1;
    if (this.forbidden.length < FORBIDDEN_KEPT) this.forbidden.push(text);
  }

  #answer(place: string, word: string, data: string | undefined): string {
    const refusal = this.refusals.get(`${place} ${word}`) ?? this.refusals.get(place);
    if (refusal !== undefined) return `I;${refusal}`;
    if (place === '0') return this.#ofBase(word, data);
    if (!this.#sessions.has('0')) return 'I;0D';
    const module = this.modules.get(place);
    if (module === undefined || this.unreachable.has(place)) {
      this.#sessions.delete(place);
      return 'I;0E';
    }
    if (word === 'DC') return this.#open(place);
    if (!this.#sessions.has(place)) return 'I;1E';
    switch (word) {
      case 'FC':
        this.#sessions.delete(place);
        return 'C';
      case 'LN':
        return `C;${module.number}`;
      case 'LF':
        return 'C;DPS simulated';
      case 'LP':
        return module.drug === '' ? 'C' : `C;${module.drug}`;
      case 'LE':
        return this.#values(module, data ?? '');
      default:
        return 'I;01';
    }
  }

  #ofBase(word: string, data: string | undefined): string {
    if (word === 'DC') {
      const answer = this.#open('0');
      this.#enqAtMs = this.#nowMs + this.#settings.enqEveryMs;
      return answer;
    }
    if (!this.#sessions.has('0')) return 'I;0D';
    if (word === 'FC') {
      this.#sessions.clear();
      this.#enqAtMs = Number.POSITIVE_INFINITY;
      this.#aliveByMs = Number.POSITIVE_INFINITY;
      return 'C';
    }
    if (word !== 'LE' || data !== 'b') return 'I;01';
    const bits = [...this.modules.keys()].reduce((map, key) => map | (1 << (Number(key) - 1)), 0);
    return `C;b${hex(bits, 2)}`;
  }

  #open(place: string): string {
    if (this.#sessions.has(place) && this.#settings.refusesSecondOpen) return 'I;06';
    this.#sessions.add(place);
    return 'C';
  }

  #values(module: SyringeModule, letters: string): string {
    const isIdle = this.#settings.tellsFlow && !module.isRunning;
    const values = new Map([
      ['a', module.alarm],
      ['e', module.error],
      // The mark of a simulator: letters where a real module has its mode.
      ['m', `SIM${module.isRunning ? 1 : 0}`],
      ['d', hex(isIdle ? 0 : Math.round(module.rateMlPerH * 10), 4)],
      ['r', hex(Math.floor(module.volumeMl * 1_000 + 1e-6), 6)],
    ]);
    const items = [...letters].map((letter) => {
      const value = values.get(letter);
      return value === undefined ? undefined : letter + value;
    });
    return items.includes(undefined) ? 'I;0A' : `C;${items.join(';')}`;
  }
}

const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');
