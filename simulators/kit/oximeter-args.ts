/** Options and arguments of the simulated oximeters: each is checked and named when it is unfit. */
export type Args = Readonly<Record<string, unknown>>;

export function onlyKnown(what: string, args: Args, known: readonly string[]): void {
  const unknown = Object.keys(args).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const choice = known.length === 0 ? 'it takes none' : `it knows ${known.join(', ')}`;
  throw new Error(`${what}: unknown argument ${unknown}; ${choice}`);
}

export function numberArg(
  what: string,
  args: Args,
  name: string,
  [min, max]: readonly [min: number, max: number],
  otherwise?: number,
): number {
  const value = args[name] ?? otherwise;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new Error(`${what}: ${name} must be a number from ${min} to ${max}`);
}

/** The only argument `on`, true or false. */
export function onOff(what: string, args: Args): boolean {
  onlyKnown(what, args, ['on']);
  if (typeof args['on'] === 'boolean') return args['on'];
  throw new Error(`${what}: on must be true or false`);
}

/** Runs a command from a table; one that is not in it is named. */
export function runCommand(
  what: string,
  commands: Readonly<Record<string, (args: Args) => void>>,
  name: string,
  args: Args,
): void {
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (run === undefined) {
    const known = Object.keys(commands).join(', ');
    throw new Error(`${what} does not know the command ${name}; it knows ${known}`);
  }
  run(args);
}
