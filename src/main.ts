import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { driverById } from '../drivers/index.ts';
import { type Access, openAccess } from './accounts/sessions.ts';
import { deviceSources } from './assembly/lines.ts';
import { type LoadedConfig, loadConfig, problemText } from './config/load-config.ts';
import { loadRuleFiles } from './config/rule-files.ts';
import type { Authenticator } from './hub/auth.ts';
import { createHub, type Hub } from './hub/hub.ts';
import type { CaptureFile } from './port/capture.ts';
import { openSqliteStore, type SqliteStore, StoreOpenError } from './store/sqlite-store.ts';
import { realTimeline, type Timeline } from './time/timeline.ts';
import type { WardBed } from './ward/ward.ts';
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
    const captures: CaptureFile[] = [];
    closers.push(() => Promise.all(captures.map((file) => file.close())));
    const ward = new GatewayWard({
      gateway: {
        id: config.gateway.id,
        site: config.gateway.site,
        unit: config.gateway.unit,
        build: buildId(),
        mode: 'information',
        timeZone: config.gateway.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      beds: wardBeds(loaded.value, timeline, captures, (where, error) =>
        log.error({ where, err: error }, 'driver fault'),
      ),
      ...rules.value,
      log: store.log,
      numerics: store.numerics,
      timeline,
      onFault: (where, error) => log.error({ where, err: error }, 'fault'),
    });
    ward.start();
    closers.push(() => ward.stop());
    const hub = await openHub(loaded.value, options.port, ward, access, timeline, log);
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

function wardBeds(
  loaded: LoadedConfig,
  timeline: Timeline,
  captures: CaptureFile[],
  onFault: (where: string, error: unknown) => void,
): readonly WardBed[] {
  const { config, devices, files } = loaded;
  const sources = deviceSources(loaded, {
    timeline,
    captureDir: files.captureDir,
    captures,
    onFault,
  });
  return config.beds.map((bed) => ({
    bedId: bed.id,
    bedMode: bed.mode,
    careArea: bed.careArea,
    devices: devices.flatMap((checked) => {
      const source = sources.get(checked.device.id);
      if (checked.bed.id !== bed.id || source === undefined) return [];
      return [{ deviceId: checked.device.id, driver: checked.driver, ...source }];
    }),
  }));
}

function openHub(
  { config, files }: LoadedConfig,
  port: number | undefined,
  ward: GatewayWard,
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
