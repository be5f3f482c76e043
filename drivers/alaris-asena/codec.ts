import { crc16CcittFalse } from '../../src/driver/kit/crc16.ts';
import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** Frame on the wire: `!BODY|CRC4<CR>`, fields of BODY separated by `^`. See PROTOCOL.md. */
export interface AsenaFrame {
  /** The command word, repeated by the reply. */
  readonly name: string;
  readonly fields: readonly string[];
}

export type AsenaFrameError =
  | { readonly kind: 'malformed'; readonly raw: string }
  | { readonly kind: 'checksum'; readonly raw: string; readonly expected: string };

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const checksum = (body: string): string =>
  crc16CcittFalse(latin1(body)).toString(16).toUpperCase().padStart(4, '0');

const ESC = '\x1b';
const FRAME = /^!([A-Z][A-Z_]*)((?:\^[^^]*)*)\|([0-9A-F]{4})$/;

/**
 * One line without its CR. Bytes before the last `!` are noise and skipped; an ESC in the line
 * cancels what came before it. The checksum is mandatory and stands after the last `|`.
 */
export function decodeAsena(line: Uint8Array): Result<AsenaFrame, AsenaFrameError> {
  const raw = Buffer.from(line).toString('latin1');
  const kept = raw.slice(raw.lastIndexOf(ESC) + 1);
  const match = FRAME.exec(kept.slice(Math.max(0, kept.lastIndexOf('!'))));
  if (match === null) return err({ kind: 'malformed', raw });
  const [, name = '', tail = '', received = ''] = match;
  const expected = checksum(name + tail);
  if (received !== expected) return err({ kind: 'checksum', raw, expected });
  return ok({ name, fields: tail === '' ? [] : tail.slice(1).split('^') });
}

/** The questions: bare words of the read-only list in PROTOCOL.md, vital ones first. */
export const ASENA_QUERIES = [
  'INF',
  'ALARM',
  'INF_RATE',
  'INF_VTBI',
  'SYRINGE_STATUS',
  'COMMS_RESPONSE_MAX',
  'COMMS_PROTOCOL',
  'INF_RATE_MAX_SYRINGE',
  'INF_VI',
  'INST_SERIALNO',
] as const;
export type AsenaQuery = (typeof ASENA_QUERIES)[number];

const QUERIES: ReadonlySet<string> = new Set(ASENA_QUERIES);
export const isAsenaQuery = (word: string): word is AsenaQuery => QUERIES.has(word);

/**
 * Not exported, and without a parameter for fields, on purpose: a word with a value behind a `^` is
 * a command to the pump, and nothing in this driver can even build one. Remote control is never
 * enabled, not even to read.
 */
const question = (word: AsenaQuery): Uint8Array => latin1(`!${word}|${checksum(word)}\r`);

/** Everything that this driver may ever send. */
export const asenaQueries = queryList<AsenaQuery>({
  INF: question('INF'),
  ALARM: question('ALARM'),
  INF_RATE: question('INF_RATE'),
  INF_VTBI: question('INF_VTBI'),
  SYRINGE_STATUS: question('SYRINGE_STATUS'),
  COMMS_RESPONSE_MAX: question('COMMS_RESPONSE_MAX'),
  COMMS_PROTOCOL: question('COMMS_PROTOCOL'),
  INF_RATE_MAX_SYRINGE: question('INF_RATE_MAX_SYRINGE'),
  INF_VI: question('INF_VI'),
  INST_SERIALNO: question('INST_SERIALNO'),
});
