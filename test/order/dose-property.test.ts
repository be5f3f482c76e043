import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bagOf } from '../../src/order/dose-account.ts';
import { withBag } from '../../src/order/dose-ledger.ts';
import { type Bag, GAP_MS, Gateway, HOUR, SECOND, sessionOf } from './dose-kit.ts';

/** What happens at the bed, so many seconds after what happened before. */
type Happening = { readonly afterS: number } & (
  | { readonly kind: 'rate'; readonly part: number }
  | { readonly kind: 'clear' }
  | { readonly kind: 'unplug' | 'kill'; readonly forS: number }
  | { readonly kind: 'swap'; readonly forS: number; readonly counterMl: number }
  | { readonly kind: 'bag'; readonly drugMg: number }
);

interface World {
  readonly startMl: number;
  /** mL at which the counter ends, and what it does there. */
  readonly endMl: number;
  readonly wraps: boolean;
  readonly stepUl: number;
  readonly firstPart: number;
  readonly happenings: readonly Happening[];
}

const MAX_MG_PER_H = 20;
/** For so long a counter may stand still before it is in doubt. */
const STILL_MS = 5_000;
const part = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 100 }).map((it) => it / 100),
);
const afterS = fc.integer({ min: 1, max: 90 });
const forS = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 400 }));

const disturbance: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('rate' as const), afterS, part }),
  fc.record({ kind: fc.constant('clear' as const), afterS }),
  fc.record({ kind: fc.constantFrom('unplug' as const, 'kill' as const), afterS, forS }),
  fc.record({
    kind: fc.constant('swap' as const),
    afterS,
    forS,
    counterMl: fc.integer({ min: 0, max: 90 }),
  }),
  fc.record({
    kind: fc.constant('bag' as const),
    afterS,
    drugMg: fc.integer({ min: 40, max: 80 }),
  }),
);

const world = (happenings: fc.Arbitrary<readonly Happening[]>): fc.Arbitrary<World> =>
  fc.record({
    startMl: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 99 })),
    endMl: fc.constantFrom(99.9, 999.9, 9_999),
    wraps: fc.boolean(),
    stepUl: fc.constantFrom(1, 10, 100),
    firstPart: part,
    happenings,
  });

