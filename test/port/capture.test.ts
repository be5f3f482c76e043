import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator as ticker } from '../../simulators/kit/ticker.ts';
import { captured, captureFile } from '../../src/port/capture.ts';
import { readCapture } from '../../src/port/capture-format.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import type { PortEvent } from '../../src/port/port.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { replayPort } from '../../src/port/replay-port.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { latin1, line9600, PuppetPort, queries, said } from './support.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'capture-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const header = {
  format: 'infusewatch-capture',
  version: 1,
  deviceId: 'B01-pump',
  driver: 'ticker',
  startedAtWall: '2026-01-05T08:00:00.000Z',
  line: line9600,
};

function write(...records: (object | string)[]): string {
  const path = join(dir, 'x.capture');
  writeFileSync(
    path,
    [header, ...records].map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n') +
      '\n',
  );
  return path;
}

const sinkOf = (path: string, timeline: VirtualTimeline, bufferBytesMax = 1_000_000) =>
  captureFile({
    path,
    deviceId: 'B01-pump',
    driver: 'ticker',
    line: line9600,
    clock: timeline,
    bufferBytesMax,
  });

/** Everything that a port says, with times relative to the first event. */
function record(events: PortEvent[]) {
  const startMs = events[0]?.atMs ?? 0;
  return events.map((event) => [said(event), Math.round((event.atMs - startMs) * 1_000) / 1_000]);
}

