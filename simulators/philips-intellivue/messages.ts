/** Messages of the monitor, built from the inside out, and what it understands of the host's. */

const u8 = (...values: number[]): Buffer => Buffer.from(values.map((value) => value & 0xff));

export function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value & 0xffff, 2 * index);
  });
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);
const sized = (part: Uint8Array): Buffer => join(u16(part.length), part);
/** Count, length, items. */
const listed = (items: readonly Uint8Array[]): Buffer =>
  join(u16(items.length), sized(join(...items)));

export const attribute = (id: number, value: Uint8Array): Buffer => join(u16(id), sized(value));

export type Request =
  | { readonly kind: 'associate' | 'release' | 'abort' | 'mds-result' }
  | {
      readonly kind: 'poll';
      readonly invokeId: number;
      readonly number: number;
      readonly objectClass: number;
      readonly group: number;
      /** Seconds that an extended poll shall go on; `null` for a single one. */
      readonly forS: number | null;
    }
  /** A get, a set or something else that this monitor is not asked by a listener. */
  | { readonly kind: 'forbidden' };

export function understood(data: Buffer): Request {
  switch (data[0]) {
    case 0x0d:
      return { kind: 'associate' };
    case 0x09:
      return { kind: 'release' };
    case 0x19:
      return { kind: 'abort' };
    case 0xe1:
      return data.length >= 14 ? called(data) : { kind: 'forbidden' };
    default:
      return { kind: 'forbidden' };
  }
}

function called(data: Buffer): Request {
  const type = data.readUInt16BE(4);
  const command = data.readUInt16BE(10);
  if (type === 2 && command === 1) return { kind: 'mds-result' };
  if (type !== 1 || command !== 7 || data.length < 36) return { kind: 'forbidden' };
  const action = data.readUInt16BE(24);
  if (action !== 0x0c16 && action !== 0xf13b) return { kind: 'forbidden' };
  return {
    kind: 'poll',
    invokeId: data.readUInt16BE(8),
    number: data.readUInt16BE(28),
    objectClass: data.readUInt16BE(32),
    group: data.readUInt16BE(34),
    forS: action === 0xf13b && data.length >= 48 ? data.readUInt32BE(44) / 8_000 : null,
  };
}

const ACCEPT_HEAD = Buffer.from(
  '0508130100160102800014020002' +
    'c1dc3180a0808001010000a280a003000001a580308080010081025101000030808001008106' +
    '0c2a8648ce140201000000010100000000618030800201' +
    '01a0806180a180060c2a8648ce14020100000003010000a203020100a305a103020100be80288002010281',
  'hex',
);

/** Agreed, with 0.5 s as the shortest poll period. */
export function acceptMessage(): Buffer {
  const profile = join(
    u32(0x8000_0000),
    u32(4_000),
    u32(996),
    u32(996),
    u32(0xffff_ffff),
    u32(0x6000_0000),
    listed([attribute(0xf001, join(u32(0x8c00_0000), u32(0)))]),
  );
  const user = join(
    u32(0x8000_0000),
    u32(0x4000_0000),
    u32(0),
    u32(0x0080_0000),
    u32(0x2000_0000),
    u32(0),
    listed([attribute(1, profile)]),
  );
  const rest = join(ACCEPT_HEAD, u8(user.length), user, Buffer.alloc(16));
  return join(u8(0x0e, rest.length), rest);
}

export const refuseMessage = (): Buffer => u8(0x0c, 4, 0x31, 0x80, 0, 0);
export const releasedMessage = (): Buffer => u8(0x0a, 4, 0x61, 0x80, 0, 0);
export const abortMessage = (): Buffer => u8(0x19, 4, 0x61, 0x80, 0, 0);

const data = (type: number, body: Uint8Array): Buffer => join(u16(0xe100, 2, type), sized(body));

export interface Introduction {
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly wallMs: number;
  readonly ticks: number;
}

/** The event by which a monitor says who it is; it has to be confirmed. */
export function mdsCreateMessage(told: Introduction): Buffer {
  const label = (text: string): Buffer => sized(Buffer.from(`${text}\0`, 'latin1'));
  const spec = (kind: number, text: string): Buffer => join(u16(kind, 8), label(text));
  const attributes = listed([
    attribute(0x0928, join(label('Philips'), label(told.model))),
    attribute(0x092d, listed([spec(1, told.serial), spec(4, told.firmware)])),
    attribute(0x0987, absoluteTime(told.wallMs)),
    attribute(0x098f, u32(told.ticks)),
    attribute(0x0935, u16(0)),
  ]);
  const info = join(u16(0x21, 0, 0), attributes);
  const event = join(u16(0x21, 0, 0), u32(told.ticks), u16(0x0d06), sized(info));
  return data(1, join(u16(1, 1), sized(event)));
}

/** Eight BCD bytes; the monitor has no time zone. */
export function absoluteTime(wallMs: number): Buffer {
  const iso = new Date(wallMs).toISOString();
  return Buffer.from(`${iso.slice(0, 19).replaceAll(/[^\d]/g, '')}${iso.slice(20, 22)}`, 'hex');
}

export interface PolledThing {
  readonly handle: number;
  readonly attributes: readonly Uint8Array[];
}

export interface Answer {
  readonly invokeId: number;
  readonly number: number;
  readonly objectClass: number;
  readonly group: number;
  /** `null` answers a single poll. */
  readonly sequence: number | null;
  readonly ticks: number;
  readonly things: readonly PolledThing[];
}

/** Things in one reply, so that a reply stays below what the line carries at once. */
const PER_REPLY = 5;

/** Linked parts and an empty end, or one reply when it fits; as the recorded monitor does. */
export function answerMessages(answer: Answer): readonly Buffer[] {
  const { things } = answer;
  if (things.length <= PER_REPLY) return [data(2, replyBody(answer, things))];
  const count = Math.ceil(things.length / PER_REPLY);
  const parts = Array.from({ length: count }, (_, index) => {
    const state = index === 0 ? 1 : index === count - 1 ? 3 : 2;
    const some = things.slice(index * PER_REPLY, (index + 1) * PER_REPLY);
    return data(5, join(u8(state, index + 1), replyBody(answer, some)));
  });
  return [...parts, data(2, replyBody(answer, []))];
}

function replyBody(answer: Answer, things: readonly PolledThing[]): Buffer {
  const { invokeId, number, objectClass, group, sequence, ticks } = answer;
  const polled = things.map(({ handle, attributes }) => join(u16(handle), listed(attributes)));
  const contexts = polled.length === 0 ? [] : [join(u16(1), listed(polled))];
  const action = sequence === null ? 0x0c16 : 0xf13b;
  const result = join(
    u16(number),
    sequence === null ? Buffer.alloc(0) : u16(sequence),
    u32(ticks),
    Buffer.alloc(8, 0xff),
    u16(1, objectClass, group),
    listed(contexts),
  );
  return join(u16(invokeId, 7), sized(join(u16(0x21, 0, 0, action), sized(result))));
}

/** "No such action", to a poll that this monitor does not know. */
export const errorMessage = (invokeId: number): Buffer => data(3, u16(invokeId, 9, 0));
