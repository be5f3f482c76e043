import { crc16Xmodem } from '../../src/driver/kit/crc16.ts';
import { err, ok, type Result } from '../../src/driver/kit/result.ts';
import { queryList } from '../../src/driver/query-bytes.ts';

/** One reply: whose it is, and the binary command, if it carries one. See PROTOCOL.md, "Frame". */
export interface TerumoReply {
  readonly devid: string;
  readonly command: TerumoCommand | null;
}

/** A decoded CMD element of a reply. */
export interface TerumoCommand {
  /** As in the request that is answered, 00 to 7E. */
  readonly sequence: number;
  readonly command: number;
  readonly subcommand: number;
  /** 00 is "ok"; with any other the rest means nothing. */
  readonly result: number;
  /** The whole binary command, so that positions are those of the document. */
  readonly bytes: Uint8Array;
}

export interface TerumoFrameError {
  readonly kind: 'malformed' | 'checksum';
}

const DECLARATION = '<?xml version="1.0"?>';
/**
 * A fixed pattern and no XML library, as the manufacturer advises: no blanks, no line breaks, no entities,
 * one order of elements. What does not fit is no reply.
 */
const REPLY =
  /^<\?xml version="1\.0"\?><REP><DEVID>([0-9A-Z]{24})<\/DEVID>(?:<CMD>([0-9A-Za-z+/]+={0,2})<\/CMD>)?<\/REP>$/;
/** Only finds the name; whether the rest is a question is found out by making it again. */
const NAMED = /<DEVID>([0-9A-Z]{24})<\/DEVID><CMD>([0-9A-Za-z+/]{6}==)<\/CMD>/;
const CRC_DIGITS = 4;
/** Sequence, command, subcommand (2), result. */
const HEADER_BYTES = 5;

/** The frame between STX and ETX: XML text and four digits of CRC. */
export function decodeTerumo(frame: Uint8Array): Result<TerumoReply, TerumoFrameError> {
  const text = latin1Text(frame);
  const xml = text.slice(0, -CRC_DIGITS);
  const received = text.slice(-CRC_DIGITS);
  if (!/^[0-9A-F]{4}$/.test(received)) return err({ kind: 'malformed' });
  if (received !== crcDigits(xml)) return err({ kind: 'checksum' });
  const [, devid, base64] = REPLY.exec(xml) ?? [];
  if (devid === undefined) return err({ kind: 'malformed' });
  if (base64 === undefined) return ok({ devid, command: null });
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  // Only the one spelling that these bytes have, so that no stray bit goes unnoticed.
  if (toBase64(bytes) !== base64 || bytes.length < HEADER_BYTES) return err({ kind: 'malformed' });
  const view = new DataView(bytes.buffer);
  return ok({
    devid,
    command: {
      sequence: view.getUint8(0),
      command: view.getUint8(1),
      subcommand: view.getUint16(2),
      result: view.getUint8(4),
      bytes,
    },
  });
}

/** Basic operating status: the only command that is published, and the only one that we know. */
export const STATUS_COMMAND = 0x01;
export const STATUS_SUBCOMMAND = 0x0000;
/** Numbers above are those of a rack, or reserved. */
export const SEQUENCE_MAX = 0x7e;

/** The mark of a simulated pump: letters in a number that consists of digits. */
export const isSimulated = (devid: string): boolean => devid.startsWith('SIM');

const DEVID = /^[0-9A-Z]{24}$/;
const STATUS_NAME = /^([0-9A-Z]{24})\/([0-9A-F]{2})$/;

/** How the family of status questions names one: the pump's DEVID and the sequence number in hex. */
export const statusName = (devid: string, sequence: number): string =>
  `${devid}/${sequence.toString(16).toUpperCase().padStart(2, '0')}`;

/** The question for the basic operating status. Nothing but pump and sequence number can be put into it. */
function statusQuestion(name: string): Uint8Array {
  const [, devid = '', digits = ''] = STATUS_NAME.exec(name) ?? [];
  const sequence = Number.parseInt(digits, 16);
  if (!DEVID.test(devid) || !(sequence <= SEQUENCE_MAX)) {
    throw new Error(`${name} is not DEVID/sequence: 24 digits or capitals, then 00 to 7E`);
  }
  const command = Uint8Array.of(sequence, STATUS_COMMAND, STATUS_SUBCOMMAND >> 8, 0);
  return framed(`<REQ><DEVID>${devid}</DEVID><CMD>${toBase64(command)}</CMD></REQ>`);
}

function readStatusQuestion(bytes: Uint8Array): string | undefined {
  const [, devid, base64 = ''] = NAMED.exec(latin1Text(bytes)) ?? [];
  const sequence = Buffer.from(base64, 'base64')[0];
  return devid === undefined || sequence === undefined ? undefined : statusName(devid, sequence);
}

export type TerumoQuery = 'id' | 'status';

/** Everything that this driver may ever send: who are you, and how are you. */
export const terumoQueries = queryList<'id', 'status'>(
  { id: framed('<REQ><DEVID></DEVID></REQ>') },
  {
    status: {
      build: statusQuestion,
      read: readStatusQuestion,
      example: statusName('000100700000001901000042', 1),
    },
  },
);

/** Not exported: only the two questions above are ever framed. */
function framed(element: string): Uint8Array {
  const xml = DECLARATION + element;
  return Uint8Array.from(Buffer.from(`\x02${xml}${crcDigits(xml)}\x03`, 'latin1'));
}

function crcDigits(xml: string): string {
  const crc = crc16Xmodem(Uint8Array.from(Buffer.from(xml, 'latin1')));
  return crc.toString(16).toUpperCase().padStart(CRC_DIGITS, '0');
}

function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
