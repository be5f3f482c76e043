import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Driver } from '../driver/contract.ts';
import { type BedConfig, type DeviceConfig, GatewayConfig } from './gateway-config.ts';
import { type ConfigProblem, parseYaml, pathText } from './yaml-problems.ts';

/** A configuration that was checked as a whole: paths are absolute, drivers exist, ids are unique. */
export interface LoadedConfig {
  readonly config: GatewayConfig;
  readonly files: {
    readonly limits: string;
    readonly drugLibrary: string;
    /** Folder of regimen templates. */
    readonly regimens: string;
    readonly dataDir: string;
    readonly captureDir: string | null;
    readonly tls: { readonly cert: string; readonly key: string } | null;
  };
  readonly devices: readonly CheckedDevice[];
}

export interface CheckedDevice {
  readonly bed: BedConfig;
  readonly device: DeviceConfig;
  readonly driver: Driver;
  /** Options as the driver's schema gave them back, defaults filled in. */
  readonly options: unknown;
  /** Same for all devices that hang on one line. */
  readonly lineKey: string;
  /** Which of the devices on the line; `null` where the line carries one device. */
  readonly channel: string | null;
}

export type ConfigResult =
  | { readonly ok: true; readonly value: LoadedConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Files shipped with the product; used when the configuration names none. */
const SHIPPED = resolve(dirname(fileURLToPath(import.meta.url)), '../../config');

/** Reads and checks everything that can be checked without opening a port. Never throws. */
export function loadConfig(file: string, drivers: ReadonlyMap<string, Driver>): ConfigResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return fault('', `${file} cannot be read; give the path of a gateway configuration.`);
  }
  return checkConfig(text, dirname(resolve(file)), drivers);
}

/** @param baseDir relative paths in the file are looked up here first, then in the working folder */
export function checkConfig(
  text: string,
  baseDir: string,
  drivers: ReadonlyMap<string, Driver>,
): ConfigResult {
  const parsed = parseYaml(text, GatewayConfig);
  if (!parsed.ok) return parsed;
  const { value: config, lineOf } = parsed;
  const problems: ConfigProblem[] = [];
  const complain = (path: readonly PropertyKey[], message: string): void => {
    const line = lineOf(path);
    problems.push({ path: pathText(path), message, ...(line === undefined ? {} : { line }) });
  };
  const file = (path: readonly PropertyKey[], name: string): string => {
    const found = existing(name, baseDir);
    if (found === undefined)
      complain(path, `${name} does not exist; correct the path or create it.`);
    return found ?? name;
  };

  const limits =
    config.limits === undefined ? `${SHIPPED}/alarm-limits.yaml` : file(['limits'], config.limits);
  const drugLibrary =
    config.drugLibrary === undefined
      ? `${SHIPPED}/drug-library.yaml`
      : file(['drugLibrary'], config.drugLibrary);
  const regimens =
    config.regimens === undefined ? `${SHIPPED}/regimens` : file(['regimens'], config.regimens);
  if (existsSync(regimens) && !statSync(regimens).isDirectory())
    complain(['regimens'], `${regimens} is not a folder.`);
  let tls: LoadedConfig['files']['tls'] = null;
  if (config.http.tls === 'auto') {
    complain(
      ['http', 'tls'],
      'tls: auto is not available yet; give cert and key, or use off on 127.0.0.1.',
    );
  } else if (config.http.tls !== 'off') {
    tls = {
      cert: file(['http', 'tls', 'cert'], config.http.tls.cert),
      key: file(['http', 'tls', 'key'], config.http.tls.key),
    };
  }
  const { timeZone } = config.gateway;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    complain(
      ['gateway', 'timeZone'],
      `${timeZone} is not a time zone; write one such as Europe/Berlin.`,
    );
  }
  const devices = checkDevices(config, drivers, complain, (name) => existing(name, baseDir));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: {
      config,
      files: {
        limits,
        drugLibrary,
        regimens,
        dataDir: resolve(baseDir, config.store.dir),
        captureDir: config.capture === undefined ? null : resolve(baseDir, config.capture.dir),
        tls,
      },
      devices,
    },
  };
}

