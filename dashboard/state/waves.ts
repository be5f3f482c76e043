/** The waveforms of the last minute, by stream. Not signals: the sweeps look at them with every frame. */
import { WaveRing } from '../sweep/wave-ring.ts';
import type { WaveFrame } from '../wire.ts';

const rings = new Map<number, WaveRing>();

export const ringOf = (stream: number): WaveRing | undefined => rings.get(stream);

export function takeWave(frame: WaveFrame): void {
  let ring = rings.get(frame.stream);
  if (ring === undefined || ring.samplesPerS !== frame.samplesPerS) {
    ring = new WaveRing(frame.samplesPerS);
    rings.set(frame.stream, ring);
  }
  ring.put(frame);
}

/** After a new log-in or another gateway: stream numbers may mean something else. */
export function forgetWaves(): void {
  rings.clear();
}
