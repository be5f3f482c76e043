import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { type LineNote, watchLines } from '../../src/assembly/line-watch.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { DeviceView } from '../../src/hub/wire/index.ts';
import { newDevicePicture, pictureAfter } from '../../src/observation/device-picture.ts';
import {
  EMPTY_TALLY,
  type LineTally,
  lineAdvice,
  lineTrouble,
} from '../../src/observation/line-advice.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { PuppetPort } from '../port/support.ts';

const tally = (
  { checksum = 0, malformed = 0, unexpected = 0 }: Partial<LineTally['rejected']>,
  rest: Partial<Omit<LineTally, 'rejected'>> = {},
): LineTally => ({ ...EMPTY_TALLY, ...rest, rejected: { checksum, malformed, unexpected } });

describe('which trouble it looks like', () => {
  test.each([
    ['nothing at all', tally({}), false, 'no-bytes', /check the cable/],
    ['bytes, no frame', tally({}, { bytes: 400 }), false, 'no-frames', /baud rate and parity/],
    ['rubbish lines', tally({ malformed: 9 }, { bytes: 99 }), false, 'no-frames', /right driver/],
    ['bad checksums', tally({ checksum: 5, malformed: 2 }), false, 'bad-checksums', /noise/],
    ['mostly rubbish', tally({ checksum: 1, malformed: 9 }), false, 'no-frames', /baud rate/],
    ['an echo', tally({ unexpected: 7 }), false, 'unasked', /does not echo/],
    ['another slot', tally({}, { bytes: 50 }), true, 'other-channel', /not this device/],
    [
      'it had answered',
      tally({ checksum: 9 }, { accepted: 1 }),
      true,
      'gone-silent',
      /gone silent/,
    ],
  ] as const)('%s', (_, given, isHeard, trouble, words) => {
    expect(lineTrouble(given, isHeard)).toBe(trouble);
    expect(lineAdvice(trouble)).toMatch(words);
  });

  test('names the place on a shared line, who else talks there, and the hint of the driver', () => {
    const around = { place: 'slot', unassigned: ['1', '4'], silenceHint: 'It may be docked.' };
    expect(lineAdvice('other-channel', around)).toBe(
      'The line answers, but not this slot: check the slot in the configuration and at the device. Talking and assigned to no bed: slot 1, 4. It may be docked.',
    );
    expect(lineAdvice('no-bytes', around)).toMatch(/the slot, .* It may be docked\.$/);
    expect(lineAdvice('bad-checksums', around)).not.toContain('docked');
  });
});

test('counted since the port was opened, not since the start', () => {
  const picture = newDevicePicture(
    {
      deviceId: 'd',
      bedId: 'b',
      role: 'pump',
      driverId: 'x',
      freshness: { staleMs: 5_000, lostMs: 10_000 },
      reports: [],
      factsTold: [],
      alertsDecoded: 'all',
      mode: 'real',
    },
    0,
  );
  const open = { kind: 'port-open', name: 'p', mode: 'real', atMs: 1 } as const;
  const counters = (bytesIn: number) =>
    ({ kind: 'link-counters', bytesIn, bytesDropped: 0, writesRefused: 0 }) as const;
  const before = pictureAfter(picture, [
    open,
    counters(500),
    { kind: 'frame-accepted', atMs: 2 },
    { kind: 'frame-rejected', reason: 'checksum', atMs: 3 },
    { kind: 'port-closed', reason: 'pulled', atMs: 4 },
  ]);
  expect(before.sinceOpen).toEqual(tally({ checksum: 1 }, { bytes: 500, accepted: 1 }));
  const again = pictureAfter(before, [open, counters(540)]);
  expect(again.sinceOpen).toEqual(tally({}, { bytes: 40 }));
  expect(again.counters).toMatchObject({ bytesIn: 540, framesAccepted: 1, framesRejected: 1 });
  expect(lineTrouble(again.sinceOpen, false)).toBe('no-frames');
});

