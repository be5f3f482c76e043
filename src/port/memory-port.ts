import { Observable } from 'rxjs';
import type { GenerationMode } from '../observation/metrics.ts';
import type { Clock } from '../time/timeline.ts';
import type { Port, PortEvent } from './port.ts';

/**
 * The far end of an in-memory line. `SimulatedLink` of the simulators has this shape; it stands here
 * because the product does not import its simulators.
 */
export interface MemoryLink {
  /** The name under which the line is plugged in now. */
  readonly name: string;
  /** Attaches the gateway's end; `undefined` while unplugged or already in use. */
  attach(end: {
    readonly onBytes: (chunk: Uint8Array) => void;
    readonly onUnplugged: () => void;
  }): { readonly send: (bytes: Uint8Array) => void; readonly detach: () => void } | undefined;
}

/** A port without a wire, for runs in virtual time: the gateway and a simulated device in one process. */
export function memoryPort(
  label: string,
  link: MemoryLink,
  clock: Clock,
  mode: GenerationMode = 'demo',
): Port {
  return {
    label,
    mode,
    connect: () =>
      new Observable<PortEvent>((subscriber) => {
        let open = true;
        const end = (reason: string): void => {
          if (!open) return;
          open = false;
          attachment?.detach();
          subscriber.next({ kind: 'closed', atMs: clock.monotonicMs(), reason });
          subscriber.complete();
        };
        const attachment = link.attach({
          onBytes: (chunk) => {
            if (open) subscriber.next({ kind: 'bytes', atMs: clock.monotonicMs(), chunk });
          },
          onUnplugged: () => end(`${label} was disconnected: check the cable and the adapter`),
        });
        if (attachment === undefined) {
          end(`${label} does not exist or is in use: plug the adapter in`);
          return;
        }
        subscriber.next({
          kind: 'opened',
          atMs: clock.monotonicMs(),
          name: link.name,
          write: (bytes) => {
            if (open) attachment.send(Uint8Array.from(bytes));
          },
        });
        return () => end(`${label} was closed by the gateway`);
      }),
  };
}
