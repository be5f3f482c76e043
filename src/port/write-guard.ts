import { map } from 'rxjs';
import type { QueryList } from '../driver/query-bytes.ts';
import type { Port } from './port.ts';

export interface GuardedPort extends Port {
  /** Writes that were not on the list and never reached the line. */
  refused(): number;
}

/**
 * Read-only by construction, once more at run time (docs/architecture.md, decision 3): bytes that are
 * not on the driver's closed list, byte for byte, are not sent. A cast can fool the compiler; it
 * cannot fool this. The bytes are copied before they are compared, so that nobody changes them between.
 */
export function guarded(port: Port, queries: QueryList): GuardedPort {
  let refused = 0;
  return {
    label: port.label,
    get mode() {
      return port.mode;
    },
    refused: () => refused,
    connect: () =>
      port.connect().pipe(
        map((event) => {
          if (event.kind !== 'opened') return event;
          return {
            ...event,
            write: (bytes) => {
              const copy = Uint8Array.from(bytes) as typeof bytes;
              if (queries.has(copy)) event.write(copy);
              else refused += 1;
            },
          };
        }),
      ),
  };
}
