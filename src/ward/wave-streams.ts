import type { WaveView } from '../hub/wire/index.ts';
import { type DevicePicture, freshnessOf } from '../observation/device-picture.ts';
import { WAVE_LOST_MS, WAVES, type WaveCode } from '../observation/wave.ts';

/** Gives every waveform of every device a number of its own, for as long as the gateway runs. */
export class WaveStreams {
  readonly #numbers = new Map<string, number>();

  numberOf(deviceId: string, code: WaveCode): number {
    const key = `${deviceId} ${code}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const next = this.#numbers.size + 1;
    this.#numbers.set(key, next);
    return next;
  }

  /** The waveforms of a bed's devices as they may be shown now. */
  views(pictures: Iterable<DevicePicture>, nowMs: number): WaveView[] {
    const views: WaveView[] = [];
    for (const picture of pictures) {
      const freshness = freshnessOf(picture, nowMs);
      const isAway = freshness === 'lost' || freshness === 'never';
      for (const { code, samplesPerS, atMs, validity, reason } of picture.waves.values()) {
        const isLost = isAway || nowMs - atMs > WAVE_LOST_MS;
        views.push({
          stream: this.numberOf(picture.deviceId, code),
          deviceId: picture.deviceId,
          code,
          title: WAVES[code].title,
          unit: WAVES[code].unit,
          samplesPerS,
          state: isLost ? 'lost' : validity,
          reason: isLost || validity === 'valid' ? null : (reason ?? null),
        });
      }
    }
    return views;
  }
}
