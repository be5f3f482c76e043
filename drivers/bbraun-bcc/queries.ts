import { type QueryFamily, queryList } from '../../src/driver/query-bytes.ts';
import {
  BED_ID,
  checkOf,
  destuffed,
  EOT,
  ETX,
  FRAME_BYTES,
  SOH,
  STX,
  type Stuffing,
  stuffed,
} from './codec.ts';

/** The interface has only questions, and of these the driver asks four. */
type Word = 'ADMIN:ALIVE' | 'ADMIN:VERSION' | 'MEM:GET' | `MEM:GETSLOT#${string}`;

/** A slot: pillar 1 to 3, place 1 to 9 and then A to O, counted from below. */
export const SLOT = /^[1-3][1-9A-O]$/;

/** The bed id with which a session begins; the answer tells the real one. */
const NOBODY = '1';

/** Not exported: only the four words below can be asked. */
function question(bedId: string, word: Word, stuffing: Stuffing): Uint8Array {
  const text = `${bedId}/1/1>${word}`;
  const length = String(FRAME_BYTES + text.length).padStart(5, '0');
  const head = [SOH, ...latin1(length), STX, ...latin1(text), ETX];
  const check = String(checkOf(Uint8Array.from(head))).padStart(5, '0');
  const plain = Uint8Array.from([...head, ...latin1(check), EOT]);
  return stuffing === 'on' ? stuffed(plain) : plain;
}

/** A question to the device that calls itself by this bed id. */
function toBed(word: 'ADMIN:VERSION' | 'MEM:GET', stuffing: Stuffing): QueryFamily {
  return {
    build: (bedId) => question(checked(BED_ID, bedId), word, stuffing),
    read: (bytes) => textIn(bytes, stuffing)?.split('/1/1>')[0],
    example: 'BED07',
  };
}

/** A question about one slot; its name is bed id, `#` and slot. */
function toSlot(stuffing: Stuffing): QueryFamily {
  return {
    build: (name) => {
      const [bedId = '', slot = ''] = name.split('#', 2);
      const word: Word = `MEM:GETSLOT#${checked(SLOT, slot)}`;
      return question(checked(BED_ID, bedId), word, stuffing);
    },
    read: (bytes) => {
      const text = textIn(bytes, stuffing);
      return text === undefined ? undefined : text.replace('/1/1>MEM:GETSLOT', '');
    },
    example: 'BED07#12',
  };
}

function checked(form: RegExp, name: string): string {
  if (!form.test(name)) throw new Error(`${JSON.stringify(name)} is no name for a question`);
  return name;
}

/** What stands between STX and ETX. */
function textIn(bytes: Uint8Array, stuffing: Stuffing): string | undefined {
  const plain = stuffing === 'on' ? destuffed(bytes) : bytes;
  if (plain === undefined) return undefined;
  return Buffer.from(plain.subarray(7, -7)).toString('latin1');
}

/** Everything that this driver may ever send. ACK and NAK ask for the next block or for the same again. */
export const bccQueries = queryList(
  {
    'ADMIN:ALIVE': question(NOBODY, 'ADMIN:ALIVE', 'off'),
    'ADMIN:ALIVE stuffed': question(NOBODY, 'ADMIN:ALIVE', 'on'),
    ACK: Uint8Array.of(0x06),
    NAK: Uint8Array.of(0x15),
  },
  {
    'ADMIN:VERSION': toBed('ADMIN:VERSION', 'off'),
    'ADMIN:VERSION stuffed': toBed('ADMIN:VERSION', 'on'),
    'MEM:GET': toBed('MEM:GET', 'off'),
    'MEM:GET stuffed': toBed('MEM:GET', 'on'),
    'MEM:GETSLOT': toSlot('off'),
    'MEM:GETSLOT stuffed': toSlot('on'),
  },
);

function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
