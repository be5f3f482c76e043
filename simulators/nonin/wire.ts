/** What the oximeter knows when a packet begins; `null` = nothing measured. */
export interface Measured {
  /** Averages over four beats: gone as soon as the finger is. */
  readonly spo2: number | null;
  readonly rate: number | null;
  /** For a display: held for a while after the finger is gone. */
  readonly spo2Display: number | null;
  readonly rateDisplay: number | null;
  /** Counts packets. */
  readonly timer: number;
  readonly isBatteryLow: boolean;
}

/** What a single frame adds. */
export interface Moment {
  readonly isDisconnected: boolean;
  readonly isArtifact: boolean;
  readonly isOutOfTrack: boolean;
  readonly isSensorAlarm: boolean;
  readonly colour: 'none' | 'green' | 'yellow' | 'red';
  /** 0 ... 65535. */
  readonly pleth: number;
}

/** Reserved places, and the letters by which the gateway knows that it is simulated. */
const MARK = new Map([
  [12, 'I'],
  [13, 'W'],
  [18, '-'],
  [19, 'S'],
  [24, 'I'],
  [25, 'M'],
]);
const COLOUR_BITS = { none: 0, green: 0x02, yellow: 0x06, red: 0x04 } as const;
const FIRMWARE = 0x30;

/** Rate in nine bits: two in one byte, seven in the next; 511 is none. */
function rateBytes(rate: number | null): readonly [number, number] {
  const nine = rate ?? 511;
  return [Math.floor(nine / 128) % 4, nine % 128];
}

/** The float byte of one of the 25 places. */
function floatAt(place: number, measured: Measured): number {
  const [high, low] = rateBytes(measured.rate);
  const [highDisplay, lowDisplay] = rateBytes(measured.rateDisplay);
  const spo2 = measured.spo2 ?? 127;
  const spo2Display = measured.spo2Display ?? 127;
  switch (place) {
    case 1:
    case 14:
      return high;
    case 2:
    case 15:
      return low;
    case 3:
    case 10:
    case 11:
    case 16:
      return spo2;
    case 4:
      return FIRMWARE;
    case 6:
      return Math.floor(measured.timer / 128) % 128;
    case 7:
      return measured.timer % 128;
    case 8:
      return measured.isBatteryLow ? 1 : 0;
    case 9:
    case 17:
      return spo2Display;
    case 20:
    case 22:
      return highDisplay;
    case 21:
    case 23:
      return lowDisplay;
    default:
      return MARK.get(place)?.charCodeAt(0) ?? 0;
  }
}

/** One of the 25 frames of a packet, five bytes. */
export function waveFrame(
  format: 2 | 7,
  place: number,
  measured: Measured,
  moment: Moment,
): Uint8Array {
  const status =
    128 +
    (moment.isDisconnected ? 64 : 0) +
    (moment.isArtifact ? 32 : 0) +
    (moment.isOutOfTrack ? 16 : 0) +
    (moment.isSensorAlarm ? 8 : 0) +
    COLOUR_BITS[moment.colour] +
    (place === 1 ? 1 : 0);
  const high = Math.floor(moment.pleth / 256);
  const float = floatAt(place, measured);
  const four = format === 2 ? [1, status, high, float] : [status, high, moment.pleth % 256, float];
  return Uint8Array.from([...four, four.reduce((sum, byte) => sum + byte, 0) % 256]);
}

/** Format 8: four bytes. The bits of 86 in the last one are set by no device. */
export function displayFrame(measured: Measured, moment: Moment): Uint8Array {
  const [high, low] = rateBytes(measured.rateDisplay);
  const status =
    128 +
    (moment.isDisconnected ? 64 : 0) +
    (moment.isOutOfTrack ? 32 : 0) +
    (moment.colour === 'red' ? 16 : 0) +
    (moment.colour === 'yellow' ? 8 : 0) +
    (moment.isArtifact ? 4 : 0) +
    high;
  const second = 86 + (moment.isSensorAlarm ? 8 : 0) + (measured.isBatteryLow ? 1 : 0);
  return Uint8Array.of(status, low, measured.spo2Display ?? 127, second);
}
