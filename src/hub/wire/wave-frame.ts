/**
 * One block of one waveform on `/ws/wave`, binary, little endian. Which stream is what (bed, device, lead,
 * unit) stands in `BedView.waves`; the frame repeats what is needed to place and scale the samples.
 *
 *     0 u8  version (1)     8  f64 firstIndex          32 f32 zero
 *     1 u8  validity        16 f64 endMonotonicMs      36 u32 count
 *     2 u16 reserved (0)    24 f32 samplesPerS         40 i16 x count samples
 *     4 u32 stream          28 f32 scale (NaN: none)
 */
export interface WaveFrame {
  readonly stream: number;
  readonly validity: 'valid' | 'questionable' | 'invalid';
  /** Running number of the first sample; a jump is a gap (src/observation/wave.ts). */
  readonly firstIndex: number;
  /** Gateway monotonic time at which the last sample had arrived. */
  readonly endMonotonicMs: number;
  readonly samplesPerS: number;
  /** `null` = no absolute scale. */
  readonly scale: number | null;
  readonly zero: number;
  /** -32768 stands for a sample that is missing. */
  readonly samples: Int16Array;
}

export const WAVE_FRAME_VERSION = 1;
const HEAD_BYTES = 40;
const VALIDITIES = ['valid', 'questionable', 'invalid'] as const;

export function encodeWaveFrame(frame: WaveFrame): Uint8Array<ArrayBuffer> {
  const { samples } = frame;
  const bytes = new Uint8Array(HEAD_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, WAVE_FRAME_VERSION);
  view.setUint8(1, VALIDITIES.indexOf(frame.validity));
  view.setUint32(4, frame.stream, true);
  view.setFloat64(8, frame.firstIndex, true);
  view.setFloat64(16, frame.endMonotonicMs, true);
  view.setFloat32(24, frame.samplesPerS, true);
  view.setFloat32(28, frame.scale ?? Number.NaN, true);
  view.setFloat32(32, frame.zero, true);
  view.setUint32(36, samples.length, true);
  for (let at = 0; at < samples.length; at++)
    view.setInt16(HEAD_BYTES + 2 * at, samples[at] ?? 0, true);
  return bytes;
}

/** `undefined` when the bytes are no frame of this version: never half a block. */
export function decodeWaveFrame(bytes: ArrayBuffer): WaveFrame | undefined {
  if (bytes.byteLength < HEAD_BYTES) return undefined;
  const view = new DataView(bytes);
  const count = view.getUint32(36, true);
  const validity = VALIDITIES[view.getUint8(1)];
  if (view.getUint8(0) !== WAVE_FRAME_VERSION || validity === undefined) return undefined;
  if (bytes.byteLength !== HEAD_BYTES + 2 * count) return undefined;
  const samples = new Int16Array(count);
  for (let at = 0; at < count; at++) samples[at] = view.getInt16(HEAD_BYTES + 2 * at, true);
  const scale = view.getFloat32(28, true);
  return {
    stream: view.getUint32(4, true),
    validity,
    firstIndex: view.getFloat64(8, true),
    endMonotonicMs: view.getFloat64(16, true),
    samplesPerS: view.getFloat32(24, true),
    scale: Number.isNaN(scale) ? null : scale,
    zero: view.getFloat32(32, true),
    samples,
  };
}
