import { describe, expect, test } from 'vitest';
import { QueuedEventLog } from '../../src/store/queued-event-log.ts';
import type { ToStore } from '../../src/store/store-messages.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

const entry = { type: 'noted', wallMs: 0, payload: null };

function bench(lastSeq = 0) {
  const posted: ToStore[] = [];
  const log = new QueuedEventLog(
    { post: (message) => posted.push(message) },
    new VirtualTimeline(),
    [],
    lastSeq,
  );
  const sent = () =>
    posted.map((message) => (message.kind === 'append' ? [message.epoch, message.seq] : []));
  return { log, sent };
}

/** What became of a promise, without waiting for it. */
function fate(promise: Promise<number>): { now: string } {
  const state = { now: 'pending' };
  promise.then(
    (seq) => {
      state.now = `seq ${seq}`;
    },
    (error: Error) => {
      state.now = error.message;
    },
  );
  return state;
}
const settle = () => Promise.resolve().then(() => undefined);

describe('the main thread of the event log', () => {
  test('sends at once and acknowledges only what is durable', async () => {
    const { log, sent } = bench(7);
    const fates = [fate(log.append(entry)), fate(log.append(entry)), fate(log.append(entry))];
    expect(sent()).toEqual([
      [0, 8],
      [0, 9],
      [0, 10],
    ]);
    log.durable({ kind: 'durable', upToSeq: 9 });
    await settle();
    expect(fates.map(({ now }) => now)).toEqual(['seq 8', 'seq 9', 'pending']);
    expect(log.health()).toMatchObject({ ok: true, pending: 1 });
  });

  test('a failure rejects all that wait, in order, and the next one takes the free place', async () => {
    const { log, sent } = bench();
    const fates = [fate(log.append(entry)), fate(log.append(entry))];
    log.failed({ kind: 'append-failed', epoch: 0, lastSeq: 0, reason: 'disk full' });
    await settle();
    expect(fates.map(({ now }) => now)).toEqual(['disk full', 'disk full']);
    expect(log.health()).toMatchObject({ ok: false, pending: 0, lastError: 'disk full' });
    const next = fate(log.append(entry));
    expect(sent().at(-1)).toEqual([1, 1]);
    // A failure that was on its way already does not hit the new one.
    log.failed({ kind: 'append-failed', epoch: 0, lastSeq: 0, reason: 'old' });
    log.durable({ kind: 'durable', upToSeq: 1 });
    await settle();
    expect(next.now).toBe('seq 1');
    expect(log.health().ok).toBe(true);
  });

  test('a payload that cannot be written costs no place in the log', async () => {
    const { log, sent } = bench();
    await expect(log.append({ ...entry, payload: Number.NaN })).rejects.toThrow('NaN');
    fate(log.append(entry));
    expect(sent()).toEqual([[0, 1]]);
  });

  test('holds at most 10,000 entries for a disk that stands still', async () => {
    const { log, sent } = bench();
    for (let i = 0; i < 10_000; i += 1) fate(log.append(entry));
    await expect(log.append(entry)).rejects.toThrow('no more are taken');
    expect(sent()).toHaveLength(10_000);
    expect(log.health().ok).toBe(false);
  });

  test('a worker that died rejects what waits and all that comes', async () => {
    const { log } = bench();
    const waiting = fate(log.append(entry));
    log.end('The store thread ended.', true);
    await settle();
    expect(waiting.now).toBe('The store thread ended.');
    await expect(log.append(entry)).rejects.toThrow('ended');
    expect(log.health().ok).toBe(false);
  });
});
