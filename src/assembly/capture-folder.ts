import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import * as z from 'zod';
import { type ConfigResult, checkConfig, type LoadedConfig } from '../config/load-config.ts';
import type { Driver } from '../driver/contract.ts';
import { CaptureError } from '../port/capture-format.ts';
import type { LogEntry } from '../store/event-log.ts';
import type { Clock } from '../time/timeline.ts';
import { lastingHistory, RecordedEntry, withIds } from './lasting-history.ts';
import { captureName } from './lines.ts';

/**
 * One run of a gateway as a folder: `manifest.json`, a capture file for each line, copies of the limits,
 * and what people did (`commands.jsonl`). Enough to run the same gateway again (`infusewatch replay`).
 */
const FORMAT = 'infusewatch-capture-folder';
const MANIFEST = 'manifest.json';
const COMMANDS = 'commands.jsonl';
const HISTORY = 'history.jsonl';
const RULE_FILES = { limits: 'alarm-limits.yaml', drugLibrary: 'drug-library.yaml' } as const;

const Manifest = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  /** Wall time of `t: 0` (ISO 8601): a replay shows the times of then. */
  startedAtWall: z.iso.datetime(),
  /** Which file holds which devices. */
  lines: z.array(
    z.strictObject({ file: z.string(), driver: z.string(), devices: z.array(z.string()) }),
  ),
  /** The configuration as it was checked, defaults filled in. */
  config: z.looseObject({
    gateway: z.looseObject({ id: z.string(), timeZone: z.string().optional() }),
    beds: z.array(z.unknown()),
  }),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a person did. `t`: ms since the start, when it took effect. */
export const RecordedCommand = z.strictObject({
  t: z.number().nonnegative(),
  call: z.string(),
  by: z.strictObject({ user: z.string(), roles: z.array(z.string()) }),
  args: z.array(z.unknown()),
  /** The order that it made. */
  made: z.string().optional(),
  /** Alarms that it names, as rule, bed and device: their ids are others in a replay. */
  alarms: z.record(z.string(), z.string()).optional(),
});
export type RecordedCommand = z.infer<typeof RecordedCommand>;

export interface OpenFolder {
  readonly dir: string;
  /** Must neither throw nor block. */
  note(command: Omit<RecordedCommand, 't'>): void;
  close(): Promise<void>;
}

/**
 * Makes the folder and writes what is known at the start. Throws {@link CaptureError} where that cannot be.
 * @param history the event log at the start; what still matters of it is kept
 */
export function makeFolder(
  dir: string,
  { config, files, devices }: LoadedConfig,
  history: readonly LogEntry[],
  clock: Clock,
): OpenFolder {
  const startMs = clock.monotonicMs();
  const lasting = lastingHistory(history);
  const manifest: Manifest = {
    format: FORMAT,
    version: 1,
    startedAtWall: new Date(clock.wallMs()).toISOString(),
    lines: [...Map.groupBy(devices, ({ lineKey }) => lineKey).values()].flatMap((sharers) =>
      sharers.slice(0, 1).map(({ device, driver }) => ({
        file: captureName(device.id),
        driver: driver.id,
        devices: sharers.map((sharer) => sharer.device.id),
      })),
    ),
    config,
  };
  try {
    mkdirSync(dir, { recursive: true, mode: 0o750 });
    if (readdirSync(dir).length > 0)
      throw new CaptureError(`${dir} is not empty: give a new folder for each recording`);
    copyFileSync(files.limits, join(dir, RULE_FILES.limits));
    copyFileSync(files.drugLibrary, join(dir, RULE_FILES.drugLibrary));
    write(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    write(
      join(dir, HISTORY),
      lasting.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    );
    write(join(dir, COMMANDS), '');
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CaptureError(
      `${dir} cannot be written (${why}): give another folder, or mend its rights`,
    );
  }
  const commands = createWriteStream(join(dir, COMMANDS), { flags: 'a', mode: 0o640 });
  // A full disk costs the recording, never the gateway.
  commands.on('error', () => undefined);
  return {
    dir,
    note(command) {
      const t = Math.round((clock.monotonicMs() - startMs) * 1_000) / 1_000;
      const args = withIds(command.args, lasting.ids);
      if (!commands.writableEnded) commands.write(`${JSON.stringify({ t, ...command, args })}\n`);
    },
    async close() {
      commands.end();
      await finished(commands).catch(() => undefined);
    },
  };
}

const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o640 });

export interface Folder {
  readonly dir: string;
  /** `null` for a folder of capture files alone. */
  readonly manifest: Manifest | null;
  readonly commands: readonly RecordedCommand[];
  readonly history: readonly RecordedEntry[];
  /** Paths of the limits, where the folder has them. */
  readonly limits: string | null;
  readonly drugLibrary: string | null;
}

/** Reads everything but the capture files. Throws {@link CaptureError}. */
export function readFolder(dir: string): Folder {
  const there = (name: string): string | null =>
    existsSync(join(dir, name)) ? join(dir, name) : null;
  if (!existsSync(dir))
    throw new CaptureError(`${dir} does not exist: give the folder of a recording`);
  const manifest = there(MANIFEST);
  return {
    dir,
    manifest: manifest === null ? null : parse(Manifest, read(manifest), manifest),
    commands: jsonLines(there(COMMANDS), RecordedCommand),
    history: jsonLines(there(HISTORY), RecordedEntry),
    limits: there(RULE_FILES.limits),
    drugLibrary: there(RULE_FILES.drugLibrary),
  };
}

/** Beds and devices of then with the limits of then; nothing else of it matters to a replay. */
export function recordedConfig(
  { dir, manifest, limits, drugLibrary }: Folder,
  drivers: ReadonlyMap<string, Driver>,
): ConfigResult {
  const { gateway, beds } = manifest?.config ?? {};
  const { id, timeZone } = gateway ?? {};
  const config = {
    gateway: { id, timeZone },
    beds,
    ...(limits === null ? {} : { limits }),
    ...(drugLibrary === null ? {} : { drugLibrary }),
  };
  // What is `undefined` is left out on the way through JSON.
  return checkConfig(JSON.stringify(config), dir, drivers);
}

function jsonLines<T>(path: string | null, schema: z.ZodType<T>): readonly T[] {
  if (path === null) return [];
  const lines = read(path).split('\n');
  // The power may have gone while the last line was written.
  return lines.slice(0, -1).map((line, index) => parse(schema, line, `${path}, line ${index + 1}`));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CaptureError(`${path} cannot be read: give the folder of a recording`);
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CaptureError(`${where}: not JSON; is this the folder of a recording?`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CaptureError(
    `${where}: ${issue?.path.join('.') || 'the content'}: ${issue?.message ?? 'unfit'}`,
  );
}
