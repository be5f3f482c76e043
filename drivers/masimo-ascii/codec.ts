import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** One line of "ASCII 1": date, time, then `KEY=VALUE` words in any order (PROTOCOL.md, "Frame"). */
export interface MasimoLine {
  /** `null` = the monitor sends dashes for it. */
  readonly serial: string | null;
  /** The serial number carries the mark of a simulator. */
  readonly isSimulated: boolean;
  /** The monitor's own clock as if it were UTC, ms since 1970. */
  readonly deviceWallMs: number;
  /** Per cent, as it stands there; `null` = dashes. */
  readonly spo2: number | null;
  /** Beats a minute; `null` = dashes. */
  readonly pulse: number | null;
  /** Perfusion index in per cent; `null` = dashes. */
  readonly perfusion: number | null;
  /** The alarm word as hex digits; the maker does not say what its bits mean. */
  readonly alarm: string;
  /** The exception bits. */
  readonly exceptions: number;
}

export interface MasimoFrameError {
  readonly kind: 'malformed';
}

const LINE = /^(\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) (.+)$/;
const WORD = /^([A-Z][A-Z0-9]*)=([-+.%0-9A-Z]+)$/;
const SERIAL = /^(?:(\d{6,12}|SIM\d{7})|-{6,12})$/;
const WHOLE = /^(?:(\d{1,3})|-{1,3})%?$/;
const HUNDREDTHS = /^(?:(\d{1,2}\.\d\d?)|-{1,2}\.-{1,2})%?$/;
const ALARM = /^[0-9A-F]{4,8}$/;
const EXCEPTIONS = /^[0-9A-F]{6,8}$/;

/** One line without its LF; the CR of the line end before stands in front. `null` = an empty line. */
export function decodeMasimo(line: Uint8Array): Result<MasimoLine | null, MasimoFrameError> {
  const text = Buffer.from(line).toString('latin1').replaceAll('\r', '').trim();
  if (text === '') return ok(null);
  const [, month, day, year, hour, minute, second, rest = ''] = LINE.exec(text) ?? [];
  const words = wordsOf(rest);
  const deviceWallMs = wallMs([year, month, day, hour, minute, second].map(Number));
  if (words === undefined || deviceWallMs === undefined) return err({ kind: 'malformed' });
  const serial = SERIAL.exec(words.get('SN') ?? '');
  const spo2 = WHOLE.exec(words.get('SPO2') ?? '');
  const pulse = WHOLE.exec(words.get('BPM') ?? '');
  const perfusion = HUNDREDTHS.exec(words.get('PI') ?? '');
  const alarm = words.get('ALARM') ?? '';
  const exceptions = words.get('EXC') ?? '';
  // Every model sends all of these: a line without one of them was cut.
  if (serial === null || spo2 === null || pulse === null || perfusion === null) {
    return err({ kind: 'malformed' });
  }
  if (!ALARM.test(alarm) || !EXCEPTIONS.test(exceptions)) return err({ kind: 'malformed' });
  return ok({
    serial: serial[1] ?? null,
    isSimulated: serial[1]?.startsWith('SIM') ?? false,
    deviceWallMs,
    spo2: wireDecimal(spo2[1]) ?? null,
    pulse: wireDecimal(pulse[1]) ?? null,
    perfusion: wireDecimal(perfusion[1]) ?? null,
    alarm,
    exceptions: Number.parseInt(exceptions, 16),
  });
}

/** `undefined` when something between the blanks is not `KEY=VALUE`, or a key stands twice: two lines in one. */
function wordsOf(text: string): ReadonlyMap<string, string> | undefined {
  const words = new Map<string, string>();
  for (const part of text.split(/ +/)) {
    const [, key, value] = WORD.exec(part) ?? [];
    if (key === undefined || value === undefined || words.has(key)) return undefined;
    words.set(key, value);
  }
  return words;
}

/** `undefined` when it is no date. The century is ours: these monitors were made after 2000. */
function wallMs(numbers: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second);
}

/** It sends by itself and is asked nothing. */
export const masimoQueries = queryList({});
