/**
 * Reads big-endian fields one after the other. Beyond the end it gives 0 and says so in {@link isShort},
 * once for all fields: a length from the wire is never believed without it.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** A field was asked for that is not there. */
  get isShort(): boolean {
    return this.#isShort;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#has(1) ? this.#view.getUint8(this.#at++) : 0;
  }

  u16(): number {
    if (!this.#has(2)) return 0;
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  u32(): number {
    if (!this.#has(4)) return 0;
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  bytes(count: number): Uint8Array {
    if (!this.#has(count)) return new Uint8Array(0);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A part whose length stands before it. */
  part(): ByteReader {
    return new ByteReader(this.bytes(this.u16()));
  }

  #has(count: number): boolean {
    if (this.left < count) this.#isShort = true;
    return !this.#isShort;
  }
}
