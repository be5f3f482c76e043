/**
 * A gateway made of fixtures, for the dashboard's own tests: serves dashboard/dist under the real
 * content security policy, speaks the wire contract, and does what a test tells it. Every frame that
 * it sends has passed the schemas.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type AlarmView,
  type BedView,
  type ClientFrame,
  type Delta,
  type ServerFrame,
  ServerFrameSchema,
  type WaveFrame,
} from '../../dashboard/wire.ts';
import { encodeWaveFrame } from '../../src/hub/wire/index.ts';
import { answerView } from './fake-views.ts';
import { SCENES, type Scene, type SceneName } from './scenes.ts';
import {
  BASE_MONOTONIC_MS,
  BASE_WALL_MS,
  type Instant,
  iso,
  makeDevices,
} from './ward-fixtures.ts';

const DIST = join(import.meta.dirname, '../../dashboard/dist');
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const SESSION = 'session=station';
const NURSE_TOKEN = 'nurse-token';
const BEAT_MS = 500;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string;
}

export interface FakeGateway {
  readonly url: string;
  readonly frames: ClientFrame[];
  readonly calls: Call[];
  /** Stop talking without closing: what a pulled cable looks like. */
  freeze: () => void;
  thaw: () => void;
  /** Values keep the time of observation that they have: a monitor that went silent. */
  stopObserving: () => void;
  show: (scene: SceneName) => void;
  sendAlarm: (alarm: AlarmView) => void;
  sendDelta: (delta: Omit<Delta, 'type' | 'seq'>) => void;
  /** Numbers a frame that is never sent. */
  loseFrame: () => void;
  sendRaw: (text: string) => void;
  /** One block of a waveform to every wave socket. */
  sendWave: (frame: WaveFrame) => void;
  changeBed: (bedId: string, change: (bed: BedView) => BedView) => void;
  /** What the next acknowledgement is answered with. */
  refuseNextAcknowledge: () => void;
  now: () => Instant;
  /** Lets the gateway's clock jump ahead together with a page clock that is run by hand. */
  advance: (ms: number) => void;
  dropClients: (code: number) => void;
  close: () => Promise<void>;
}

