import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import type { Driver } from '../../src/driver/contract.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { readCapture } from '../../src/port/capture-format.ts';
import { pacedBySent } from '../../src/port/paced-by-sent.ts';
import { connectForever } from '../../src/port/reconnecting.ts';
import { replayPort } from '../../src/port/replay-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { nurseA } from '../pipeline/virtual-ward.ts';
import { commonOf, RecordedBed, replay, sameButTime, type Told } from './recorded-bed.ts';

/** The bed looks at its clock so often. */
const TICK_MS = 500;

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function bed(options: ConstructorParameters<typeof RecordedBed>[0] = {}): RecordedBed {
  const made = new RecordedBed(options);
  dirs.push(made.dir);
  return made;
}

function expectSame(live: readonly Told[], replayed: readonly Told[]): void {
  expect(replayed.map(sameButTime)).toEqual(live.map(sameButTime));
  const off = live.map(({ t }, index) => Math.abs(t - (replayed[index]?.t ?? Number.NaN)));
  expect(Math.max(0, ...off)).toBeLessThanOrEqual(TICK_MS);
}

async function eventful(live: RecordedBed): Promise<void> {
  live.run(10);
  const orderId = await live.order();
  live.run(60);
  live.pump.command('occlude', { on: true });
  live.run(40);
  const { alarmId, rev } = live.open('PMP-01');
  await live.ward.acknowledge(nurseA, [{ alarmId, rev }]);
  live.run(10);
  live.pump.command('occlude', { on: false });
  live.pump.command('start');
  live.run(60);
  live.pump.unplug();
  live.run(30);
  live.pump.plug();
  live.run(30);
  live.monitor.fault({ kind: 'silence', forMs: 20_000 });
  live.run(45);
  live.pump.command('set-rate', { mlPerH: 500 });
  live.run(30);
  await live.ward.discontinueOrder(nurseA, orderId, 'test');
  live.run(60);
}

test('occlusion, pulled cable, silence, wrong rate, acknowledgement: a replay raises what the live run raised', async () => {
  const live = bed();
  await eventful(live);
  const { alarms, lines } = await replay(await live.end());
  const rules = new Set(live.told.map(({ rule }) => rule));
  for (const rule of ['PMP-01', 'MON-01', 'MON-02', 'ORD-02']) expect(rules).toContain(rule);
  expect(live.told.some(({ phase }) => phase === 'acknowledged')).toBe(true);
  expect(live.faults).toEqual([]);
  expectSame(live.told, alarms.map(commonOf));
  expect(new Set(alarms.map(({ mode }) => mode))).toEqual(new Set(['test']));
  expect(lines).not.toMatch(/[AO]0{3}\d{3}/);
});

test('two replays are the same bytes', async () => {
  const live = bed();
  await eventful(live);
  const dir = await live.end();
  const once = await replay(dir);
  expect(once.lines.length).toBeGreaterThan(500);
  expect((await replay(dir)).lines).toBe(once.lines);
});

test('timers came late for half an hour: the replay asks when it was asked, and misses no reply', async () => {
  const live = bed({ seed: 20_260_105 });
  live.run(10);
  await live.order();
  live.run(1_800);
  const path = join(await live.end(), 'B01-pump.capture');
  const sent = [...readCapture(path).records].flatMap(({ d, t }) => (d === 'tx' ? [t] : []));
  const accepted = live.ward.devices()[0]?.counters.framesAccepted;
  expect(accepted).toBeGreaterThan(1_800);
  expect(replayedLine(path, sent)).toEqual({ accepted, missed: 0, rejected: 0 });
  // Without it the session runs ahead of its recording.
  expect(replayedLine(path, []).accepted).toBeLessThan(accepted ?? 0);
});

function replayedLine(path: string, sent: readonly number[]) {
  const timeline = new VirtualTimeline();
  const count = { accepted: 0, missed: 0, rejected: 0 };
  const port = replayPort({ path, line: alarisAsena.line, timeline });
  const subscription = deviceLink({
    driver: alarisAsena as Driver,
    options: {},
    port: guarded(port, alarisAsena.queries),
    timeline: pacedBySent(timeline, sent),
  }).subscribe((batch) => {
    for (const { kind } of batch) {
      if (kind === 'frame-accepted') count.accepted += 1;
      if (kind === 'frame-rejected') count.rejected += 1;
      if (kind === 'reply-missed') count.missed += 1;
    }
  });
  timeline.advance(1_810_000);
  subscription.unsubscribe();
  return count;
}

test('a device that was silent to the end is silent in the replay, not disconnected', async () => {
  const live = bed();
  live.run(20);
  live.monitor.fault({ kind: 'silence', forMs: 600_000 });
  live.run(30);
  const { alarms } = await replay(await live.end());
  expect(alarms.map(({ rule }) => rule)).not.toContain('MON-01');
  expect(alarms.map(({ rule }) => rule)).toContain('MON-02');
  expectSame(live.told, alarms.map(commonOf));
});

