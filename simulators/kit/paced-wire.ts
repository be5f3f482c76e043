import type { Cancel, Timeline } from '../../src/time/timeline.ts';
import type { SimulatedLine } from './device.ts';

export interface PacedWire {
  /** Puts bytes on the wire behind those that are still going out. */
  send(bytes: Uint8Array): void;
  /** Forgets what has not arrived yet (the cable was pulled). */
  clear(): void;
  /** Bytes given up because the device says more than the line can carry. */
  overrunBytes(): number;
}

/**
 * Bytes arrive in such pieces at most this far apart, as from a UART FIFO or an adapter's latency timer:
 * at 9600 8N1 about ten bytes, so that frames really come split.
 */
export const CHUNK_MS = 10;

/** A backlog of this size is a device that says more than its line can carry. */
const BACKLOG_BYTES_MAX = 65_536;

/**
 * A one-way serial line on a timeline. Every byte arrives when the line would have carried its last
 * bit; late timers are made up for, so the rate does not drift.
 */
export function pacedWire(
  line: SimulatedLine,
  timeline: Timeline,
  onBytes: (chunk: Uint8Array) => void,
): PacedWire {
  const msPerByte = (line.bitsPerByte * 1_000) / line.baudRate;
  let waiting: Uint8Array = new Uint8Array(0);
  /** When the first waiting byte started on the wire. */
  let startedAtMs = 0;
  let overrun = 0;
  let cancel: Cancel | undefined;

  const arrive = (): void => {
    cancel = undefined;
    // A hair of tolerance: the sum of byte times is not exact in floating point.
    const carried = Math.floor((timeline.monotonicMs() - startedAtMs) / msPerByte + 1e-6);
    const chunk = waiting.slice(0, carried);
    waiting = waiting.subarray(chunk.length);
    startedAtMs += chunk.length * msPerByte;
    wait();
    if (chunk.length > 0) onBytes(chunk);
  };
  const wait = (): void => {
    if (waiting.length === 0 || cancel !== undefined) return;
    const endMs = startedAtMs + waiting.length * msPerByte;
    const nowMs = timeline.monotonicMs();
    // At least one whole byte, however slow the line is.
    const pieceMs = Math.max(CHUNK_MS, msPerByte);
    cancel = timeline.after(
      Math.min(endMs, Math.max(nowMs, startedAtMs) + pieceMs) - nowMs,
      arrive,
    );
  };

  return {
    send(bytes) {
      if (waiting.length + bytes.length > BACKLOG_BYTES_MAX) {
        overrun += bytes.length;
        return;
      }
      if (waiting.length === 0) startedAtMs = Math.max(startedAtMs, timeline.monotonicMs());
      waiting = joined(waiting, bytes);
      wait();
    },
    clear() {
      cancel?.();
      cancel = undefined;
      waiting = new Uint8Array(0);
      startedAtMs = timeline.monotonicMs();
    },
    overrunBytes: () => overrun,
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
