import { describe, expect, test } from 'vitest';
import type { PortEvent } from '../../src/port/port.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { PuppetPort, said } from './support.ts';

function setUp(onConnect?: PuppetPort['onConnect']) {
  const timeline = new VirtualTimeline();
  const port = new PuppetPort();
  if (onConnect) port.onConnect = onConnect;
  const events: PortEvent[] = [];
  let ended = false;
  const subscription = connectForever(port, timeline).subscribe({
    next: (event) => events.push(event),
    error: () => {
      ended = true;
    },
    complete: () => {
      ended = true;
    },
  });
  return { timeline, port, events, subscription, ended: () => ended };
}

describe('connectForever', () => {
  test('passes events on and connects again 250 ms after a close', () => {
    const { timeline, port, events } = setUp();
    port.sayOpened();
    port.sayBytes('a');
    port.sayClosed('pulled');
    timeline.advance(249);
    expect(port.connects).toBe(1);
    timeline.advance(1);
    expect(port.connects).toBe(2);
    port.sayOpened();
    port.sayBytes('b');
    expect(events.map(said)).toEqual(['opened', 'a', 'closed: pulled', 'opened', 'b']);
  });

  test('waits twice as long each time, at most 500 ms, and never gives up', () => {
    const { timeline, port, ended } = setUp();
    const atMs: number[] = [];
    port.onConnect = (subscriber) => {
      atMs.push(timeline.monotonicMs());
      subscriber.next({ kind: 'closed', atMs: timeline.monotonicMs(), reason: 'not there' });
      subscriber.complete();
    };
    port.sayClosed('not there');
    timeline.runUntil(3_600_000);
    expect(atMs.slice(0, 5)).toEqual([250, 750, 1_250, 1_750, 2_250]);
    expect(atMs.length).toBeGreaterThan(7_190);
    expect(ended()).toBe(false);
  });

  test('says a close once, however often the same attempt fails, and again when the reason changes', () => {
    const reasons = ['not there', 'not there', 'not there', 'busy', 'busy'];
    const { timeline, events } = setUp((subscriber) => {
      subscriber.next({ kind: 'closed', atMs: 0, reason: reasons.shift() ?? 'busy' });
      subscriber.complete();
    });
    timeline.advance(10_000);
    expect(events.map(said)).toEqual(['closed: not there', 'closed: busy']);
  });

  test('says the same reason again after the port was open between', () => {
    const { timeline, port, events } = setUp();
    port.sayOpened();
    port.sayClosed('pulled');
    timeline.advance(300);
    port.sayOpened();
    port.sayClosed('pulled');
    expect(events.map(said)).toEqual(['opened', 'closed: pulled', 'opened', 'closed: pulled']);
  });

  test('a port that opens and closes at once does not spin', () => {
    const { timeline, port } = setUp((subscriber) => {
      subscriber.next({ kind: 'opened', atMs: timelineNow(), name: 'x', write: () => undefined });
      subscriber.next({ kind: 'closed', atMs: timelineNow(), reason: 'flaps' });
      subscriber.complete();
    });
    function timelineNow(): number {
      return 0;
    }
    timeline.advance(60_000);
    expect(port.connects).toBeLessThan(125);
  });

  test('begins at 250 ms again after the port was open for 5 s, not before', () => {
    const { timeline, port } = setUp();
    port.sayClosed('a');
    timeline.advance(250);
    port.sayClosed('b');
    timeline.advance(500);
    expect(port.connects).toBe(3);
    port.sayOpened(timeline.monotonicMs());
    timeline.advance(4_999);
    port.sayClosed('c');
    timeline.advance(499);
    expect(port.connects).toBe(3);
    timeline.advance(1);
    expect(port.connects).toBe(4);
    port.sayOpened(timeline.monotonicMs());
    timeline.advance(5_000);
    port.sayClosed('d');
    timeline.advance(250);
    expect(port.connects).toBe(5);
  });

  test('outlives a port that breaks its contract: error, or end without a word', () => {
    const { timeline, port, events, ended } = setUp();
    port.current?.error(new Error('boom'));
    timeline.advance(250);
    expect(port.connects).toBe(2);
    port.current?.complete();
    timeline.advance(500);
    expect(port.connects).toBe(3);
    expect(ended()).toBe(false);
    expect(events.map((event) => event.kind)).toEqual(['closed', 'closed']);
  });

  test('unsubscribe closes the port and ends the retries', () => {
    const { timeline, port, subscription } = setUp();
    port.sayOpened();
    expect(port.open).toBe(1);
    subscription.unsubscribe();
    expect(port.open).toBe(0);
    timeline.advance(60_000);
    expect(port.connects).toBe(1);
  });

  test('unsubscribe while waiting ends the retries', () => {
    const { timeline, port, subscription } = setUp();
    port.sayClosed('x');
    subscription.unsubscribe();
    timeline.advance(60_000);
    expect(port.connects).toBe(1);
    expect(port.open).toBe(0);
  });
});