function checkDevices(
  config: GatewayConfig,
  drivers: ReadonlyMap<string, Driver>,
  complain: (path: readonly PropertyKey[], message: string) => void,
  find: (name: string) => string | undefined,
): readonly CheckedDevice[] {
  const checked: CheckedDevice[] = [];
  const bedIds = new Set<string>();
  const deviceIds = new Set<string>();
  const lines = new Map<string, Sharer[]>();
  const searches: Searching[] = [];
  for (const [b, bed] of config.beds.entries()) {
    if (bedIds.has(bed.id))
      complain(['beds', b, 'id'], `Bed ${bed.id} is there twice; give each bed its own id.`);
    bedIds.add(bed.id);
    for (const [d, device] of bed.devices.entries()) {
      const path = ['beds', b, 'devices', d];
      if (deviceIds.has(device.id)) {
        complain(
          [...path, 'id'],
          `Device ${device.id} is there twice; give each device its own id.`,
        );
      }
      deviceIds.add(device.id);
      const port = { ...device.port };
      if (port.kind === 'serial' && drivers.get(device.driver)?.tellsSerial === false) {
        const rival = searches.find(
          (other) =>
            other.driver === device.driver &&
            other.path !== port.path &&
            crosses(other, port.path, port.search ?? []),
        );
        if (rival !== undefined) {
          complain(
            [...path, 'port'],
            `${device.id} and ${rival.deviceId} could find each other's device, and devices of this kind tell no serial number; give by-id paths, or patterns that do not meet.`,
          );
        }
        searches.push({
          deviceId: device.id,
          driver: device.driver,
          path: port.path,
          search: port.search ?? [],
        });
      }
      if (port.kind === 'replay') {
        const found = find(port.path);
        if (found === undefined) {
          complain([...path, 'port', 'path'], `${port.path} does not exist; give a captured file.`);
        } else port.path = found;
      }
      const driver = drivers.get(device.driver);
      const options = driver?.options.safeParse(device.options ?? {});
      const channel = driver === undefined ? null : channelOf(driver, options?.data);
      const mine: Sharer = { device: { ...device, port }, driver, options: options?.data, channel };
      const lineKey = keyOfLine(port, channel === null ? device.id : '');
      const others = lines.get(lineKey) ?? [];
      const clash = others.map((other) => sharingProblem(lineKey, other, mine)).find(Boolean);
      if (clash !== undefined) complain([...path, 'port'], clash);
      lines.set(lineKey, [...others, mine]);
      if (driver === undefined || options === undefined) {
        const known = [...drivers.keys()].sort().join(', ');
        complain(
          [...path, 'driver'],
          `There is no driver "${device.driver}"; known drivers: ${known}.`,
        );
      } else if (options.success) {
        if (driver.benchOnly === true && bed.mode === 'live' && !isAllowed(options.data)) {
          complain(
            [...path, 'driver'],
            `${device.id} (${driver.id}) is a bench device, not for use on patients; use a bed with mode: demo, or set options.allowOnLiveBed: true if the site has decided so.`,
          );
        }
        checked.push({ bed, device: mine.device, driver, options: options.data, lineKey, channel });
      } else {
        for (const issue of options.error.issues) {
          complain([...path, 'options', ...issue.path], `${issue.message} (driver ${driver.id}).`);
        }
      }
    }
  }
  return checked;
}

const isAllowed = (options: unknown): boolean =>
  (options as Readonly<Record<string, unknown>>)['allowOnLiveBed'] === true;

/** Recordings are read by each device for itself, except where one line carries several. */
function keyOfLine(port: DeviceConfig['port'], deviceId: string): string {
  switch (port.kind) {
    case 'tcp':
      return `tcp ${port.host}:${port.port}`;
    case 'tcp-listen':
      return `tcp-listen ${port.port}`;
    case 'serial':
      return port.path;
    case 'replay':
      return `replay ${port.path} ${deviceId}`;
  }
}

function channelOf({ channels }: Driver, options: unknown): string | null {
  if (channels === undefined) return null;
  return String((options as Readonly<Record<string, unknown>> | undefined)?.[channels.option]);
}

/** A device that hangs on a line, whether or not the rest of it is right. */
interface Sharer {
  readonly device: DeviceConfig;
  readonly driver: Driver | undefined;
  readonly options: unknown;
  readonly channel: string | null;
}

/** Why two devices cannot hang on one line; `undefined` when they can. */
function sharingProblem(lineKey: string, other: Sharer, mine: Sharer): string | undefined {
  const channels = mine.driver?.channels;
  const where = `Port ${lineKey} is already used by ${other.device.id}`;
  if (channels === undefined || other.driver !== mine.driver)
    return `${where}; a port belongs to one device.`;
  const { option, title } = channels;
  if (other.channel === mine.channel)
    return `${where} with the same ${title} ${mine.channel}; give each device its own options.${option}.`;
  const settings = ({ options, device }: Sharer): string =>
    JSON.stringify([{ ...(options as object | undefined), [option]: null }, device.port]);
  if (settings(other) !== settings(mine))
    return `${where} with other settings; devices on one line have the same port and options but for ${option}.`;
  return undefined;
}

interface Searching {
  readonly deviceId: string;
  readonly driver: string;
  readonly path: string;
  readonly search: readonly string[];
}

/** A monitor that tells no serial number cannot be told from its neighbour's when the search finds both. */
function crosses(other: Searching, path: string, search: readonly string[]): boolean {
  return (
    search.some((pattern) => other.search.some((one) => meets(one, pattern))) ||
    search.some((pattern) => meets(pattern, other.path)) ||
    other.search.some((pattern) => meets(pattern, path))
  );
}

/** Whether a pattern with `*` covers a name, or two patterns could cover the same one. */
function meets(pattern: string, name: string): boolean {
  const before = (text: string): string => text.split('*')[0] ?? '';
  const [a, b] = [before(pattern), before(name)];
  if (name.includes('*')) return a.startsWith(b) || b.startsWith(a);
  return pattern.includes('*') ? name.startsWith(a) : pattern === name;
}

function existing(name: string, baseDir: string): string | undefined {
  return [resolve(baseDir, name), resolve(name)].find((candidate) => existsSync(candidate));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const fault = (path: string, message: string): ConfigResult => ({
  ok: false,
  problems: [{ path, message }],
});

/** `gateway.yaml:12 beds[0].devices[1].driver: There is no driver …` */
export function problemText(file: string, { path, line, message }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}
