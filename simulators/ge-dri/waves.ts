import type { BodySample } from './body.ts';
import { MOMENTS_PER_S } from './body.ts';
import { AMBIENT, record } from './wire.ts';

type WaveName = 'ecg1' | 'ecg2' | 'pleth' | 'resp' | 'co2';

/** What this monitor can send: type in a request and in a record, samples a second. */
const KINDS: Readonly<Record<WaveName, { readonly type: number; readonly perS: number }>> = {
  ecg1: { type: 1, perS: 300 },
  ecg2: { type: 2, perS: 300 },
  pleth: { type: 8, perS: 100 },
  resp: { type: 15, perS: 25 },
  co2: { type: 9, perS: 25 },
};
const NAMES = Object.keys(KINDS) as readonly WaveName[];

/** At 19200 baud; what goes beyond is left out (Computer Interface specification 12th ed.). */
const SAMPLES_PER_S_MAX = 600;
/** 200 samples/s came once a second in the recordings; from where on it is faster is our guess. */
const SLOW_SAMPLES_PER_S = 200;

const GAP = 0x0001;
const LEAD_OFF = 0x0008;
/** Reserved bits that are set in the recordings. */
const RESERVED = 0x0002;

/** The waves that somebody asked for, from the first sample to the next record. */
export class WaveSender {
  readonly names: readonly WaveName[];
  /** Moments of the body between two records. */
  readonly period: number;
  readonly #played: readonly number[] | null;
  readonly #blocks = new Map<WaveName, number[]>();
  /** Moments since the start. */
  #moments = 0;
  #isGap = true;

  /**
   * @param types on the wire in the order of the request
   * @param ecgSamples uV, in place of the body's own ECG, from the start again and again
   */
  constructor(types: readonly number[], hasCo2: boolean, ecgSamples: readonly number[] | null) {
    let perS = 0;
    this.names = types.flatMap((type) => {
      const name = NAMES.find((one) => KINDS[one].type === type);
      if (name === undefined || (name === 'co2' && !hasCo2)) return [];
      if (perS + KINDS[name].perS > SAMPLES_PER_S_MAX) return [];
      perS += KINDS[name].perS;
      return [name];
    });
    this.period = perS <= SLOW_SAMPLES_PER_S ? MOMENTS_PER_S : MOMENTS_PER_S / 2;
    this.#played = ecgSamples;
    for (const name of this.names) this.#blocks.set(name, []);
  }

  /** One moment of the body further. */
  take(sample: BodySample): void {
    for (const [name, block] of this.#blocks) {
      if (this.#moments % (MOMENTS_PER_S / KINDS[name].perS) === 0) {
        block.push(this.#onWire(name, sample));
      }
    }
    this.#moments += 1;
  }

  /** Forgets what was taken for a record; the next one says that something before it is missing. */
  lose(): void {
    this.#forget();
    this.#isGap = true;
  }

  /** What was taken since the last record, as a whole frame. */
  record(number: number, clockS: number, isLeadsOff: boolean): Uint8Array {
    const parts = [...this.#blocks].map(([name, block]) => {
      const isOff = isLeadsOff && name !== 'pleth' && name !== 'co2';
      const status = RESERVED | (this.#isGap ? GAP : 0) | (isOff ? LEAD_OFF : 0);
      const bytes = Buffer.alloc(6 + 2 * block.length);
      bytes.writeInt16LE(block.length, 0);
      bytes.writeUInt16LE(((number << 4) & 0xfff0) | status, 2);
      block.forEach((sample, index) => {
        bytes.writeInt16LE(sample, 6 + 2 * index);
      });
      return { type: KINDS[name].type, bytes };
    });
    this.#isGap = false;
    this.#forget();
    return record({ mainType: 1, number, clockS }, parts);
  }

  #forget(): void {
    for (const block of this.#blocks.values()) block.length = 0;
  }

  #onWire(name: WaveName, { ecg, pleth, resp, co2 }: BodySample): number {
    switch (name) {
      case 'ecg1':
        return this.#played === null
          ? Math.round(ecg)
          : (this.#played[this.#moments % this.#played.length] ?? 0);
      case 'ecg2':
        return Math.round(0.6 * ecg);
      case 'pleth':
        return Math.round(pleth);
      case 'resp':
        return Math.round(resp);
      case 'co2':
        // mmHg back to hundredths of a per cent of the ambient pressure.
        return Math.round((co2 * 100_000) / AMBIENT);
    }
  }
}
