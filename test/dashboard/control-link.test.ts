import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SocketHandlers, startControlLink } from '../../dashboard/link/control-link.ts';
import type { ServerFrame } from '../../dashboard/wire.ts';
import { BASE, iso } from './ward-fixtures.ts';

/** A gateway's end of each socket that the link has opened. */
interface End {
  readonly handlers: SocketHandlers;
  readonly sent: string[];
  isClosed: boolean;
}

const beat: ServerFrame = {
  type: 'beat',
  wallTime: iso(BASE.wallMs),
  monotonicMs: 1,
  utcOffsetMin: 0,
  lastSeq: 0,
};
const snapshot: ServerFrame = {
  type: 'snapshot',
  seq: 1,
  wallTime: iso(BASE.wallMs),
  monotonicMs: 1,
  beds: [],
  alarms: [],
  devices: [],
};

describe('the control link', () => {
  let ends: End[];
  let frames: ServerFrame[];
  let counts: { unreadable: number; noSession: number };
  let link: ReturnType<typeof startControlLink>;
  const last = (): End => {
    const end = ends.at(-1);
    if (end === undefined) throw new Error('no socket was opened');
    return end;
  };
  const say = (frame: unknown) => last().handlers.onMessage(JSON.stringify(frame));

  beforeEach(() => {
    vi.useFakeTimers({
      now: 0,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    ends = [];
    frames = [];
    counts = { unreadable: 0, noSession: 0 };
    link = startControlLink({
      open: (handlers) => {
        const end: End = { handlers, sent: [], isClosed: false };
        ends.push(end);
        return {
          isOpen: () => !end.isClosed,
          send: (text) => end.sent.push(text),
          close: () => {
            end.isClosed = true;
          },
        };
      },
      nowMs: () => performance.now(),
      random: () => 0.5,
      onFrame: (frame) => frames.push(frame),
      onUnreadable: () => {
        counts.unreadable += 1;
      },
      onNoSession: () => {
        counts.noSession += 1;
      },
      beat: () => ({ visible: true, audioState: 'running', lastPaintAgeMs: 5, wavesOk: true }),
    });
  });
  afterEach(() => {
    link.stop();
    vi.useRealTimers();
  });

  it('beats when it opens and every two seconds, with its own clock for the echo', () => {
    last().handlers.onOpen();
    vi.advanceTimersByTime(4_000);
    expect(last().sent.map((text) => JSON.parse(text).sentAtMs)).toEqual([0, 2_000, 4_000]);
  });

  it('gives up a socket that is silent for six seconds and opens another', () => {
    vi.advanceTimersByTime(6_000);
    expect(ends).toHaveLength(1);
    vi.advanceTimersByTime(2_000 + 250);
    expect(ends).toHaveLength(2);
    expect(ends[0]?.isClosed).toBe(true);
  });

  it('keeps a socket that talks', () => {
    for (let passed = 0; passed < 60_000; passed += 2_000) {
      say(beat);
      vi.advanceTimersByTime(2_000);
    }
    expect(ends).toHaveLength(1);
  });

  it('ignores what a given-up socket still says', () => {
    const [first] = ends;
    vi.advanceTimersByTime(8_250);
    first?.handlers.onMessage(JSON.stringify(snapshot));
    first?.handlers.onClose(1006);
    expect(frames).toEqual([]);
    expect(ends).toHaveLength(2);
  });

  it('retries after 250 ms, 500 ms, 1 s, then every 2 s; a snapshot starts anew', () => {
    const waits = [250, 500, 1_000, 2_000, 2_000].map((wait) => {
      const before = ends.length;
      last().handlers.onClose(1006);
      vi.advanceTimersByTime(wait - 1);
      expect(ends).toHaveLength(before);
      vi.advanceTimersByTime(1);
      return ends.length - before;
    });
    expect(waits).toEqual([1, 1, 1, 1, 1]);
    say(snapshot);
    last().handlers.onClose(1006);
    vi.advanceTimersByTime(250);
    expect(ends).toHaveLength(7);
  });

  it('does not knock again without a session', () => {
    last().handlers.onClose(4401);
    vi.advanceTimersByTime(60_000);
    expect(counts.noSession).toBe(1);
    expect(ends).toHaveLength(1);
  });

  it.each(['not json', '{"type":"news"}', '{"type":"beat","extra":1}', '[]'])(
    'takes %s for a missing frame',
    (text) => {
      last().handlers.onMessage(text);
      expect(counts.unreadable).toBe(1);
      expect(frames).toEqual([]);
    },
  );

  it('a binary frame is not for this socket', () => {
    last().handlers.onMessage(new ArrayBuffer(4));
    expect(counts.unreadable).toBe(1);
  });
});
