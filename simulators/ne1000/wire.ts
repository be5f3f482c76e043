/** Both framings of the pump, as a codec of its own. */
const STX = 2;
const ETX = 3;
const CR = 13;
const LINE_MAX = 80;
/** Silence inside of a packet, after which the pump drops it. */
const PACKET_SILENCE_MS = 500;

export function crc(data: readonly number[]): number {
  let sum = 0;
  for (const byte of data) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      sum = (sum & 0x8000) !== 0 ? ((sum << 1) ^ 0x1021) & 0xffff : (sum << 1) & 0xffff;
    }
  }
  return sum;
}

const codesOf = (text: string): readonly number[] => [...text].map((sign) => sign.charCodeAt(0));

export const basicAnswer = (text: string): Uint8Array => Uint8Array.of(STX, ...codesOf(text), ETX);

export function safePacket(text: string): Uint8Array {
  const data = codesOf(text);
  const sum = crc(data);
  return Uint8Array.of(STX, data.length + 4, ...data, Math.floor(sum / 256), sum % 256, ETX);
}

/** One command, as text without blanks in capitals; or a packet that was not right. */
export type Heard = { readonly command: string } | 'garbled';

/** What one pump hears of the line. Holds at most one command. */
export class PumpEar {
  #line = '';
  #packet: number[] | null = null;
  #heardAtMs = 0;

  /** Basic mode: everything up to a CR; blanks and control characters count for nothing. */
  hearBasic(byte: number): Heard | undefined {
    if (byte === CR) {
      const command = this.#line.toUpperCase();
      this.#line = '';
      return { command };
    }
    if (byte > 0x20 && byte < 0x7f && this.#line.length < LINE_MAX) {
      this.#line += String.fromCharCode(byte);
    }
    return undefined;
  }

  /** Safe mode: packets; what stands outside of them counts for nothing. */
  hearSafe(byte: number, nowMs: number): Heard | undefined {
    if (nowMs - this.#heardAtMs >= PACKET_SILENCE_MS) this.#packet = null;
    this.#heardAtMs = nowMs;
    if (this.#packet === null) {
      if (byte === STX) this.#packet = [];
      return undefined;
    }
    this.#packet.push(byte);
    const [length = 0] = this.#packet;
    if (length < 5) this.#packet = null;
    if (this.#packet === null || this.#packet.length < length) return undefined;
    const packet = this.#packet;
    this.#packet = null;
    return opened(packet);
  }

  forget(): void {
    this.#line = '';
    this.#packet = null;
  }
}

function opened(packet: readonly number[]): Heard {
  const data = packet.slice(1, -3);
  const [high = 0, low = 0, end] = packet.slice(-3);
  if (end !== ETX || crc(data) !== high * 256 + low) return 'garbled';
  return { command: String.fromCharCode(...data).toUpperCase() };
}

/** Four digits and a point, at most three of them behind it; more are cut off, not rounded. */
export function number(value: number): string {
  const behind = value < 10 ? 3 : value < 100 ? 2 : value < 1_000 ? 1 : 0;
  const scale = 10 ** behind;
  // What stands a hair below a round number only for the sums before it is that number.
  const cut = Math.floor(value * scale + 1e-6) / scale;
  return behind === 0 ? `${cut}.` : cut.toFixed(behind);
}
