#!/usr/bin/env -S node --max-semi-space-size=2
// Plain JavaScript on purpose: an old Node must be able to read the sentence that tells what to do.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24 || major > 25) {
  process.stderr.write(
    `infusewatch needs Node 24 or 25, this is ${process.versions.node}. ` +
      'Run it through npx or npm, which use the Node that the project brings along, or install Node 24.\n',
  );
  process.exit(1);
}
// Types are stripped and code is compiled once and not at every start. The store's thread reads the
// variable. Beside the code, where only who may change the code may write.
const { enableCompileCache } = await import('node:module');
process.env.NODE_COMPILE_CACHE ??= new URL(
  '../../node_modules/.cache/code',
  import.meta.url,
).pathname;
enableCompileCache(process.env.NODE_COMPILE_CACHE);
const { run } = await import('./cli.ts');
process.exitCode = await run(process.argv.slice(2));
