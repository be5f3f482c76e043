import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeltaParts } from '../../src/hub/bed-changes.ts';
import { bodyOf, ClientQueue, sharedDelta } from '../../src/hub/client-queue.ts';
import { type AlarmView, ServerFrame } from '../../src/hub/wire/index.ts';
import { applyParts, type ClientState, emptyClient, reduce } from './reduce.ts';
import { aBed, aDevice, aNumeric, anAlarm, anInfusion, anOrder } from './views.ts';

const limits = { blockedBytes: 2_000, unsentBytesMax: 20_000, blockedMsMax: 10_000 };
const BEDS = ['B01', 'B02', 'B03'];

/** A ward, a socket that sends only when told, and a client behind it. */
class World {
  readonly ward = emptyClient();
  readonly client = emptyClient();
  readonly queue: ClientQueue;
  readonly wire: string[] = [];
  isFlowing = true;
  nowMs = 0;
  /** Revisions that must arrive: those since the last snapshot that was made. */
  readonly revisions: string[] = [];

  constructor(queueLimits = limits) {
    this.queue = new ClientQueue(queueLimits);
    for (const bedId of BEDS) this.ward.beds.set(bedId, aBed(bedId));
    this.snapshot();
  }

  get unsentBytes(): number {
    return this.wire.reduce((sum, frame) => sum + frame.length, 0);
  }

  snapshot(): void {
    const { beds, alarms, devices } = this.ward;
    const times = { wallTime: '2026-01-05T08:00:00.000Z', monotonicMs: 0 };
    this.#write(
      this.queue.snapshot(
        bodyOf({
          ...times,
          beds: [...beds.values()],
          alarms: [...alarms.values()],
          devices: [...devices.values()],
        }),
      ),
    );
  }

  parts(...all: readonly DeltaParts[]): void {
    for (const parts of all) applyParts(this.ward.beds, this.ward.devices, parts);
    this.#write(...this.queue.offer(all.map(sharedDelta), this.unsentBytes, this.nowMs));
  }

  alarm(alarm: AlarmView): void {
    this.ward.alarms.set(alarm.alarmId, alarm);
    this.revisions.push(`${alarm.alarmId} ${alarm.rev}`);
    this.#write(this.queue.alarm(bodyOf({ alarm })));
  }

  /** The socket sends all that it holds, again and again until nothing follows. */
  drain(): void {
    this.isFlowing = true;
    do this.#deliver();
    while (this.#write(...this.queue.resume(this.unsentBytes, this.nowMs)) > 0);
  }

  #write(...frames: readonly string[]): number {
    this.wire.push(...frames);
    if (this.isFlowing) this.#deliver();
    return frames.length;
  }

  #deliver(): void {
    for (const text of this.wire.splice(0))
      reduce(this.client, ServerFrame.parse(JSON.parse(text)));
  }
}

type Action = (world: World) => void;

const bedId = fc.constantFrom(...BEDS);
const code = fc.constantFrom(
  'MDC_PULS_OXIM_SAT_O2' as const,
  'MDC_PULS_OXIM_PULS_RATE' as const,
  'MDC_ECG_HEART_RATE' as const,
);
const anyParts: fc.Arbitrary<DeltaParts> = fc
  .record(
    {
      bedId,
      numerics: fc.array(
        fc
          .tuple(fc.constantFrom('d1', 'd2'), fc.integer({ min: 0, max: 200 }), code)
          .map(([deviceId, value, metric]) => aNumeric(deviceId, value, metric)),
        { minLength: 1, maxLength: 3 },
      ),
      infusion: fc.nat(40).map((liveMgPerH) => ({ ...anInfusion, liveMgPerH })),
      nibp: fc.nat(60).map((intervalMin) => ({ ...aBed('B01').nibp, intervalMin })),
      order: fc.constantFrom(null, anOrder.view),
      rateHistory: fc.array(
        fc.nat(40).map((mgPerH) => ({ at: '2026-01-05T08:00:00.000Z', mgPerH })),
        { maxLength: 3 },
      ),
      deviceFrames: fc.tuple(fc.constantFrom('d1', 'd2'), fc.nat(99)),
      weightKg: fc.nat(150),
    },
    { requiredKeys: ['bedId'] },
  )
  .map(({ deviceFrames, weightKg, ...parts }) => ({
    ...parts,
    ...(deviceFrames && {
      device: aDevice(parts.bedId, `${parts.bedId}-${deviceFrames[0]}`, deviceFrames[1]),
    }),
    ...(weightKg !== undefined && {
      bed: { ...aBed(parts.bedId), patient: { id: 'P', label: 'P', weightKg } },
    }),
  }));

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(anyParts, { maxLength: 4 })
      .map((all) => (world: World) => world.parts(...all)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 1, max: 9 })).map(
      ([id, rev]) =>
        (world: World) =>
          world.alarm(anAlarm(id, rev)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constant((world: World) => {
      world.isFlowing = false;
    }),
  },
  { weight: 1, arbitrary: fc.constant((world: World) => world.drain()) },
  { weight: 1, arbitrary: fc.constant((world: World) => world.snapshot()) },
);

