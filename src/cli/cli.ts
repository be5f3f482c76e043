import { CliError, type Command, parseCommand } from './command.ts';
import { captureCommand } from './commands/capture.ts';
import { checkConfigCommand } from './commands/check-config.ts';
import { checkOrderCommand } from './commands/check-order.ts';
import { decodeCommand } from './commands/decode.ts';
import { devicesCommand } from './commands/devices.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { userCommand } from './commands/user.ts';
import { verifyLogCommand } from './commands/verify-log.ts';

const COMMANDS: readonly Command[] = [
  serveCommand,
  checkConfigCommand,
  checkOrderCommand,
  userCommand,
  simulateCommand,
  devicesCommand,
  captureCommand,
  replayCommand,
  decodeCommand,
  verifyLogCommand,
];

/** Runs one command line; resolves with the exit code (0 well, 1 failed, 2 wrong usage). */
export async function run(argv: readonly string[]): Promise<number> {
  // `| head` has seen enough: nobody is there to be told.
  process.stdout.on('error', () => process.exit(0));
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    fail(`There is no command "${name}". See: infusewatch --help`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    out(`${command.summary}\n\nUsage: ${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(parseCommand(command, rest));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    fail(error.message);
    return error.exitCode;
  }
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `infusewatch: watches infusions, never touches a pump\n\n${lines.join('\n')}\n\nEach has --help.\n`;
}

const out = (message: string): void => {
  process.stdout.write(message);
};
const fail = (message: string): void => {
  process.stderr.write(`infusewatch: ${message}\n`);
};
