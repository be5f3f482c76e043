/**
 * How many frames a second one core decodes, driver by driver: what the simulated twin said on the line, again
 * and again, through framer, session and device picture. Beside it the same bytes only cut into frames: the
 * ratio is what the meaning costs, and travels between machines.
 */
import { ReadlineParser } from '@serialport/parser-readline';
import { drivers } from '../drivers/index.ts';
import { simulatorById } from '../simulators/index.ts';
import { simulatedLink } from '../simulators/kit/link.ts';
import type { Driver, SessionInput } from '../src/driver/contract.ts';
import { newDevicePicture, pictureAfter } from '../src/observation/device-picture.ts';
import { deviceLink } from '../src/pipeline/device-link.ts';
import { framerFor } from '../src/port/line-framer.ts';
import { memoryPort } from '../src/port/memory-port.ts';
import { guarded } from '../src/port/write-guard.ts';
import { VirtualTimeline } from '../src/time/timeline.ts';

export interface DecodeResult {
  readonly driver: string;
  readonly framesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Frames that the twin's session accepted and this did not. */
  readonly lost: number;
  /** Only cut into frames, nothing decoded. */
  readonly cutPerSecond: number;
  /** Time to decode over time to cut. */
  readonly ratio: number;
}

/** One pass over the recording is so long, in the twin's time. */
const RECORDED_MS = 60_000;
const CUT = 'cut';

type Input =
  | Exclude<SessionInput, { readonly kind: 'frame' }>
  | { readonly kind: 'bytes'; readonly atMs: number; readonly chunk: Uint8Array };

interface Recording {
  readonly driver: Driver;
  readonly inputs: readonly Input[];
  readonly accepted: number;
  readonly bytes: number;
}

/** Every driver that has a twin. @param seconds how long each is measured */
export function measureDecode(seconds: number): readonly DecodeResult[] {
  return drivers.map((driver) => {
    const recording = recordTwin(driver);
    // Compiled and settled before it counts.
    decodeFor(recording, 0.5);
    cutFor(recording, 0.5);
    const decoded = decodeFor(recording, seconds);
    const cut = cutFor(recording, seconds);
    return {
      driver: driver.id,
      framesPerSecond: decoded.frames / decoded.seconds,
      megabytesPerSecond: (decoded.passes * recording.bytes) / decoded.seconds / 1e6,
      lost: decoded.passes * recording.accepted - decoded.frames,
      cutPerSecond: cut.frames / cut.seconds,
      ratio: cut.frames / cut.seconds / (decoded.frames / decoded.seconds),
    };
  });
}

/** What the session was told while the twin talked, with the bytes as they came. */
function recordTwin(driver: Driver): Recording {
  const kind = simulatorById.get(driver.id);
  if (kind === undefined) throw new Error(`${driver.id} has no twin`);
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind, name: 'twin', timeline });
  const inputs: (Input | typeof CUT)[] = [];
  let accepted = 0;
  const tapped: typeof link = Object.create(link, {
    name: { value: 'twin' },
    attach: {
      value: (end: Parameters<typeof link.attach>[0]) =>
        link.attach({
          onBytes: (chunk) => {
            inputs.push({ kind: 'bytes', atMs: timeline.monotonicMs(), chunk });
            end.onBytes(chunk);
          },
          onUnplugged: () => end.onUnplugged(),
        }),
    },
  });
  const listening: Driver = {
    ...driver,
    session: (options, channels) => {
      const session = driver.session(options, channels);
      return {
        initial: session.initial,
        step(state, input) {
          // A frame ends a piece: the session must be told of it at its own time.
          inputs.push(input.kind === 'frame' ? CUT : input);
          return session.step(state, input);
        },
      };
    },
  };
  const subscription = deviceLink({
    driver: listening,
    options: driver.options.parse({}),
    port: guarded(memoryPort('twin', tapped, timeline), driver.queries),
    timeline,
  }).subscribe((batch) => {
    accepted += batch.filter((event) => event.kind === 'frame-accepted').length;
  });
  timeline.advance(RECORDED_MS);
  const told = inputs.slice();
  subscription.unsubscribe();
  link.stop();
  const joined = inOnePiece(told);
  const bytes = joined.reduce((sum, one) => sum + (one.kind === 'bytes' ? one.chunk.length : 0), 0);
  return { driver, inputs: joined, accepted, bytes };
}

/** The bytes of a frame in one piece, as a read from a busy port hands them over. */
function inOnePiece(inputs: readonly (Input | typeof CUT)[]): readonly Input[] {
  const joined: Input[] = [];
  let pieces: Uint8Array[] = [];
  let atMs = 0;
  const flush = (): void => {
    const chunk = Uint8Array.from(Buffer.concat(pieces));
    if (chunk.length > 0) joined.push({ kind: 'bytes', atMs, chunk });
    pieces = [];
  };
  for (const input of inputs) {
    if (input !== CUT && input.kind === 'bytes') {
      pieces.push(input.chunk);
      atMs = input.atMs;
      continue;
    }
    flush();
    if (input !== CUT) joined.push(input);
  }
  flush();
  return joined;
}

function decodeFor({ driver, inputs }: Recording, seconds: number) {
  const framer = framerFor(driver.framing);
  const session = driver.session(driver.options.parse({}), []);
  let state = session.initial;
  let picture = newDevicePicture(
    {
      deviceId: 'd',
      bedId: 'b',
      role: driver.role,
      driverId: driver.id,
      freshness: driver.freshness,
      reports: driver.reports,
      factsTold: [],
      alertsDecoded: 'all',
      mode: 'real',
    },
    0,
  );
  const startedAt = performance.now();
  let passes = 0;
  for (; performance.now() - startedAt < seconds * 1_000; passes += 1) {
    // Each pass is the same minute again, told to a session that knows nothing of the last one.
    state = session.initial;
    framer.reset();
    for (const input of inputs) {
      if (input.kind !== 'bytes') {
        const step = session.step(state, input);
        state = step.state;
        picture = pictureAfter(picture, step.events);
        continue;
      }
      for (const frame of framer.feed(input.chunk)) {
        const step = session.step(state, { kind: 'frame', atMs: input.atMs, frame });
        state = step.state;
        picture = pictureAfter(picture, step.events);
      }
    }
  }
  const took = (performance.now() - startedAt) / 1_000;
  return { passes, seconds: took, frames: picture.counters.framesAccepted };
}

/** Text: the bare line parser of serialport. Binary: the driver's framer alone. */
function cutFor({ driver, inputs }: Recording, seconds: number) {
  const { framing } = driver;
  let frames = 0;
  let feed: (chunk: Uint8Array) => void;
  if (framing.kind === 'line') {
    const parser = new ReadlineParser({ delimiter: framing.delimiter, encoding: 'latin1' });
    parser.on('data', () => {
      frames += 1;
    });
    feed = (chunk) => void parser.write(chunk);
  } else {
    const framer = framerFor(framing);
    feed = (chunk) => {
      frames += framer.feed(chunk).length;
    };
  }
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1_000) {
    for (const input of inputs) if (input.kind === 'bytes') feed(input.chunk);
  }
  return { frames, seconds: (performance.now() - startedAt) / 1_000 };
}
