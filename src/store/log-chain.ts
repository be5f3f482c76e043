import { hash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

/** What somebody wants to have in the log. */
export interface NewLogEntry {
  readonly type: string;
  /** Wall time in ms since 1970; fractions are rounded away. For labels: `seq` gives the order. */
  readonly wallMs: number;
  readonly bedId?: string;
  readonly user?: string;
  readonly station?: string;
  readonly payload: JsonValue;
}

/** What is in the log. `seq` starts at 1 and has no gaps. */
export interface LogEntry extends NewLogEntry {
  readonly seq: number;
  /** SHA-256 in hex, see {@link entryHash}. */
  readonly hash: string;
}

/** An entry as it is written: the payload already is its canonical JSON and cannot change any more. */
export interface FrozenEntry {
  readonly type: string;
  readonly wallMs: number;
  readonly bedId: string | null;
  readonly user: string | null;
  readonly station: string | null;
  readonly payload: string;
}

/** What comes before the first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** Far above any order document; a larger payload is a programming fault, not a record. */
const PAYLOAD_CHARS_MAX = 1_000_000;

/** Checks and freezes. Throws {@link TypeError} for what cannot be written as it is. */
export function freezeEntry(entry: NewLogEntry): FrozenEntry {
  if (!Number.isFinite(entry.wallMs)) throw new TypeError('A log entry needs a wall time.');
  const payload = canonicalJson(entry.payload);
  if (payload.length > PAYLOAD_CHARS_MAX) {
    throw new TypeError(`A log entry of ${payload.length} characters is over the limit.`);
  }
  return {
    type: plainText(entry.type),
    wallMs: Math.round(entry.wallMs),
    bedId: plainOrNull(entry.bedId),
    user: plainOrNull(entry.user),
    station: plainOrNull(entry.station),
    payload,
  };
}

export function thaw(seq: number, frozen: FrozenEntry, entryHashHex: string): LogEntry {
  return {
    seq,
    type: frozen.type,
    wallMs: frozen.wallMs,
    ...(frozen.bedId === null ? {} : { bedId: frozen.bedId }),
    ...(frozen.user === null ? {} : { user: frozen.user }),
    ...(frozen.station === null ? {} : { station: frozen.station }),
    payload: JSON.parse(frozen.payload) as JsonValue,
    hash: entryHashHex,
  };
}

/**
 * SHA-256, in hex, over the UTF-8 of: the hash before it, a line feed, and the canonical JSON of
 * `{bedId, payload, seq, station, type, user, wallMs}` with the names in this order and `null` for
 * what the entry does not have. Anybody can check it with a few lines in any language.
 */
export function entryHash(previousHash: string, seq: number, entry: FrozenEntry): string {
  const text =
    `{"bedId":${JSON.stringify(entry.bedId)},"payload":${entry.payload},"seq":${seq},` +
    `"station":${JSON.stringify(entry.station)},"type":${JSON.stringify(entry.type)},` +
    `"user":${JSON.stringify(entry.user)},"wallMs":${JSON.stringify(entry.wallMs)}}`;
  return hash('sha256', `${previousHash}\n${text}`, 'hex');
}

/** Half a surrogate pair does not survive UTF-8, so it must not get into the hash either. */
const plainText = (text: string): string => text.toWellFormed();
const plainOrNull = (text: string | undefined): string | null =>
  text === undefined ? null : plainText(text);
