import { WAVE_LOST_MS, type WaveCode } from '../../src/observation/wave.ts';
import { clockDifference } from './clock.ts';
import type { WavePart, WaveShape, WaveStatics } from './wave-record.ts';

/**
 * Where the blocks of a wave stand in the session: running numbers that go on from block to block and jump
 * by what is missing (PROTOCOL.md, "Waves"). Plain data.
 */
export interface WaveStreams {
  readonly statics: WaveStatics;
  readonly places: ReadonlyMap<WaveCode, WavePlace>;
}

export const NO_WAVES: WaveStreams = { statics: new Map(), places: new Map() };

interface WavePlace {
  /** Object and lead that has this code. */
  readonly owner: string;
  readonly sequence: number | null;
  /** 1/8 ms, of the last block. */
  readonly ticks: number;
  readonly spanTicks: number;
  readonly nextIndex: number;
  readonly atMs: number;
}

/** When a block was told: number and time of the reply, arrival. */
export interface ReplyMoment {
  readonly sequence: number | null;
  readonly ticks: number;
  readonly atMs: number;
}

/**
 * Running number of a block's first sample, and where the next one will be expected. `undefined` for a block
 * that came already, and for a second lead that would share the code of the first.
 */
export function placed(
  place: WavePlace | undefined,
  part: WavePart,
  { periodTicks }: WaveShape,
  moment: ReplyMoment,
): { readonly firstIndex: number; readonly place: WavePlace } | undefined {
  const owner = `${part.key}/${part.physioId}`;
  const { sequence, ticks, atMs } = moment;
  const isOwned = place !== undefined && place.owner !== owner;
  if (isOwned && atMs - place.atMs <= WAVE_LOST_MS) return undefined;
  if (place !== undefined && place.ticks === ticks && place.sequence === sequence) return undefined;
  const firstIndex =
    place === undefined ? 0 : place.nextIndex + missing(place, periodTicks, moment, isOwned);
  const spanTicks = part.raw.length * periodTicks;
  const nextIndex = firstIndex + part.raw.length;
  return { firstIndex, place: { owner, sequence, ticks, spanTicks, nextIndex, atMs } };
}

/**
 * Samples that are missing before a block. Within one count of replies that is what the monitor's time
 * says; where the count is broken, a gap is never 0 samples long.
 */
function missing(
  place: WavePlace,
  periodTicks: number,
  { sequence, ticks }: ReplyMoment,
  isAnother: boolean,
): number {
  const lateTicks = clockDifference(ticks, place.ticks) - place.spanTicks;
  const samples = Math.max(0, Math.round(lateTicks / periodTicks));
  // Next in the count, and half a block early or late at most: the monitor's time sways, nothing is lost.
  // A renewed poll counts anew, so that only its time can say that it goes on.
  const swayTicks = isNext(place.sequence, sequence) ? place.spanTicks / 2 : periodTicks;
  const isWhole = isNext(place.sequence, sequence) || (sequence ?? 0) < (place.sequence ?? 0);
  if (isWhole && !isAnother && Math.abs(lateTicks) < swayTicks) return 0;
  return Math.max(1, samples);
}

const isNext = (last: number | null, sequence: number | null): boolean =>
  last !== null && sequence === ((last + 1) & 0xffff);
