import type { SyringePump } from './pump.ts';

/**
 * The protocol from the pump's side, written apart from the driver's codec on purpose: two programs that
 * share a mistake agree with each other.
 */

const STX = 0x02;
const ETX = 0x03;
const PACKET_MAX = 2_048;
const HEAD = '<?xml version="1.0"?>';

/** CRC-16, polynomial 1021, start 0, not reflected, bit by bit. */
export function packetChecksum(text: string): string {
  let crc = 0;
  for (let index = 0; index < text.length; index++) {
    const byte = text.charCodeAt(index) & 0xff;
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const carry = (crc & 0x8000) !== 0;
      const bit = (byte & mask) !== 0;
      crc = (crc << 1) & 0xffff;
      if (carry !== bit) crc ^= 0x1021;
    }
  }
  return `000${crc.toString(16).toUpperCase()}`.slice(-4);
}

/** A packet with STX, checksum and ETX. */
export function packet(xml: string): Uint8Array {
  const body = `${String.fromCharCode(STX)}${xml}${packetChecksum(xml)}`;
  return Uint8Array.from(Buffer.from(`${body}${String.fromCharCode(ETX)}`, 'latin1'));
}

/** A reply; without a command it only says who the pump is. */
export function reply(devid: string, command?: readonly number[]): Uint8Array {
  const cmd = command === undefined ? '' : `<CMD>${Buffer.from(command).toString('base64')}</CMD>`;
  return packet(`${HEAD}<REP><DEVID>${devid}</DEVID>${cmd}</REP>`);
}

/** XML text of a request whose checksum is right, or that there was something else. */
export type Heard = { readonly xml: string } | 'garbled';

/** Collects packets from bytes in any split. Holds at most one. */
export class PacketEar {
  #packet: number[] | null = null;

  hear(bytes: Uint8Array): readonly Heard[] {
    const heard: Heard[] = [];
    for (const byte of bytes) {
      if (byte === STX) {
        if (this.#packet !== null) heard.push('garbled');
        this.#packet = [];
      } else if (byte === ETX) {
        heard.push(
          this.#packet === null ? 'garbled' : opened(String.fromCharCode(...this.#packet)),
        );
        this.#packet = null;
      } else if (this.#packet !== null && this.#packet.push(byte) > PACKET_MAX) this.#packet = null;
    }
    return heard;
  }
}

function opened(text: string): Heard {
  const xml = text.slice(0, -4);
  return text.slice(-4) === packetChecksum(xml) ? { xml } : 'garbled';
}

/** A request, taken apart. */
export interface Request {
  /** Empty: whoever hears it. */
  readonly devid: string;
  readonly command: readonly number[] | null;
}

/** `undefined` for XML that is not a request. */
export function parseRequest(xml: string): Request | undefined {
  if (!xml.startsWith(`${HEAD}<REQ><DEVID>`) || !xml.endsWith('</REQ>')) return undefined;
  const inner = xml.slice(`${HEAD}<REQ><DEVID>`.length, -'</REQ>'.length);
  const [devid = '', rest, more] = inner.split('</DEVID>');
  if (rest === undefined || more !== undefined || devid.includes('<')) return undefined;
  if (rest === '') return { devid, command: null };
  if (!rest.startsWith('<CMD>') || !rest.endsWith('</CMD>')) return undefined;
  const base64 = rest.slice('<CMD>'.length, -'</CMD>'.length);
  return base64.includes('<') ? undefined : { devid, command: [...Buffer.from(base64, 'base64')] };
}

/** How the pump is set up, beside what it does. */
export interface Face {
  readonly devid: string;
  /** Four hex digits. */
  readonly software: string;
  readonly model: 'TE-SS730' | 'TE-SS830' | 'TE-SS830P';
  readonly doseMode: 'mL/h' | 'ug/kg/min' | 'mg/kg/h';
  readonly doseRate: number;
  readonly weightKg: number | null;
  readonly dilution: number | null;
  readonly infiniteVtbi: boolean;
  readonly mains: boolean;
  readonly batteryBars: number;
  readonly subBatteryOk: boolean;
  /** The variant that no sample rules out: the state in the lower four bits. */
  readonly stateInLowNibble: boolean;
  /** Alarm bits that are reserved, set on top. */
  readonly reservedBits: readonly number[];
}

export const ALARM_BITS: Readonly<Record<string, number>> = {
  'shutdown-notice': 0,
  'link-interruption': 1,
  completion: 2,
  occlusion: 3,
  'syringe-displacement': 4,
  'plunger-displacement': 5,
  'slider-displacement': 6,
  'barrel-detection': 7,
  'nearly-empty': 8,
  'power-failure': 13,
  'ac-power': 15,
  'no-flow-rate': 16,
  'rate-vtbi-judgment': 17,
  'no-vtbi': 18,
  battery: 19,
  'start-reminder': 20,
  pressure: 21,
  'maintenance-timer': 22,
  'battery-replacement': 23,
};

const STATES = ['stop', 'start', 'standby', 'purge', 'hands-on-bolus', 'hands-free-bolus'];
const DOSE_UNITS = { 'mL/h': 0, 'ug/kg/min': 4, 'mg/kg/h': 8 } as const;

/** The data of the basic operating status, as they follow the result byte. */
export function statusData(pump: SyringePump, face: Face): readonly number[] {
  const state = STATES.indexOf(pump.state);
  const bits = [...[...pump.alarms].map((name) => ALARM_BITS[name] ?? 0), ...face.reservedBits];
  const { isSyringeIn } = pump;
  return [
    ...big(Number.parseInt(face.software, 16), 2),
    face.stateInLowNibble ? state : state * 16,
    face.model === 'TE-SS830P' ? 0x10 : 0,
    0,
    ...big(
      bits.reduce((sum, bit) => sum + 2 ** bit, 0),
      3,
    ),
    face.batteryBars + (face.mains ? 0x10 : 0) + (face.subBatteryOk ? 0x40 : 0x80),
    Math.min(3, Math.floor(pump.pressure * 4)) +
      (pump.isSounding ? 0x08 : 0) +
      (isSyringeIn ? 0 : 0x20) +
      (face.model === 'TE-SS730' ? 0x40 : 0),
    isSyringeIn ? 6 : 0,
    ...big(pump.rateMlPerH * 100, 3),
    ...big(Math.floor(pump.deliveredMl * 100 + 1e-6), 3),
    ...vtbi(pump.vtbiLeftMl, face.infiniteVtbi),
    ...big(face.doseRate * 100, 3),
    DOSE_UNITS[face.doseMode],
    ...(face.weightKg === null ? [0xff, 0xff] : big(face.weightKg * 10, 2)),
    ...big((face.dilution ?? 0) * 100, 3),
    ...(face.model === 'TE-SS830P' ? Array.from({ length: 53 }, (_, at) => (at * 37) & 0xff) : []),
  ];
}

function vtbi(leftMl: number | null, isInfinite: boolean): readonly number[] {
  if (isInfinite) return [0xff, 0xff, 0xff];
  return leftMl === null ? [0xee, 0xee, 0xee] : big(leftMl * 10, 3);
}

/** A whole number, highest byte first. */
function big(value: number, bytes: number): readonly number[] {
  const whole = Math.round(value);
  return Array.from(
    { length: bytes },
    (_, at) => Math.floor(whole / 256 ** (bytes - 1 - at)) & 255,
  );
}
