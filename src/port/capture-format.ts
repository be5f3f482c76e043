import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod';

/**
 * `infusewatch-capture` v1: raw bytes of one line with their arrival times, as JSON lines. The first
 * line is the header; each other line is one record. What was seen on the wire stands there
 * unchanged, so that a fault found in the field can be replayed at the desk.
 */
export const CAPTURE_FORMAT = 'infusewatch-capture';

const LineSettingsSchema = z.strictObject({
  baudRate: z.int().positive(),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
  rtscts: z.boolean().optional(),
});

export const CaptureHeader = z.strictObject({
  format: z.literal(CAPTURE_FORMAT),
  version: z.literal(1),
  deviceId: z.string(),
  driver: z.string(),
  /** Wall time of `t: 0`, ISO 8601; only for people. */
  startedAtWall: z.string(),
  line: LineSettingsSchema,
});
export type CaptureHeader = z.infer<typeof CaptureHeader>;

/**
 * `t` is milliseconds since the start. `x` is hex for `rx` (from the device) and `tx` (to it), the
 * port's name for `open`, the reason for `close`, and for `lost` the number of bytes of the
 * device's line that could not be recorded since the record before. `end` is the last record of a
 * recording that was ended in order: until then the line was as it was left.
 */
export const CaptureRecord = z.strictObject({
  t: z.number().nonnegative(),
  d: z.enum(['rx', 'tx', 'open', 'close', 'lost', 'end']),
  x: z.string(),
});
export type CaptureRecord = z.infer<typeof CaptureRecord>;

/** A capture file that cannot be read; the message names file, line and reason. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

export interface Capture {
  readonly header: CaptureHeader;
  /** Reads on as it is iterated; throws {@link CaptureError} at the first line that does not fit. */
  readonly records: Iterable<CaptureRecord>;
}

/**
 * Opens a capture. Synchronous and piece by piece: a recorded night fits in no memory, and a replay in
 * virtual time cannot wait for a thread pool. A last line without a line end that is not complete (the
 * power went while it was written) is left out.
 */
export function readCapture(path: string): Capture {
  const first = textLines(path).next();
  if (first.done === true) throw new CaptureError(`${path} is empty: it has no capture header`);
  const header = parse(CaptureHeader, first.value, path);
  return { header, records: { [Symbol.iterator]: () => records(path) } };
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface TextLine {
  readonly number: number;
  readonly text: string;
  readonly complete: boolean;
}

function* records(path: string): Generator<CaptureRecord> {
  let lastT = 0;
  for (const line of textLines(path)) {
    if (line.number === 1 || line.text === '') continue;
    if (!line.complete && !isJson(line.text)) return;
    const record = parse(CaptureRecord, line, path);
    if (record.t < lastT)
      throw fault(path, line.number, `time goes back from ${lastT} to ${record.t} ms`);
    if ((record.d === 'rx' || record.d === 'tx') && !/^(?:[0-9a-f]{2})*$/i.test(record.x)) {
      throw fault(path, line.number, 'x is not hex');
    }
    lastT = record.t;
    yield record;
  }
}

function parse<T>(schema: z.ZodType<T>, line: TextLine, path: string): T {
  let json: unknown;
  try {
    json = JSON.parse(line.text);
  } catch {
    throw fault(path, line.number, 'not JSON; is this a capture file?');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw fault(
    path,
    line.number,
    `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'unfit'}`,
  );
}

const fault = (path: string, line: number, why: string): CaptureError =>
  new CaptureError(`${path}, line ${line}: ${why}`);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** No record comes near: the longest chunk of a port is 64 KiB, twice that in hex. */
const LINE_CHARACTERS_MAX = 1_000_000;

function* textLines(path: string): Generator<TextLine> {
  const file = openForReading(path);
  try {
    const block = Buffer.alloc(65_536);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let number = 0;
    for (;;) {
      const length = readSync(file, block, 0, block.length, null);
      if (length === 0) break;
      const lines = (rest + decoder.write(block.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { number: ++number, text, complete: true };
      if (rest.length > LINE_CHARACTERS_MAX)
        throw fault(path, number + 1, 'the line is too long; is this a capture file?');
    }
    if (rest !== '') yield { number: number + 1, text: rest, complete: false };
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new CaptureError(
      missing ? `${path} does not exist` : `${path} cannot be read (${String(error)})`,
    );
  }
}
