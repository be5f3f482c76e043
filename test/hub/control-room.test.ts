import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { ControlRoom } from '../../src/hub/control-room.ts';
import { HUB_LIMITS } from '../../src/hub/limits.ts';
import { HubMetrics } from '../../src/hub/metrics.ts';
import { ReceiptBook } from '../../src/hub/receipt-book.ts';
import { ServerFrame } from '../../src/hub/wire/index.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { FakeAuth } from './fake-auth.ts';
import { FakeWard } from './fake-ward.ts';
import { emptyClient, reduce } from './reduce.ts';
import { aNumeric } from './views.ts';

class FakeSocket extends EventEmitter {
  readonly state = emptyClient();
  readonly spo2: (number | null | undefined)[] = [];
  bufferedAmount = 0;
  isBroken = false;
  onSend = (): void => {};
  closedWith: number | undefined;

  send(text: string): void {
    if (this.isBroken) throw new Error('broken');
    this.onSend();
    reduce(this.state, ServerFrame.parse(JSON.parse(text)));
    this.spo2.push(this.state.beds.get('B01')?.numerics[0]?.value);
  }

  ping(): void {}

  close(code: number): void {
    this.closedWith = code;
  }
}

/** Time that passes while something is sent, without anything else getting its turn. */
class BusyTimeline extends VirtualTimeline {
  #busyMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#busyMs;
  }

  work(ms: number): void {
    this.#busyMs += ms;
  }
}

function open(timeline = new VirtualTimeline()) {
  const ward = new FakeWard();
  const auth = new FakeAuth();
  const logged: object[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (fields: object) => void logged.push(fields),
  };
  const room = new ControlRoom({
    ward,
    auth,
    timeline,
    limits: HUB_LIMITS,
    metrics: new HubMetrics(),
    receipts: new ReceiptBook(),
    log,
    checkFrames: false,
  });
  room.open();
  const join = (): FakeSocket => {
    const socket = new FakeSocket();
    const identity = { user: 'n', roles: ['nurse'] } as const;
    const ws = socket as unknown as WebSocket;
    room.join(ws, new PassThrough(), auth.session('n', ['nurse']), identity);
    return socket;
  };
  const spo2 = (value: number) => ({ bedId: 'B01', numerics: [aNumeric('B01-mon', value)] });
  return { ward, room, join, spo2, logged };
}

test('a change that waited for its turn never comes after a snapshot that is newer', async () => {
  const timeline = new BusyTimeline();
  const { ward, join, spo2 } = open(timeline);
  const early = join();
  early.onSend = () => timeline.work(20);
  for (let value = 1; value <= 80; value += 1) {
    ward.parts(spo2(value));
    await Promise.resolve();
    timeline.advance(60);
  }
  ward.parts(spo2(89));
  await Promise.resolve();
  ward.parts(spo2(90));
  await Promise.resolve();
  expect(early.spo2.at(-1)).toBe(89);

  // The ward's view may be ahead of what it has said so far.
  const say = ward.changes.next.bind(ward.changes);
  ward.changes.next = () => {};
  ward.parts(spo2(99));
  ward.changes.next = say;
  const late = join();
  timeline.advance(60);
  expect(early.spo2.at(-1)).toBe(90);
  expect(late.spo2.at(-1)).toBe(99);
});

test('a fault with one client closes that client and reaches no other', async () => {
  const { ward, join, spo2, logged } = open();
  const [bad, good] = [join(), join()];
  bad.isBroken = true;
  ward.parts(spo2(97));
  await Promise.resolve();
  expect(good.state.beds.get('B01')?.numerics[0]?.value).toBe(97);
  expect(bad.closedWith).toBe(1011);
  expect(logged).toMatchObject([{ event: 'client-failed' }]);
});

test('a snapshot that cannot be made closes that client with a reason', () => {
  const { ward, join, room, logged } = open();
  ward.beds = () => {
    throw new Error('views');
  };
  expect(join().closedWith).toBe(1011);
  expect(room.size).toBe(0);
  expect(logged).toMatchObject([{ event: 'snapshot-failed' }]);
});
