/**
 * The link from the base's side, written apart from the driver's codec on purpose: two programs that share a
 * mistake agree with each other.
 */
export const ENQ = 0x05;
export const ACK = 0x06;
export const DC4 = 0x14;
export const NAK = 0x15;
const STX = 0x02;
const ETX = 0x03;
const MESSAGE_MAX = 82;

function checkDigits(text: string): string {
  let rest = 0xff;
  for (let index = 0; index < text.length; index++) rest -= text.charCodeAt(index);
  return `0${(((rest % 256) + 256) % 256).toString(16)}`.slice(-2).toUpperCase();
}

/** A message from STX to ETX. */
export function message(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(`\x02${text}${checkDigits(text)}\x03`, 'latin1'));
}

/** The same with an ENQ between its bytes, which the base may put anywhere. */
export function withEnqInside(frame: Uint8Array): Uint8Array {
  const half = frame.length >> 1;
  return Uint8Array.of(...frame.slice(0, half), ENQ, ...frame.slice(half));
}

/** What came in from the host. */
export type Heard =
  | { readonly kind: 'alive' | 'ack' | 'nak' | 'garbled' }
  | { readonly kind: 'message'; readonly text: string };

/** Collects what the host sends from bytes in any split. Holds at most one message. */
export class BaseEar {
  #text: string | null = null;
  #isNak = false;

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      if (this.#isNak) {
        this.#isNak = false;
        heard.push({ kind: 'nak' });
      } else if (byte === DC4) heard.push({ kind: 'alive' });
      else if (byte === ACK) heard.push({ kind: 'ack' });
      else if (byte === NAK) this.#isNak = true;
      else if (byte === STX) this.#text = '';
      else if (this.#text === null) heard.push({ kind: 'garbled' });
      else if (byte === ETX) {
        heard.push(opened(this.#text));
        this.#text = null;
      } else if (this.#text.length < MESSAGE_MAX) this.#text += String.fromCharCode(byte);
    }
    return heard;
  }
}

function opened(content: string): Heard {
  const text = content.slice(0, -2);
  return content.slice(-2) === checkDigits(text) && text !== ''
    ? { kind: 'message', text }
    : { kind: 'garbled' };
}
