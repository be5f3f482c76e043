import { crc16Xmodem } from '../../src/driver/kit/crc16.ts';
import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import type { NeFramingMode } from './queries.ts';

/** One answer. Exactly one of `state` and `alarm` is told. See PROTOCOL.md, "Frame". */
export interface NeFrame {
  readonly framing: NeFramingMode;
  /** 0 to 99 without a leading zero, as the configuration names it. */
  readonly address: string;
  /** The letter of the state, also one that we do not know; `null` beside an alarm. */
  readonly state: string | null;
  /** The letter behind `A?`; the pump has forgotten the alarm with this answer. */
  readonly alarm: string | null;
  /** `''` for a word that the pump does not know, else `NA`, `OOR`, `COM`, `IGN`; `null` = no error. */
  readonly error: string | null;
  /** What was asked for; empty beside an alarm or an error. */
  readonly data: string;
}

export interface NeFrameError {
  readonly kind: 'malformed' | 'checksum';
}

/** Letters other than those of the manual are taken too, and shown as received. */
const ANSWER = /^(\d\d)(?:A\?([!-~]).*|([B-Z])(?:\?(NA|OOR|COM|IGN|)|((?!\?)[ -~]*)))$/;

/** What the framer hands over: text, or length, text and CRC. */
export function decodeNe(frame: Uint8Array): Result<NeFrame, NeFrameError> {
  const first = frame[0] ?? 0;
  if (first >= 0x30) return decodeText(frame, 'basic');
  // The length byte counts the ETX too, which the framer has taken off.
  if (first !== frame.length + 1 || frame.length < 4) return err({ kind: 'malformed' });
  const data = frame.subarray(1, -2);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint16(frame.length - 2) !== crc16Xmodem(data)) return err({ kind: 'checksum' });
  return decodeText(data, 'safe');
}

function decodeText(bytes: Uint8Array, framing: NeFramingMode): Result<NeFrame, NeFrameError> {
  const match = ANSWER.exec(Buffer.from(bytes).toString('latin1'));
  if (match === null) return err({ kind: 'malformed' });
  const [, address, alarm = null, state = null, error = null, data = ''] = match;
  return ok({ framing, address: String(Number(address)), state, alarm, error, data });
}
