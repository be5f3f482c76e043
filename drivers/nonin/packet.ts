import { type NoninWaveFrame, rateOf, SYNC } from './codec.ts';

export const FRAMES_PER_PACKET = 25;
export const FRAMES_PER_S = 75;

/**
 * A packet as it comes in: one entry for each place, `null` = a frame with a wrong sum. What a byte means is
 * told by its place alone, so a packet counts only when the next one begins just 25 frames later.
 */
export type Packet = readonly (NoninWaveFrame | null)[];

/** What 25 frames say together. */
export interface PacketReading {
  /** Beats a minute, average of 4 beats; `null` = the device has none, `undefined` = its frame was damaged. */
  readonly rate: number | null | undefined;
  /** Per cent, average of 4 beats; the same. */
  readonly spo2: number | null | undefined;
  /** Byte of the firmware's revision; `undefined` = damaged. */
  readonly firmware: number | undefined;
  /** Counts packets, 14 bits; `undefined` = damaged. */
  readonly timer: number | undefined;
  readonly isBatteryLow: boolean | undefined;
  /** Status bits of all good frames together. */
  readonly anyStatus: number;
  /** Colour of the last pulse in it: 2 bits, 0 = no pulse in it. */
  readonly perfusion: number;
  readonly isSimulated: boolean;
  readonly isWhole: boolean;
}

const RATE_NONE = 511;
const SPO2_NONE = 127;
const RED_AND_GREEN = 0x06;
/** In the reserved frames 12, 13, 18, 19, 24 and 25 (PROTOCOL.md, "The mark of a simulator"). */
const MARK_PLACES = [12, 13, 18, 19, 24, 25];
const MARK = 'IW-SIM';

/** @param packet of 25 places */
export function packetReading(packet: Packet): PacketReading {
  const float = (place: number): number | undefined => packet[place - 1]?.float;
  const both = (high: number, low: number): readonly [number, number] | undefined => {
    const [a, b] = [float(high), float(low)];
    return a === undefined || b === undefined ? undefined : [a, b];
  };
  const good = packet.filter((frame) => frame !== null);
  const rate = both(1, 2);
  const timer = both(6, 7);
  const spo2 = float(3);
  const status2 = float(8);
  const colours = good.map(({ status }) => status & RED_AND_GREEN).filter((bits) => bits !== 0);
  return {
    rate: rate === undefined ? undefined : unless(RATE_NONE, rateOf(...rate)),
    spo2: spo2 === undefined ? undefined : unless(SPO2_NONE, spo2),
    firmware: float(4),
    timer: timer === undefined ? undefined : ((timer[0] & 0x7f) << 7) | (timer[1] & 0x7f),
    isBatteryLow: status2 === undefined ? undefined : (status2 & 0x01) !== 0,
    anyStatus: good.reduce((bits, { status }) => bits | status, 0) & ~(SYNC | 0x80),
    perfusion: colours.at(-1) ?? 0,
    isSimulated: MARK_PLACES.every((place, index) => float(place) === MARK.charCodeAt(index)),
    isWhole: good.length === FRAMES_PER_PACKET,
  };
}

const unless = (none: number, value: number): number | null => (value === none ? null : value);

const TIMER_TURN = 1 << 14;
const PACKET_MS = (FRAMES_PER_PACKET * 1_000) / FRAMES_PER_S;
/** A terminal server may hold bytes back so many packets long. */
const LATE_PACKETS_MAX = 6;

/**
 * How many packets later this one is, at least 1. The device counts them; where it does not, or says more than time
 * has passed, our clock does.
 */
export function packetsSince(
  before: { readonly timer: number | undefined; readonly atMs: number },
  now: { readonly timer: number | undefined; readonly atMs: number },
): number {
  const byClock = Math.max(1, Math.round((now.atMs - before.atMs) / PACKET_MS));
  if (before.timer === undefined || now.timer === undefined) return byClock;
  const byTimer = (now.timer - before.timer + TIMER_TURN) % TIMER_TURN;
  return byTimer >= 1 && byTimer <= byClock + LATE_PACKETS_MAX ? byTimer : byClock;
}
