import { type SimulatedLink, simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver, SessionInput } from '../../src/driver/contract.ts';
import type { PictureEvent } from '../../src/observation/device-picture.ts';
import { lineEvents } from '../../src/pipeline/device-link.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { type Case, twinOf } from './conformance-case.ts';
import { breachOf, growthOf } from './conformance-checks.ts';

/** Bytes that left the port, behind the write guard. */
export interface Sent {
  readonly atMs: number;
  readonly bytes: Uint8Array;
  /** How often the line was opened before. */
  readonly opening: number;
}

export type LineEvent = PictureEvent & { readonly channel?: string | undefined };

/** A driver at its twin on a paced line, in virtual time, with everything written down. */
export interface Bedside {
  readonly timeline: VirtualTimeline;
  readonly link: SimulatedLink;
  /** What came over the line, as it was cut there. */
  readonly heard: readonly Uint8Array[];
  readonly sent: readonly Sent[];
  /** Sessions that threw, and steps that broke the contract. */
  readonly faults: readonly string[];
  stop(): void;
}

export function bedside(one: Case, onEvent: (event: LineEvent) => void = () => undefined): Bedside {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({
    kind: twinOf(one),
    name: 'twin',
    timeline,
    options: one.proof?.twin?.simulator ?? {},
  });
  const heard: Uint8Array[] = [];
  const sent: Sent[] = [];
  const faults: string[] = [];
  let opening = -1;
  const tapped: Parameters<typeof memoryPort>[1] = {
    name: 'twin',
    attach: (end) => {
      const attachment = link.attach({
        onBytes: (chunk) => {
          heard.push(Uint8Array.from(chunk));
          end.onBytes(chunk);
        },
        onUnplugged: end.onUnplugged,
      });
      if (attachment === undefined) return undefined;
      opening += 1;
      return {
        detach: attachment.detach,
        send: (bytes) => {
          sent.push({ atMs: timeline.monotonicMs(), bytes: Uint8Array.from(bytes), opening });
          attachment.send(bytes);
        },
      };
    },
  };
  const driver = one.proof === undefined ? one.driver : watched(one);
  const subscription = lineEvents({
    driver,
    options: driver.options.parse({}),
    channels: one.channels,
    // The port says `real`, so that the mark of simulation must come from the bytes.
    port: guarded(memoryPort('twin', tapped, timeline, 'real'), driver.queries),
    timeline,
    onFault: (error) => {
      if (faults.length < FAULTS_MAX) faults.push(String(error));
    },
  }).subscribe((batch) => {
    for (const event of batch) onEvent(event);
  });
  return {
    timeline,
    link,
    heard,
    sent,
    faults,
    stop: () => {
      subscription.unsubscribe();
      link.stop();
    },
  };
}

/** Measuring costs more than a step. */
const MEASURE_EVERY = 500;
const SPINS_MAX = 1_000;
const FAULTS_MAX = 10;

/** The same driver, each of its steps judged. */
function watched(one: Case): Driver {
  return {
    ...one.driver,
    session: (options, channels) => {
      const session = one.driver.session(options, channels);
      let steps = 0;
      let spins = 0;
      let lastAtMs = Number.NEGATIVE_INFINITY;
      return {
        initial: session.initial,
        step: (state: unknown, input: SessionInput) => {
          const step = session.step(state, input);
          steps += 1;
          spins = input.kind === 'wake' && input.atMs === lastAtMs ? spins + 1 : 0;
          lastAtMs = input.atMs;
          const breach =
            breachOf(one, input, step) ??
            (steps % MEASURE_EVERY === 0 ? growthOf(step.state) : undefined) ??
            (spins > SPINS_MAX ? `is woken for ever at ${input.atMs} ms` : undefined);
          // Thrown, so that a session that never lets time pass is ended, too.
          if (breach !== undefined) throw new Error(breach);
          return step;
        },
      };
    },
  };
}

const recordings = new Map<string, readonly Uint8Array[]>();

/** What the twin says in its first 15 s, as it came over the line. */
export function recordTwin(one: Case): readonly Uint8Array[] {
  const known = recordings.get(one.id);
  if (known !== undefined) return known;
  const bed = bedside(one);
  bed.timeline.advance(15_000);
  bed.stop();
  recordings.set(one.id, bed.heard);
  return bed.heard;
}

export const joined = (chunks: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(chunks));

export function framesOf(
  { framing }: Pick<Driver, 'framing'>,
  chunks: readonly Uint8Array[],
): readonly Uint8Array[] {
  const framer = framerFor(framing);
  return chunks.flatMap((chunk) => [...framer.feed(chunk)]);
}
