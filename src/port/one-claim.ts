import type { PortClaims } from './port-claims.ts';

/** Claims for somebody who opens one port again and again: tells when the last one is free. */
export interface OneClaim {
  readonly claims: PortClaims;
  /** Resolves when nothing is held. */
  free(): Promise<void>;
}

export function oneClaim(): OneClaim {
  let held: Promise<void> | undefined;
  return {
    claims: {
      take() {
        if (held !== undefined) return undefined;
        const { promise, resolve } = Promise.withResolvers<void>();
        held = promise;
        return () => {
          held = undefined;
          resolve();
        };
      },
      holder: () => (held === undefined ? undefined : 'the try before'),
      reserve: () => undefined,
      reservedByOthers: () => [],
    },
    free: () => held ?? Promise.resolve(),
  };
}
