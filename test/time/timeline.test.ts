import {
  debounceTime,
  delay,
  interval,
  map,
  type Observable,
  of,
  Subject,
  take,
  timer,
} from 'rxjs';
import { describe, expect, test } from 'vitest';
import { realTimeline, VirtualTimeline } from '../../src/time/timeline.ts';

describe('virtual time', () => {
  test('tasks run in order of time, and in the order of scheduling at the same time', () => {
    const timeline = new VirtualTimeline();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${timeline.monotonicMs()}`);
    timeline.after(20, note('c'));
    timeline.after(10, note('a'));
    timeline.after(20, note('d'));
    timeline.after(10, note('b'));
    timeline.advance(20);
    expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20', 'd at 20']);
  });

  test('a task that schedules another one sees it run in the same advance, if it is due', () => {
    const timeline = new VirtualTimeline();
    const ran: number[] = [];
    timeline.after(10, () => {
      ran.push(timeline.monotonicMs());
      timeline.after(0, () => ran.push(timeline.monotonicMs()));
      timeline.after(5, () => ran.push(timeline.monotonicMs()));
      timeline.after(11, () => ran.push(timeline.monotonicMs()));
    });
    timeline.advance(20);
    expect(ran).toEqual([10, 10, 15]);
    timeline.advance(1);
    expect(ran).toEqual([10, 10, 15, 21]);
  });

  test('a negative delay counts as 0', () => {
    const timeline = new VirtualTimeline();
    let ran = false;
    timeline.after(-5, () => {
      ran = true;
    });
    timeline.advance(0);
    expect(ran).toBe(true);
  });

  test('what was cancelled does not run; cancelling twice and too late is harmless', () => {
    const timeline = new VirtualTimeline();
    const ran: string[] = [];
    const cancelFirst = timeline.after(10, () => ran.push('first'));
    const cancelSecond = timeline.after(10, () => ran.push('second'));
    cancelFirst();
    cancelFirst();
    timeline.advance(10);
    cancelSecond();
    expect(ran).toEqual(['second']);
  });

  test('a task can cancel one that is due at the same moment', () => {
    const timeline = new VirtualTimeline();
    let ran = false;
    let cancel = (): void => {};
    timeline.after(10, () => cancel());
    cancel = timeline.after(10, () => {
      ran = true;
    });
    timeline.advance(10);
    expect(ran).toBe(false);
  });

  test('the clock never goes back', () => {
    const timeline = new VirtualTimeline();
    timeline.advance(100);
    timeline.runUntil(50);
    expect(timeline.monotonicMs()).toBe(100);
  });

  test('a step of the wall clock moves neither monotonic time nor timers', () => {
    const timeline = new VirtualTimeline(1_000_000);
    let ranAtMs: number | undefined;
    timeline.after(60_000, () => {
      ranAtMs = timeline.monotonicMs();
    });
    timeline.advance(30_000);
    timeline.stepWallClock(-3_600_000);
    expect(timeline.wallMs()).toBe(1_000_000 + 30_000 - 3_600_000);
    expect(timeline.monotonicMs()).toBe(30_000);
    timeline.advance(30_000);
    expect(ranAtMs).toBe(60_000);
    expect(timeline.wallMs() - timeline.monotonicMs()).toBe(1_000_000 - 3_600_000);
  });

  test('ten thousand tasks in any order run in order', () => {
    const timeline = new VirtualTimeline();
    const ran: number[] = [];
    for (let index = 0; index < 10_000; index++) {
      timeline.after((index * 7_919) % 10_007, () => ran.push(timeline.monotonicMs()));
    }
    timeline.advance(20_000);
    expect(ran).toHaveLength(10_000);
    expect(ran).toEqual([...ran].sort((a, b) => a - b));
  });
});

describe('RxJS on virtual time', () => {
  const at = (timeline: VirtualTimeline) => map((value: number) => [value, timeline.monotonicMs()]);
  const collect = <T>(source: Observable<T>): T[] => {
    const seen: T[] = [];
    source.subscribe((value) => seen.push(value));
    return seen;
  };

  test('interval', () => {
    const timeline = new VirtualTimeline();
    const seen = collect(interval(250, timeline.scheduler).pipe(take(4), at(timeline)));
    timeline.advance(10_000);
    expect(seen).toEqual([
      [0, 250],
      [1, 500],
      [2, 750],
      [3, 1_000],
    ]);
  });

  test('timer with a first delay and a period', () => {
    const timeline = new VirtualTimeline();
    const seen = collect(timer(100, 50, timeline.scheduler).pipe(take(3), at(timeline)));
    timeline.advance(1_000);
    expect(seen).toEqual([
      [0, 100],
      [1, 150],
      [2, 200],
    ]);
  });

  test('debounceTime waits for quiet, and a new value starts the wait again', () => {
    const timeline = new VirtualTimeline();
    const source = new Subject<number>();
    const seen = collect(source.pipe(debounceTime(100, timeline.scheduler), at(timeline)));
    source.next(1);
    timeline.advance(60);
    source.next(2);
    timeline.advance(60);
    expect(seen).toEqual([]);
    timeline.advance(40);
    expect(seen).toEqual([[2, 160]]);
    timeline.advance(500);
    source.next(3);
    timeline.advance(100);
    expect(seen).toEqual([
      [2, 160],
      [3, 760],
    ]);
  });

  test('delay', () => {
    const timeline = new VirtualTimeline();
    const seen = collect(of(7).pipe(delay(30, timeline.scheduler), at(timeline)));
    timeline.advance(29);
    expect(seen).toEqual([]);
    timeline.advance(1);
    expect(seen).toEqual([[7, 30]]);
  });

  test('unsubscribing ends the timer', () => {
    const timeline = new VirtualTimeline();
    let ticks = 0;
    const subscription = interval(10, timeline.scheduler).subscribe(() => {
      ticks += 1;
    });
    timeline.advance(35);
    subscription.unsubscribe();
    timeline.advance(1_000);
    expect(ticks).toBe(3);
  });
});

test('the real timeline has a monotonic and a wall clock and cancels', () => {
  const timeline = realTimeline();
  const before = timeline.monotonicMs();
  expect(timeline.wallMs()).toBeGreaterThan(Date.UTC(2025, 0, 1));
  const cancel = timeline.after(1_000_000, () => {
    throw new Error('was cancelled');
  });
  cancel();
  cancel();
  expect(timeline.monotonicMs()).toBeGreaterThanOrEqual(before);
  expect(timeline.scheduler.now()).toBeGreaterThanOrEqual(before);
});
