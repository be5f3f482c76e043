import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Authenticator } from './auth.ts';
import type { ControlRoom } from './control-room.ts';
import type { HubLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { HubMetrics } from './metrics.ts';
import { judgeOrigin, type OriginRule } from './origin.ts';
import { findSession } from './session.ts';
import type { WaveRoom } from './wave-room.ts';
import { CLIENT_FRAME_MAX_BYTES, CLOSE } from './wire/index.ts';

export interface UpgradeDeps {
  readonly auth: Authenticator;
  readonly room: ControlRoom;
  readonly waveRoom: WaveRoom;
  readonly originRule: OriginRule;
  readonly limits: HubLimits;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: HubMetrics;
  readonly log: Log;
}

export interface Door {
  readonly onUpgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
  /** Ends what the peers did not close. */
  readonly terminateAll: () => void;
  readonly openSockets: () => number;
}

/** `closeTimeout` is missing in @types/ws: a peer that does not answer the close is cut off then. */
const SOCKET_OPTIONS = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: CLIENT_FRAME_MAX_BYTES,
  maxFragments: 64,
  maxBufferedChunks: 4_096,
  clientTracking: true,
  closeTimeout: 5_000,
};

interface Refusal {
  readonly status: 403 | 404 | 429 | 503;
  readonly code: string;
  readonly message: string;
}

const STATUS_TEXT = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** Decides who gets a socket. A page from elsewhere is turned away before the upgrade. */
export function createDoor(deps: UpgradeDeps): Door {
  const server = new WebSocketServer(SOCKET_OPTIONS);
  const perAddress = new Map<string, number>();

  const enter = (address: string): void => {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
  };
  const leave = (address: string): void => {
    const left = (perAddress.get(address) ?? 1) - 1;
    if (left > 0) perAddress.set(address, left);
    else perAddress.delete(address);
  };

  return {
    openSockets: () => server.clients.size,
    terminateAll: () => {
      for (const ws of server.clients) ws.terminate();
    },
    onUpgrade: (request, stream, head) => {
      stream.on('error', () => stream.destroy());
      const address = request.socket.remoteAddress ?? '';
      const refusal = judge(deps, request, server.clients.size, perAddress.get(address) ?? 0);
      if (refusal !== undefined) {
        deps.metrics.connectionRefused(refusal.code);
        deps.log.warn({ event: 'connection-refused', code: refusal.code, address });
        return turnAway(stream, refusal, deps.headers);
      }
      const found = findSession(request, deps.auth, deps.originRule);
      server.handleUpgrade(request, stream, head, (ws) => {
        enter(address);
        ws.on('close', () => leave(address));
        ws.on('error', (error) => deps.log.info({ event: 'socket-fault', error: error.message }));
        if (found.kind === 'session') {
          if (pathOf(request) === '/ws/wave') return deps.waveRoom.join(ws, found.token);
          return deps.room.join(ws, stream, found.token, found.identity);
        }
        deps.metrics.closed(CLOSE.noSession);
        return ws.close(
          CLOSE.noSession,
          'No session. Log in: POST /api/session, or send a Bearer token.',
        );
      });
    },
  };
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

function judge(
  deps: UpgradeDeps,
  request: IncomingMessage,
  clients: number,
  fromAddress: number,
): Refusal | undefined {
  if (judgeOrigin(request.headers, deps.originRule) === 'foreign') {
    const message =
      'A page of another origin may not connect; open the dashboard at this gateway, or add the origin to http.origins.';
    return { status: 403, code: 'origin', message };
  }
  const path = pathOf(request);
  if (path !== '/ws/control' && path !== '/ws/wave') {
    const message = 'The sockets are at /ws/control and /ws/wave.';
    return { status: 404, code: 'no-such-socket', message };
  }
  if (deps.room.isFeedBroken) {
    const message =
      'The gateway lost its own data; check patients and pumps directly and restart it.';
    return { status: 503, code: 'feed-ended', message };
  }
  if (clients >= deps.limits.clientsMax) {
    const message = `All ${deps.limits.clientsMax} connections are taken; close one and try again.`;
    return { status: 503, code: 'clients-max', message };
  }
  if (fromAddress < deps.limits.clientsPerAddressMax) return undefined;
  const message = `This address has ${fromAddress} connections, which is all it may have; close one.`;
  return { status: 429, code: 'address-max', message };
}

function turnAway(
  stream: Duplex,
  refusal: Refusal,
  headers: Readonly<Record<string, string>>,
): void {
  const { status, code, message } = refusal;
  const body = JSON.stringify({ error: { code, message } });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_TEXT[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  stream.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => stream.destroy());
}
