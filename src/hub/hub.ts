import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Timeline } from '../time/timeline.ts';
import { alarmCalls } from './alarm-calls.ts';
import type { Authenticator } from './auth.ts';
import { ControlRoom } from './control-room.ts';
import { courseCalls } from './course-calls.ts';
import { deviceCalls } from './device-calls.ts';
import { securityHeaders } from './http-reply.ts';
import { createRouter } from './http-router.ts';
import { HUB_LIMITS, type HubLimits } from './limits.ts';
import type { Log } from './log.ts';
import { HubMetrics } from './metrics.ts';
import { orderCalls } from './order-calls.ts';
import { orderDeskCalls } from './order-desk-calls.ts';
import type { OriginRule } from './origin.ts';
import { pendingCalls } from './pending-calls.ts';
import { ReceiptBook } from './receipt-book.ts';
import { regimenCalls } from './regimen-calls.ts';
import { reportCalls } from './report-calls.ts';
import { sessionCalls } from './session-calls.ts';
import { staticFiles } from './static-files.ts';
import { createDoor, type Door } from './upgrade.ts';
import type { Ward } from './ward.ts';
import { openApiCall, wardCalls } from './ward-calls.ts';
import { WaveRoom } from './wave-room.ts';

export interface HubOptions {
  readonly ward: Ward;
  readonly auth: Authenticator;
  readonly timeline: Timeline;
  readonly http: {
    readonly host: string;
    /** 0: any free port. */
    readonly port: number;
    /** PEM contents, not paths. */
    readonly tls: 'off' | { readonly cert: string; readonly key: string };
    /** Further origins whose pages may connect, such as `https://station.example`. */
    readonly origins?: readonly string[];
  };
  /** Folder of the built dashboard. */
  readonly dashboardDir: string;
  readonly log: Log;
  readonly limits?: Partial<HubLimits>;
  /** Checks every outgoing frame against its schema and logs what is off; for tests and debugging. */
  readonly checkFrames?: boolean;
}

export interface Hub {
  readonly url: string;
  readonly port: number;
  /** Which station confirmed which alarm revision. */
  readonly receipts: ReceiptBook;
  close(): Promise<void>;
}

/** Clients get this long to say good-bye. */
const GOODBYE_MS = 300;

/** Resolves when it listens; rejects when the address cannot be had. */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { log, timeline } = options;
  const receipts = new ReceiptBook();
  const parts = assemble(options, receipts);
  const server = listenOn(options, parts);
  const port = await listening(server, options.http);
  parts.room.open();
  parts.waveRoom.open();
  const url = `${options.http.tls === 'off' ? 'http' : 'https'}://${shownHost(options.http.host)}:${port}`;
  log.info({ event: 'listening', url });

  let closed: Promise<void> | undefined;
  return {
    url,
    port,
    receipts,
    close: () => {
      closed ??= closeDown(server, parts, timeline);
      return closed;
    },
  };
}

interface Parts {
  readonly room: ControlRoom;
  readonly waveRoom: WaveRoom;
  readonly door: Door;
  readonly onRequest: http.RequestListener;
}

function assemble(options: HubOptions, receipts: ReceiptBook): Parts {
  const { ward, auth, timeline, log } = options;
  const limits = { ...HUB_LIMITS, ...options.limits };
  const isTls = options.http.tls !== 'off';
  const originRule: OriginRule = { isTls, origins: options.http.origins ?? [] };
  const headers = securityHeaders(isTls);
  const metrics = new HubMetrics();
  const checkFrames = options.checkFrames ?? false;
  const room = new ControlRoom({
    ward,
    auth,
    timeline,
    limits,
    metrics,
    receipts,
    log,
    checkFrames,
  });
  const waveRoom = new WaveRoom({ ward, auth, timeline, limits, metrics });
  const calls = [
    ...sessionCalls({
      auth,
      isTls,
      loginsAtOnceMax: limits.loginsAtOnceMax,
      onRevoked: (token) => {
        room.closeSession(token);
        waveRoom.closeSession(token);
      },
      log,
    }),
    ...wardCalls({
      ward,
      timeline,
      metrics,
      clients: () => room.size,
      isFeedBroken: () => room.isFeedBroken,
    }),
    ...orderCalls(ward),
    ...orderDeskCalls(ward),
    ...alarmCalls(ward),
    ...deviceCalls(ward),
    ...regimenCalls(ward),
    ...courseCalls(ward),
    ...reportCalls(ward),
    ...pendingCalls(),
  ];
  const router = createRouter({
    calls: [...calls, openApiCall(calls, ward.gateway.build)],
    auth,
    originRule,
    bodyBytesMax: limits.bodyBytesMax,
    headers,
    metrics,
    log,
    files: staticFiles(options.dashboardDir),
  });
  return {
    room,
    waveRoom,
    door: createDoor({ auth, room, waveRoom, originRule, limits, headers, metrics, log }),
    onRequest: (request, response) => {
      void router(request, response);
    },
  };
}

function listenOn({ http: { tls }, log, limits }: HubOptions, parts: Parts): http.Server {
  const { headersMsMax, requestMsMax } = { ...HUB_LIMITS, ...limits };
  const settings = {
    headersTimeout: headersMsMax,
    requestTimeout: requestMsMax,
    connectionsCheckingInterval: Math.min(2_000, headersMsMax / 2),
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16 * 1024,
    // Other upgrades, such as curl's h2c, are answered as if they had not been asked for.
    shouldUpgradeCallback: (request: http.IncomingMessage) =>
      request.headers.upgrade?.toLowerCase() === 'websocket',
  };
  const server =
    tls === 'off'
      ? http.createServer(settings, parts.onRequest)
      : https.createServer({ ...settings, ...tls }, parts.onRequest);
  server.maxHeadersCount = 100;
  server.maxConnections = 2_000;
  server.on('upgrade', parts.door.onUpgrade);
  server.on('error', (error) => log.error({ event: 'server-fault', error: error.message }));
  return server;
}

function listening(server: http.Server, { host, port }: HubOptions['http']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** An address that a browser on this PC can open. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function closeDown(
  server: http.Server,
  { room, waveRoom, door }: Parts,
  timeline: Timeline,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  room.close();
  waveRoom.close();
  server.closeIdleConnections();
  const end = (): void => {
    door.terminateAll();
    server.closeAllConnections();
  };
  const cancel = timeline.after(GOODBYE_MS, end);
  // Nobody to wait for.
  if (door.openSockets() === 0) end();
  await stopped;
  cancel();
}
