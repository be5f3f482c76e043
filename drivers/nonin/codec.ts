import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/**
 * One frame, by its form (PROTOCOL.md, "Frame"):
 *
 * ```
 * format 2   01 | status | pleth | float | sum           75 a second, 25 make a packet
 * format 7   status | pleth high | pleth low | float | sum
 * format 8   status and rate high | rate low | SpO2 | status 2      once a second, no sum
 * ```
 */
export type NoninFrame = NoninWaveFrame | NoninDisplayFrame;

export interface NoninWaveFrame {
  readonly format: 2 | 7;
  readonly status: number;
  /** 0 ... 255 in format 2, 0 ... 65535 in format 7; no absolute scale. */
  readonly pleth: number;
  /** What it means depends on the frame's place in its packet. */
  readonly float: number;
}

export interface NoninDisplayFrame {
  readonly format: 8;
  /** The first byte, two bits of the rate among its bits. */
  readonly status: number;
  /** 0 ... 511; 511 = none. */
  readonly rate: number;
  /** 0 ... 127; 127 = none. */
  readonly spo2: number;
  readonly status2: number;
}

export type NoninFormat = NoninFrame['format'];

export type NoninFrameError =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'checksum'; readonly expected: number; readonly received: number };

/** The first frame of a packet has this bit in its status. */
export const SYNC = 0x01;
const MARK = 0x80;
const FORMAT_2_START = 0x01;

/** One frame as the framer cuts it: five bytes, or four for format 8. */
export function decodeNonin(frame: Uint8Array): Result<NoninFrame, NoninFrameError> {
  const [b1 = 0, b2 = 0, b3 = 0, b4 = 0, received = 0] = frame;
  if (frame.length === 4) {
    const isOne = b1 >= MARK && b2 < MARK && b3 < MARK && b4 < MARK;
    if (!isOne) return err({ kind: 'malformed' });
    return ok({ format: 8, status: b1, rate: rateOf(b1, b2), spo2: b3, status2: b4 });
  }
  const format = formatOf(b1, b2);
  if (frame.length !== 5 || format === null) return err({ kind: 'malformed' });
  const expected = (b1 + b2 + b3 + b4) & 0xff;
  if (expected !== received) return err({ kind: 'checksum', expected, received });
  return format === 2
    ? ok({ format, status: b2, pleth: b3, float: b4 })
    : ok({ format, status: b1, pleth: (b2 << 8) | b3, float: b4 });
}

/** By the first two of five bytes; `null` = neither. */
export function formatOf(b1: number, b2: number): 2 | 7 | null {
  if (b1 === FORMAT_2_START && b2 >= MARK) return 2;
  return b1 >= MARK ? 7 : null;
}

/** Nine bits in two bytes of seven: (130 >> 7) and (130 & 127) are 1 and 2. */
export const rateOf = (high: number, low: number): number => ((high & 0x03) << 7) | (low & 0x7f);

/** It sends by itself. Which format it sends is set at the device: we do not change it. */
export const noninQueries = queryList({});