export async function startFakeGateway(
  options: {
    scene?: SceneName;
    isLoggedIn?: boolean;
    port?: number;
    protocol?: number;
    /** For calls that a test is about; `undefined` = as always. */
    answer?: (call: Call) => { status: number; reply: unknown } | undefined;
  } = {},
): Promise<FakeGateway> {
  const startedAt = performance.now();
  let skippedMs = 0;
  const now = (): Instant => {
    const passed = performance.now() - startedAt + skippedMs;
    return { wallMs: BASE_WALL_MS + passed, monotonicMs: BASE_MONOTONIC_MS + passed };
  };
  let scene: Scene = SCENES[options.scene ?? 'calm'](now());
  let seq = 0;
  let isFrozen = false;
  let isObserving = true;
  let refusesNext = false;
  let hasSession = options.isLoggedIn ?? true;
  const frames: ClientFrame[] = [];
  const calls: Call[] = [];
  const clients = new Set<WebSocket>();

  const send = (client: WebSocket, frame: ServerFrame): void => {
    if (isFrozen) return;
    client.send(JSON.stringify(ServerFrameSchema.parse(frame)));
  };
  const broadcast = (frame: ServerFrame): void => {
    for (const client of clients) send(client, frame);
  };
  const stamp = () => ({ wallTime: iso(now().wallMs), monotonicMs: now().monotonicMs });
  const snapshot = (): ServerFrame => ({
    type: 'snapshot',
    seq,
    ...stamp(),
    beds: [...scene.beds],
    alarms: [...scene.alarms],
    devices: makeDevices(now()).map((device) =>
      scene.beds.some((bed) => bed.simulated) ? { ...device, mode: 'demo' } : device,
    ),
  });
  const beat = (echo?: number): ServerFrame => ({
    type: 'beat',
    ...stamp(),
    utcOffsetMin: 0,
    lastSeq: seq,
    ...(echo !== undefined && { echo }),
  });

  const waveSockets = new WebSocketServer({ noServer: true });
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on('connection', (client) => {
    if (!hasSession) {
      client.close(4401, 'no session');
      return;
    }
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame;
      frames.push(frame);
      if (frame.type === 'resync') send(client, snapshot());
      if (frame.type === 'beat') send(client, beat(frame.sentAtMs));
    });
    send(client, {
      type: 'hello',
      protocol: options.protocol ?? 1,
      build: 'test',
      gatewayId: 'gw-test',
      site: 'Pain unit',
      unit: '4W',
      ...stamp(),
      timeZone: 'UTC',
      utcOffsetMin: 0,
      mode: 'information',
      user: 'Nurse A',
      roles: ['nurse'],
    });
    send(client, snapshot());
  });

  const observe = (): void => {
    const at = now();
    const fresh = (observedAt: number | null) =>
      observedAt === null ? null : at.monotonicMs - 400;
    scene = {
      ...scene,
      beds: scene.beds.map((bed) => ({
        ...bed,
        numerics: bed.numerics.map((one) =>
          one.validity === 'valid' && !one.code.startsWith('MDC_PRESS')
            ? {
                ...one,
                observedAt: iso(at.wallMs - 400),
                observedAtMonotonicMs: fresh(one.observedAtMonotonicMs),
              }
            : one,
        ),
        infusion: {
          ...bed.infusion,
          liveObservedAt: bed.infusion.liveObservedAt && iso(at.wallMs - 1000),
          liveObservedAtMonotonicMs: fresh(bed.infusion.liveObservedAtMonotonicMs),
        },
      })),
    };
    for (const { bedId, numerics, infusion } of scene.beds) {
      seq += 1;
      broadcast({ type: 'delta', seq, bedId, numerics, infusion });
    }
  };
  const timer = setInterval(() => {
    if (isObserving) observe();
    broadcast(beat());
  }, BEAT_MS);

  const setAlarms = (alarms: readonly AlarmView[]): void => {
    scene = { ...scene, alarms };
  };
  const sendAlarm = (alarm: AlarmView): void => {
    setAlarms([...scene.alarms.filter((one) => one.alarmId !== alarm.alarmId), alarm]);
    seq += 1;
    broadcast({ type: 'alarm', seq, alarm });
  };
  const sendDelta = (delta: Omit<Delta, 'type' | 'seq'>): void => {
    seq += 1;
    broadcast({ type: 'delta', seq, ...delta });
  };

  const acknowledge = (body: unknown): { status: number; reply: unknown } => {
    const wanted = (body as { alarms: { alarmId: string; rev: number }[] }).alarms;
    const isOld = wanted.some(
      ({ alarmId, rev }) => scene.alarms.find((one) => one.alarmId === alarmId)?.rev !== rev,
    );
    if (isOld || refusesNext) {
      refusesNext = false;
      return {
        status: 409,
        reply: { error: { code: 'stale', message: 'The alarm has changed.' } },
      };
    }
    for (const { alarmId } of wanted) {
      const alarm = scene.alarms.find((one) => one.alarmId === alarmId);
      if (alarm === undefined) continue;
      sendAlarm({
        ...alarm,
        rev: alarm.rev + 1,
        phase: 'acknowledged',
        acknowledgedBy: 'nurse-a',
        acknowledgedAt: iso(now().wallMs),
      });
    }
    return { status: 200, reply: {} };
  };

  const answer = (call: Call): { status: number; reply: unknown; cookie?: string } => {
    if (call.path === '/api/session' && call.method === 'POST') {
      const { user, pin } = call.body as { user: string; pin: string };
      if (pin !== '1234') {
        return {
          status: 401,
          reply: { error: { code: 'login', message: 'Name or PIN is wrong.' } },
        };
      }
      hasSession = true;
      return {
        status: 200,
        reply: { token: NURSE_TOKEN, user, roles: ['nurse'] },
        cookie: SESSION,
      };
    }
    if (call.path === '/api/session') {
      hasSession = false;
      return { status: 204, reply: {} };
    }
    if (call.path === '/api/alarms/acknowledge') return acknowledge(call.body);
    const bedId = /^\/api\/beds\/([^/]+)\/audio-pause$/.exec(call.path)?.[1];
    if (bedId !== undefined) {
      const until = iso(now().wallMs + 120_000);
      changeBed(bedId, (bed) => ({ ...bed, audioPausedUntil: until, audioPausedBy: 'Nurse A' }));
      return { status: 200, reply: {} };
    }
    return answerView(call.path, now()) ?? { status: 200, reply: {} };
  };

  const changeBed = (bedId: string, change: (bed: BedView) => BedView): void => {
    scene = { ...scene, beds: scene.beds.map((bed) => (bed.bedId === bedId ? change(bed) : bed)) };
    const bed = scene.beds.find((one) => one.bedId === bedId);
    if (bed) sendDelta({ bedId, bed });
  };

  const server = createServer((request, response) => {
    void respond(request, response, (call) => {
      calls.push(call);
      return options.answer?.(call) ?? answer(call);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/ws/wave') {
      waveSockets.handleUpgrade(request, socket, head, () => undefined);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      sockets.emit('connection', client, request),
    );
  });
  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    frames,
    calls,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
    stopObserving: () => {
      isObserving = false;
    },
    show: (name) => {
      scene = SCENES[name](now());
      broadcast(snapshot());
    },
    sendAlarm,
    sendDelta,
    loseFrame: () => {
      seq += 1;
    },
    sendRaw: (text) => {
      for (const client of clients) client.send(text);
    },
    sendWave: (frame) => {
      if (isFrozen) return;
      for (const client of waveSockets.clients) client.send(encodeWaveFrame(frame));
    },
    changeBed,
    refuseNextAcknowledge: () => {
      refusesNext = true;
    },
    now,
    advance: (ms) => {
      skippedMs += ms;
    },
    dropClients: (code) => {
      hasSession = code !== 4401;
      for (const client of clients) client.close(code);
    },
    close: async () => {
      clearInterval(timer);
      for (const client of [...clients, ...waveSockets.clients]) client.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (call: Call) => { status: number; reply: unknown; cookie?: string },
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path.startsWith('/api/')) {
    const text = (await request.toArray()).join('');
    const { status, reply, cookie } = answer({
      method: request.method ?? 'GET',
      path,
      body: text === '' ? null : JSON.parse(text),
      authorization: request.headers.authorization ?? '',
    });
    if (cookie !== undefined)
      response.setHeader('set-cookie', `${cookie}; HttpOnly; SameSite=Strict`);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 204 ? undefined : JSON.stringify(reply));
    return;
  }
  const name = normalize(path === '/' ? '/index.html' : path);
  try {
    const file = await readFile(join(DIST, name));
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(file);
  } catch {
    response.writeHead(404).end();
  }
}
