/** Bytes that may be written to a device. Only {@link queryList} makes them. */
export type QueryBytes = Uint8Array & { readonly [brand]: true };
declare const brand: unique symbol;

/**
 * The closed list of what a driver may ever say to its device. InfuseWatch only watches: a list
 * holds questions, never a command that changes delivery (a cuff module without a panel may be told to
 * measure, where the site allows it). The port checks every write against it.
 */
export interface QueryList {
  /** True when these exact bytes are on the list. */
  has(bytes: Uint8Array): boolean;
  /** Which question they are; `undefined` when they are not on the list. */
  nameOf(bytes: Uint8Array): string | undefined;
  /** Each question with its bytes; of a family those with the example. */
  readonly all: readonly { readonly name: string; readonly bytes: QueryBytes }[];
}

/**
 * A question that names whom it asks (a bed id, an address, a sequence number). Its bytes are on the
 * list when, and only when, `build` makes just them from what `read` found in them, so that nothing
 * but the name can differ.
 */
export interface QueryFamily {
  /** The wire bytes for one name. Throws for a name that is not one. */
  readonly build: (name: string) => Uint8Array;
  /** The name in such bytes, whatever else they hold; `undefined` when there is none. */
  readonly read: (bytes: Uint8Array) => string | undefined;
  /** A name, for lists and tests. */
  readonly example: string;
}

/** Makes the closed list; `get` is the only way to obtain bytes that a port will send. */
export function queryList<Name extends string, Family extends string = never>(
  queries: Readonly<Record<Name, Uint8Array>>,
  families: Readonly<Record<Family, QueryFamily>> = {} as Readonly<Record<Family, QueryFamily>>,
): QueryList & { get(name: Name): QueryBytes; of(family: Family, name: string): QueryBytes } {
  const sealed = new Map<string, QueryBytes>();
  const known = new Map<string, string>();
  for (const [name, bytes] of Object.entries<Uint8Array>(queries)) {
    sealed.set(name, Uint8Array.from(bytes) as QueryBytes);
    known.set(hex(bytes), name);
  }
  const listed = Object.entries<QueryFamily>(families);
  const familyOf = (bytes: Uint8Array): string | undefined =>
    listed.find(([, family]) => isOf(family, bytes))?.[0];
  const nameOf = (bytes: Uint8Array): string | undefined =>
    known.get(hex(bytes)) ?? familyOf(bytes);
  return {
    has: (bytes) => nameOf(bytes) !== undefined,
    nameOf,
    all: [
      ...[...sealed].map(([name, bytes]) => ({ name, bytes })),
      ...listed.map(([name, { build, example }]) => ({
        name,
        bytes: Uint8Array.from(build(example)) as QueryBytes,
      })),
    ],
    get(name) {
      const bytes = sealed.get(name);
      if (bytes === undefined) throw new Error(`query ${name} is not on the driver's list`);
      return bytes;
    },
    of(family, name) {
      const bytes = families[family]?.build(name);
      if (bytes === undefined) throw new Error(`query ${family} is not on the driver's list`);
      return Uint8Array.from(bytes) as QueryBytes;
    },
  };
}

function isOf({ build, read }: QueryFamily, bytes: Uint8Array): boolean {
  const name = read(bytes);
  if (name === undefined) return false;
  try {
    return hex(build(name)) === hex(bytes);
  } catch {
    return false;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
