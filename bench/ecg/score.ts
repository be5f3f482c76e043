import { type EcgLook, EcgWatch } from '../../src/ecg/ecg-watch.ts';
import { qrsDetector } from '../../src/ecg/qrs.ts';
import type { WaveSeen } from '../../src/observation/wave.ts';
import type { EcgRecord } from './records.ts';

export interface BeatScore {
  readonly beats: number;
  readonly sensitivity: number;
  readonly predictivity: number;
}

/** The learning time that the bxb rules leave out; short records are scored from 10 s on. */
const FROM_S = 300;
const SHORT_FROM_S = 10;
const WINDOW_S = 0.15;

/** Beat by beat after the rules of WFDB's bxb: matched within 150 ms, from minute 5 on, no flutter. */
export function beatScore(record: EcgRecord): BeatScore | null {
  const { beats, ecg, samplesPerS, leftOut = [] } = record;
  if (beats === undefined || beats.length === 0) return null;
  const detector = qrsDetector(samplesPerS, 0.5);
  detector.take(ecg);
  const isShort = ecg.length < 2 * FROM_S * samplesPerS;
  const from = (isShort ? SHORT_FROM_S : FROM_S) * samplesPerS;
  const counts = (at: number): boolean =>
    at >= from && !leftOut.some(([begin, end]) => at >= begin && at <= end);
  const truth = beats.filter(counts);
  const found = detector.found().filter(counts);
  const matched = matches(truth, found, WINDOW_S * samplesPerS);
  return {
    beats: truth.length,
    sensitivity: matched / truth.length,
    predictivity: matched / found.length,
  };
}

function matches(truth: readonly number[], found: readonly number[], window: number): number {
  let matched = 0;
  for (let t = 0, f = 0; t < truth.length && f < found.length; ) {
    const off = (found[f] ?? 0) - (truth[t] ?? 0);
    if (Math.abs(off) <= window) {
      matched += 1;
      t += 1;
      f += 1;
    } else if (off < 0) f += 1;
    else t += 1;
  }
  return matched;
}

export interface WatchScore {
  /** Mean of |our rate - the rate of the annotated beats| over windows of 30 s, bpm; `null` = no truth. */
  readonly rateErrorBpm: number | null;
  /** No QRS for 4 s (ECG alone) per hour. */
  readonly pausesPerHour: number;
  /** The same with no pulse in the pleth either: what VIT-14 says. */
  readonly asystolesPerHour: number;
  /** When the shape of a fibrillation first stood for 2 s, s; `null` = never. */
  readonly fibrillationAtS: number | null;
}

const BLOCK_S = 0.256;
const PAUSE_MS = 4_000;

/** The record in blocks through the look of a bed, as waves come in. */
export function watchScore(record: EcgRecord): WatchScore {
  const { samplesPerS, ecg, pleth, beats } = record;
  const watch = new EcgWatch();
  const size = Math.round(BLOCK_S * samplesPerS);
  const errors: number[] = [];
  let fibrillationAtS: number | null = null;
  const pauses = new Episodes();
  const asystoles = new Episodes();
  for (let at = 0; at + size <= ecg.length; at += size) {
    const nowMs = ((at + size) / samplesPerS) * 1_000;
    let look = watch.take('rec', block('MDC_ECG_ELEC_POTL_II', ecg, at, size, samplesPerS, nowMs));
    if (pleth !== undefined)
      look = watch.take('rec', block('MDC_PULS_OXIM_PLETH', pleth, at, size, samplesPerS, nowMs));
    const hasNoBeat = isPause(look, nowMs);
    pauses.note(hasNoBeat);
    asystoles.note(
      hasNoBeat && pleth !== undefined && nowMs - (look.lastPulseAtMs ?? 0) >= PAUSE_MS,
    );
    if (fibrillationAtS === null && (look.fibrillationS ?? 0) >= 2) fibrillationAtS = nowMs / 1_000;
    const error = beats === undefined ? null : rateError(look, beats, nowMs, samplesPerS, size);
    if (error !== null) errors.push(error);
  }
  const hours = ecg.length / samplesPerS / 3_600;
  return {
    rateErrorBpm: errors.length === 0 ? null : errors.reduce((a, b) => a + b, 0) / errors.length,
    pausesPerHour: pauses.count / hours,
    asystolesPerHour: asystoles.count / hours,
    fibrillationAtS,
  };
}

class Episodes {
  count = 0;
  #isOn = false;

  note(isOn: boolean): void {
    if (isOn && !this.#isOn) this.count += 1;
    this.#isOn = isOn;
  }
}

const isPause = ({ lastQrsAtMs }: EcgLook, nowMs: number): boolean =>
  lastQrsAtMs !== null && nowMs - lastQrsAtMs >= PAUSE_MS;

/** At the end of each window of 30 s from minute 1 on; `null` at other times. */
function rateError(
  { heartRateBpm }: EcgLook,
  beats: readonly number[],
  nowMs: number,
  samplesPerS: number,
  blockSize: number,
): number | null {
  const windowMs = 30_000;
  const isEnd = nowMs % windowMs < (blockSize / samplesPerS) * 1_000;
  if (!isEnd || nowMs < 60_000) return null;
  const inWindow = beats.filter((beat) => {
    const agoMs = nowMs - (beat / samplesPerS) * 1_000;
    return agoMs >= 0 && agoMs <= windowMs;
  });
  const [first, last] = [inWindow[0], inWindow.at(-1)];
  if (first === undefined || last === undefined || inWindow.length < 3) return null;
  const truthBpm = (60 * samplesPerS * (inWindow.length - 1)) / (last - first);
  return heartRateBpm === null ? truthBpm : Math.abs(heartRateBpm - truthBpm);
}

function block(
  code: WaveSeen['code'],
  values: Float64Array,
  at: number,
  size: number,
  samplesPerS: number,
  atMs: number,
): WaveSeen {
  // A monitor sends whole numbers: 5 microvolts a step, as the Philips wire does.
  const scale = 0.005;
  return {
    kind: 'wave',
    code,
    firstIndex: at,
    samplesPerS,
    samples: Int16Array.from(values.subarray(at, at + size), (value) => Math.round(value / scale)),
    scale,
    zero: 0,
    validity: 'valid',
    atMs,
  };
}
