import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice, SimulatorKind } from '../../simulators/kit/device.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { pacedWire } from '../../simulators/kit/paced-wire.ts';
import { simulator as ticker } from '../../simulators/kit/ticker.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('the paced wire', () => {
  test('9600 8N1 carries 960 bytes in a second, in chunks of about ten', () => {
    const timeline = new VirtualTimeline();
    const chunks: { atMs: number; size: number }[] = [];
    const wire = pacedWire({ baudRate: 9_600, bitsPerByte: 10 }, timeline, (chunk) =>
      chunks.push({ atMs: timeline.monotonicMs(), size: chunk.length }),
    );
    wire.send(new Uint8Array(960));
    timeline.advance(2_000);
    expect(chunks.reduce((sum, { size }) => sum + size, 0)).toBe(960);
    expect(chunks.at(-1)?.atMs).toBeCloseTo(1_000, 3);
    expect(Math.max(...chunks.map(({ size }) => size))).toBeLessThanOrEqual(10);
  });

  test('keeps bytes and order, and never carries a byte before its time, whatever is sent when', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            waitMs: fc.nat({ max: 60 }),
            bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
          }),
          { maxLength: 30 },
        ),
        fc.constantFrom(300, 1_200, 9_600, 19_200, 115_200),
        (sends, baudRate) => {
          const timeline = new VirtualTimeline();
          const arrived: { atMs: number; byte: number }[] = [];
          const wire = pacedWire({ baudRate, bitsPerByte: 11 }, timeline, (chunk) => {
            for (const byte of chunk) arrived.push({ atMs: timeline.monotonicMs(), byte });
          });
          const msPerByte = 11_000 / baudRate;
          const expected: { earliestMs: number; byte: number }[] = [];
          let freeMs = 0;
          for (const { waitMs, bytes } of sends) {
            timeline.advance(waitMs);
            freeMs = Math.max(freeMs, timeline.monotonicMs());
            for (const byte of bytes) {
              freeMs += msPerByte;
              expected.push({ earliestMs: freeMs, byte });
            }
            wire.send(bytes);
          }
          timeline.advance(120_000);
          expect(arrived.map(({ byte }) => byte)).toEqual(expected.map(({ byte }) => byte));
          for (const [index, { atMs }] of arrived.entries()) {
            const earliestMs = expected[index]?.earliestMs ?? 0;
            expect(atMs).toBeGreaterThan(earliestMs - 0.001);
            expect(atMs).toBeLessThan(earliestMs + Math.max(10, msPerByte) + 0.001);
          }
        },
      ),
    );
  });

  test('a device that says more than its line can carry is counted and does not fill memory', () => {
    const timeline = new VirtualTimeline();
    const wire = pacedWire({ baudRate: 9_600, bitsPerByte: 10 }, timeline, () => undefined);
    for (let n = 0; n < 100; n += 1) wire.send(new Uint8Array(1_024));
    expect(wire.overrunBytes()).toBe(36 * 1_024);
  });
});

function setUp(options: { everyMs: number } = { everyMs: 100 }) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: ticker, name: 'ttyA', timeline, options });
  let heard = '';
  let unplugged = 0;
  const end = {
    onBytes: (chunk: Uint8Array) => {
      heard += text(chunk);
    },
    onUnplugged: () => {
      unplugged += 1;
    },
  };
  return { timeline, link, end, heard: () => heard, unplugged: () => unplugged };
}

describe('the simulated link', () => {
  test('a device speaks on when nobody listens; what it said then is lost, as on a wire', () => {
    const { timeline, link, end, heard } = setUp();
    timeline.advance(1_050);
    link.attach(end);
    timeline.advance(100);
    expect(heard()).toBe('TICK 11 0\r\n');
  });

  test('commands change the physics and unknown ones are refused in words', () => {
    const { timeline, link, end, heard } = setUp();
    link.attach(end);
    link.command('set-value', { value: 42 });
    timeline.advance(150);
    expect(heard()).toBe('TICK 1 42\r\n');
    expect(() => link.command('fly')).toThrow(
      'the ticker does not know the command fly: it knows set-value',
    );
  });

  test('faults hit the wire, not the device', () => {
    const { timeline, link, end, heard } = setUp();
    link.attach(end);
    link.fault({ kind: 'silence', forMs: 250 });
    timeline.advance(350);
    expect(heard()).toBe('TICK 3 0\r\n');
    expect(link.describe()['ticks']).toBe(3);
  });

  test('a late frame comes late, and not at all when the cable is pulled before', () => {
    const { timeline, link, end, heard } = setUp({ everyMs: 1_000 });
    link.attach(end);
    link.fault({ kind: 'late', delayMs: 300, frames: 2 });
    timeline.advance(1_299);
    expect(heard()).toBe('');
    timeline.advance(20);
    expect(heard()).toBe('TICK 1 0\r\n');
    timeline.advance(800);
    link.unplug();
    timeline.advance(100);
    link.plug();
    link.attach(end);
    timeline.advance(500);
    expect(heard()).toBe('TICK 1 0\r\n');
  });

  test('unplug loses what is under way, tells the end once, and the device goes on by itself', () => {
    const { timeline, link, end, heard, unplugged } = setUp();
    const attachment = link.attach(end);
    timeline.advance(105);
    attachment?.send(Buffer.from('hello\r\n'));
    link.unplug();
    link.unplug();
    attachment?.send(Buffer.from('hello\r\n'));
    timeline.advance(1_000);
    expect(heard()).toBe('');
    expect(unplugged()).toBe(1);
    expect(link.attach(end)).toBeUndefined();
    expect(link.describe()).toEqual({ ticks: 11, echoes: 0, value: 0 });
    link.plug('ttyB');
    expect(link.name).toBe('ttyB');
    link.attach(end);
    timeline.advance(110);
    expect(heard()).toBe('TICK 12 0\r\n');
  });

  test('one end at a time', () => {
    const { link, end } = setUp();
    const first = link.attach(end);
    expect(link.attach(end)).toBeUndefined();
    first?.detach();
    expect(link.attach(end)).toBeDefined();
  });

  test('a device that always wants to be woken now does not stop the clock', () => {
    const timeline = new VirtualTimeline();
    let calls = 0;
    const restless: SimulatedDevice = {
      receive: () => [],
      advance(nowMs) {
        calls += 1;
        return { send: [], wakeAtMs: nowMs };
      },
      command: () => undefined,
      describe: () => ({}),
    };
    const kind: SimulatorKind = {
      id: 'x',
      line: { baudRate: 9_600, bitsPerByte: 10 },
      create: () => restless,
    };
    const link = simulatedLink({ kind, name: 'x', timeline });
    timeline.advance(100);
    expect(calls).toBeLessThan(110);
    link.stop();
    const stoppedAt = calls;
    timeline.advance(100);
    expect(calls).toBe(stoppedAt);
  });
});
