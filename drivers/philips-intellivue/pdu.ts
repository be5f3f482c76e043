import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeFrame, type FrameError } from './codec.ts';

/** What one frame's user data says, as far as its form goes (PROTOCOL.md, "Messages"). */
export type Pdu =
  | { readonly kind: 'accept' | 'refuse' | 'abort' | 'release-request' | 'released' }
  | MdsCreate
  | PollReply
  | { readonly kind: 'error'; readonly code: number }
  /** Well formed, and nothing in it that we read: results of a get or a set. */
  | { readonly kind: 'other' };

/** The monitor says who it is, and wants that confirmed. */
export interface MdsCreate {
  readonly kind: 'mds-create';
  /** What a result has to repeat: invoke id, context and handle of the object, time of the event. */
  readonly echo: MdsEcho;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

export interface MdsEcho {
  readonly invokeId: number;
  readonly context: number;
  readonly handle: number;
  readonly time: number;
}

export interface PollReply {
  readonly kind: 'poll';
  /** Of a linked part its number, from 1; `null` for the reply that ends a cycle. */
  readonly part: LinkedPart | null;
  /** `null` in the reply to a single poll. */
  readonly sequence: number | null;
  /** 1/8 ms. */
  readonly ticks: number;
  readonly objectClass: number;
  readonly objects: readonly PolledObject[];
}

export interface LinkedPart {
  readonly number: number;
  readonly isLast: boolean;
}

export interface PolledObject {
  readonly context: number;
  readonly handle: number;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

const SESSION_KINDS = new Map<number, Pdu>([
  [0x0e, { kind: 'accept' }],
  [0x0c, { kind: 'refuse' }],
  [0x19, { kind: 'abort' }],
  [0x09, { kind: 'release-request' }],
  [0x0a, { kind: 'released' }],
]);
const DATA = 0xe1;
const DATA_SESSION = [0x00, 0x00, 0x02] as const;
const [ROIV, RORS, ROER, ROLRS] = [1, 2, 3, 5];
const LAST_PART = 3;
const [EVENT_REPORT, ACTION] = [1, 7];
const MDS = 0x21;
const MDS_CREATE = 0x0d06;
const [SINGLE_POLL, EXTENDED_POLL] = [0x0c16, 0xf13b];

/** Frame and message; the session and its proof judge by this alone. */
export function decodeMessage(
  frame: Uint8Array,
): Result<Pdu, FrameError | { readonly kind: 'malformed'; readonly why: 'message' }> {
  const decoded = decodeFrame(frame);
  if (!decoded.ok) return decoded;
  const pdu = decodePdu(decoded.value);
  return pdu === undefined ? err({ kind: 'malformed', why: 'message' }) : ok(pdu);
}

/** `undefined` when a length does not agree with what is there, or the message is none that we know. */
export function decodePdu(userData: Uint8Array): Pdu | undefined {
  if (userData[0] !== DATA) return sessionPdu(userData);
  const reader = new ByteReader(userData.subarray(1));
  if (DATA_SESSION.some((byte) => reader.u8() !== byte)) return undefined;
  const type = reader.u16();
  if (reader.u16() !== reader.left) return undefined;
  switch (type) {
    case ROIV:
      return invoked(reader);
    case RORS:
      return result(reader, null);
    case ROLRS:
      return result(reader, { isLast: reader.u8() === LAST_PART, number: reader.u8() });
    case ROER:
      reader.u16();
      return ended(reader, { kind: 'error', code: reader.u16() });
    default:
      return undefined;
  }
}

/** Told by the first byte alone: the FCS was right, and no program agrees with another on the rest. */
const sessionPdu = (userData: Uint8Array): Pdu | undefined => SESSION_KINDS.get(userData[0] ?? 0);

const ended = (reader: ByteReader, pdu: Pdu): Pdu | undefined => (reader.isShort ? undefined : pdu);

function invoked(reader: ByteReader): Pdu | undefined {
  const invokeId = reader.u16();
  const command = reader.u16();
  if (reader.u16() !== reader.left) return undefined;
  if (command !== EVENT_REPORT) return ended(reader, { kind: 'other' });
  const objectClass = reader.u16();
  const echo = { invokeId, context: reader.u16(), handle: reader.u16(), time: reader.u32() };
  const type = reader.u16();
  if (reader.u16() !== reader.left) return undefined;
  if (objectClass !== MDS || type !== MDS_CREATE) return ended(reader, { kind: 'other' });
  reader.bytes(6);
  const attributes = attributesOf(reader);
  if (attributes === undefined) return undefined;
  return ended(reader, { kind: 'mds-create', echo, attributes });
}

function result(reader: ByteReader, part: LinkedPart | null): Pdu | undefined {
  reader.u16();
  const command = reader.u16();
  if (reader.u16() !== reader.left) return undefined;
  if (command !== ACTION) return ended(reader, { kind: 'other' });
  reader.bytes(6);
  const type = reader.u16();
  if (reader.u16() !== reader.left) return undefined;
  if (type !== SINGLE_POLL && type !== EXTENDED_POLL) return ended(reader, { kind: 'other' });
  reader.u16();
  const sequence = type === EXTENDED_POLL ? reader.u16() : null;
  const ticks = reader.u32();
  // Absolute time (FF bytes in every recorded reply) and partition.
  reader.bytes(10);
  const objectClass = reader.u16();
  reader.u16();
  const objects = objectsOf(reader);
  if (objects === undefined) return undefined;
  return ended(reader, { kind: 'poll', part, sequence, ticks, objectClass, objects });
}

function objectsOf(reader: ByteReader): readonly PolledObject[] | undefined {
  const objects: PolledObject[] = [];
  const contexts = reader.u16();
  const list = reader.part();
  for (let index = 0; index < contexts && !list.isShort; index += 1) {
    const context = list.u16();
    const count = list.u16();
    const inContext = list.part();
    for (let object = 0; object < count && !inContext.isShort; object += 1) {
      const handle = inContext.u16();
      const attributes = attributesOf(inContext);
      if (attributes === undefined) return undefined;
      objects.push({ context, handle, attributes });
    }
    if (inContext.isShort || inContext.left > 0) return undefined;
  }
  return list.isShort || list.left > 0 || reader.left > 0 ? undefined : objects;
}

function attributesOf(reader: ByteReader): ReadonlyMap<number, Uint8Array> | undefined {
  const attributes = new Map<number, Uint8Array>();
  const count = reader.u16();
  const list = reader.part();
  for (let index = 0; index < count && !list.isShort; index += 1) {
    const id = list.u16();
    attributes.set(id, list.bytes(list.u16()));
  }
  return list.isShort || list.left > 0 ? undefined : attributes;
}
