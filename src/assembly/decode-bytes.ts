import type { Driver, Step } from '../driver/contract.ts';
import type { ChannelEvent } from '../observation/device-event.ts';
import { framerFor } from '../port/line-framer.ts';
import { defaultChannels, defaultOptions } from './probe-findings.ts';

/** What a driver makes of one frame. */
export interface DecodedFrame {
  /** As the framer hands it over, hex. */
  readonly frame: string;
  /** Of a text protocol: the same in letters. */
  readonly text?: string;
  readonly verdict: 'accepted' | 'checksum' | 'malformed' | 'unexpected';
  /** What the frame says by itself, where the driver has a proof of its codec. */
  readonly content?: unknown;
  /** What the session makes of it: values, states, alarms. */
  readonly events: readonly ChannelEvent[];
}

export interface DecodedBytes {
  readonly frames: readonly DecodedFrame[];
  /** Bytes that are part of no frame. */
  readonly droppedBytes: number;
}

/** A session asks its questions one after the other; after so many it has been through all of them. */
const QUESTIONS_MAX = 128;

/**
 * Frames and what they mean, without a port and without a clock. A reply means something only to its question:
 * where a frame was not expected, the session is let to ask on until it is, for as long as it has questions.
 * @param decode the driver's proof of its codec
 */
export function decodeBytes(
  driver: Driver,
  bytes: Uint8Array,
  decode?: (frame: Uint8Array) => unknown,
): DecodedBytes {
  const framer = framerFor(driver.framing);
  const session = driver.session(defaultOptions(driver), defaultChannels(driver));
  let state = session.initial;
  let atMs = 0;
  let wakeAtMs: number | undefined;
  const take = (step: Step<unknown>): void => {
    state = step.state;
    wakeAtMs = step.wakeAtMs;
  };
  take(session.step(state, { kind: 'opened', atMs }));
  const frames = framer.feed(bytes).map((frame): DecodedFrame => {
    let step = session.step(state, { kind: 'frame', atMs, frame });
    if (verdictOf(step) === 'unexpected') {
      // Only a way that leads to an answer is gone: nothing here may come from waiting in vain.
      let waiting = { state, atMs, wakeAtMs };
      for (let asked = 0; asked < QUESTIONS_MAX && waiting.wakeAtMs !== undefined; asked += 1) {
        const now = Math.max(waiting.atMs, waiting.wakeAtMs);
        const woken = session.step(waiting.state, { kind: 'wake', atMs: now });
        waiting = { state: woken.state, atMs: now, wakeAtMs: woken.wakeAtMs };
        const next = session.step(woken.state, { kind: 'frame', atMs: now, frame });
        if (verdictOf(next) !== 'accepted') continue;
        step = next;
        atMs = now;
        break;
      }
    }
    take(step);
    const content = decode?.(frame);
    return {
      frame: Buffer.from(frame).toString('hex'),
      ...(driver.framing.kind === 'line' ? { text: Buffer.from(frame).toString('latin1') } : {}),
      verdict: verdictOf(step),
      ...(content === undefined ? {} : { content }),
      events: step.events.filter(({ kind }) => !VERDICTS.has(kind)),
    };
  });
  return { frames, droppedBytes: framer.droppedBytes() };
}

const VERDICTS: ReadonlySet<string> = new Set(['frame-accepted', 'frame-rejected']);

function verdictOf({ events }: Step<unknown>): DecodedFrame['verdict'] {
  const rejected = events.find((event) => event.kind === 'frame-rejected');
  return rejected === undefined ? 'accepted' : rejected.reason;
}
