import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, type Hub, type HubOptions } from '../../src/hub/hub.ts';
import type { Role } from '../../src/hub/wire/index.ts';
import { type Timeline, VirtualTimeline } from '../../src/time/timeline.ts';
import { FakeAuth } from './fake-auth.ts';
import { FakeWard } from './fake-ward.ts';
import { HubClient } from './hub-client.ts';

export interface Logged {
  readonly level: string;
  readonly event: unknown;
  readonly fields: object;
}

/** A hub on a real socket with a fake ward behind it and, unless told otherwise, time that stands. */
export class HubFixture {
  readonly ward: FakeWard;
  readonly auth = new FakeAuth();
  readonly timeline = new VirtualTimeline();
  readonly logged: Logged[] = [];
  readonly dashboardDir = mkdtempSync(join(tmpdir(), 'hub-dashboard-'));
  readonly #clients: HubClient[] = [];
  readonly #sockets: Socket[] = [];
  #hub: Hub | undefined;

  constructor(ward = new FakeWard()) {
    this.ward = ward;
  }

  static async start(
    options: Partial<HubOptions> & { readonly real?: Timeline } = {},
    ward?: FakeWard,
  ): Promise<HubFixture> {
    const fixture = new HubFixture(ward);
    const { real, ...more } = options;
    fixture.#hub = await createHub({
      ward: fixture.ward,
      auth: fixture.auth,
      timeline: real ?? fixture.timeline,
      http: { host: '127.0.0.1', port: 0, tls: 'off' },
      dashboardDir: fixture.dashboardDir,
      log: fixture.#log(),
      checkFrames: true,
      ...more,
    });
    return fixture;
  }

  get hub(): Hub {
    if (this.#hub === undefined) throw new Error('not started');
    return this.#hub;
  }

  token(...roles: readonly Role[]): string {
    return this.auth.session(roles[0] ?? 'nobody', roles);
  }

  /** With a session of a nurse, unless `headers` say something else. */
  client(headers: Readonly<Record<string, string>> = this.bearer('nurse')): HubClient {
    const client = new HubClient(`${this.hub.url.replace('http', 'ws')}/ws/control`, headers);
    this.#clients.push(client);
    return client;
  }

  bearer(...roles: readonly Role[]): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.token(...roles)}` };
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.hub.url}${path}`, { redirect: 'manual', ...init });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
    const all = { 'content-type': 'application/json', ...headers };
    return this.call(path, { method: 'POST', headers: all, body: JSON.stringify(body) });
  }

  /** Bytes as they are; nothing is read until the caller does. */
  raw(): Socket {
    const socket = connect(this.hub.port, '127.0.0.1');
    socket.on('error', () => {});
    this.#sockets.push(socket);
    return socket;
  }

  /** Everything that the hub writes until it closes the connection. */
  async rawAnswer(request: string): Promise<string> {
    const socket = this.raw();
    socket.write(request);
    let answer = '';
    for await (const chunk of socket.setEncoding('latin1')) answer += chunk;
    return answer;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.end();
    for (const socket of this.#sockets) socket.destroy();
    const closed = this.#hub?.close();
    this.timeline.advance(1_000);
    await closed;
    rmSync(this.dashboardDir, { recursive: true });
    const faults = this.logged.filter(({ event }) => event === 'frame-off-contract');
    if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
  }

  #log(): HubOptions['log'] {
    const keep = (level: string) => (fields: object) =>
      void this.logged.push({ level, event: 'event' in fields ? fields.event : undefined, fields });
    return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
  }
}
