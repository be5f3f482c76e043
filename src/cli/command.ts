import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** One command of `infusewatch`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** Names of the positional arguments, all of them required unless in brackets. */
  readonly positionals: readonly string[];
  /** Resolves with the exit code. Throws {@link CliError} for what a person must mend. */
  run(args: CommandArgs): Promise<number>;
}

export interface CommandArgs {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** One plain sentence with the thing to do next; never printed with a stack trace. */
export class CliError extends Error {
  readonly exitCode: number;

  /** @param exitCode 2 for wrong usage, 1 for everything else */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function text(values: CommandArgs['values'], name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function required(values: CommandArgs['values'], name: string, why: string): string {
  const value = text(values, name);
  if (value === undefined || value === '') throw new CliError(`--${name} is missing: ${why}.`, 2);
  return value;
}

/** A whole number in a range, or a sentence that says so. */
export function wholeNumber(
  values: CommandArgs['values'],
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw new CliError(`--${name} ${value} is not a whole number from ${min} to ${max}.`, 2);
  }
  return number;
}

export function parseCommand(command: Command, argv: readonly string[]): CommandArgs {
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: command.options,
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CliError(`${reason} See: infusewatch ${command.name} --help`, 2);
  }
  const needed = command.positionals.filter((name) => !name.startsWith('['));
  if (
    parsed.positionals.length < needed.length ||
    parsed.positionals.length > command.positionals.length
  ) {
    throw new CliError(`Usage: ${command.usage}`, 2);
  }
  return parsed;
}