describe('a capture', () => {
  test('replayed in virtual time gives the same bytes at the same times, unplugging included', async () => {
    const timeline = new VirtualTimeline();
    const link = simulatedLink({ kind: ticker, name: 'ttyA', timeline, options: { everyMs: 333 } });
    const path = join(dir, 'day.capture');
    const sink = sinkOf(path, timeline);
    const live: PortEvent[] = [];
    const subscription = connectForever(
      captured(memoryPort('ttyA', link, timeline), sink),
      timeline,
    ).subscribe((event) => {
      live.push(event);
      if (event.kind === 'opened') event.write(queries.get('rate'));
    });
    timeline.advance(5_000);
    link.unplug();
    timeline.advance(2_300);
    link.plug();
    timeline.advance(5_000);
    subscription.unsubscribe();
    await sink.close();

    const again = new VirtualTimeline();
    again.advance(12_345);
    const port = replayPort({ path, line: line9600, timeline: again });
    const replayed: PortEvent[] = [];
    const replay = connectForever(port, again).subscribe((event) => replayed.push(event));
    again.advance(12_300);
    replay.unsubscribe();
    expect(port.mode).toBe('test');
    expect(live.filter((event) => event.kind === 'opened')).toHaveLength(2);
    // The live side also saw attempts that failed, the replay its own end; all else is the same.
    const wire = (events: PortEvent[]) =>
      record(events).filter(([what]) => !/does not exist|has ended/.test(String(what)));
    expect(wire(replayed)).toEqual(wire(live));
  });

  test('holds queries, names and reasons as well', async () => {
    const timeline = new VirtualTimeline();
    const path = join(dir, 'a.capture');
    const sink = sinkOf(path, timeline);
    const puppet = new PuppetPort();
    captured(puppet, sink)
      .connect()
      .subscribe((event) => {
        if (event.kind === 'opened') event.write(queries.get('rate'));
      });
    puppet.sayOpened();
    timeline.advance(10);
    puppet.sayBytes('\xff!', 9.5);
    puppet.sayClosed('pulled', 10);
    await sink.close();
    expect(puppet.written).toEqual([latin1('RATE\r\n')]);
    const { header: read, records } = readCapture(path);
    expect(read).toEqual(header);
    expect([...records]).toEqual([
      { t: 0, d: 'open', x: 'puppet' },
      { t: 0, d: 'tx', x: '524154450d0a' },
      { t: 9.5, d: 'rx', x: 'ff21' },
      { t: 10, d: 'close', x: 'pulled' },
      { t: 10, d: 'end', x: '' },
    ]);
  });

  test('that the disk cannot take in time loses bytes, counts them and says where; the line goes on', async () => {
    const timeline = new VirtualTimeline();
    const path = join(dir, 'slow.capture');
    const sink = sinkOf(path, timeline, 2_000);
    const puppet = new PuppetPort();
    let heard = 0;
    captured(puppet, sink)
      .connect()
      .subscribe((event) => {
        if (event.kind === 'bytes') heard += event.chunk.length;
      });
    puppet.sayOpened();
    // No turn of the event loop: the file can take nothing.
    for (let n = 0; n < 1_000; n += 1) puppet.sayBytes('0123456789', n);
    const lost = sink.lostBytes();
    expect(heard).toBe(10_000);
    expect(lost).toBeGreaterThan(9_000);
    let more = 0;
    await vi.waitFor(() => {
      const before = sink.lostBytes();
      puppet.sayBytes('back', 1_000);
      more += 4;
      expect(sink.lostBytes()).toBe(before);
    });
    await sink.close();
    const records = [...readCapture(path).records];
    const rx = records.filter(({ d }) => d === 'rx').reduce((sum, { x }) => sum + x.length / 2, 0);
    const told = records.filter(({ d }) => d === 'lost').reduce((sum, { x }) => sum + Number(x), 0);
    expect(rx + told).toBe(10_000 + more);
    expect(told).toBe(sink.lostBytes());
    // The gap is told where it is: before what came after it.
    expect(records.slice(-2).map(({ d }) => d)).toEqual(['rx', 'end']);
  });

  test('that cannot be written says why and harms nothing', async () => {
    const timeline = new VirtualTimeline();
    const sink = sinkOf(join(dir, 'no', 'such', 'folder.capture'), timeline);
    const puppet = new PuppetPort();
    let heard = 0;
    captured(puppet, sink)
      .connect()
      .subscribe(() => (heard += 1));
    puppet.sayOpened();
    await sink.close();
    puppet.sayBytes('x');
    expect(heard).toBe(2);
    expect(sink.failure()).toMatch(/folder\.capture cannot be written .*: check the disk/);
    expect(sink.lostBytes()).toBe(1);
  });

  test('never overwrites another capture', async () => {
    const path = write({ t: 0, d: 'rx', x: '00' });
    const before = readFileSync(path, 'utf8');
    const sink = sinkOf(path, new VirtualTimeline());
    await sink.close();
    expect(sink.failure()).toContain('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});

describe('reading a capture', () => {
  const all = (path: string) => [...readCapture(path).records];
  const rejects = [
    {
      why: 'not JSON',
      records: [{ t: 0, d: 'rx', x: '00' }, 'oops'],
      message: /x\.capture, line 3: not JSON/,
    },
    {
      why: 'a direction that is none',
      records: [{ t: 0, d: 'up', x: '00' }],
      message: /line 2: d:/,
    },
    { why: 'odd hex', records: [{ t: 0, d: 'rx', x: '0' }], message: /line 2: x is not hex/ },
    {
      why: 'time that goes back',
      records: [
        { t: 5, d: 'rx', x: '00' },
        { t: 4, d: 'rx', x: '00' },
      ],
      message: /line 3: time goes back from 5 to 4/,
    },
    { why: 'unknown fields', records: [{ t: 5, d: 'rx', x: '00', y: 1 }], message: /line 2/ },
  ];
  test.each(rejects)('rejects $why with file and line', ({ records, message }) => {
    const path = write(...records);
    expect(() => all(path)).toThrow(message);
  });

  test('rejects a file of another kind, an empty one and a missing one', () => {
    const path = join(dir, 'y');
    writeFileSync(path, 'MTH 12\r\n');
    expect(() => readCapture(path)).toThrow(/y, line 1: not JSON; is this a capture file/);
    writeFileSync(path, '');
    expect(() => readCapture(path)).toThrow(/is empty/);
    expect(() => readCapture(join(dir, 'z'))).toThrow(/z does not exist/);
    writeFileSync(path, `${JSON.stringify({ ...header, version: 2 })}\n`);
    expect(() => readCapture(path)).toThrow(/line 1: version/);
  });

  test('leaves out a last line that the power cut short', () => {
    const path = write({ t: 0, d: 'rx', x: '00' });
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"t":1,"d":"r`);
    expect(all(path)).toHaveLength(1);
  });
});
