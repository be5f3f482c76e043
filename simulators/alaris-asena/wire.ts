import type { SyringePump } from './pump.ts';

/**
 * The Asena protocol from the pump's side, written apart from the driver's codec on purpose: two
 * programs that share a mistake agree with each other.
 */

const CR = 0x0d;
const ESC = 0x1b;
const BANG = 0x21;
const LINE_MAX = 512;

/** CRC-16, polynomial 1021, start FFFF, not reflected, bit by bit. */
export function asenaChecksum(text: string): string {
  let crc = 0xffff;
  for (let index = 0; index < text.length; index++) {
    const byte = text.charCodeAt(index) & 0xff;
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const carry = (crc & 0x8000) !== 0;
      const bit = (byte & mask) !== 0;
      crc = (crc << 1) & 0xffff;
      if (carry !== bit) crc ^= 0x1021;
    }
  }
  return `000${crc.toString(16).toUpperCase()}`.slice(-4);
}

/** A frame with checksum and CR. */
export function asenaFrame(parts: readonly string[]): Uint8Array {
  const body = parts.join('^');
  return Uint8Array.from(Buffer.from(`!${body}|${asenaChecksum(body)}\r`, 'latin1'));
}

/** What came in between `!` and `|`, or that it was not a frame. */
export type Heard = { readonly body: string } | { readonly garbled: string };

/** Collects a frame from bytes in any split. Holds at most one line. */
export class AsenaEar {
  #line: number[] | null = null;

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      if (byte === ESC) this.#line = null;
      else if (byte === BANG) this.#line = [];
      else if (byte === CR) {
        if (this.#line !== null) heard.push(opened(String.fromCharCode(...this.#line)));
        this.#line = null;
      } else if (this.#line !== null && this.#line.push(byte) > LINE_MAX) this.#line = null;
    }
    return heard;
  }
}

function opened(line: string): Heard {
  const bar = line.lastIndexOf('|');
  const body = line.slice(0, Math.max(0, bar));
  return bar > 0 && line.slice(bar + 1) === asenaChecksum(body) ? { body } : { garbled: line };
}

/** Words without `^` that nevertheless act on the pump. */
export const ACTING_WORDS: ReadonlySet<string> = new Set(['INF_START', 'INF_STOP', 'INF_VI_CLEAR']);

export interface Face {
  readonly serial: string;
  readonly software: string;
  /** The variant nobody has ruled out: an idle pump that shows SET and its programmed rate. */
  readonly idleShowsRate: boolean;
  /** Another one: a pump without a pressure disc that leaves the pressure out. */
  readonly tellsPressure: boolean;
  readonly syringeMake: string;
  readonly syringeSizeMl: number;
  readonly isSyringeConfirmed: boolean;
  readonly responseMaxMs: number;
}

/** Highest rate in mL/h by the size of the syringe. */
const RATE_MAX: readonly (readonly [number, number])[] = [
  [5, 150],
  [10, 300],
  [20, 600],
  [30, 900],
];
const RATE_MAX_LARGE = 1_200;

/** The parts of the reply to a question; `undefined`: not a question, the pump stays silent. */
export function reply(word: string, pump: SyringePump, face: Face): readonly string[] | undefined {
  switch (word) {
    case 'INF':
      return status(pump, face);
    case 'ALARM':
      return pump.alarm === null ? [word, 'AL_NOALM', ' ', ' '] : [word, pump.alarm, '', ''];
    case 'INST_SERIALNO':
      return [word, face.serial];
    case 'COMMS_PROTOCOL':
      return [word, face.software];
    case 'COMMS_RESPONSE_MAX':
      return [word, String(face.responseMaxMs), 'ms'];
    case 'INF_VTBI':
      return pump.vtbiLeftMl === null
        ? [word, 'DEACT', '', '', '']
        : [
            word,
            'ACTIV',
            pump.vtbiLeftMl.toFixed(3),
            'ml',
            pump.vtbiEnd === 'stop' ? 'STOP' : 'KVO',
          ];
    case 'INF_VI':
      return [word, pump.infusedMl.toFixed(3), 'ml'];
    case 'INF_RATE':
      return [word, pump.rateMlPerH.toFixed(2), 'ml/h'];
    case 'INF_RATE_MAX_SYRINGE':
      return [word, rateMax(face.syringeSizeMl).toFixed(2), 'ml/h'];
    case 'SYRINGE_STATUS':
      return [
        word,
        face.syringeMake,
        String(face.syringeSizeMl).padStart(3),
        face.isSyringeConfirmed ? 'CONF' : '',
      ];
    default:
      return undefined;
  }
}

function status(pump: SyringePump, face: Face): readonly string[] {
  return [
    'INF',
    face.serial,
    pump.alarm === null ? '-' : 'A',
    pump.isOnHold && !showsIdleRate(pump, face) ? 'HLD' : 'SET',
    shownRate(pump, face).toFixed(2),
    'ml/h',
    '',
    pump.infusedMl.toFixed(3),
    'ml',
    face.tellsPressure ? pump.pressureMmHg.toFixed(2) : '',
    face.tellsPressure ? 'mmHg' : '',
    timeLeft(pump.remainingS),
    'EVENT',
    String(pump.eventNumber),
  ];
}

const rateMax = (sizeMl: number): number =>
  RATE_MAX.find(([ml]) => sizeMl <= ml)?.[1] ?? RATE_MAX_LARGE;

const showsIdleRate = (pump: SyringePump, face: Face): boolean =>
  face.idleShowsRate && !pump.isRunning && pump.alarm === null;

const shownRate = (pump: SyringePump, face: Face): number =>
  showsIdleRate(pump, face) ? pump.rateMlPerH : pump.flowMlPerH;

function timeLeft(seconds: number | null): string {
  if (seconds === null || seconds >= 24 * 3_600) return '24+';
  const whole = Math.floor(seconds);
  return [whole / 3_600, (whole / 60) % 60, whole % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
}
