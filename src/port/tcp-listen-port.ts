import { createServer, type Socket } from 'node:net';
import { Observable } from 'rxjs';
import type { Timeline } from '../time/timeline.ts';
import type { Port, PortEvent } from './port.ts';

export interface TcpListenPortOptions {
  /** Address of this PC on which the device is expected. */
  readonly host: string;
  readonly port: number;
  readonly timeline: Timeline;
}

/** Unsent query bytes; only a dead peer lets so many pile up. */
const UNSENT_BYTES_MAX = 4_096;
const KEEP_ALIVE_MS = 5_000;

/**
 * Waits for a device that connects by itself (a pump on the wireless network). One connection at a time:
 * a second one while the first lives is refused, since two devices must never answer on one line.
 */
export function tcpListenPort({ host, port, timeline }: TcpListenPortOptions): Port {
  const label = `tcp listen ${host}:${port}`;
  return {
    label,
    mode: 'real',
    connect: () =>
      new Observable<PortEvent>((subscriber) => {
        let reason: string | undefined;
        let device: Socket | undefined;
        const server = createServer({ noDelay: true, keepAlive: true });
        const end = (why: string): void => {
          if (reason !== undefined) return;
          reason = why;
          device?.destroy();
          const closed = (): void => {
            subscriber.next({ kind: 'closed', atMs: timeline.monotonicMs(), reason: why });
            subscriber.complete();
          };
          if (server.listening) server.close(closed);
          else closed();
        };
        server.on('error', (error) => end(listenFailure(label, error)));
        server.on('listening', () => {
          // Given up while it was still on its way: a server that does not listen yet cannot be closed.
          if (reason !== undefined) server.close();
        });
        server.on('connection', (socket) => {
          if (device !== undefined || reason !== undefined) {
            socket.destroy();
            return;
          }
          device = socket;
          socket.setKeepAlive(true, KEEP_ALIVE_MS);
          socket.on('error', () => end(`${label}: the device broke the connection`));
          socket.on('close', () => end(`${label}: the device closed the connection`));
          socket.on('end', () => end(`${label}: the device closed the connection`));
          subscriber.next({
            kind: 'opened',
            atMs: timeline.monotonicMs(),
            name: `tcp ${socket.remoteAddress ?? '?'}`,
            write: (bytes) => {
              if (reason !== undefined) return;
              if (socket.writableLength + bytes.length > UNSENT_BYTES_MAX) {
                end(`${label}: the device takes no more bytes: check the network`);
              } else socket.write(Buffer.from(bytes));
            },
          });
          socket.on('data', (chunk: Buffer) => {
            if (reason !== undefined) return;
            subscriber.next({
              kind: 'bytes',
              atMs: timeline.monotonicMs(),
              chunk: Uint8Array.from(chunk),
            });
          });
        });
        server.listen(port, host);
        return () => end(`${label} was closed by the gateway`);
      }),
  };
}

function listenFailure(label: string, error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EADDRINUSE':
      return `${label}: another program uses this port number: stop it, or choose another number`;
    case 'EADDRNOTAVAIL':
      return `${label}: this PC does not have that address: correct host in the configuration`;
    case 'EACCES':
      return `${label}: port numbers below 1024 need a privilege: choose a higher one`;
    default:
      return `${label} failed (${code || error.message}): check the network settings`;
  }
}
