import { type QueryFamily, queryList } from '../../src/driver/query-bytes.ts';
import { decodeFrame, encodeFrame } from './codec.ts';
import type { MdsEcho } from './pdu.ts';

const payload = (hex: string): Uint8Array =>
  encodeFrame(Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')));

/** Minimum poll period 125 ms, numerics every second in extended polls (PROTOCOL.md, "Queries"). */
const ASSOCIATE = payload(`
  0dec 05081301001601028000140200 02 c1dc
  3180a080 80010100 00a280a0 03000001 a4803080 02010106 04520100 01308006 02510100 000000
  30800201 02060c2a 8648ce14 02010000 00010130 80060c2a 8648ce14 02010000 00020100 00000000
  00618030 80020101 a0806080 a180060c 2a8648ce 14020100 00000301 0000be80 28800 60c
  2a8648ce 14020100 00000101 02010281 48
  80000000 40000000 00000000 80000000 20000000 00000000 0001002c 00010028
  80000000 000003e8 000009c4 000003e8 ffffffff 60000000 0001000c f0010008 8c000000 00000000
  00000000 00000000 00000000 00000000`);

const RELEASE = payload('0918c116 61803080 020101a0 80628080 01000000 00000000 0000');

const ABORT = payload(`
  192e1101 03c129a0 80a08030 80020101 06025101 00000000 61803080 020101a0
  80648080 01010000 00000000 00000000`);

/** Of which objects a poll asks: class and group of attributes. */
interface Polled {
  readonly objectClass: number;
  readonly group: number;
}

/** All attributes of every numeric, the lists of alarms, and the waves that the monitor itself chose. */
const NUMERICS: Polled = { objectClass: 6, group: 0 };
const ALARMS: Polled = { objectClass: 0x36, group: 0x0801 };
const WAVES: Polled = { objectClass: 9, group: 0 };
const MDS_OBJECT = [0x0021, 0, 0];
const [SINGLE_POLL, EXTENDED_POLL] = [0x0c16, 0xf13b];
const OBJECT_PARTITION = 1;
/** Attribute "period of the poll", in 1/8 ms. */
const POLL_PERIOD = 0xf13e;

/** An invoked action on the monitor as a whole; lengths are counted from the end. */
function poll(invokeId: number, action: number, argument: readonly number[]): Uint8Array {
  const call = [...MDS_OBJECT, 0, 0, action, 2 * argument.length, ...argument];
  const words = [0xe100, 2, 1, 2 * call.length + 6, invokeId, 7, 2 * call.length, ...call];
  const bytes = new DataView(new ArrayBuffer(2 * words.length));
  words.forEach((word, index) => {
    bytes.setUint16(2 * index, word);
  });
  return encodeFrame(new Uint8Array(bytes.buffer));
}

function singlePoll(invokeId: number, number: number, { objectClass, group }: Polled): Uint8Array {
  return poll(invokeId, SINGLE_POLL, [number, OBJECT_PARTITION, objectClass, group]);
}

/** @param periodS how long the monitor goes on sending, in s */
function extendedPoll(
  invokeId: number,
  number: number,
  { objectClass, group }: Polled,
  periodS: number,
): Uint8Array {
  const ticks = periodS * 8_000;
  const period = [1, 8, POLL_PERIOD, 4, ticks >>> 16, ticks & 0xffff];
  const argument = [number, OBJECT_PARTITION, objectClass, group, ...period];
  return poll(invokeId, EXTENDED_POLL, argument);
}

const ECHO_NAME = /^[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{8}$/;

/** The confirmation that a monitor waits for: nothing in it but what the monitor said itself. */
const MDS_RESULT: QueryFamily = {
  build: (name) => {
    if (!ECHO_NAME.test(name)) throw new Error(`${name} names no MDS create event`);
    const [invokeId = '', context = '', handle = '', time = ''] = name.split('-');
    return payload(
      `e1000002 0002 0014 ${invokeId} 0001 000e 0021 ${context} ${handle} ${time} 0d06 0000`,
    );
  },
  read: (bytes) => {
    const decoded = decodeFrame(bytes.subarray(1, -1));
    if (!decoded.ok) return undefined;
    const hex = Buffer.from(decoded.value).toString('hex');
    return [hex.slice(16, 20), hex.slice(32, 36), hex.slice(36, 40), hex.slice(40, 48)].join('-');
  },
  example: '0001-0000-0000-000abd00',
};

/** The name of a confirmation in the family `mds-result`. */
export function echoName({ invokeId, context, handle, time }: MdsEcho): string {
  const digits = (value: number, count: number): string => value.toString(16).padStart(count, '0');
  return [digits(invokeId, 4), digits(context, 4), digits(handle, 4), digits(time, 8)].join('-');
}

/** Everything that this driver may ever send: nothing in it sets a value at the monitor. */
export const intellivueQueries = queryList(
  {
    associate: ASSOCIATE,
    release: RELEASE,
    abort: ABORT,
    numerics: extendedPoll(1, 1, NUMERICS, 30),
    'numerics-once': singlePoll(2, 1, NUMERICS),
    alarms: extendedPoll(5, 4, ALARMS, 600),
    'alarms-once': singlePoll(6, 4, ALARMS),
    waves: extendedPoll(4, 3, WAVES, 600),
  },
  { 'mds-result': MDS_RESULT },
);
