import { createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';

export interface TcpEndpointOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onBytes: (chunk: Uint8Array) => void;
}

/** A client that does not read loses bytes instead of filling our memory. */
const UNSENT_BYTES_MAX = 65_536;

/** A raw terminal server: one client at a time, as the real ones do it. */
export async function openTcp({ host, port, onBytes }: TcpEndpointOptions): Promise<Endpoint> {
  let client: Socket | undefined;
  let lost = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (client !== undefined) {
      socket.destroy();
      return;
    }
    client = socket;
    socket.on('data', (chunk: Buffer) => onBytes(Uint8Array.from(chunk)));
    socket.on('close', () => {
      if (client === socket) client = undefined;
    });
  });
  await listening(server, host, port);
  const address = server.address();
  const listensAt = typeof address === 'object' && address !== null ? address.port : port;
  return {
    path: `tcp ${host}:${listensAt}`,
    write(bytes) {
      if (client === undefined || client.writableLength > UNSENT_BYTES_MAX) lost += bytes.length;
      else client.write(bytes);
    },
    lostBytes: () => lost,
    close: () =>
      new Promise((resolve) => {
        client?.destroy();
        server.close(() => resolve());
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`cannot listen at ${host}:${port} (${error.message})`)),
    );
    server.listen(port, host, resolve);
  });
}
