import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/**
 * The tests look at what is shipped, so it is built first, in the way that it is shipped. Once for all of them: one that
 * built it anew would take the files away from another that is looking at them.
 */
export async function setup(): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', 'dashboard'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
