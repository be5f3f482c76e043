import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aBeat, type HubClient } from '../hub/hub-client.ts';
import { HubFixture } from '../hub/hub-fixture.ts';
import { aBed, aDevice, aNumeric, anAlarm, anInfusion } from '../hub/views.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.start();
});
afterEach(() => fixture.stop());

/** Time passes in steps in which every client can answer its pings. */
async function pass(ms: number, ...clients: readonly HubClient[]): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    fixture.timeline.advance(Math.min(500, left));
    await Promise.all(clients.map((client) => client.inStep()));
  }
}

function expectSameState(client: HubClient): void {
  const { beds, alarms, devices } = client.state;
  expect([...beds.values()]).toEqual(fixture.ward.beds());
  expect([...alarms.values()]).toEqual(fixture.ward.alarms());
  expect([...devices.values()]).toEqual(fixture.ward.devices());
}

async function joined(headers?: Readonly<Record<string, string>>): Promise<HubClient> {
  const client = fixture.client(headers);
  await client.next('snapshot');
  return client;
}

const parts = (value: number) => ({ bedId: 'B01', numerics: [aNumeric('B01-mon', value)] });

describe('from joining on', () => {
  test('hello, snapshot, then every change, numbered without a gap', async () => {
    fixture.ward.alarm(anAlarm('A', 4));
    const client = fixture.client();
    const hello = await client.next('hello');
    expect(hello).toEqual({
      type: 'hello',
      protocol: 1,
      build: 'build-1',
      gatewayId: 'gw-test',
      site: 'Pain unit',
      unit: '4W',
      wallTime: '2026-01-05T08:00:00.000Z',
      monotonicMs: 0,
      timeZone: 'Europe/Berlin',
      utcOffsetMin: 60,
      mode: 'information',
      user: 'nurse',
      roles: ['nurse'],
    });
    expect((await client.next('snapshot')).alarms).toEqual([anAlarm('A', 4)]);
    fixture.ward.parts(parts(97));
    fixture.ward.alarm(anAlarm('A', 5));
    fixture.ward.parts({ bedId: 'B02', bed: { ...aBed('B02'), audioPausedBy: 'nurse' } });
    fixture.ward.parts({ bedId: 'B01', infusion: { ...anInfusion, state: 'over' }, order: null });
    await client.inStep();
    expectSameState(client);
    expect(client.state.revisions).toEqual(['A 5']);
  });

  test('the parts of one turn come as one delta, an alarm of that turn before them', async () => {
    const client = await joined();
    const before = client.frames.length;
    fixture.ward.parts(parts(97));
    fixture.ward.parts(parts(96));
    fixture.ward.alarm(anAlarm('A'));
    fixture.ward.parts({ bedId: 'B01', device: aDevice('B01', 'B01-pump', 7) });
    fixture.ward.parts({ bedId: 'B01', device: aDevice('B01', 'B01-mon', 8) });
    await client.inStep();
    const types = client.frames.slice(before).map(({ type }) => type);
    expect(types).toEqual(['alarm', 'delta', 'delta']);
    expectSameState(client);
  });

  test('who comes back gets the same state, with the same alarm revisions', async () => {
    const first = await joined();
    fixture.ward.alarm(anAlarm('A', 2));
    fixture.ward.parts(parts(91));
    await first.inStep();
    first.end();
    fixture.ward.alarm(anAlarm('A', 3, { phase: 'acknowledged', acknowledgedBy: 'nurse' }));
    const again = await joined();
    expectSameState(again);
    expect(again.state.seq).toBe(1);
  });

  test('a change between two joins reaches both, once', async () => {
    const early = await joined();
    fixture.ward.parts(parts(90));
    const late = await joined();
    fixture.ward.parts(parts(89));
    await Promise.all([early.inStep(), late.inStep()]);
    expectSameState(early);
    expectSameState(late);
  });

  test('no faults with frames off the contract, or the hub says so in the log', async () => {
    const client = await joined();
    const bad = { ...aNumeric('B01-mon', 1), unit: 7 } as unknown as ReturnType<typeof aNumeric>;
    fixture.ward.changes.next({ kind: 'parts', parts: { bedId: 'B01', numerics: [bad] } });
    await expect(client.inStep()).rejects.toThrow();
    expect(fixture.logged.map(({ event }) => event)).toContain('frame-off-contract');
    fixture.logged.length = 0;
  });
});

