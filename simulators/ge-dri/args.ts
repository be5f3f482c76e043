/** Options and arguments come from files and sockets: each is checked and named when it is unfit. */
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

export function booleanArg(what: string, args: Args, name: string, otherwise?: boolean): boolean {
  const value = args[name] ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new Error(`${what}: ${name} must be true or false`);
}

export function textArg(what: string, args: Args, name: string, maxLength: number): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '' && value.length <= maxLength) return value;
  throw new Error(`${what}: ${name} must be a text of at most ${maxLength} letters`);
}

export function choiceArg<T extends string>(
  what: string,
  args: Args,
  name: string,
  choice: readonly T[],
): T {
  const value = choice.find((one) => one === args[name]);
  if (value !== undefined) return value;
  throw new Error(`${what}: ${name} must be one of ${choice.join(', ')}`);
}
