import { type DriRecord, WAVES_ON_WIRE, type WaveName } from './codec.ts';
import type { WavePart } from './wave-record.ts';

/**
 * Where the samples of a record stand in the session: running numbers that go on from block to block and
 * jump by what is missing (PROTOCOL.md, "Waves"). Plain data.
 */
export interface WaveStream {
  /** Number, monitor's time and arrival of the last record. */
  readonly number: number;
  readonly timeS: number;
  readonly atMs: number;
  readonly periodMs: number;
  /** We asked anew since: record numbers no longer tell what is missing. */
  readonly isCut: boolean;
  readonly waves: Readonly<Partial<Record<WaveName, WavePlace>>>;
}

interface WavePlace {
  readonly nextIndex: number;
  readonly atMs: number;
}

export interface Placed {
  readonly stream: WaveStream;
  /** Running number of the first sample of each part, in the order of the parts. */
  readonly firstIndexes: readonly number[];
}

/** The periods that the specification names; their limits are not told, so it is read off the blocks. */
const PERIODS_MS = [1_000, 500, 250, 200, 1_000 / 6, 125] as const;
/** A record may wait so long for the line, behind others. */
const DELAY_MAX_MS = 3_000;
/** Arrivals sway by less than this: more is time that is really missing. */
const SWAY_MS = 500;
/** A record that says an earlier time than the last one, by no more than this, was late itself. */
const LATE_MAX_S = 60;

/**
 * One record further. `undefined` for one that came before already, or late: its place was counted
 * as missing.
 */
export function placeWaves(
  stream: WaveStream | null,
  { number, timeS }: Pick<DriRecord, 'number' | 'timeS'>,
  parts: readonly WavePart[],
  atMs: number,
): Placed | undefined {
  const periodMs = periodOf(parts) ?? stream?.periodMs ?? PERIODS_MS[0];
  const missing = stream === null ? null : missingMs(stream, number, timeS, atMs);
  if (missing === 'old') return undefined;
  const waves: Partial<Record<WaveName, WavePlace>> = { ...stream?.waves };
  const firstIndexes = parts.map(({ name, isGap, samples }) => {
    const place = waves[name];
    const firstIndex =
      place === undefined || stream === null
        ? 0
        : place.nextIndex + gapOf(name, isGap, place, stream, missing, atMs);
    waves[name] = { nextIndex: firstIndex + samples.length, atMs };
    return firstIndex;
  });
  return {
    stream: { number, timeS, atMs, periodMs, isCut: false, waves },
    firstIndexes,
  };
}

/** How many samples are missing before a block. A gap is never 0 samples long. */
function gapOf(
  name: WaveName,
  isGap: boolean,
  place: WavePlace,
  { atMs: lastAtMs, periodMs }: WaveStream,
  missing: number | null,
  atMs: number,
): number {
  const isLeftOut = place.atMs !== lastAtMs;
  if (missing === null && !isGap && !isLeftOut) return 0;
  const byArrivalMs = atMs - place.atMs - periodMs;
  const lengthMs =
    missing !== null && !isLeftOut ? missing : byArrivalMs >= SWAY_MS ? byArrivalMs : 0;
  return Math.max(1, Math.round((lengthMs * WAVES_ON_WIRE[name].samplesPerS) / 1_000));
}

/**
 * Time that lies between two records; `null` = none. Where record numbers and arrival agree, the numbers
 * count; else a record began a new count and only the arrival is left.
 */
function missingMs(
  stream: WaveStream,
  number: number,
  timeS: number,
  atMs: number,
): number | null | 'old' {
  const elapsedMs = atMs - stream.atMs;
  const ahead = (number - stream.number) & 0xff;
  const isBehind = ahead === 0 || ahead > 128;
  const earlierS = stream.timeS - timeS;
  if (!stream.isCut && isBehind && earlierS >= 0 && earlierS <= LATE_MAX_S) return 'old';
  const expected = elapsedMs / stream.periodMs;
  const steps = ahead + 256 * Math.round((expected - ahead) / 256);
  const isCounted =
    !stream.isCut && steps >= 1 && Math.abs(steps - expected) * stream.periodMs <= DELAY_MAX_MS;
  if (!isCounted) return Math.max(0, elapsedMs - stream.periodMs);
  return steps === 1 ? null : (steps - 1) * stream.periodMs;
}

/** By the wave with the most samples: a block may have one sample more or less than its period. */
function periodOf(parts: readonly WavePart[]): number | undefined {
  const fastest = parts
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => WAVES_ON_WIRE[b.name].samplesPerS - WAVES_ON_WIRE[a.name].samplesPerS)[0];
  if (fastest === undefined) return undefined;
  const spanMs = (fastest.samples.length / WAVES_ON_WIRE[fastest.name].samplesPerS) * 1_000;
  const offBy = (periodMs: number): number => Math.abs(periodMs - spanMs);
  return [...PERIODS_MS].sort((a, b) => offBy(a) - offBy(b))[0];
}
