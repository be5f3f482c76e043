import { existsSync, readFileSync } from 'node:fs';
import { driverById } from '../../../drivers/index.ts';
import { decodeBytes } from '../../assembly/decode-bytes.ts';
import { decodeCapture } from '../../assembly/decode-capture.ts';
import type { Driver } from '../../driver/contract.ts';
import type { DriverProof } from '../../driver/proof.ts';
import { CAPTURE_FORMAT, CaptureError, readCapture } from '../../port/capture-format.ts';
import { CliError, type Command, type CommandArgs, text } from '../command.ts';

/** A developer's tool: what a driver makes of bytes, without a port. */
export const decodeCommand: Command = {
  name: 'decode',
  summary: 'Raw bytes, hex or a capture file in, frames and observations out (JSON lines)',
  usage: `infusewatch decode --driver ID [--hex|--raw] [FILE]   (standard input without FILE)

One JSON line for each frame: its bytes, the verdict (accepted, checksum, malformed, unexpected), what it says, and the
values, states and alarms that follow. A reply is matched to the question that it answers. Hex (pairs of digits; blanks,
line ends, commas and 0x do not matter) is recognised by itself.
A capture file needs no --driver; it is run with its own times, and each line holds what followed at one moment.

  --hex, --raw    take the input as hex, or as bytes, whatever it looks like`,
  options: {
    driver: { type: 'string' },
    hex: { type: 'boolean' },
    raw: { type: 'boolean' },
  },
  positionals: ['[FILE]'],
  async run({ values, positionals: [file] }) {
    const isHex = values['hex'] === true;
    const isRaw = values['raw'] === true;
    if (isHex && isRaw) throw new CliError('--hex and --raw exclude each other; give one.', 2);
    const named = namedDriver(values);
    const input = read(file);
    if (!isHex && !isRaw && file !== undefined && isCapture(input)) return decodeFile(file, named);
    if (named === undefined)
      throw new CliError('--driver is missing: name the driver that shall read the bytes.', 2);
    const bytes = isHex ? fromHex(input) : isRaw ? input : (hexIn(input) ?? input);
    const proof = await proofOf(named);
    const { frames, droppedBytes } = decodeBytes(named, bytes, proof?.decode);
    for (const frame of frames) process.stdout.write(`${JSON.stringify(frame)}\n`);
    process.stderr.write(`${frames.length} frames; ${droppedBytes} bytes were part of none\n`);
    return 0;
  },
};

function namedDriver(values: CommandArgs['values']): Driver | undefined {
  const id = text(values, 'driver');
  return id === undefined ? undefined : driverOf(id, 2);
}

function driverOf(id: string, exitCode: number): Driver {
  const driver = driverById.get(id);
  if (driver !== undefined) return driver;
  throw new CliError(
    `There is no driver "${id}"; known: ${[...driverById.keys()].join(', ')}.`,
    exitCode,
  );
}

function decodeFile(file: string, named: Driver | undefined): number {
  try {
    const capture = readCapture(file);
    const driver = named ?? driverOf(capture.header.driver, 1);
    decodeCapture(driver, file, capture, (moment) =>
      process.stdout.write(`${JSON.stringify(moment)}\n`),
    );
    return 0;
  } catch (error) {
    if (error instanceof CaptureError) throw new CliError(`${error.message}.`);
    throw error;
  }
}

/** Beside the driver, for tests and for this; the gateway never loads it. */
async function proofOf({ id }: Driver): Promise<DriverProof | undefined> {
  const module = new URL(`../../../drivers/${id}/conformance.ts`, import.meta.url);
  if (!existsSync(module)) return undefined;
  const { proof } = (await import(module.href)) as { readonly proof?: DriverProof };
  return proof;
}

function read(file: string | undefined): Buffer {
  try {
    return readFileSync(file ?? 0);
  } catch {
    throw new CliError(`${file ?? 'standard input'} cannot be read; give a file with the bytes.`);
  }
}

const isCapture = (input: Buffer): boolean =>
  input.subarray(0, 200).toString('latin1').includes(`"format":"${CAPTURE_FORMAT}"`);

/** Bytes of a text that is nothing but pairs of hex digits; `undefined` for anything else. */
function hexIn(input: Buffer): Buffer | undefined {
  const digits = input.toString('latin1').replace(/0x|[\s,]/gi, '');
  return /^(?:[0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

function fromHex(input: Buffer): Buffer {
  const bytes = hexIn(input);
  if (bytes !== undefined) return bytes;
  throw new CliError('That is not hex: pairs of 0-9 and a-f are expected.');
}
