import { err, ok, type Result } from '../../src/driver/kit/result.ts';

/** What the base or a module says: one of three bytes of the link, or a message. See PROTOCOL.md. */
export type VialFrame =
  | { readonly kind: 'enquiry' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'not-acknowledged'; readonly code: string }
  | VialMessage;

export interface VialMessage {
  readonly kind: 'message';
  /** Who says it: 0 is the base, 1 to 9 the module in that place. */
  readonly origin: string;
  /** Correct, incorrect (refused), a value told unasked, a setting told unasked. */
  readonly status: 'C' | 'I' | 'E' | 'M';
  /** Behind the first semicolon; `null` when there is none. */
  readonly data: string | null;
}

export interface VialFrameError {
  readonly kind: 'malformed' | 'checksum';
  /** It came as it was sent, and is still no message: the same once more would be no better. */
  readonly isWhole: boolean;
}

export const BYTE = {
  stx: 0x02,
  etx: 0x03,
  enq: 0x05,
  ack: 0x06,
  dc4: 0x14,
  nak: 0x15,
} as const;

const CHECKED = /^([ -}]+)([0-9A-F]{2})$/;
const MESSAGE = /^([0-9])([CIEM])(?:;(.*))?$/;
/** Reasons of a NAK: characters `1` to `8`. */
const NAK_CODE = /^[1-8]$/;

/** FF less the sum of all characters modulo 256, as two hex digits. */
export function vialChecksum(text: string): string {
  const sum = [...Buffer.from(text, 'latin1')].reduce((total, byte) => (total + byte) & 0xff, 0);
  return (0xff - sum).toString(16).toUpperCase().padStart(2, '0');
}

/** One frame as the framer hands it on: ENQ, ACK, NAK with its reason, or STX to ETX. */
export function decodeVial(frame: Uint8Array): Result<VialFrame, VialFrameError> {
  if (frame[0] === BYTE.stx) return decodeMessage(frame);
  if (frame.length === 1 && frame[0] === BYTE.enq) return ok({ kind: 'enquiry' });
  if (frame.length === 1 && frame[0] === BYTE.ack) return ok({ kind: 'acknowledged' });
  const code = String.fromCharCode(frame[1] ?? 0);
  return frame.length === 2 && frame[0] === BYTE.nak && NAK_CODE.test(code)
    ? ok({ kind: 'not-acknowledged', code })
    : err({ kind: 'malformed', isWhole: true });
}

function decodeMessage(frame: Uint8Array): Result<VialMessage, VialFrameError> {
  if (frame.at(-1) !== BYTE.etx) return err({ kind: 'malformed', isWhole: false });
  const [, text, received] = CHECKED.exec(Buffer.from(frame.slice(1, -1)).toString('latin1')) ?? [];
  if (text === undefined) return err({ kind: 'malformed', isWhole: false });
  if (received !== vialChecksum(text)) return err({ kind: 'checksum', isWhole: false });
  const [, origin, status, data = null] = MESSAGE.exec(text) ?? [];
  if (origin === undefined) return err({ kind: 'malformed', isWhole: true });
  return ok({ kind: 'message', origin, status: status as VialMessage['status'], data });
}
