import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError, type Command, required } from '../command.ts';

/** The simulators stay a process of their own: a blocked pseudo-terminal must block nobody else. */
export const simulateCommand: Command = {
  name: 'simulate',
  summary: "Simulated devices alone; prints each device's port path",
  usage: 'infusewatch simulate --ward FILE',
  options: { ward: { type: 'string' } },
  positionals: [],
  async run({ values }) {
    const ward = required(values, 'ward', 'give the file that describes the simulated devices');
    if (!existsSync(ward))
      throw new CliError(`${ward} does not exist; see docs/simulators.md for an example.`);
    const main = fileURLToPath(new URL('../../../simulators/host/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, ward], { stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 0;
  },
};
