import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

/** Same sources, same name: a page can tell whether the gateway serves another build than its own. */
function buildHash(): string {
  const hash = createHash('sha256');
  for (const folder of [here, join(here, '../src/hub/wire'), join(here, '../src/observation')]) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|css|html)$/.test(name) && !/^(dist|node_modules)\//.test(name))
      .sort();
    for (const name of names) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

export default defineConfig({
  root: here,
  base: './',
  define: { __BUILD__: JSON.stringify(buildHash()) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // Data URLs for fonts or scripts would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
