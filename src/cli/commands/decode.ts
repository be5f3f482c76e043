import { readFileSync } from 'node:fs';
import { driverById } from '../../../drivers/index.ts';
import { framerFor } from '../../port/line-framer.ts';
import { CliError, type Command, required } from '../command.ts';

/** A developer's tool: what a driver makes of bytes, without a port. */
export const decodeCommand: Command = {
  name: 'decode',
  summary: 'Raw or hex bytes in, frames and observations out (JSON lines)',
  usage: 'infusewatch decode --driver ID [--hex] [FILE]   (standard input without FILE)',
  options: { driver: { type: 'string' }, hex: { type: 'boolean' } },
  positionals: ['[FILE]'],
  async run({ values, positionals: [file] }) {
    const id = required(values, 'driver', 'name the driver that shall read the bytes');
    const driver = driverById.get(id);
    if (driver === undefined) {
      throw new CliError(
        `There is no driver "${id}"; known: ${[...driverById.keys()].join(', ')}.`,
        2,
      );
    }
    const bytes = read(file, values['hex'] === true);
    const options = driver.options.safeParse({});
    const session = driver.session(options.success ? options.data : {}, []);
    const framer = framerFor(driver.framing);
    // Nobody asks here, so a session that matches answers to its questions reports them as unexpected;
    // each frame is therefore shown raw as well.
    let state = session.step(session.initial, { kind: 'opened', atMs: 0 }).state;
    for (const frame of framer.feed(bytes)) {
      const step = session.step(state, { kind: 'frame', atMs: 0, frame });
      state = step.state;
      process.stdout.write(
        `${JSON.stringify({ frame: Buffer.from(frame).toString('hex'), events: step.events })}\n`,
      );
    }
    process.stderr.write(`${framer.droppedBytes()} bytes were no frame\n`);
    return 0;
  },
};

function read(file: string | undefined, isHex: boolean): Uint8Array {
  let raw: Buffer;
  try {
    raw = readFileSync(file ?? 0);
  } catch {
    throw new CliError(`${file ?? 'standard input'} cannot be read; give a file with the bytes.`);
  }
  if (!isHex) return raw;
  const digits = raw.toString('latin1').replace(/[\s,]|0x/gi, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits))
    throw new CliError('That is not hex: pairs of 0-9 and a-f are expected.');
  return Buffer.from(digits, 'hex');
}
