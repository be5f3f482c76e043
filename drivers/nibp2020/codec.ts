import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** What the module says. See PROTOCOL.md, "What the module sends". */
export type NibpFrame = NibpStatus | CuffPressure | { readonly kind: 'end' };

/** The answer to code 18: state, and the last result, of whatever time it is. */
export interface NibpStatus {
  readonly kind: 'status';
  /** Digit behind S, 0 to 9. */
  readonly state: number;
  /** Digit behind A: 0 adult, 1 neonatal. */
  readonly patient: number;
  /** The module's own cycle in minutes; 0 = by hand. */
  readonly cycleMin: number;
  /** Two digits behind M: what became of the last measurement. */
  readonly message: string;
  readonly result: NibpResult | null;
  /** The mark of a simulated module stands where a real one has nothing. */
  readonly isSimulated: boolean;
}

/** mmHg, and beats a minute of the pulse in the cuff (`null` = dashes). */
export interface NibpResult {
  readonly sys: number;
  readonly dia: number;
  readonly mean: number;
  readonly pulse: number | null;
}

/** Sent by itself while the cuff works. Nothing protects it: never shown, only a sign that it works. */
export interface CuffPressure {
  readonly kind: 'pressure';
  readonly mmHg: number;
  readonly caution: number;
  readonly state: number;
}

export interface NibpFrameError {
  readonly kind: 'malformed' | 'checksum';
}

const STATUS =
  /^(S(\d);A(\d);C(\d\d);M(\d\d);P((?:\d{3}|---){3});R(\d{3}|---);T(?:\d{4}| {4}|----);(SIM)?;)([0-9A-F]{2})$/;
const PRESSURE = /^(\d{3})C(\d)S(\d)$/;
const END = '999';
/** Start and end byte, of the single board and of the board with SpO2. */
const PAIRS: readonly (readonly [start: string, end: string])[] = [
  ['\x02', '\x03'],
  ['\xfd', '\xfe'],
];

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Sum of the characters modulo 256 as two hex digits. It does not notice digits that changed places. */
function checksum(text: string): string {
  const sum = latin1(text).reduce((total, byte) => (total + byte) & 0xff, 0);
  return sum.toString(16).toUpperCase().padStart(2, '0');
}

/** One line without its CR. Bytes before the last start byte are noise and skipped. */
export function decodeNibp(line: Uint8Array): Result<NibpFrame, NibpFrameError> {
  const raw = Buffer.from(line).toString('latin1');
  const pair = PAIRS.find(([, end]) => raw.endsWith(end));
  const startsAt = pair === undefined ? -1 : raw.lastIndexOf(pair[0]);
  if (startsAt === -1) return err({ kind: 'malformed' });
  const text = raw.slice(startsAt + 1, -1);
  if (text === END) return ok({ kind: 'end' });
  const [, mmHg, caution, state] = PRESSURE.exec(text) ?? [];
  if (mmHg !== undefined) {
    return ok({
      kind: 'pressure',
      mmHg: Number(mmHg),
      caution: Number(caution),
      state: Number(state),
    });
  }
  return statusOf(text);
}

function statusOf(text: string): Result<NibpStatus, NibpFrameError> {
  const [, summed, state, patient, cycle, message = '', pressures = '', pulse, mark, received] =
    STATUS.exec(text) ?? [];
  if (summed === undefined) return err({ kind: 'malformed' });
  if (received !== checksum(summed)) return err({ kind: 'checksum' });
  return ok({
    kind: 'status',
    state: Number(state),
    patient: Number(patient),
    cycleMin: Number(cycle),
    message,
    result: resultOf(pressures, pulse),
    isSimulated: mark !== undefined,
  });
}

/** Three pressures or none: a part of a reading is not one. */
function resultOf(pressures: string, pulse: string | undefined): NibpResult | null {
  if (pressures.includes('-')) return null;
  const [sys, dia, mean] = [0, 3, 6].map((at) => Number(pressures.slice(at, at + 3)));
  return {
    sys: sys ?? 0,
    dia: dia ?? 0,
    mean: mean ?? 0,
    pulse: pulse === '---' ? null : Number(pulse),
  };
}

export type NibpBoard = 'nibp' | 'combi';
/** A question, and the two commands that move a cuff (PROTOCOL.md, "Queries"). */
export type NibpWord = 'status' | 'start' | 'cycle-15';
export type NibpQuery = NibpWord | `${NibpWord}-combi` | 'abort';

/**
 * Not exported, and only ever called with the codes below: nothing in this driver can build another
 * command, such as another start pressure or a reset.
 */
function command(code: '18' | '01' | '10', board: NibpBoard): Uint8Array {
  const text = `${code};;${checksum(`${code};;`)}`;
  return latin1(board === 'nibp' ? `\x02${text}\x03` : `\xfd${text}\xfe\r`);
}

/** Everything that this driver may ever send. */
export const nibpQueries = queryList<NibpQuery>({
  status: command('18', 'nibp'),
  start: command('01', 'nibp'),
  'cycle-15': command('10', 'nibp'),
  'status-combi': command('18', 'combi'),
  'start-combi': command('01', 'combi'),
  'cycle-15-combi': command('10', 'combi'),
  abort: latin1('X'),
});

/** Without leave to measure: nothing but the question for the status. */
export const nibpQuestions = queryList<'status' | 'status-combi'>({
  status: command('18', 'nibp'),
  'status-combi': command('18', 'combi'),
});

/** The name of a word for the board that is there. */
export const queryOf = (word: NibpWord, board: NibpBoard): NibpQuery =>
  board === 'nibp' ? word : `${word}-combi`;
