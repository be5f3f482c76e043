import { MISSING_SAMPLE, type WaveCode, type WaveSeen } from '../../src/observation/wave.ts';
import { doubtOf, STATE } from './observe.ts';
import type { PollReply } from './pdu.ts';
import { type Heard, type Readings, ticked, withMode } from './readings.ts';
import { learned, type WavePart, type WaveShape, wavePartsOf } from './wave-record.ts';
import { placed } from './wave-stream.ts';

const [PLETH, RESP, CO2] = [0x4bb4, 0x5000, 0x50ac];
/** Leads of the electrocardiogram: 0100 is "a lead", each lead is 0100 and its number. */
const [ECG_FIRST, ECG_LAST] = [0x0100, 0x017f];
const [MILLIVOLT, MMHG] = [0x10b2, 0x0f20];
const TICKS_PER_S = 8_000;

const CODES: ReadonlyMap<number, WaveCode> = new Map([
  [0x0101, 'MDC_ECG_ELEC_POTL_I'],
  [0x0102, 'MDC_ECG_ELEC_POTL_II'],
  [0x013d, 'MDC_ECG_ELEC_POTL_III'],
  [PLETH, 'MDC_PULS_OXIM_PLETH'],
  [RESP, 'MDC_RESP'],
  [CO2, 'MDC_AWAY_CO2'],
]);

/** Every wave that can come. */
export const WAVE_REPORTS: readonly WaveCode[] = ['MDC_ECG_ELEC_POTL', ...CODES.values()];

const waveCodeOf = (physioId: number): WaveCode | undefined =>
  CODES.get(physioId) ??
  (physioId >= ECG_FIRST && physioId <= ECG_LAST ? 'MDC_ECG_ELEC_POTL' : undefined);

/** The blocks of one reply. The first reply has none: its static attributes are remembered. */
export function heardWaves(before: Readings, reply: PollReply, atMs: number): Heard {
  const statics = learned(before.waves.statics, reply.objects);
  const places = new Map(before.waves.places);
  const parts = wavePartsOf(reply.objects, statics);
  const events: WaveSeen[] = [];
  for (const part of parts) {
    const code = waveCodeOf(part.physioId);
    if (code === undefined || part.shape === null) continue;
    const found = placed(places.get(code), part, part.shape, { ...reply, atMs });
    if (found === undefined) continue;
    places.set(code, found.place);
    const { firstIndex } = found;
    events.push(waveSeen(code, part, part.shape, { firstIndex, hasSpo2: before.hasSpo2, atMs }));
  }
  const [mode, identity] = withMode(before.mode, modeOf(parts), atMs);
  const readings = { ...before, ...ticked(before, reply), mode, waves: { statics, places } };
  return { readings, identity, events };
}

function modeOf(parts: readonly WavePart[]): Readings['mode'] {
  if (parts.some(({ state }) => state & STATE.demo)) return 'demo';
  return parts.some(({ state }) => state & STATE.test) ? 'test' : null;
}

/** What only others know of a block. */
interface BlockFacts {
  readonly firstIndex: number;
  readonly hasSpo2: boolean;
  readonly atMs: number;
}

export function waveSeen(
  code: WaveCode,
  part: WavePart,
  shape: WaveShape,
  { firstIndex, hasSpo2, atMs }: BlockFacts,
): WaveSeen {
  const { periodTicks, mask, invalidMark } = shape;
  const isMissing = (raw: number): boolean =>
    invalidMark !== null && (raw & invalidMark) === invalidMark;
  return {
    kind: 'wave',
    code,
    firstIndex,
    samplesPerS: TICKS_PER_S / periodTicks,
    samples: Int16Array.from(part.raw, (raw) => (isMissing(raw) ? MISSING_SAMPLE : raw & mask)),
    ...scaleOf(code, shape),
    ...worthOf(code, part, hasSpo2),
    atMs,
  };
}

/** A range in a unit that is not the wave's is none; a plethysmogram and a respiration have only a shape. */
function scaleOf(code: WaveCode, { unit, range }: WaveShape): Pick<WaveSeen, 'scale' | 'zero'> {
  const isOurs = code.startsWith('MDC_ECG_')
    ? unit === MILLIVOLT
    : code === 'MDC_AWAY_CO2' && unit === MMHG;
  return isOurs && range !== null ? range : { scale: null, zero: 0 };
}

type Worth = Pick<WaveSeen, 'validity' | 'reason'>;

function worthOf(code: WaveCode, { state, raw }: WavePart, hasSpo2: boolean): Worth {
  const invalid = (reason: string): Worth => ({ validity: 'invalid', reason });
  if (state & STATE.invalid) return invalid('marked invalid by the monitor');
  if (state & STATE.unavailable) return invalid('not available');
  if (state & STATE.calibrating) return invalid('calibrating');
  const isPleth = code === 'MDC_PULS_OXIM_PLETH';
  // The state of a pleth stays clean without a probe: only its flat line and the missing SpO2 tell.
  if (isPleth && !hasSpo2 && raw.every((one) => one === raw[0])) return invalid('probe off');
  const doubt = doubtOf(state) ?? (isPleth && !hasSpo2 ? 'no SpO2 value' : undefined);
  return doubt === undefined ? { validity: 'valid' } : { validity: 'questionable', reason: doubt };
}
