/**
 * `npm run fuzz -- --driver ID --bytes N --seed S`: arbitrary bytes through framer and session of each
 * driver, with every wake. Stops at the first failure and prints the seed and the shortest input that
 * still fails. Without arguments: all drivers, 100 million bytes each.
 */
import { parseArgs } from 'node:util';
import { cases } from '../drivers/conformance-case.ts';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    driver: { type: 'string' },
    bytes: { type: 'string', default: '100000000' },
    seed: { type: 'string', default: '1' },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const bytes = Number(values.bytes);
const seed = Number(values.seed);
const chosen = cases.filter(({ id }) => values.driver === undefined || id === values.driver);
if (chosen.length === 0) {
  throw new Error(`no driver ${values.driver}; there are ${cases.map(({ id }) => id).join(', ')}`);
}
if (!(bytes > 0) || !Number.isInteger(seed))
  throw new Error('--bytes and --seed are whole numbers');

print(`${bytes} bytes for each driver, seed ${seed}`);
for (const one of chosen) {
  const startedAt = performance.now();
  const { done, frames, accepted, failure } = await fuzz(one, bytes, seed);
  const perSecond = (done * 1_000) / (performance.now() - startedAt) / 1e6;
  const speed = `${perSecond.toFixed(1)} MB/s`;
  print(`${one.id.padEnd(16)} ${done} bytes, ${speed}, ${frames} frames, ${accepted} accepted`);
  if (failure === undefined) continue;
  print(failure);
  process.exitCode = 1;
  break;
}
