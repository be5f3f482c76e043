import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountsError } from './accounts-file.ts';

const KEY_BYTES = 32;

/**
 * The key that signs sessions: `session.key` (0600) in the data directory, made at the first start.
 * Deleting the file ends every session. It is written aside and linked, so that it is whole or not
 * there, and the quicker one of two processes wins.
 */
export function sessionKey(dir: string): Uint8Array {
  const path = join(dir, 'session.key');
  try {
    const aside = `${path}.${process.pid}`;
    const known = readKey(path);
    if (known === undefined) {
      writeFileSync(aside, randomBytes(KEY_BYTES), { mode: 0o600, flush: true });
      try {
        linkSync(aside, path);
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
      rmSync(aside, { force: true });
    }
    const key = known ?? readKey(path);
    if (key?.length === KEY_BYTES) return key;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AccountsError(`${path} cannot be used (${reason}): check its rights.`, {
      cause: error,
    });
  }
  throw new AccountsError(`${path} is damaged: delete it, which ends all sessions.`);
}

function readKey(path: string): Uint8Array | undefined {
  try {
    const key = readFileSync(path);
    chmodSync(path, 0o600);
    return key;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
