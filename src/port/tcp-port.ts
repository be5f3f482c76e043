import { connect, type Socket } from 'node:net';
import { Observable } from 'rxjs';
import type { Timeline } from '../time/timeline.ts';
import type { Port, PortEvent } from './port.ts';

export interface TcpPortOptions {
  readonly host: string;
  readonly port: number;
  readonly timeline: Timeline;
}

/** A terminal server that does not answer within this time counts as not there. */
const CONNECT_MS = 3_000;
/** Idle time before the kernel probes a silent peer. Freshness decides earlier; this frees the socket. */
const KEEP_ALIVE_MS = 5_000;
/** Unsent query bytes; only a dead peer lets so many pile up. */
const UNSENT_BYTES_MAX = 4_096;

/** A raw TCP terminal server: the bytes of the serial line and nothing else (no telnet, no RFC 2217). */
export function tcpPort({ host, port, timeline }: TcpPortOptions): Port {
  const label = `tcp ${host}:${port}`;
  return {
    label,
    mode: 'real',
    connect: () =>
      new Observable<PortEvent>((subscriber) => {
        let reason: string | undefined;
        const socket: Socket = connect({
          host,
          port,
          noDelay: true,
          keepAlive: true,
          keepAliveInitialDelay: KEEP_ALIVE_MS,
        });
        const end = (why: string): void => {
          if (reason !== undefined) return;
          reason = why;
          cancelConnect();
          socket.destroy();
          subscriber.next({ kind: 'closed', atMs: timeline.monotonicMs(), reason });
          subscriber.complete();
        };
        const cancelConnect = timeline.after(CONNECT_MS, () =>
          end(
            `${label} did not answer within ${CONNECT_MS / 1_000} s: check its power, the network and the address`,
          ),
        );
        socket.on('error', (error) => end(failure(label, error)));
        socket.on('close', () => end(`${label} closed the connection: check the terminal server`));
        socket.on('end', () => end(`${label} closed the connection: check the terminal server`));
        socket.on('connect', () => {
          if (reason !== undefined) return;
          cancelConnect();
          subscriber.next({
            kind: 'opened',
            atMs: timeline.monotonicMs(),
            name: label,
            write: (bytes) => {
              if (reason !== undefined) return;
              if (socket.writableLength + bytes.length > UNSENT_BYTES_MAX) {
                end(`${label} takes no more bytes: check the network and the terminal server`);
              } else socket.write(Buffer.from(bytes));
            },
          });
        });
        socket.on('data', (chunk: Buffer) => {
          if (reason !== undefined) return;
          subscriber.next({
            kind: 'bytes',
            atMs: timeline.monotonicMs(),
            chunk: Uint8Array.from(chunk),
          });
        });
        return () => end(`${label} was closed by the gateway`);
      }),
  };
}

/** One plain sentence: what, where, what to do. */
function failure(label: string, error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return `${label} refused the connection: check that the terminal server is on and the port number is right`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${label} was not found: check the host name in the configuration and the name server`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `${label} cannot be reached: check its power, the network and the address`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${label} broke the connection: check the terminal server, and that no other program uses it`;
    default:
      return `${label} failed (${code || error.message}): check the terminal server and the network`;
  }
}
