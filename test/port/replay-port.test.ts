import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PortEvent } from '../../src/port/port.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { bitsPerByte } from '../../src/port/recording.ts';
import { replayPort } from '../../src/port/replay-port.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { line9600, said } from './support.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function raw(bytes: number): string {
  const path = join(dir, 'x.raw');
  writeFileSync(path, Buffer.alloc(bytes, 'x'));
  return path;
}

function capture(...records: object[]): string {
  const path = join(dir, 'x.capture');
  const header = {
    format: 'infusewatch-capture',
    version: 1,
    deviceId: 'd',
    driver: 'x',
    startedAtWall: '',
    line: line9600,
  };
  writeFileSync(path, [header, ...records].map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

/** Connects and runs for so long; events as `[what, atMs]`. */
function play(
  options: Partial<Parameters<typeof replayPort>[0]> & { path: string },
  forMs: number,
) {
  const timeline = new VirtualTimeline();
  const events: PortEvent[] = [];
  const port = replayPort({ line: line9600, timeline, ...options });
  const subscription = port.connect().subscribe((event) => events.push(event));
  timeline.advance(forMs);
  return { timeline, port, events, subscription };
}

const bytesOf = (events: PortEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === 'bytes' ? event.chunk.length : 0), 0);

test('raw bytes come at the speed of the line, parity and stop bits counted', () => {
  expect(bitsPerByte(line9600)).toBe(10);
  expect(bitsPerByte({ baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 })).toBe(11);
  expect(bitsPerByte({ baudRate: 19_200, dataBits: 7, parity: 'odd', stopBits: 2 })).toBe(11);
  const path = raw(5_000);
  expect(bytesOf(play({ path }, 1_000).events)).toBe(960 - (960 % 9));
  const even = { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 } as const;
  expect(bytesOf(play({ path, line: even }, 1_000).events)).toBe(1_745 - (1_745 % 17));
  expect(bytesOf(play({ path, speed: 2 }, 1_000).events)).toBe(1_920 - (1_920 % 9));
});

test('a recording that has ended closes and stays closed', () => {
  const { timeline, port, events } = play({ path: raw(20) }, 1_000);
  expect(events.map((event) => event.kind)).toEqual([
    'opened',
    'bytes',
    'bytes',
    'bytes',
    'closed',
  ]);
  expect(events.at(-1)).toMatchObject({
    reason: expect.stringMatching(/has ended: start it again, or set loop/),
  });
  const later: string[] = [];
  port.connect().subscribe((event) => later.push(event.kind));
  timeline.advance(1_000);
  expect(later).toEqual(['closed']);
});

test('with loop it begins anew without closing; an empty one ends all the same', () => {
  const { events } = play({ path: raw(96), loop: true }, 1_000);
  expect(bytesOf(events)).toBeGreaterThan(900);
  expect(events.filter((event) => event.kind !== 'bytes').map(said)).toEqual(['opened']);
  const empty = play({ path: raw(0), loop: true }, 1_000);
  expect(empty.events.map((event) => event.kind)).toEqual(['opened', 'closed']);
});

test('max leaves out all waiting', () => {
  const path = capture(
    { t: 0, d: 'open', x: 'a' },
    { t: 10, d: 'rx', x: '41' },
    { t: 3_600_000, d: 'rx', x: '42' },
  );
  expect(play({ path, speed: 'max' }, 0).events.map(said)).toEqual([
    'opened',
    'A',
    'B',
    expect.stringContaining('closed: '),
  ]);
});

test('speed counts for recorded times', () => {
  const path = capture({ t: 0, d: 'open', x: 'a' }, { t: 1_000, d: 'rx', x: '41' });
  const { events } = play({ path, speed: 4 }, 10_000);
  expect(events.map((event) => event.atMs)).toEqual([0, 250, 250]);
});

test('sent bytes and losses of the recording are not replayed', () => {
  const path = capture(
    { t: 0, d: 'open', x: 'a' },
    { t: 1, d: 'tx', x: '41' },
    { t: 2, d: 'lost', x: '3' },
    { t: 3, d: 'rx', x: '42' },
  );
  expect(play({ path }, 10).events.map(said).slice(0, 2)).toEqual(['opened', 'B']);
});

test('a fault in the file is said once and does not begin the recording anew', () => {
  const path = capture(
    { t: 0, d: 'open', x: 'a' },
    { t: 1, d: 'rx', x: '41' },
    { t: 0, d: 'rx', x: '42' },
  );
  const timeline = new VirtualTimeline();
  const events: string[] = [];
  connectForever(replayPort({ path, line: line9600, timeline }), timeline).subscribe((event) =>
    events.push(said(event)),
  );
  timeline.advance(60_000);
  expect(events.filter((event) => event === 'A').length).toBeLessThanOrEqual(1);
  expect(events.filter((event) => event.startsWith('closed: '))).toEqual([
    expect.stringMatching(/x\.capture, line 4: time goes back/),
  ]);
});

test('a missing file is one plain sentence', () => {
  const { events } = play({ path: join(dir, 'nope.capture') }, 10);
  expect(events.map(said)).toEqual([
    `closed: ${join(dir, 'nope.capture')} does not exist: record it again, or give another file`,
  ]);
});

test('unsubscribe stops it; the next connection starts at the beginning', () => {
  const path = capture(
    { t: 0, d: 'open', x: 'a' },
    { t: 1, d: 'rx', x: '41' },
    { t: 2, d: 'rx', x: '42' },
  );
  const { timeline, port, events, subscription } = play({ path }, 1);
  subscription.unsubscribe();
  timeline.advance(10);
  expect(events.map(said)).toEqual(['opened', 'A']);
  const again: string[] = [];
  port.connect().subscribe((event) => again.push(said(event)));
  timeline.advance(10);
  expect(again.slice(0, 3)).toEqual(['opened', 'A', 'B']);
});
