import { writeSync } from 'node:fs';
import { openSqliteStore, StoreOpenError } from '../../src/store/sqlite-store.ts';
import { realTimeline } from '../../src/time/timeline.ts';

/**
 * A gateway's store in a process of its own, to be killed or starved. `appender.ts DIR stream`
 * appends until it is killed and writes each acknowledged `seq`; `appender.ts DIR until-full` writes
 * the reason of the first refusal, waits for a word on standard input and appends once more.
 */
const [dir = '', mode] = process.argv.slice(2);
const timeline = realTimeline();
/** Straight into the pipe: what was written is there for the reader even after SIGKILL. */
const tell = (...words: (string | number)[]): void => {
  const line = Buffer.from(`${words.join(' ')}\n`);
  for (let from = 0; from < line.length; ) {
    try {
      from += writeSync(1, line, from);
    } catch (error) {
      // The reader is behind and the pipe is full: it will read on.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
};

try {
  const store = await openSqliteStore({ dir, timeline, keepDays: 30 });
  tell('open', store.log.entries().length);
  let next = store.log.entries().length;

  const append = (): Promise<number> => {
    next += 1;
    const payload = { n: next, text: 'x'.repeat(next % 700) };
    return store.log.append({ type: 'noted', wallMs: timeline.wallMs(), payload });
  };
  const forever = async (): Promise<never> => {
    for (;;) {
      tell('seq', await append());
      store.numerics.recordNumeric({
        bedId: 'B01',
        deviceId: 'B01-mon',
        code: 'MDC_PULS_OXIM_SAT_O2',
        tMs: timeline.wallMs(),
        value: 97,
        validity: 'valid',
      });
    }
  };

  if (mode === 'stream') {
    await Promise.all([forever(), forever(), forever(), forever()]);
  } else {
    let last = 0;
    try {
      for (;;) last = await append();
    } catch (error) {
      tell('refused', store.health().events.ok ? 'ok' : 'not-ok', last, (error as Error).message);
    }
    await new Promise((resolve) => process.stdin.once('data', resolve));
    next = last;
    tell('again', await append(), store.health().events.ok ? 'ok' : 'not-ok');
    process.stdin.destroy();
    await store.close();
  }
} catch (error) {
  tell(error instanceof StoreOpenError ? 'sentence' : 'crash', String(error));
  process.exitCode = 1;
}
