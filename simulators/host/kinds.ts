import { pathToFileURL } from 'node:url';
import type { SimulatorKind } from '../kit/device.ts';
import { simulator as ticker } from '../kit/ticker.ts';
import { isModulePath, type Ward } from './ward.ts';

/**
 * The simulators that a ward names: those of `simulators/index.ts` (its export `simulators`), and
 * modules of others by their path (export `simulator`). Loaded when the process starts, so that a
 * ward of pumps does not load the waves of a monitor.
 */
export async function loadKinds(ward: Ward): Promise<ReadonlyMap<string, SimulatorKind>> {
  const kinds = new Map<string, SimulatorKind>([[ticker.id, ticker]]);
  const named = new Set(ward.devices.map((device) => device.simulator));
  for (const path of [...named].filter(isModulePath)) kinds.set(path, await loadModule(path));
  if ([...named].some((name) => !kinds.has(name))) {
    for (const kind of await loadIndex()) kinds.set(kind.id, kind);
  }
  for (const name of named) {
    if (!kinds.has(name)) {
      throw new Error(
        `there is no simulator ${name}: there are ${[...kinds.keys()].sort().join(', ')}`,
      );
    }
  }
  return kinds;
}

async function loadModule(path: string): Promise<SimulatorKind> {
  const found: unknown = (await load(pathToFileURL(path).href))['simulator'];
  if (!isKind(found)) throw new Error(`${path} does not export simulator, a SimulatorKind`);
  return found;
}

async function loadIndex(): Promise<readonly SimulatorKind[]> {
  const index = new URL('../index.ts', import.meta.url).href;
  const found: unknown = (await load(index))['simulators'];
  if (!Array.isArray(found) || !found.every(isKind)) {
    throw new Error(`${index} does not export simulators, a list of SimulatorKind`);
  }
  return found;
}

async function load(href: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(href)) as Readonly<Record<string, unknown>>;
}

function isKind(value: unknown): value is SimulatorKind {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'line' in value &&
    'create' in value &&
    typeof value.create === 'function'
  );
}
