import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { mergeMap } from 'rxjs';
import { driverById } from '../drivers/index.ts';
import { type Access, openAccess } from './accounts/sessions.ts';
import { makeFolder, type OpenFolder } from './assembly/capture-folder.ts';
import { watchLines } from './assembly/line-watch.ts';
import { deviceSources } from './assembly/lines.ts';
import { recordedWard } from './assembly/recorded-ward.ts';
import { wardBeds } from './assembly/ward-beds.ts';
import { type LoadedConfig, loadConfig, problemText } from './config/load-config.ts';
import { loadRuleFiles } from './config/rule-files.ts';
import type { Authenticator } from './hub/auth.ts';
import { createHub, type Hub } from './hub/hub.ts';
import type { Ward, WardChange } from './hub/ward.ts';
import type { DeviceView } from './hub/wire/index.ts';
import type { CaptureFile } from './port/capture.ts';
import { CaptureError } from './port/capture-format.ts';
import { openSqliteStore, type SqliteStore, StoreOpenError } from './store/sqlite-store.ts';
import { realTimeline, type Timeline } from './time/timeline.ts';
import { GatewayWard } from './ward/ward.ts';

/** The gateway cannot start: sentences for a person, one per problem. */
export class StartRefused extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

export interface StartOptions {
  readonly configFile: string;
  /** Over `store.dir` of the configuration. */
  readonly dataDir?: string;
  /** Over `http.port` of the configuration. */
  readonly port?: number;
}

export interface RunningGateway {
  readonly url: string;
  /** Lets go of devices, clients and files, in this order. */
  stop(): Promise<void>;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** serialport 13 delivers received bytes late or never there (node-serialport issue 3148). */
const NODE_MAJOR_REFUSED = 26;

/** Puts the gateway together: the only place that knows every part. */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  refuseNode();
  const loaded = loadConfig(options.configFile, driverById);
  if (!loaded.ok) {
    throw new StartRefused(
      loaded.problems.map((problem) => problemText(options.configFile, problem)),
    );
  }
  const { config, files } = loaded.value;
  const rules = loadRuleFiles(files);
  if (!rules.ok) throw new StartRefused(rules.problems);

  const log = pino(
    { name: 'infusewatch', level: process.env['INFUSEWATCH_LOG'] ?? 'info' },
    pino.destination({ dest: 2, sync: false }),
  );
  const timeline = realTimeline();
  const dir = options.dataDir ?? files.dataDir;
  const store = await openStore(dir, config.store.keepDays, timeline);
  const closers: (() => unknown)[] = [() => store.close()];
  try {
    const access = openAccess({ dir, clock: timeline });
    closers.push(() => access.close());
    const recording = openRecording(loaded.value, store, timeline);
    const captures: CaptureFile[] = [];
    closers.push(() => Promise.all([...captures.map((file) => file.close()), recording?.close()]));
    const sources = deviceSources(loaded.value, {
      timeline,
      captureDir: recording?.dir ?? null,
      captures,
      onFault: (where, error) => log.error({ where, err: error }, 'driver fault'),
    });
    const ward = new GatewayWard({
      gateway: {
        id: config.gateway.id,
        site: config.gateway.site,
        unit: config.gateway.unit,
        build: buildId(),
        mode: 'information',
        timeZone: config.gateway.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      beds: wardBeds(loaded.value, sources),
      ...rules.value,
      log: store.log,
      numerics: store.numerics,
      trends: store.numerics,
      timeline,
      onFault: (where, error) => log.error({ where, err: error }, 'fault'),
    });
    const troubles = watchLines(
      ward.changes.pipe(mergeMap(deviceOf)),
      timeline,
      ({ advice, ...note }) =>
        advice === null
          ? log.info({ event: 'line-well', ...note }, 'valid frames again')
          : log.warn({ event: 'line-trouble', ...note }, advice),
    );
    closers.push(() => troubles.unsubscribe());
    ward.start();
    closers.push(() => ward.stop());
    const served = recording === null ? ward : recordedWard(ward, recording);
    const hub = await openHub(loaded.value, options.port, served, access, timeline, log);
    closers.push(() => hub.close());
    log.info(
      {
        event: 'started',
        url: hub.url,
        beds: config.beds.length,
        devices: loaded.value.devices.length,
      },
      'started',
    );
    return { url: hub.url, stop: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function closeAll(closers: (() => unknown)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

async function openStore(dir: string, keepDays: number, timeline: Timeline): Promise<SqliteStore> {
  try {
    return await openSqliteStore({ dir, keepDays, timeline });
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartRefused([error.message]);
    throw error;
  }
}

/** Each run of the gateway is a recording of its own. */
function openRecording(
  loaded: LoadedConfig,
  store: SqliteStore,
  timeline: Timeline,
): OpenFolder | null {
  const { captureDir } = loaded.files;
  if (captureDir === null) return null;
  const name = new Date(timeline.wallMs()).toISOString().replace(/[-:]/g, '');
  try {
    return makeFolder(join(captureDir, name), loaded, store.log.entries(), timeline);
  } catch (error) {
    if (error instanceof CaptureError) throw new StartRefused([error.message]);
    throw error;
  }
}

const deviceOf = (change: WardChange): readonly DeviceView[] =>
  change.kind === 'parts' && change.parts.device !== undefined ? [change.parts.device] : [];

function openHub(
  { config, files }: LoadedConfig,
  port: number | undefined,
  ward: Ward,
  { accounts, sessions }: Access,
  timeline: Timeline,
  log: pino.Logger,
): Promise<Hub> {
  const auth: Authenticator = {
    login: async (user, pin) => {
      const check = await accounts.checkPin(user, pin);
      if (!check.ok) return check;
      return {
        ok: true,
        user: check.user,
        roles: check.roles,
        token: sessions.issue(check.user, check.roles),
      };
    },
    verify: (token) => sessions.verify(token),
    revoke: (token) => sessions.revoke(token),
  };
  return createHub({
    ward,
    auth,
    timeline,
    http: {
      host: config.http.host,
      port: port ?? config.http.port,
      tls:
        files.tls === null
          ? 'off'
          : {
              cert: readFileSync(files.tls.cert, 'utf8'),
              key: readFileSync(files.tls.key, 'utf8'),
            },
      origins: config.http.origins,
    },
    dashboardDir: join(ROOT, 'dashboard/dist'),
    log,
  });
}

/** Version of the package: the dashboard compares it with its own. */
function buildId(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function refuseNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= NODE_MAJOR_REFUSED) {
    throw new StartRefused([
      `Node ${process.versions.node} loses bytes of serial ports; run on Node 24, which the project brings along (npm ci, then npx infusewatch).`,
    ]);
  }
}
