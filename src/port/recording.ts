import { closeSync, openSync, readSync } from 'node:fs';
import type { LineSettings } from '../driver/contract.ts';
import { CaptureError, readCapture } from './capture-format.ts';

/** Something recorded, `atMs` after the start of the recording. */
export type Recorded =
  | { readonly kind: 'opened'; readonly atMs: number; readonly name: string }
  | { readonly kind: 'bytes'; readonly atMs: number; readonly chunk: Uint8Array }
  | { readonly kind: 'closed'; readonly atMs: number; readonly reason: string }
  /** Nothing more happened until here. */
  | { readonly kind: 'ended'; readonly atMs: number };

/** Bytes of a `.raw` file come in such pieces: about what a serial driver hands over at once. */
const RAW_CHUNK_MS = 10;

/** Start, data, parity and stop bits. */
export function bitsPerByte(line: LineSettings): number {
  return 1 + line.dataBits + (line.parity === 'none' ? 0 : 1) + line.stopBits;
}

/**
 * The contents of a recording in order of time, read piece by piece: `.raw` is bare bytes, anything else
 * our capture format. Throws {@link CaptureError} where the file cannot be read.
 */
export function readRecording(path: string, line: LineSettings): Generator<Recorded, void> {
  return path.endsWith('.raw') ? rawBytes(path, line) : capturedEvents(path);
}

function* capturedEvents(path: string): Generator<Recorded, void> {
  for (const { t, d, x } of readCapture(path).records) {
    if (d === 'open') yield { kind: 'opened', atMs: t, name: x };
    else if (d === 'close') yield { kind: 'closed', atMs: t, reason: x };
    else if (d === 'end') yield { kind: 'ended', atMs: t };
    else if (d === 'rx')
      yield { kind: 'bytes', atMs: t, chunk: Uint8Array.from(Buffer.from(x, 'hex')) };
  }
}

/** Bare bytes have no times: each arrives when the line would have carried its last bit. */
function* rawBytes(path: string, line: LineSettings): Generator<Recorded, void> {
  const msPerByte = (bitsPerByte(line) * 1_000) / line.baudRate;
  const chunkBytes = Math.max(1, Math.floor(RAW_CHUNK_MS / msPerByte));
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new CaptureError(`${path} cannot be read (${String(error)})`);
  }
  try {
    yield { kind: 'opened', atMs: 0, name: `replay ${path}` };
    let total = 0;
    for (;;) {
      const chunk = new Uint8Array(chunkBytes);
      const length = readSync(file, chunk, 0, chunkBytes, null);
      if (length === 0) return;
      total += length;
      yield { kind: 'bytes', atMs: total * msPerByte, chunk: chunk.subarray(0, length) };
    }
  } finally {
    closeSync(file);
  }
}
