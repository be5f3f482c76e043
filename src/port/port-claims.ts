/**
 * Which device node belongs to whom inside this gateway. Two devices must never talk on one line,
 * and a device that searches for its re-plugged adapter must not take its neighbour's.
 */
export interface PortClaims {
  /** Takes a node (its real path) until the returned function is called; `undefined` when another has it. */
  take(realPath: string, owner: string): (() => void) | undefined;
  /** Who has the node, if anybody. */
  holder(realPath: string): string | undefined;
  /** Notes the path that the configuration gives to an owner, so that no search by others takes it. */
  reserve(path: string, owner: string): void;
  /** The paths reserved by everybody but this owner. */
  reservedByOthers(owner: string): readonly string[];
}

/** One table for the whole gateway, made by the composition root. */
export function portClaims(): PortClaims {
  const holders = new Map<string, string>();
  const reserved = new Map<string, string>();
  return {
    take(realPath, owner) {
      if (holders.has(realPath)) return undefined;
      holders.set(realPath, owner);
      let held = true;
      return () => {
        if (held) holders.delete(realPath);
        held = false;
      };
    },
    holder: (realPath) => holders.get(realPath),
    reserve(path, owner) {
      reserved.set(owner, path);
    },
    reservedByOthers: (owner) =>
      [...reserved].filter(([by]) => by !== owner).map(([, path]) => path),
  };
}
