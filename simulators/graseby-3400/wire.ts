/**
 * The protocol from the pump's side, written apart from the driver's codec on purpose: two programs that
 * share a mistake agree with each other.
 */
const CR = 0x0d;
const LESS = 0x3c;
const LINE_MAX = 80;

/** A message with the checksum over `<` to `>`, and CR. */
export function message(text: string): Uint8Array {
  let sum = 0;
  const framed = `<${text}>`;
  for (let index = 0; index < framed.length; index++) sum += framed.charCodeAt(index);
  const digits = `0${(sum % 256).toString(16)}`.slice(-2).toUpperCase();
  return Uint8Array.from(Buffer.from(`${framed}${digits}\r`, 'latin1'));
}

/** What came in between `<` and `>`, or that it was no message. */
export type Heard = { readonly text: string } | { readonly garbled: string };

/** Collects a message from bytes in any split. Holds at most one. */
export class GrasebyEar {
  #line: number[] | null = null;

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      if (byte === LESS) this.#line = [byte];
      else if (byte === CR) {
        if (this.#line !== null) heard.push(opened(this.#line));
        this.#line = null;
      } else if (this.#line !== null && this.#line.push(byte) > LINE_MAX) this.#line = null;
    }
    return heard;
  }
}

function opened(line: readonly number[]): Heard {
  const raw = String.fromCharCode(...line);
  const text = raw.slice(1, raw.indexOf('>'));
  const isGood = Buffer.from(message(text)).toString('latin1') === `${raw}\r`;
  return isGood ? { text } : { garbled: raw };
}