test('a trickle that never becomes a frame is told within a second, not after a kilobyte', () => {
  const timeline = new VirtualTimeline();
  const puppet = new PuppetPort();
  const told: number[] = [];
  deviceLink({
    driver: alarisAsena as Driver,
    options: {},
    port: guarded(puppet, alarisAsena.queries),
    timeline,
  }).subscribe((batch) => {
    for (const event of batch) if (event.kind === 'link-counters') told.push(event.bytesIn);
  });
  puppet.sayOpened(0);
  for (let atMs = 100; atMs <= 3_000; atMs += 100) puppet.sayBytes('xyz', atMs);
  expect(told[0]).toBe(3);
  expect(told.length).toBeLessThanOrEqual(4);
  expect(told.at(-1)).toBeGreaterThan(60);
});

describe('the log', () => {
  const view = (
    state: DeviceView['state'],
    advice: string | null,
    lastFrameAtMonotonicMs: number | null = null,
  ): DeviceView =>
    ({
      deviceId: 'd',
      bedId: 'b',
      port: '/dev/x',
      state,
      advice,
      lastFrameAtMonotonicMs,
    }) as DeviceView;

  function watched() {
    const timeline = new VirtualTimeline();
    const views = new Subject<DeviceView>();
    const notes: (LineNote & { atMs: number })[] = [];
    const subscription = watchLines(views, timeline, (note) =>
      notes.push({ ...note, atMs: timeline.monotonicMs() }),
    );
    return { timeline, views, notes, subscription };
  }

  test('one line when it starts, 10 s after the last frame, and one when it is over', () => {
    const { timeline, views, notes } = watched();
    timeline.advance(30_000);
    views.next(view('closed', 'pulled', 28_000));
    timeline.advance(7_999);
    expect(notes).toEqual([]);
    views.next(view('closed', 'still pulled', 28_000));
    timeline.advance(1);
    expect(notes).toMatchObject([
      { deviceId: 'd', bedId: 'b', advice: 'still pulled', atMs: 38_000 },
    ]);
    for (let i = 0; i < 50; i += 1) {
      timeline.advance(1_000);
      views.next(view('closed', `try ${i}`, 28_000));
    }
    views.next(view('connecting', null, 28_000));
    expect(notes).toHaveLength(1);
    timeline.advance(1_000);
    views.next(view('live', null, 89_000));
    expect(notes).toHaveLength(2);
    expect(notes[1]).toMatchObject({ advice: null, lastedMs: 61_000 });
  });

  test('a device that is silent is told at once: its own patience is over', () => {
    const { timeline, views, notes } = watched();
    timeline.advance(10_500);
    views.next(view('silent', 'nothing arrives'));
    timeline.advance(0);
    expect(notes).toMatchObject([{ advice: 'nothing arrives', atMs: 10_500 }]);
  });

  test('a loose cable within the patience says nothing; one that comes and goes says it once a minute', () => {
    const { timeline, views, notes } = watched();
    for (let i = 0; i < 20; i += 1) {
      views.next(view('closed', 'pulled', timeline.monotonicMs()));
      timeline.advance(5_000);
      views.next(view('live', null, timeline.monotonicMs()));
      timeline.advance(1_000);
    }
    expect(notes).toEqual([]);
    for (let i = 0; i < 20; i += 1) {
      views.next(view('silent', 'silent', timeline.monotonicMs()));
      timeline.advance(11_000);
      views.next(view('live', null, timeline.monotonicMs()));
      timeline.advance(1_000);
    }
    expect(notes.filter(({ advice }) => advice !== null).length).toBeLessThanOrEqual(5);
    expect(notes.filter(({ advice }) => advice === null)).toHaveLength(
      notes.filter(({ advice }) => advice !== null).length,
    );
  });

  test('nothing is left when it ends', () => {
    const { timeline, views, notes, subscription } = watched();
    views.next(view('closed', 'pulled', 0));
    subscription.unsubscribe();
    timeline.advance(100_000);
    expect(notes).toEqual([]);
  });
});