const seen = ({ beds, devices, alarms }: ClientState) => ({ beds, devices, alarms });

describe('whatever changes while a client is behind or not', () => {
  test('it ends up with the state of the ward, with every alarm revision, in order, without a gap', () => {
    void fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 60 }), (actions) => {
        const world = new World();
        for (const action of actions) action(world);
        world.drain();
        expect(seen(world.client)).toEqual(seen(world.ward));
        expect(world.client.revisions).toEqual(world.revisions);
        expect(world.client.seq).toBe(world.queue.lastSeq);
      }),
      { numRuns: 400 },
    );
  });

  test('what waits is bounded by the ward and not by the time', () => {
    const world = new World();
    world.isFlowing = false;
    for (let value = 0; value < 10_000; value += 1)
      world.parts({ bedId: 'B01', numerics: [aNumeric('d1', value)] });
    expect(world.unsentBytes).toBeLessThan(limits.blockedBytes + 1_000);
    world.drain();
    expect(world.client.beds.get('B01')?.numerics).toEqual([aNumeric('d1', 9_999)]);
    expect(world.queue.heldBack).toBeGreaterThan(9_000);
  });

  test('a snapshot replaces what waited', () => {
    const world = new World();
    world.isFlowing = false;
    while (!world.queue.isBlocked) world.parts({ bedId: 'B01', bed: aBed('B01') });
    world.snapshot();
    const { lastSeq } = world.queue;
    world.drain();
    expect(world.queue.lastSeq).toBe(lastSeq);
  });

  test('an alarm goes at once although parts wait, and never behind a younger alarm', () => {
    const world = new World();
    world.isFlowing = false;
    while (!world.queue.isBlocked) world.parts({ bedId: 'B01', bed: aBed('B01') });
    const before = world.wire.length;
    world.alarm(anAlarm('A', 1));
    world.alarm(anAlarm('A', 2));
    expect(world.wire.slice(before).map((text) => JSON.parse(text).alarm.rev)).toEqual([1, 2]);
  });
});

describe('a client that cannot keep up', () => {
  test('goes when more than the limit waits unsent', () => {
    const queue = new ClientQueue(limits);
    expect(queue.tooSlow(limits.unsentBytesMax, 0)).toBeUndefined();
    expect(queue.tooSlow(limits.unsentBytesMax + 1, 0)).toMatch(/unsent/);
  });

  test('is not judged by a snapshot that is larger than the limit', () => {
    const queue = new ClientQueue(limits);
    const body = bodyOf({ big: 'x'.repeat(limits.unsentBytesMax) });
    queue.snapshot(body);
    expect(queue.tooSlow(body.length + 100, 0)).toBeUndefined();
    expect(queue.tooSlow(body.length + limits.unsentBytesMax + 1, 0)).toMatch(/unsent/);
    queue.resume(0, 1);
    expect(queue.tooSlow(body.length + 100, 2)).toMatch(/unsent/);
  });

  test('goes after 10 s of being blocked, and the time begins anew when it was not', () => {
    const queue = new ClientQueue(limits);
    queue.offer([], limits.blockedBytes + 1, 0);
    expect(queue.tooSlow(limits.blockedBytes + 1, 9_999)).toBeUndefined();
    expect(queue.tooSlow(limits.blockedBytes + 1, 10_000)).toMatch(/10 s/);
    queue.resume(limits.blockedBytes, 10_001);
    expect(queue.tooSlow(limits.blockedBytes + 1, 10_002)).toBeUndefined();
  });
});
