import { expect, test } from 'vitest';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator as ticker } from '../../simulators/kit/ticker.ts';
import { framerFor } from '../../src/port/line-framer.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import type { PortEvent } from '../../src/port/port.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { queries, said, textOf } from './support.ts';

function setUp() {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: ticker, name: 'ttyA', timeline, options: { everyMs: 500 } });
  return { timeline, link, port: memoryPort('ttyA', link, timeline) };
}

test('a simulated device behind a memory port speaks in split chunks at its baud rate', () => {
  const { timeline, port } = setUp();
  const events: PortEvent[] = [];
  port.connect().subscribe((event) => events.push(event));
  timeline.advance(550);
  // "TICK 1 0\r\n" is 10 bytes: 10.4 ms at 9600 8N1, the first piece after 10 ms.
  expect(events.map((event) => [said(event), Math.round(event.atMs * 10) / 10])).toEqual([
    ['opened', 0],
    ['TICK 1 0\r', 510],
    ['\n', 510.4],
  ]);
  expect(port.mode).toBe('demo');
});

test('a query reaches the device at line speed and its answer comes back', () => {
  const { timeline, link, port } = setUp();
  const answer: string[] = [];
  guarded(port, queries)
    .connect()
    .subscribe((event) => {
      if (event.kind === 'opened') event.write(queries.get('rate'));
      if (event.kind === 'bytes') answer.push(textOf(event.chunk));
    });
  timeline.advance(6);
  expect(link.describe()['echoes']).toBe(0);
  timeline.advance(100);
  expect(answer.join('')).toBe('ECHO RATE\r\n');
});

test('unplug closes, plug under another name is found again with what was held thrown away', () => {
  const { timeline, link, port } = setUp();
  const framer = framerFor({ kind: 'line', delimiter: '\r\n', maxBytes: 80 });
  const heard: string[] = [];
  const names: string[] = [];
  connectForever(port, timeline).subscribe((event) => {
    if (event.kind === 'opened') names.push(event.name);
    if (event.kind === 'bytes') heard.push(...framer.feed(event.chunk).map(textOf));
    if (event.kind === 'closed') framer.reset();
  });
  timeline.advance(510);
  link.unplug();
  timeline.advance(5_000);
  link.plug('ttyB');
  const backAtMs = timeline.monotonicMs();
  while (heard.length === 0) timeline.advance(1);
  expect(timeline.monotonicMs() - backAtMs).toBeLessThan(2_000);
  expect(heard[0]).toMatch(/^TICK 1[1-9] 0$/);
  expect(names).toEqual(['ttyA', 'ttyB']);
  expect(framer.droppedBytes()).toBe(9);
});

test('writes after close go nowhere, and a second gateway finds the port in use', () => {
  const { timeline, link, port } = setUp();
  let write = (): void => undefined;
  const subscription = port.connect().subscribe((event) => {
    if (event.kind === 'opened') write = () => event.write(queries.get('rate'));
  });
  const second: string[] = [];
  port.connect().subscribe((event) => second.push(said(event)));
  expect(second).toEqual(['closed: ttyA does not exist or is in use: plug the adapter in']);
  subscription.unsubscribe();
  write();
  timeline.advance(1_000);
  expect(link.describe()['echoes']).toBe(0);
});
