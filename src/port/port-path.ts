import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PortClaims } from './port-claims.ts';

/** A device node that can be tried: the name as configured or found, and the node behind its links. */
export interface FoundNode {
  readonly name: string;
  readonly realPath: string;
  /** Device number and inode: the same name with others is another device. */
  readonly identity: string;
}

export type NodeLookup =
  | { readonly ok: true; readonly node: FoundNode }
  | { readonly ok: false; readonly missing: boolean; readonly reason: string };

/** Follows links now (a by-id link points to a new tty after a replug) and tells what is wrong in words. */
export async function lookUpNode(name: string): Promise<NodeLookup> {
  try {
    const realPath = await realpath(name);
    const found = await stat(realPath);
    if (!found.isCharacterDevice()) {
      const what = found.isDirectory() ? 'a directory' : 'not a device';
      return {
        ok: false,
        missing: false,
        reason: `${name} is ${what}, not a serial port: give the path of a port, such as /dev/serial/by-id/usb-... or /dev/ttyUSB0`,
      };
    }
    await access(realPath, constants.R_OK | constants.W_OK);
    return { ok: true, node: { name, realPath, identity: `${found.rdev}:${found.ino}` } };
  } catch (error) {
    const code = codeOf(error);
    return {
      ok: false,
      missing: code === 'ENOENT' || code === 'ENOTDIR',
      reason: openFailure(name, error),
    };
  }
}

/**
 * Ports that match the patterns, in the order of the patterns and of the names (`ttyUSB2` before
 * `ttyUSB10`), one per node, without those that others hold or are configured to use.
 */
export async function searchNodes(
  patterns: readonly string[],
  claims: PortClaims,
  owner: string,
): Promise<readonly FoundNode[]> {
  const taken = new Set<string>();
  for (const path of claims.reservedByOthers(owner)) {
    taken.add(await realpath(path).catch(() => path));
  }
  const found = new Map<string, FoundNode>();
  for (const pattern of patterns) {
    for (const name of await matches(pattern)) {
      const lookup = await lookUpNode(name);
      if (!lookup.ok) continue;
      const { realPath } = lookup.node;
      const holder = claims.holder(realPath);
      if (taken.has(realPath) || (holder !== undefined && holder !== owner)) continue;
      if (!found.has(realPath)) found.set(realPath, lookup.node);
    }
  }
  return [...found.values()];
}

/** Paths for a pattern whose last part may hold `*`; nothing when the folder is not there. */
async function matches(pattern: string): Promise<readonly string[]> {
  const last = basename(pattern);
  if (!last.includes('*')) return [pattern];
  const folder = dirname(pattern);
  const shape = new RegExp(`^${last.split('*').map(literal).join('.*')}$`);
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => shape.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

/** The text as a regular expression that matches only itself. */
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * One plain sentence from an error of the file system or of serialport 13, whose own errors carry no
 * code and name no remedy (`Error Resource temporarily unavailable Cannot lock port`).
 */
export function openFailure(name: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || /no such (file|device)/i.test(text)) {
    return `${name} does not exist: plug the adapter in, or correct the path in the configuration`;
  }
  if (code === 'EACCES' || code === 'EPERM' || /permission denied/i.test(text)) {
    return `${name} may not be opened by this user: add the user to group dialout (sudo usermod -aG dialout USER) and log in again`;
  }
  if (code === 'EBUSY' || /cannot lock|busy|temporarily unavailable/i.test(text)) {
    return `${name} is in use by another program: stop that program, or give this device another port`;
  }
  if (/inappropriate ioctl/i.test(text)) {
    return `${name} is not a serial port, or does not support these line settings: give the path of a port and correct the settings`;
  }
  const bare = text.replace(/^Error:?\s*/, '').replace(/[\s.]+$/, '');
  return `${name} could not be opened (${bare}): check the cable and the adapter`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
