import { attribute, type PolledThing, u16, u32 } from './messages.ts';

/** What the sensors see while a block is taken. */
export interface WaveSource {
  /** Beats a minute at a moment; 0 = none. */
  rate(atMs: number): number;
  readonly isLeadsOff: boolean;
  readonly isProbeOff: boolean;
  /** Bits that go with every block: demo, test. */
  readonly mark: number;
}

/** One block lasts 256 ms. */
export const BLOCK_MS = 256;
const ECG = { term: 0x0100, words: 'ECG', handle: 0x2ca, samples: 64, periodMs: 4 } as const;
const PLETH = { term: 0x4bb4, words: 'Pleth', handle: 0x2d0, samples: 32, periodMs: 8 } as const;
/** Lead II is the sum of the other two. */
const LEADS = [
  { id: 0x0102, share: 1 },
  { id: 0x0101, share: 0.6 },
  { id: 0x013d, share: 0.4 },
] as const;
const ECG_ZERO = 8_192;
const PLETH_ZERO = 2_048;
const COUNTS_PER_MV = 200;
const PLETH_HEIGHT = 600;
const INVALID = 0x8000;
/** Each object tells its static attributes again in every eighth reply, the two four replies apart. */
const TOLD_EVERY = 8;

/** Humps of one beat: place and width in parts of it, height in mV. */
const BEAT = [
  { at: 0.18, width: 0.025, mv: 0.12 },
  { at: 0.285, width: 0.008, mv: -0.1 },
  { at: 0.3, width: 0.009, mv: 1.2 },
  { at: 0.318, width: 0.009, mv: -0.25 },
  { at: 0.55, width: 0.05, mv: 0.3 },
] as const;
const hump = (at: number, width: number, phase: number): number =>
  Math.exp(-(((phase - at) / width) ** 2) / 2);
const POINTS = 1_024;
const phases = [...new Array(POINTS).keys()].map((index) => index / POINTS);
const ECG_SHAPE = phases.map((phase) =>
  BEAT.reduce((sum, { at, width, mv }) => sum + mv * hump(at, width, phase), 0),
);
const PLETH_SHAPE = phases.map((phase) => hump(0.5, 0.09, phase) + 0.4 * hump(0.72, 0.1, phase));

/** ECG of three leads and a pleth, from the first block on that somebody asked for. */
export class Waves {
  /** Of the beat that is running, 0 to 1. */
  #phase = 0;

  /** The block that ends at a moment. @param sequence of the reply; the first one has no samples */
  things(source: WaveSource, sequence: number, atMs: number): readonly PolledThing[] {
    if (sequence === 0) return [{ handle: ECG.handle, attributes: ecgStatics() }];
    const { ecg, pleth } = this.#block(source, atMs);
    const leadState = (source.isLeadsOff ? INVALID : 0) | source.mark;
    const leads = Buffer.concat(
      LEADS.map(({ id, share }) =>
        item(
          id,
          leadState,
          ecg.map((mv) => ECG_ZERO + Math.round(mv * share * COUNTS_PER_MV)),
        ),
      ),
    );
    return [
      {
        handle: ECG.handle,
        attributes: [
          ...(sequence % TOLD_EVERY === 0 ? ecgStatics() : []),
          attribute(0x0967, Buffer.concat([u16(LEADS.length, leads.length), leads])),
        ],
      },
      {
        handle: PLETH.handle,
        attributes: [
          ...(sequence % TOLD_EVERY === TOLD_EVERY / 2 ? plethStatics() : []),
          attribute(0x096e, item(PLETH.term, source.mark, pleth)),
        ],
      },
    ];
  }

  /** Goes through the beats sample by sample, so that a changing rate bends them and does not tear them. */
  #block({ rate, isLeadsOff, isProbeOff }: WaveSource, atMs: number) {
    const [ecg, pleth]: [number[], number[]] = [[], []];
    const perMs = rate(atMs) / 60_000;
    for (let index = 0; index < ECG.samples; index += 1) {
      this.#phase = (this.#phase + perMs * ECG.periodMs) % 1;
      const point = Math.floor(this.#phase * POINTS);
      ecg.push(isLeadsOff || perMs === 0 ? 0 : (ECG_SHAPE[point] ?? 0));
      if (index % 2 === 1) continue;
      const height = isProbeOff || perMs === 0 ? 0 : (PLETH_SHAPE[point] ?? 0);
      pleth.push(PLETH_ZERO + Math.round(PLETH_HEIGHT * height));
    }
    return { ecg, pleth };
  }
}

const item = (id: number, state: number, samples: readonly number[]): Buffer =>
  Buffer.concat([u16(id, state, 2 * samples.length), u16(...samples)]);

/** As the recorded monitor tells them: 14 bits, three marks, -40.96 to 40.955 mV. */
const ecgStatics = (): readonly Buffer[] => [
  attribute(0x096d, Buffer.concat([u16(ECG.samples), Buffer.of(16, 14), u16(0x3000)])),
  attribute(0x0a16, u16(3, 12, 4, 0x8008, 3, 0x4001, 2, 0x8004)),
  attribute(0x098d, u32(8 * ECG.periodMs)),
  ...named(ECG.term, ECG.words),
  attribute(0x0996, u16(0x10b2)),
  attribute(0x096f, Buffer.concat([u32(0xfeff_f000), u32(0xfd00_9ffb), u16(0, 0x3fff)])),
];

/** 12 bits and no scale: both ends of it are no numbers. */
const plethStatics = (): readonly Buffer[] => [
  attribute(0x096d, Buffer.concat([u16(PLETH.samples), Buffer.of(16, 12), u16(0x3000)])),
  attribute(0x098d, u32(8 * PLETH.periodMs)),
  ...named(PLETH.term, PLETH.words),
  attribute(0x0996, u16(0x0200)),
  attribute(0x096f, Buffer.concat([u32(0x007f_ffff), u32(0x007f_ffff), u16(0, 0x0fff)])),
];

function named(term: number, words: string): readonly Buffer[] {
  const text = Buffer.from(`${words}\0`, 'utf16le').swap16();
  return [
    attribute(0x0924, u32(0x0002_0000 | term)),
    attribute(0x0927, Buffer.concat([u16(text.length), text])),
  ];
}
