import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** A reply: `<OK|CE` command, state, data `>`. See PROTOCOL.md, "Frame" and "Replies". */
export interface GrasebyReply {
  /** The pump did what was asked (`OK`), or not (`CE`, command error). */
  readonly isOk: boolean;
  /** The command word, repeated by the reply. */
  readonly word: string;
  /** Four letters; STBY, INFS and ALRM are known. */
  readonly state: string;
  /** What follows the state, digits as far as is known. */
  readonly data: string;
  /** The mark of a simulated pump stands behind the data. */
  readonly isSimulated: boolean;
}

export interface GrasebyFrameError {
  readonly kind: 'malformed' | 'checksum';
}

const FRAME = /^<([ -;=?-~]*)>([0-9A-F]{2})$/;
const REPLY = /^(OK|CE)([A-Z]{4})([A-Z]{4})(.*?)(SIM)?$/;

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Sum of all bytes from `<` to `>`, both included, modulo 256, as two hex digits. */
function checksum(framed: string): string {
  const sum = latin1(framed).reduce((total, byte) => (total + byte) & 0xff, 0);
  return sum.toString(16).toUpperCase().padStart(2, '0');
}

/** One line without its CR. Bytes before the last `<` are noise and skipped. */
export function decodeGraseby(line: Uint8Array): Result<GrasebyReply, GrasebyFrameError> {
  const raw = Buffer.from(line).toString('latin1');
  const [, text, received] = FRAME.exec(raw.slice(Math.max(0, raw.lastIndexOf('<')))) ?? [];
  if (text === undefined) return err({ kind: 'malformed' });
  if (received !== checksum(`<${text}>`)) return err({ kind: 'checksum' });
  const [, verdict, word = '', state = '', data = '', mark] = REPLY.exec(text) ?? [];
  if (verdict === undefined) return err({ kind: 'malformed' });
  return ok({ isOk: verdict === 'OK', word, state, data, isSimulated: mark !== undefined });
}

/** The questions: state, rate, total delivered. */
export type GrasebyQuery = 'CHCK' | 'GETR' | 'TOTL';

/**
 * Not exported, and without a parameter for a number, on purpose: a word with a number changes the rate
 * or keeps a computer in control, and nothing in this driver can even build one.
 */
const question = (word: GrasebyQuery): Uint8Array => latin1(`<${word}>${checksum(`<${word}>`)}\r`);

/** Everything that this driver may ever send. */
export const grasebyQueries = queryList<GrasebyQuery>({
  CHCK: question('CHCK'),
  GETR: question('GETR'),
  TOTL: question('TOTL'),
});
