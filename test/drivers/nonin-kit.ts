/** What a packet of a real device is made of; made here, not by the driver or the simulator. */
export interface PacketParts {
  readonly format?: 2 | 7;
  /** Float bytes by place; the others are 0. */
  readonly floats?: Readonly<Record<number, number>>;
  /** Status bits of every frame, besides bit 7 and SYNC. */
  readonly status?: number;
  /** The same of single places. */
  readonly statusAt?: Readonly<Record<number, number>>;
  readonly pleth?: (place: number) => number;
}

/** Rate 130, SpO2 97, revision 48. */
export const FLOATS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 97, 4: 0x30 };
/** Nothing measured, as after the finger is gone; for a display the last numbers stay. */
export const NO_FLOATS: Readonly<Record<number, number>> = {
  ...{ 1: 3, 2: 127, 3: 127, 4: 0x30 },
  ...{ 9: 97, 17: 97, 20: 1, 21: 2, 22: 1, 23: 2 },
};

/** The 25 frames of a packet. */
export function packet(parts: PacketParts = {}): Uint8Array[] {
  const {
    format = 2,
    floats = FLOATS,
    status = 0,
    statusAt = {},
    pleth = (place) => place,
  } = parts;
  return Array.from({ length: 25 }, (_, index) => {
    const place = index + 1;
    const bits = 0x80 | status | (statusAt[place] ?? 0) | (place === 1 ? 1 : 0);
    const float = floats[place] ?? 0;
    const four =
      format === 2
        ? [1, bits, pleth(place), float]
        : [bits, pleth(place) >> 8, pleth(place) & 0xff, float];
    return Uint8Array.from([...four, four.reduce((sum, byte) => sum + byte) & 0xff]);
  });
}

/** With the timer of the device, which counts packets. */
export const timed = (timer: number, parts: PacketParts = {}): Uint8Array[] =>
  packet({
    ...parts,
    floats: { ...(parts.floats ?? FLOATS), 6: (timer >> 7) & 0x7f, 7: timer & 0x7f },
  });

/** The same frame with a bit of its float byte turned over. */
export function damaged(frame: Uint8Array): Uint8Array {
  const bad = Uint8Array.from(frame);
  bad[frame.length - 2] = (bad[frame.length - 2] ?? 0) ^ 0x04;
  return bad;
}

export const joined = (frames: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(frames));
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