/** The truth, second by second, and the ledger beside it. Checks after each second. */
function run({ startMl, endMl, wraps, stepUl, firstPart, happenings }: World): void {
  const gateway = new Gateway();
  let bag: Bag = { drugMg: 40, volumeMl: 500 };
  let rate = 0;
  let counterUl = startMl * 1_000;
  let serial = 1;
  let trueUg = 0;
  let unpluggedUntil = 0;
  let downUntil = 0;
  let isDown = false;
  let lastReadAt = 0;
  let cleared = 0;
  let strange = 1;
  let hadGap = false;
  /** Cleared unseen: within one silence the counter grew beyond what it had. */
  let hidden = 0;
  const mgPerMl = (): number => bag.drugMg / bag.volumeMl;
  const setRate = (fraction: number): void => {
    rate = (fraction * MAX_MG_PER_H) / mgPerMl();
  };
  const session = () => sessionOf({ bag });
  const end = (ul: number): number => {
    const most = endMl * 1_000;
    if (ul < most) return ul;
    return wraps ? ul % most : most;
  };
  setRate(firstPart);
  const poll = (at: number): void => {
    if (at < unpluggedUntil * SECOND || isDown) return;
    const toldUl = Math.floor(counterUl / stepUl) * stepUl;
    gateway.read(at, toldUl / 1_000, rate, `SN${serial}`);
    lastReadAt = at;
  };
  poll(0);
  gateway.begin(session(), 0);
  poll(0);
  const queue = [...happenings];
  let nextAt = queue[0]?.afterS ?? 0;
  let swapAt = -1;
  let swapTo = 0;
  const lengthS = happenings.reduce((sum, it) => sum + it.afterS, 0) + 30;
  for (let s = 1; s <= lengthS; s += 1) {
    const flowedUl = (rate * 1_000) / 3_600;
    trueUg += flowedUl * mgPerMl();
    const was = counterUl;
    counterUl = end(counterUl + flowedUl);
    hadGap ||= counterUl === endMl * 1_000;
    if (counterUl < was) cleared += 1;
    const at = s * SECOND;
    if (s === swapAt) {
      serial += 1;
      strange += 1;
      counterUl = swapTo * 1_000;
    }
    while (queue[0] !== undefined && s >= nextAt) {
      const now = queue[0];
      queue.shift();
      nextAt += queue[0]?.afterS ?? 0;
      switch (now.kind) {
        case 'rate':
          setRate(now.part);
          break;
        case 'clear':
          if (counterUl <= (250 * GAP_MS) / 3_600) hidden += 1;
          counterUl = 0;
          cleared += 1;
          break;
        case 'unplug':
          unpluggedUntil = s + now.forS;
          hadGap ||= now.forS > 8;
          break;
        case 'kill':
          isDown = true;
          downUntil = s + now.forS;
          hadGap = true;
          break;
        case 'swap':
          unpluggedUntil = Math.max(unpluggedUntil, s + now.forS);
          swapAt = s + Math.ceil(now.forS / 2);
          swapTo = now.counterMl;
          hadGap = true;
          break;
        case 'bag':
          bag = { drugMg: now.drugMg, volumeMl: 500 };
          rate = Math.min(rate, MAX_MG_PER_H / mgPerMl());
          strange += 1;
          if (!isDown) gateway.ledger = withBag(gateway.ledger, bagOf(bag));
          break;
      }
    }
    if (isDown && s >= downUntil) {
      isDown = false;
      gateway.restart(session(), at);
    }
    poll(at);
    if (isDown) continue;
    const { session: given } = gateway.given(at);
    const unreadMs = Math.min(at - lastReadAt, GAP_MS);
    // One poll x rate, one step of the counter per pump and bag, and the whole ug of each sum.
    const fastest = MAX_MG_PER_H / 3_600_000;
    const stepMg = (stepUl / 1_000) * (80 / 500) * (strange + 1);
    const tolerance =
      fastest * (Math.max(unreadMs, STILL_MS) + GAP_MS * hidden) + 2 * stepMg + 0.005;
    const trueMg = trueUg / 1_000;
    const where = `at ${s} s: true ${trueMg}, ${given.atLeastMg} to ${given.atMostMg}`;
    expect(given.atLeastMg, where).toBeLessThanOrEqual(trueMg + tolerance);
    expect(given.atMostMg, where).toBeGreaterThanOrEqual(trueMg - tolerance);
    if (!hadGap) {
      const lost = fastest * SECOND * cleared + stepMg * cleared;
      expect(given.atLeastMg, where).toBeGreaterThanOrEqual(trueMg - tolerance - lost);
    }
  }
}

test('the true amount is inside of the range, whatever happens to pumps, bags, lines and gateway', () => {
  fc.assert(fc.property(world(fc.array(disturbance, { minLength: 1, maxLength: 12 })), run), {
    numRuns: 1_000,
    seed: 20_261_121,
  });
});

test('without a disturbance it is exact within one poll x rate', () => {
  const rates = fc.record({ kind: fc.constant('rate' as const), afterS, part });
  fc.assert(
    fc.property(world(fc.array(rates, { maxLength: 6 })), (quiet) =>
      run({ ...quiet, endMl: 9_999 }),
    ),
    { numRuns: 200, seed: 20_261_121 },
  );
});

test('a year of small readings does not drift', () => {
  const gateway = new Gateway();
  gateway.begin(sessionOf({ bag: { drugMg: 1, volumeMl: 3 } }), 0);
  gateway.read(0, 0, 1);
  for (let n = 1; n <= 300_000; n += 1) gateway.read(n * 9_000, n / 1_000, 0.4);
  const { session } = gateway.given(300_000 * 9_000);
  expect(session).toEqual({ atLeastMg: 100, atMostMg: 100, isExact: true });
  expect(HOUR).toBe(3_600_000);
});
