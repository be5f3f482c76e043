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

export function numberOrNone(
  what: string,
  args: Args,
  name: string,
  range: readonly [min: number, max: number],
): number | null {
  return args[name] === undefined || args[name] === null
    ? null
    : numberArg(what, args, name, range);
}

export function booleanArg(what: string, args: Args, name: string, otherwise?: boolean): boolean {
  const value = args[name] ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new Error(`${what}: ${name} must be true or false`);
}

/** Text that can stand in a value: no control characters. */
export function textArg(what: string, args: Args, name: string, otherwise?: string): string {
  const value = args[name] ?? otherwise;
  if (typeof value === 'string' && /^\P{Cc}{1,60}$/u.test(value)) return value;
  throw new Error(`${what}: ${name} must be 1 to 60 characters`);
}

export function choiceArg<T extends string>(
  what: string,
  args: Args,
  name: string,
  choice: readonly T[],
  otherwise?: T,
): T {
  const value = args[name] ?? otherwise;
  const found = choice.find((one) => one === value);
  if (found !== undefined) return found;
  throw new Error(`${what}: ${name} must be ${choice.join(' or ')}`);
}

export function textsArg(what: string, args: Args, name: string): readonly string[] {
  const value = args[name] ?? [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new Error(`${what}: ${name} must be a list of texts`);
}
