import { crc16Xmodem } from '../../src/driver/kit/crc16.ts';
import { type QueryBytes, type QueryFamily, queryList } from '../../src/driver/query-bytes.ts';

export type NeFramingMode = 'basic' | 'safe';

/**
 * The words that only read, each with nothing behind it: with anything behind it most of them set what
 * they ask for. `status` is the address alone.
 */
export const NE_WORDS = ['status', 'VER', 'SAF', 'PHN', 'RAT', 'DIS', 'VOL', 'DIR', 'DIA'] as const;
export type NeWord = (typeof NE_WORDS)[number];
type SafeWord = `safe ${NeWord}`;

/** 0 to 99, without a leading zero. */
const ADDRESS = /^(?:0|[1-9]\d?)$/;

/** STX, length of what follows, data, CRC, ETX. Not exported: only the words above are ever packed. */
function packet(data: string): Uint8Array {
  const crc = crc16Xmodem(latin1(data));
  return Uint8Array.of(0x02, data.length + 4, ...latin1(data), crc >> 8, crc & 0xff, 0x03);
}

function family(word: NeWord, framing: NeFramingMode): QueryFamily {
  const text = word === 'status' ? '' : word;
  return {
    build: (address) => {
      if (!ADDRESS.test(address)) throw new Error(`${address} is no address: 0 to 99`);
      return framing === 'basic' ? latin1(`${address}${text}\r`) : packet(`${address}${text}`);
    },
    read: (bytes) => {
      // Without the CRC, whose first byte may be a digit.
      const data = framing === 'basic' ? bytes : bytes.subarray(2, -3);
      const said = Buffer.from(data).toString('latin1');
      return /^\d{1,2}/.exec(said)?.[0];
    },
    example: '0',
  };
}

const families = Object.fromEntries(
  NE_WORDS.flatMap((word) => [
    [word, family(word, 'basic')],
    [`safe ${word}`, family(word, 'safe')],
  ]),
) as Record<NeWord | SafeWord, QueryFamily>;

/**
 * Everything that this driver may ever send. `CR` alone ends whatever a pump still holds of a question
 * whose own CR was lost; on an empty buffer it asks address 0 for its status.
 */
export const neQueries = queryList({ CR: Uint8Array.of(0x0d) }, families);

/** The bytes of one question to one pump. Throws for an address that is not one. */
export const neQuestion = (word: NeWord, framing: NeFramingMode, address: string): QueryBytes =>
  neQueries.of(framing === 'basic' ? word : `safe ${word}`, address);

function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
