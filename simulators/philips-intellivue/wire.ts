/**
 * The line of an IntelliVue monitor, written from the protocol's description a second time: this must never
 * share code with the driver, or it could not find a fault in it.
 */

/** Frame check sequence, bit by bit: CRC-16/X-25. */
export function checkSequence(bytes: Iterable<number>): number {
  let remainder = 0xffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ 0x8408 : remainder >>> 1;
    }
  }
  return remainder ^ 0xffff;
}

/** User data as it goes over the line. */
export function framed(userData: Uint8Array): Uint8Array {
  const inner = Buffer.alloc(userData.length + 6);
  inner.writeUInt16BE(0x1101, 0);
  inner.writeUInt16BE(userData.length, 2);
  inner.set(userData, 4);
  inner.writeUInt16LE(checkSequence(inner.subarray(0, -2)), inner.length - 2);
  const out: number[] = [0xc0];
  for (const byte of inner) {
    const isTaken = byte === 0xc0 || byte === 0xc1 || byte === 0x7d;
    out.push(...(isTaken ? [0x7d, byte ^ 0x20] : [byte]));
  }
  return Uint8Array.of(...out, 0xc1);
}

const HEARD_MAX = 4_096;

/** Collects what comes in, in any split; hands out user data, or `null` for what was spoilt on its way. */
export class Ear {
  #heard: number[] | null = null;
  #isEscaped = false;

  hear(bytes: Uint8Array): readonly (Buffer | null)[] {
    const out: (Buffer | null)[] = [];
    for (const byte of bytes) {
      if (byte === 0xc0) {
        this.#heard = [];
        this.#isEscaped = false;
      } else if (this.#heard === null) continue;
      else if (byte === 0xc1) {
        out.push(opened(Buffer.from(this.#heard)));
        this.#heard = null;
      } else if (byte === 0x7d) this.#isEscaped = true;
      else {
        if (this.#heard.length < HEARD_MAX) this.#heard.push(this.#isEscaped ? byte ^ 0x20 : byte);
        this.#isEscaped = false;
      }
    }
    return out;
  }
}

function opened(inner: Buffer): Buffer | null {
  if (inner.length < 7 || inner.readUInt16BE(0) !== 0x1101) return null;
  if (inner.readUInt16BE(2) !== inner.length - 6) return null;
  const sum = checkSequence(inner.subarray(0, -2));
  return sum === inner.readUInt16LE(inner.length - 2) ? inner.subarray(4, -2) : null;
}
