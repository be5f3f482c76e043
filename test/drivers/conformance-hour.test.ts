import { describe, expect, test } from 'vitest';
import type { WireFault } from '../../simulators/kit/wire-faults.ts';
import { type Case, cases, proofOf, SEED } from './conformance-case.ts';
import { Dice } from './conformance-noise.ts';
import { type Bedside, bedside, type LineEvent, type Sent } from './conformance-twin.ts';

const HOUR_MS = 3_600_000;
/** A wire that is well again is understood again within a minute. */
const RECOVERY_MS = 60_000;

const FAULTS: readonly WireFault[] = [
  { kind: 'flip', bits: 1, frames: 3 },
  { kind: 'flip', bits: 12, forMs: 2_000, probability: 0.5 },
  { kind: 'noise', bytes: 20, frames: 2 },
  { kind: 'truncate', frames: 2 },
  { kind: 'duplicate', frames: 3 },
  { kind: 'late', delayMs: 700, frames: 2 },
  { kind: 'late', delayMs: 7_000, frames: 1 },
  { kind: 'burst', bytes: 500 },
  { kind: 'silence', forMs: 25_000 },
];

// An hour of a rack of pumps, on a machine that is busy with other tests.
describe.each(cases)('$id: an hour', { timeout: 60_000 }, (one) => {
  test('of quiet work: all is understood, every declared metric comes, and it is known as simulated first', () => {
    const log = new Log();
    const bed = bedside(one, log.take);
    bed.timeline.advance(HOUR_MS);
    const truth = bed.link.describe();
    bed.stop();
    judgeSent(one, bed, log);
    expect(log.accepted).toBeGreaterThan(100);
    expect(said(log.rejected)).toBe('');
    expect(said(countedAs(truth, /garbled/i))).toBe('');
    expect(said(log.shownAsReal), 'values before identity with mode demo').toBe('');
    const { notByTwin = {} } = proofOf(one);
    const missing = one.driver.reports.filter((code) => !log.valued.has(code));
    expect(missing.sort()).toEqual(Object.keys(notByTwin).sort());
  });

  test('of silence: it asks on, at its pace, and writes nothing else', () => {
    const log = new Log();
    const bed = bedside(one, log.take);
    bed.link.fault({ kind: 'silence', forMs: 2 * HOUR_MS });
    bed.timeline.advance(HOUR_MS);
    const sentSoFar = bed.sent.length;
    bed.timeline.advance(300_000);
    bed.stop();
    judgeSent(one, bed, log);
    expect(log.accepted).toBe(0);
    expect(log.valued.size).toBe(0);
    if (one.driver.queries.all.length > 0) expect(bed.sent.length).toBeGreaterThan(sentSoFar);
  });

  test(`of faults on the wire and pulled cables: the same, and it recovers (seed ${SEED})`, () => {
    const log = new Log();
    const bed = bedside(one, log.take);
    const dice = new Dice(SEED);
    while (bed.timeline.monotonicMs() < HOUR_MS) {
      bed.timeline.advance(1_000 + dice.below(15_000));
      if (dice.below(20) > 0) bed.link.fault(dice.oneOf(FAULTS));
      else {
        bed.link.unplug();
        bed.timeline.advance(dice.below(20_000));
        bed.link.plug();
      }
    }
    bed.link.fault({ kind: 'clear' });
    bed.timeline.advance(RECOVERY_MS);
    const rejectedSoFar = log.rejected.length;
    const acceptedSoFar = log.accepted;
    bed.timeline.advance(RECOVERY_MS);
    bed.stop();
    judgeSent(one, bed, log);
    expect(rejectedSoFar).toBeGreaterThan(0);
    expect(log.rejected.length).toBe(rejectedSoFar);
    expect(log.accepted).toBeGreaterThan(acceptedSoFar);
    expect(said(log.shownAsReal), 'values before identity with mode demo').toBe('');
  });
});

/** The first few of a list that should be empty, so that the message shows them. */
const said = (list: readonly string[]): string => list.slice(0, 5).join('\n');

/** What every hour must keep: nothing thrown, nothing refused, and at the port only questions at their pace. */
function judgeSent(one: Case, { faults, sent, link }: Bedside, log: Log): void {
  const { queries } = one.driver;
  expect(said(faults)).toBe('');
  expect(log.writesRefused).toBe(0);
  const strange = sent.filter(({ bytes }) => !queries.has(bytes));
  expect(said(strange.map(({ bytes }) => Buffer.from(bytes).toString('hex')))).toBe('');
  expect(said(tooSoon(one, sent))).toBe('');
  expect(said(countedAs(link.describe(), /forbidden/i))).toBe('');
}

/** Sendings that came sooner after the last one of the same query than PROTOCOL.md allows. */
function tooSoon(one: Case, sent: readonly Sent[]): readonly string[] {
  const { queries, channels } = one.driver;
  const { paceMs } = proofOf(one);
  const names = queries.all.map(({ name }) => name).sort();
  expect(Object.keys(paceMs).sort(), 'a pace for every query').toEqual(names);
  const lastAtMs = new Map<string, number>();
  return sent.flatMap(({ atMs, bytes, opening }) => {
    const name = queries.nameOf(bytes) ?? '';
    // On a shared line the bytes name the device; on any other they may only count.
    const asked = channels === undefined ? name : Buffer.from(bytes).toString('hex');
    const key = `${opening} ${asked}`;
    const sinceMs = atMs - (lastAtMs.get(key) ?? Number.NEGATIVE_INFINITY);
    lastAtMs.set(key, atMs);
    const isSoon = sinceMs < (paceMs[name] ?? 0) - 0.001;
    return isSoon ? [`${name} at ${atMs} ms, ${sinceMs} ms after the last`] : [];
  });
}

/** Counts and lists of the twin's own truth that are not empty, by their name. */
function countedAs(truth: Readonly<Record<string, unknown>>, name: RegExp): readonly string[] {
  return Object.entries(truth).flatMap(([key, value]) => {
    if (name.test(key)) {
      const isNothing = value === 0 || (Array.isArray(value) && value.length === 0);
      return isNothing ? [] : [`${key}: ${JSON.stringify(value)}`];
    }
    const isPart = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isPart ? countedAs(value as Readonly<Record<string, unknown>>, name) : [];
  });
}

/** What of the events of hours is needed. */
class Log {
  accepted = 0;
  writesRefused = 0;
  readonly rejected: string[] = [];
  /** Metrics that came with a number. */
  readonly valued = new Set<string>();
  /** Values of a device that had not said that it is simulated. */
  readonly shownAsReal: string[] = [];
  /** Channels that said so since the line was opened; `undefined` is the line itself. */
  readonly #demo = new Set<string | undefined>();

  readonly take = (event: LineEvent): void => {
    switch (event.kind) {
      case 'frame-accepted':
        this.accepted += 1;
        break;
      case 'frame-rejected':
        this.rejected.push(`${event.reason} at ${event.atMs} ms`);
        break;
      case 'link-counters':
        this.writesRefused = event.writesRefused;
        break;
      case 'port-open':
        this.#demo.clear();
        break;
      case 'identity':
        if (event.mode === 'demo') this.#demo.add(event.channel);
        break;
      case 'metric': {
        if (event.value === null) break;
        this.valued.add(event.code);
        const isKnown = this.#demo.has(event.channel) || this.#demo.has(undefined);
        if (!isKnown && this.shownAsReal.length < 10) this.shownAsReal.push(event.code);
        break;
      }
      default:
        break;
    }
  };
}