describe('beats', () => {
  test('come every 2 s and say what was sent last', async () => {
    const client = await joined();
    fixture.ward.parts(parts(97));
    await pass(2_000, client);
    const beat = await client.next('beat');
    expect(beat).toEqual({
      type: 'beat',
      wallTime: '2026-01-05T08:00:02.000Z',
      monotonicMs: 2_000,
      utcOffsetMin: 60,
      lastSeq: client.state.seq,
    });
    await pass(8_000, client);
    expect(client.frames.filter(({ type }) => type === 'beat')).toHaveLength(5);
  });

  test('answer a beat of the client at once', async () => {
    const client = await joined();
    client.send({ ...aBeat, sentAtMs: 41.5 });
    expect((await client.next('beat')).echo).toBe(41.5);
  });

  test('tell the ward who watches and how', async () => {
    const client = await joined();
    client.send({ ...aBeat, visible: false, station: 'Station 1' });
    await client.next('beat');
    const [join, beat] = fixture.ward.watchers;
    expect(join).toEqual({ clientId: join?.clientId, user: 'nurse', state: 'joined' });
    expect(beat).toEqual({
      ...join,
      station: 'Station 1',
      state: 'beat',
      visible: false,
      audioState: 'running',
      lastPaintAgeMs: 12,
    });
    client.end();
    await client.closed;
    await expect.poll(() => fixture.ward.watchers.at(-1)?.state).toBe('left');
  });

  test('a client without them is no watcher after 6 s, and is served all the same', async () => {
    const client = await joined();
    const states = () => fixture.ward.watchers.map(({ state }) => state);
    await pass(6_000, client);
    expect(states()).toEqual(['joined']);
    await pass(500, client);
    expect(states()).toEqual(['joined', 'left']);
    await pass(20_000, client);
    expect(states()).toEqual(['joined', 'left']);
    fixture.ward.alarm(anAlarm('A'));
    expect((await client.next('alarm')).alarm.alarmId).toBe('A');
    client.send(aBeat);
    await client.inStep();
    expect(states()).toEqual(['joined', 'left', 'joined', 'beat']);
  });
});

describe('receipts', () => {
  const receipt = (rev: number, stage = 'received') =>
    ({ type: 'receipt', alarmId: 'A', rev, stage }) as const;

  test('are kept per revision; those for what was never sent are not', async () => {
    const client = await joined();
    fixture.ward.alarm(anAlarm('A', 2));
    await client.next('alarm');
    client.send(receipt(2));
    client.send(receipt(2, 'displayed'));
    client.send(receipt(3));
    await client.inStep();
    const stages = fixture.hub.receipts.of('A', 2).map(({ stage, user }) => [stage, user]);
    expect(stages).toEqual([
      ['received', 'nurse'],
      ['displayed', 'nurse'],
    ]);
    expect(fixture.hub.receipts.of('A', 3)).toEqual([]);
  });

  test('an alarm without one is sent once more after 5 s, under a new number', async () => {
    const client = await joined();
    fixture.ward.alarm(anAlarm('A', 2));
    fixture.ward.alarm(anAlarm('B', 1));
    await client.next('alarm');
    client.send(receipt(2));
    await pass(4_500, client);
    expect(client.state.revisions).toEqual(['A 2', 'B 1']);
    await pass(500, client);
    expect(client.state.revisions).toEqual(['A 2', 'B 1', 'B 1']);
    await pass(20_000, client);
    expect(client.state.revisions).toEqual(['A 2', 'B 1', 'B 1']);
  });

  test('those for a snapshot full of alarms are not too many frames', async () => {
    for (let n = 0; n < 60; n += 1) fixture.ward.alarm(anAlarm(`A${n}`));
    const client = await joined();
    for (let n = 0; n < 60; n += 1)
      for (const stage of ['received', 'displayed'])
        client.send({ type: 'receipt', alarmId: `A${n}`, rev: 1, stage });
    await client.inStep();
    expect(fixture.hub.receipts.of('A59', 1)).toHaveLength(2);
  });
});

describe('resync', () => {
  const resync = { type: 'resync' } as const;

  test('brings a snapshot that goes on in the sequence', async () => {
    const client = await joined();
    fixture.ward.parts(parts(97));
    client.send(resync);
    const snapshot = await client.next('snapshot');
    expect(snapshot.seq).toBe(3);
    expectSameState(client);
  });

  test('at most every 500 ms; a request before that is not lost', async () => {
    const client = await joined();
    for (let n = 0; n < 5; n += 1) client.send(resync);
    await client.inStep();
    const snapshots = () => client.frames.filter(({ type }) => type === 'snapshot').length;
    expect(snapshots()).toBe(2);
    fixture.timeline.advance(400);
    await client.inStep();
    expect(snapshots()).toBe(2);
    fixture.timeline.advance(100);
    await client.inStep();
    expect(snapshots()).toBe(3);
    await pass(2_000, client);
    expect(snapshots()).toBe(3);
  });
});

describe('the end of a session', () => {
  test('closes its sockets within 5 s and no others', async () => {
    const token = fixture.token('nurse');
    const client = await joined({ authorization: `Bearer ${token}` });
    const other = await joined();
    await pass(1_000, client, other);
    fixture.auth.revoke(token);
    fixture.timeline.advance(1_000);
    expect(await client.closed).toEqual({
      code: 4401,
      reason: 'The session has ended. Log in again.',
    });
    fixture.ward.alarm(anAlarm('A'));
    await other.next('alarm');
  });
});

describe('the end of the gateway', () => {
  test('says good-bye', async () => {
    const client = await joined();
    const closed = fixture.hub.close();
    expect((await client.closed).code).toBe(1001);
    await closed;
    await expect(fixture.call('/healthz')).rejects.toThrow();
  });

  test('without changes from the ward nobody may believe that they watch', async () => {
    const client = await joined();
    fixture.ward.changes.error(new Error('boom'));
    expect((await client.closed).code).toBe(1011);
    const late = fixture.client();
    await expect(late.next('hello')).rejects.toThrow(/503/);
  });
});
