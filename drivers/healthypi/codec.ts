import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** What the board sends. See PROTOCOL.md, "Payloads". */
export type Packet = PacketV4 | EcgV5 | PpgV5 | { readonly kind: 'v5-old' };

/** v4: one sample of each curve and what the board has computed. */
export interface PacketV4 {
  readonly kind: 'v4';
  readonly ecg: number;
  readonly respiration: number;
  /** 0 = not known, leads off. */
  readonly heartRate: number;
  readonly respirationRate: number;
  readonly spo2: number;
  /** By the front end's own bits; they may never rise (PROTOCOL.md, "What cannot be believed"). */
  readonly isLeadsOff: boolean;
  readonly isSimulated: boolean;
}

export interface EcgV5 {
  readonly kind: 'v5-ecg';
  /** Counts of an 18-bit converter. */
  readonly ecg: readonly number[];
}

export interface PpgV5 {
  readonly kind: 'v5-ppg';
  readonly ppg: readonly number[];
  readonly isSimulated: boolean;
}

export interface PacketError {
  readonly kind: 'malformed';
}

const PAYLOAD_AT = 5;
/** What v4 sends where a blood pressure would be: always the same. */
const FAKE_PRESSURE = [80, 120] as const;
/** The same place in a simulated board. */
const MARK = [0x53, 0x49] as const;
const LEADS_OFF_BITS = 0x1f;

/** One frame from its start bytes to its end bytes. */
export function decodeHealthyPi(frame: Uint8Array): Result<Packet, PacketError> {
  if (frame.length < PAYLOAD_AT + 2 || frame.at(-2) !== 0x00 || frame.at(-1) !== 0x0b) {
    return err({ kind: 'malformed' });
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const length = view.getUint16(2, true);
  if (view.getUint16(0) !== 0x0afa || frame.length !== PAYLOAD_AT + length + 2) {
    return err({ kind: 'malformed' });
  }
  switch (`${view.getUint8(4)}/${length}`) {
    case '2/20':
      return packetV4(view);
    case '2/22':
      return ok({ kind: 'v5-old' });
    case '3/50':
      return ok({
        kind: 'v5-ecg',
        ecg: eight((index) => view.getInt32(PAYLOAD_AT + 4 * index, true)),
      });
    case '4/19':
      return ppgV5(view);
    default:
      return err({ kind: 'malformed' });
  }
}

/** There is no checksum: the two constant bytes are the only ones whose value is known. */
function packetV4(view: DataView): Result<PacketV4, PacketError> {
  const u8 = (at: number): number => view.getUint8(PAYLOAD_AT + at);
  const isSimulated = isPair([u8(17), u8(18)], MARK);
  if (!isSimulated && !isPair([u8(17), u8(18)], FAKE_PRESSURE)) return err({ kind: 'malformed' });
  return ok({
    kind: 'v4',
    ecg: view.getInt16(PAYLOAD_AT, true),
    respiration: view.getInt16(PAYLOAD_AT + 2, true),
    respirationRate: u8(14),
    spo2: u8(15),
    heartRate: u8(16),
    isLeadsOff: (u8(19) & LEADS_OFF_BITS) !== 0,
    isSimulated,
  });
}

/** The firmware writes the same byte of the temperature twice, so two different ones are no frame of it. */
function ppgV5(view: DataView): Result<PpgV5, PacketError> {
  const temperature = [view.getUint8(PAYLOAD_AT + 17), view.getUint8(PAYLOAD_AT + 18)] as const;
  const isSimulated = isPair(temperature, MARK);
  if (!isSimulated && temperature[0] !== temperature[1]) return err({ kind: 'malformed' });
  const ppg = eight((index) => view.getInt16(PAYLOAD_AT + 2 * index, true));
  return ok({ kind: 'v5-ppg', ppg, isSimulated });
}

const eight = (at: (index: number) => number): readonly number[] =>
  Array.from({ length: 8 }, (_, index) => at(index));

const isPair = (found: readonly [number, number], wanted: readonly [number, number]): boolean =>
  found[0] === wanted[0] && found[1] === wanted[1];

/** The board sends by itself: nothing is ever written to it. */
export const healthyPiQueries = queryList({});
