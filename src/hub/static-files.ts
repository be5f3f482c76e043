import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { type Reply, refused } from './http-reply.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Vite puts a hash of the content into the name: such a file never changes. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>InfuseWatch</title><p>The dashboard is not built: run <code>npm run build</code> in the project folder and load this page again.</p></html>\n';

interface File {
  readonly content: Uint8Array;
  readonly type: string;
}

/**
 * Serves the built dashboard from memory. A path is looked up among the files that were found, never
 * made into a file name, so there is nothing to traverse. A new build is noticed by its index.html.
 */
export function staticFiles(dir: string): (path: string) => Promise<Reply> {
  let files: ReadonlyMap<string, File> = new Map();
  let builtAtMs: number | undefined;

  const refresh = async (): Promise<void> => {
    const changedAtMs = await stat(join(dir, 'index.html')).then(
      (info) => info.mtimeMs,
      () => undefined,
    );
    if (changedAtMs === builtAtMs) return;
    files = changedAtMs === undefined ? new Map() : await readAll(dir);
    builtAtMs = changedAtMs;
  };

  return async (path) => {
    const name = path === '/' ? '/index.html' : decoded(path);
    if (name === '/index.html' || (name !== undefined && !files.has(name))) await refresh();
    const file = name === undefined ? undefined : files.get(name);
    if (file !== undefined) {
      const cache = cacheOf(name ?? '');
      return { status: 200, headers: { 'Cache-Control': cache }, text: file };
    }
    if (name === '/index.html')
      return { status: 503, text: { type: 'text/html; charset=utf-8', content: NOT_BUILT } };
    return refused(404, 'no-such-page', 'There is no such page; the dashboard is at /.');
  };
}

function cacheOf(name: string): string {
  if (name === '/index.html') return 'no-store';
  return HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Ordinary files only: a link could lead out of the folder. */
async function readAll(dir: string): Promise<ReadonlyMap<string, File>> {
  const files = new Map<string, File>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[extname(entry.name)] ?? 'application/octet-stream';
    const name = `/${relative(dir, path).split(sep).join('/')}`;
    files.set(name, { content: await readFile(path), type });
  }
  return files;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
