/**
 * The BCC interface from the ComDevice's side, written apart from the driver's codec on purpose: two
 * programs that share a mistake agree with each other.
 */

const utf8 = new TextEncoder();
const five = (count: number): string => `0000${count}`.slice(-5);

/** Each character that is sent as two, and the other way round. */
const PAIRS: Readonly<Record<string, string>> = { D: 'EX', E: 'EE', d: 'ex', e: 'ee' };

export function addEscapes(wire: string): string {
  return wire.replace(/[DdEe]/g, (char) => PAIRS[char] ?? char);
}

/** `undefined` when the text holds what can only come from a device without stuffing. */
export function takeEscapes(wire: string): string | undefined {
  if (!/^(?:E[XE]|e[xe]|[^DdEe])*$/s.test(wire)) return undefined;
  return wire.replace(/E[XE]|e[xe]/g, (pair) => {
    const isD = pair[1] === 'X' || pair[1] === 'x';
    return isD ? String.fromCharCode(pair.charCodeAt(0) - 1) : (pair[0] ?? '');
  });
}

const byteSum = (text: string): number => {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) {
    sum = (sum + text.charCodeAt(index)) % 256;
  }
  return sum;
};

/** A block. Lengths and sums count bytes, so everything here is text with one character a byte. */
export function block(bedId: string, records: readonly string[], isLast: boolean): string {
  const body = Buffer.from(utf8.encode(`${bedId}/1/1>${records.join('\x1e')}`)).toString('latin1');
  const head = `\x01${five(body.length + 14)}\x02${body}${isLast ? '\x03' : '\x17'}`;
  return `${head}${five(byteSum(head))}\x04`;
}

export const toBytes = (wire: string): Uint8Array => Uint8Array.from(Buffer.from(wire, 'latin1'));

/** The same block with a check that is wrong. */
export const spoilt = (wire: string): string =>
  `${wire.slice(0, -6)}${five((Number(wire.slice(-6, -1)) + 1) % 256)}\x04`;

/** A question, an ACK or NAK, or bytes that are none of them. */
export type Heard =
  | { readonly kind: 'question'; readonly bedId: string; readonly text: string }
  | { readonly kind: 'ack' | 'nak' | 'garbled' };

const LONGEST = 200;

/** Collects questions from bytes in any split. Holds at most one of them. */
export class BccEar {
  readonly #isStuffed: boolean;
  #text: string | null = null;

  constructor(isStuffed: boolean) {
    this.#isStuffed = isStuffed;
  }

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const char of Buffer.from(bytes).toString('latin1')) {
      if (char === '\x01') this.#text = char;
      else if (this.#text !== null) {
        this.#text += char;
        if (char === '\x04') heard.push(opened(this.#text, this.#isStuffed));
        if (char === '\x04' || this.#text.length > LONGEST) this.#text = null;
      } else if (char === '\x06') heard.push({ kind: 'ack' });
      else if (char === '\x15') heard.push({ kind: 'nak' });
    }
    return heard;
  }
}

function opened(wire: string, isStuffed: boolean): Heard {
  const text = isStuffed ? takeEscapes(wire) : wire;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the frame is made of them.
  const parts = /^\x01(\d{5})\x02([^>]{1,15})\/1\/1>(.*)\x03(\d{5})\x04$/s.exec(text ?? '');
  const [, length, bedId = '', question = '', check] = parts ?? [];
  const isGood =
    text !== undefined &&
    parts !== null &&
    Number(length) === text.length &&
    Number(check) === byteSum(text.slice(0, -6));
  return isGood ? { kind: 'question', bedId, text: question } : { kind: 'garbled' };
}
