import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HubClient } from '../hub/hub-client.ts';
import { HubFixture } from '../hub/hub-fixture.ts';
import { anAlarm } from '../hub/views.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start({ checkFrames: false });
});
afterEach(() => fixture.stop());

const history = Array.from({ length: 2_000 }, (_, index) => ({
  at: new Date(index * 1_000).toISOString(),
  mgPerH: index,
}));

/** About 90 kB. */
function bigChange(value: number): void {
  const rateHistory = [{ at: '2026-01-05T08:00:00.000Z', mgPerH: value }, ...history];
  fixture.ward.parts({ bedId: 'B01', rateHistory });
}

async function counter(line: string): Promise<number> {
  const text = await (await fixture.call('/metrics')).text();
  const found = text.split('\n').find((one) => one.startsWith(`infusewatch_${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

async function joined(headers?: Readonly<Record<string, string>>): Promise<HubClient> {
  const client = fixture.client(headers);
  await client.next('snapshot');
  return client;
}

/** Changes until the system's own buffers are full and the hub holds deltas back. */
async function fillUp(good: HubClient): Promise<number> {
  for (let value = 1; ; value += 1) {
    bigChange(value);
    await good.until(() => good.state.beds.get('B01')?.rateHistory[0]?.mgPerH === value);
    if ((await counter('hub_deltas_held_back_total')) > 5) return value;
  }
}

describe('a client that stops reading', () => {
  test('delays nobody, loses nobody an alarm, and is closed with 4408 after 10 s', async () => {
    const good = await joined();
    const bad = await joined(fixture.bearer('prescriber'));
    bad.ws.pause();
    await fillUp(good);
    for (let n = 0; n < 20; n += 1) fixture.ward.alarm(anAlarm('A', n + 1));
    for (let ms = 0; ms < 9_500; ms += 500) {
      fixture.timeline.advance(500);
      await good.inStep();
    }
    expect(await counter('hub_closed_total{code="4408"}')).toBe(0);
    for (let ms = 0; ms < 1_000; ms += 500) {
      fixture.timeline.advance(500);
      await good.inStep();
    }
    expect(await counter('hub_closed_total{code="4408"}')).toBe(1);
    expect(fixture.ward.watchers.at(-1)).toMatchObject({ user: 'prescriber', state: 'left' });

    const distinct = [...new Set(good.state.revisions)];
    expect(distinct).toEqual(Array.from({ length: 20 }, (_, n) => `A ${n + 1}`));
    expect([...good.state.beds.values()]).toEqual(fixture.ward.beds());

    bad.ws.resume();
    expect(await bad.closed).toMatchObject({ code: 4408, reason: expect.stringMatching(/10 s/) });
    const again = await joined(fixture.bearer('prescriber'));
    expect([...again.state.alarms.values()]).toEqual(fixture.ward.alarms());
  });

  test('and reads again in time gets every alarm and the latest of everything, without a gap', async () => {
    const good = await joined();
    const slow = await joined();
    slow.ws.pause();
    const last = await fillUp(good);
    for (let n = 0; n < 20; n += 1) fixture.ward.alarm(anAlarm('A', n + 1));
    for (let n = 1; n <= 50; n += 1) bigChange(last + n);
    slow.ws.resume();
    await slow.until(() => slow.state.beds.get('B01')?.rateHistory[0]?.mgPerH === last + 50);
    expect(slow.state.revisions).toEqual(Array.from({ length: 20 }, (_, n) => `A ${n + 1}`));
    expect([...slow.state.beds.values()]).toEqual(fixture.ward.beds());
    expect(slow.frames.length).toBeLessThan(good.frames.length);
  });

  test('is closed at once when alarms alone fill more than 1 MB', async () => {
    const good = await joined();
    const bad = await joined();
    bad.ws.pause();
    await fillUp(good);
    const text = 'RATE FAR ABOVE ORDER';
    for (let n = 0; (await counter('hub_closed_total{code="4408"}')) === 0; n += 1) {
      for (let more = 0; more < 500; more += 1)
        fixture.ward.alarm(anAlarm(`A${n}-${more}`, 1, { text }));
      await good.inStep();
      fixture.timeline.advance(100);
      expect(n).toBeLessThan(20);
    }
    expect(good.state.revisions.length).toBe(fixture.ward.alarms().length);
  });

  test('does not keep the gateway from going down', async () => {
    const bad = await joined();
    bad.ws.pause();
    const good = await joined();
    await fillUp(good);
  });
});