test('a device that was never there is disconnected in the replay as well', async () => {
  const live = bed();
  live.pump.unplug();
  live.run(60);
  const { alarms } = await replay(await live.end());
  expect(alarms.map(({ rule }) => rule)).toContain('MON-01');
  expectSame(live.told, alarms.map(commonOf));
});

/** A log with an order that is over, one that runs, and an alarm that a person has seen. */
async function usedLog() {
  const before = bed();
  before.run(10);
  const over = await before.order();
  before.run(30);
  before.pump.command('set-rate', { mlPerH: 500 });
  before.run(20);
  before.pump.command('set-rate', { mlPerH: 125 });
  before.run(20);
  await before.ward.discontinueOrder(nurseA, over, 'test');
  const seen = before.ward.alarms().filter(({ phase }) => phase === 'latched');
  expect(seen.length).toBeGreaterThan(0);
  await before.ward.seen(
    nurseA,
    seen.map(({ alarmId, rev }) => ({ alarmId, rev })),
  );
  const running = await before.order();
  before.run(30);
  await before.end();
  return { history: before.log.all(), running };
}

test('what still mattered of the log goes on in the replay, what is over is not kept; ids are others', async () => {
  const { history, running } = await usedLog();
  const live = bed({ history });
  live.run(20);
  live.pump.command('set-rate', { mlPerH: 500 });
  live.run(30);
  const standing = live.open('ORD-02');
  expect(standing.alarmId).not.toBe('A000001');
  await live.ward.acknowledge(nurseA, [{ alarmId: standing.alarmId, rev: standing.rev }]);
  live.run(10);
  live.pump.command('set-rate', { mlPerH: 125 });
  await live.ward.discontinueOrder(nurseA, running, 'test');
  live.run(30);
  const next = await live.order();
  live.run(30);
  live.pump.command('set-rate', { mlPerH: 500 });
  live.run(20);
  await live.ward.discontinueOrder(nurseA, next, 'test');
  live.run(60);
  const dir = await live.end();
  const kept = readFileSync(join(dir, 'history.jsonl'), 'utf8');
  expect(kept.match(/order-created/g)).toHaveLength(1);
  expect(kept).not.toMatch(/order-discontinued|alarm-raised/);
  const { alarms } = await replay(dir);
  expect(alarms.some(({ rule, phase }) => rule === 'ORD-02' && phase === 'acknowledged')).toBe(
    true,
  );
  expect(alarms.some(({ rule }) => rule === 'ORD-18')).toBe(true);
  expectSame(live.told, alarms.map(commonOf));
});

test('an alarm is acknowledged in the replay whatever revision it had then', async () => {
  const live = bed();
  await eventful(live);
  const dir = await live.end();
  const path = join(dir, 'commands.jsonl');
  const commands = readFileSync(path, 'utf8');
  expect(commands).toMatch(/"rev":\d+/);
  writeFileSync(path, commands.replace(/"rev":\d+/g, '"rev":99'));
  expectSame(live.told, (await replay(dir)).alarms.map(commonOf));
});

test('an attempt to open that failed is replayed with its reason', () => {
  const timeline = new VirtualTimeline();
  const dir = mkdtempSync(join(tmpdir(), 'iw-attempts-'));
  dirs.push(dir);
  const header = {
    format: 'infusewatch-capture',
    version: 1,
    deviceId: 'd',
    driver: 'x',
    startedAtWall: '',
    line: alarisAsena.line,
  };
  const records = [
    { t: 1, d: 'close', x: 'not there' },
    { t: 500, d: 'close', x: 'still not there' },
    { t: 1_000, d: 'open', x: 'p' },
    { t: 1_010, d: 'rx', x: '41' },
    { t: 5_000, d: 'end', x: '' },
  ];
  const path = join(dir, 'd.capture');
  writeFileSync(path, [header, ...records].map((one) => `${JSON.stringify(one)}\n`).join(''));
  const told: string[] = [];
  connectForever(replayPort({ path, line: alarisAsena.line, timeline }), timeline).subscribe(
    (event) => told.push(event.kind === 'closed' ? event.reason : event.kind),
  );
  timeline.runUntil(4_999);
  expect(told).toEqual(['not there', 'still not there', 'opened', 'bytes']);
});

test('on a live bed: SIMULATED only where the device itself said so', async () => {
  const live = bed({ mode: 'live' });
  live.run(20);
  const { alarms } = await replay(await live.end());
  expect(live.told.map(({ rule }) => rule)).toContain('MON-08');
  expectSame(live.told, alarms.map(commonOf));
});
