/**
 * The wire of the module, written from the protocol's description a second time: this must never share
 * code with the driver, or it could not find a fault in it.
 */
const STX = 0x02;
const ETX = 0x03;
const COMBI_START = 0xfd;
const COMBI_END = 0xfe;
const CR = 0x0d;
const ABORT = 0x58;
const HEARD_MAX = 16;

export interface Said {
  readonly state: number;
  readonly isNeonatal: boolean;
  readonly cycleMin: number;
  readonly message: string;
  readonly result: {
    readonly sys: number;
    readonly dia: number;
    readonly map: number;
    readonly pulse: number;
  } | null;
  /** To the next measurement; `null` = blanks. */
  readonly seconds: number | null;
}

const digits = (value: number, count: number): string => String(value).padStart(count, '0');

function hexSum(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum += text.charCodeAt(index);
  return `0${(sum % 256).toString(16)}`.slice(-2).toUpperCase();
}

function framed(text: string, isCombi: boolean): Uint8Array {
  const [start, end] = isCombi ? [COMBI_START, COMBI_END] : [STX, ETX];
  return Uint8Array.from([start, ...Buffer.from(text, 'latin1'), end, CR]);
}

/** The answer to code 18. `SIM` between the last two semicolons: a real module has nothing there. */
export function statusFrame(said: Said, isCombi: boolean): Uint8Array {
  const { state, isNeonatal, cycleMin, message, result, seconds } = said;
  const pressures =
    result === null ? '---------' : [result.sys, result.dia, result.map].map(three).join('');
  const text = [
    `S${state}`,
    `A${isNeonatal ? 1 : 0}`,
    `C${digits(cycleMin, 2)}`,
    `M${message}`,
    `P${pressures}`,
    `R${result === null ? '---' : three(result.pulse)}`,
    `T${seconds === null ? '    ' : digits(seconds, 4)}`,
    'SIM;',
  ].join(';');
  return framed(`${text}${hexSum(text)}`, isCombi);
}

const three = (value: number): string => digits(value, 3);

export const pressureFrame = (mmHg: number, state: number, isCombi: boolean): Uint8Array =>
  framed(`${three(mmHg)}C0S${state}`, isCombi);

export const endFrame = (isCombi: boolean): Uint8Array => framed('999', isCombi);

/** A command from the host, the single byte that stops, or what was no command. */
export type Heard =
  | { readonly code: string }
  | { readonly isAbort: true }
  | { readonly garbled: string };

/** Collects commands from bytes in any split. Holds at most one. */
export class NibpEar {
  #text: number[] | null = null;
  readonly #start: number;
  readonly #end: number;

  constructor(isCombi: boolean) {
    this.#start = isCombi ? COMBI_START : STX;
    this.#end = isCombi ? COMBI_END : ETX;
  }

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      if (byte === this.#start) this.#text = [];
      else if (this.#text === null) {
        if (byte === ABORT) heard.push({ isAbort: true });
      } else if (byte === this.#end) {
        heard.push(understood(String.fromCharCode(...this.#text)));
        this.#text = null;
      } else if (this.#text.push(byte) > HEARD_MAX) this.#text = null;
    }
    return heard;
  }
}

function understood(text: string): Heard {
  const [, summed, code, sum] = /^((\d\d);;)(..)$/.exec(text) ?? [];
  return summed === undefined || code === undefined || sum !== hexSum(summed)
    ? { garbled: text }
    : { code };
}
