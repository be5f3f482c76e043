import { type QueryFamily, queryList } from '../../src/driver/query-bytes.ts';
import { BYTE, vialChecksum } from './codec.ts';

/** What is asked, or told to end, by its command letters. */
export type VialWord = 'DC' | 'FC' | 'LE;b' | 'LE;amder' | 'LN' | 'LF;b' | 'LP';

/**
 * Everything that this driver may ever send. A family names whom it asks, 0 the base and 1 to 9 a module, and has
 * no place for anything else: nothing in this driver can build a rate, a mode or a drug.
 */
export const vialQueries = queryList(
  {
    ACK: Uint8Array.of(BYTE.ack),
    NAK2: Uint8Array.of(BYTE.nak, 0x32),
    DC4: Uint8Array.of(BYTE.dc4),
    'LE;b': framed('0LE;b'),
  },
  {
    DC: command('DC', /^[0-9]$/),
    FC: command('FC', /^[0-9]$/),
    'LE;amder': command('LE;amder', /^[1-9]$/),
    LN: command('LN', /^[1-9]$/),
    'LF;b': command('LF;b', /^[1-9]$/),
    LP: command('LP', /^[1-9]$/),
    /** The answers to what is told unasked: the same letter back. */
    E: command('E', /^[0-9]$/),
    M: command('M', /^[0-9]$/),
  },
);

function command(letters: string, places: RegExp): QueryFamily {
  return {
    build: (place) => {
      if (!places.test(place)) throw new Error(`${place} is not a place: ${places.source}`);
      return framed(place + letters);
    },
    read: (bytes) => (bytes[1] === undefined ? undefined : String.fromCharCode(bytes[1])),
    example: '1',
  };
}

/** Not exported: only the commands above are ever framed. */
function framed(text: string): Uint8Array {
  const message = Buffer.from(text + vialChecksum(text), 'latin1');
  return Uint8Array.of(BYTE.stx, ...message, BYTE.etx);
}
