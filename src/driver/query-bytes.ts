/** Bytes that may be written to a device. Only {@link queryList} makes them. */
export type QueryBytes = Uint8Array & { readonly [brand]: true };
declare const brand: unique symbol;

/**
 * The closed list of what a driver may ever say to its device. InfuseWatch only watches: a list
 * holds questions, never a command that changes delivery. The port checks every write against it.
 */
export interface QueryList {
  /** True when these exact bytes are on the list. */
  has(bytes: Uint8Array): boolean;
  readonly all: readonly { readonly name: string; readonly bytes: QueryBytes }[];
}

/** Makes the closed list; `get` is the only way to obtain bytes that a port will send. */
export function queryList<Name extends string>(
  queries: Readonly<Record<Name, Uint8Array>>,
): QueryList & { get(name: Name): QueryBytes } {
  const sealed = new Map<string, QueryBytes>();
  const known = new Set<string>();
  for (const [name, bytes] of Object.entries<Uint8Array>(queries)) {
    sealed.set(name, Uint8Array.from(bytes) as QueryBytes);
    known.add(hex(bytes));
  }
  return {
    has: (bytes) => known.has(hex(bytes)),
    all: [...sealed].map(([name, bytes]) => ({ name, bytes })),
    get(name) {
      const bytes = sealed.get(name);
      if (bytes === undefined) throw new Error(`query ${name} is not on the driver's list`);
      return bytes;
    },
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
