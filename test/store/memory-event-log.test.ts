import { describe, expect, test } from 'vitest';
import { memoryEventLog } from '../../src/store/event-log.ts';
import { entryHash, freezeEntry, GENESIS_HASH } from '../../src/store/log-chain.ts';

const entry = (n: number) => ({ type: 'noted', wallMs: 1_000 + n, payload: { n } });

describe('the event log in memory', () => {
  test('gives out 1, 2, 3 in the order of the calls', async () => {
    const log = memoryEventLog();
    const seqs = await Promise.all([
      log.append(entry(1)),
      log.append(entry(2)),
      log.append(entry(3)),
    ]);
    expect(seqs).toEqual([1, 2, 3]);
    expect(log.all().map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(log.health()).toEqual({ ok: true, pending: 0, lastDurableWallMs: 1_003 });
  });

  test('chains each entry to the one before it', async () => {
    const log = memoryEventLog();
    await log.append({ ...entry(1), bedId: 'B01', user: 'Anna', station: 'desk' });
    await log.append(entry(2));
    let previous = GENESIS_HASH;
    for (const { seq, hash, ...rest } of log.all()) {
      expect(hash).toBe(entryHash(previous, seq, freezeEntry(rest)));
      previous = hash;
    }
  });

  test('keeps what the payload was at the call, whatever becomes of the object', async () => {
    const log = memoryEventLog();
    const payload = { n: 1 };
    await log.append({ type: 'noted', wallMs: 0, payload });
    payload.n = 2;
    expect(log.all()[0]?.payload).toEqual({ n: 1 });
  });

  test('goes on behind what it was opened with', async () => {
    const first = memoryEventLog();
    await first.append(entry(1));
    const second = memoryEventLog(first.all());
    expect(await second.append(entry(2))).toBe(2);
    expect(second.entries()).toHaveLength(1);
    expect(second.all()).toHaveLength(2);
  });

  test('a failing disk rejects, is told in health, and leaves no gap when it is mended', async () => {
    const log = memoryEventLog();
    log.failWith('disk full');
    await expect(log.append(entry(1))).rejects.toThrow('disk full');
    expect(log.health()).toMatchObject({ ok: false, lastError: 'disk full' });
    log.failWith(undefined);
    expect(await log.append(entry(2))).toBe(1);
    expect(log.health().ok).toBe(true);
  });

  test('refuses what it could not write as it is', async () => {
    const log = memoryEventLog();
    await expect(log.append({ ...entry(1), wallMs: Number.NaN })).rejects.toThrow('wall time');
    await expect(log.append({ ...entry(1), payload: [Number.NaN] })).rejects.toThrow('NaN');
    await expect(log.append({ ...entry(1), payload: 'x'.repeat(1_000_001) })).rejects.toThrow(
      'limit',
    );
    expect(log.all()).toEqual([]);
  });

  test('takes nothing after it was closed', async () => {
    const log = memoryEventLog();
    await log.close();
    await expect(log.append(entry(1))).rejects.toThrow('closed');
  });
});

test('the hash is what the documented recipe gives', () => {
  // Computed with: printf '%064d\n{"bedId":"B01",...}' 0 | sha256sum
  const frozen = freezeEntry({ type: 't', wallMs: 5.4, bedId: 'B01', payload: { b: 1, a: 2 } });
  expect(entryHash(GENESIS_HASH, 1, frozen)).toBe(
    'c8df6bc01c63d94506d888954f599f1f9295204598d2e313978cce12ab2a6693',
  );
});
