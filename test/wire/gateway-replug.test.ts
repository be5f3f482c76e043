import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { draw } from '../../simulators/kit/random.ts';
import { pump, type Rig, rig } from './gateway-kit.ts';

/** Another seed is another hundred cycles: SEED=7 npx vitest run test/wire/gateway-replug.test.ts */
const SEED = Number(process.env['SEED'] ?? 20_261_121);
const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const PUMPS = 20;
const CYCLES = 5;
/** Longer than the delay of MON-01, so that each cycle is one alarm. */
const OUT_MS = { min: 1_800, more: 1_500 };
const IN_MS = { min: 300, more: 1_500 };

const rigs: Rig[] = [];
afterAll(() => Promise.all(rigs.map(({ closers }) => closers.close())));

const id = (n: number): string => `B${String(n).padStart(2, '0')}-pump`;
const serial = (n: number): string => `SIM1-${String(n).padStart(5, '0')}`;

/** A handle may be gone before it is looked at. */
function targetOf(fd: string): string[] {
  try {
    return [readlinkSync(fd)];
  } catch {
    return [];
  }
}

test(`${PUMPS * CYCLES} times out and in at random moments: identity, value, one alarm, no handle left (seed ${SEED})`, async () => {
  const ward = await rig({
    devices: Array.from({ length: PUMPS }, (_, n) =>
      pump(id(n), { serial: serial(n), rateMlPerH: n + 1 }),
    ),
  });
  rigs.push(ward);
  const { client, simulators, gateway } = ward;
  const shown = (n: number, sinceMs: number): boolean => {
    const flow = client.numeric(id(n), FLOW);
    return flow?.validity === 'valid' && (flow.observedAtMonotonicMs ?? 0) > sinceMs;
  };
  /** What the gateway holds open: the serial lines, and everything that is neither a line nor a file of the store. */
  const handles = (): { readonly lines: number; readonly others: number } => {
    const dir = `/proc/${gateway.child.pid}/fd`;
    const targets = readdirSync(dir).flatMap((fd) => targetOf(`${dir}/${fd}`));
    const lines = targets.filter((target) => target.startsWith('/dev/pts/')).length;
    const others = targets.filter((target) => !/^\/dev\/pts\/|\.db(-wal|-shm)?$/.test(target));
    return { lines, others: others.length };
  };
  await client.waitFor('all live', () =>
    Array.from({ length: PUMPS }, (_, n) => n).every((n) => shown(n, 0)),
  );
  const before = handles();
  expect(before.lines).toBe(PUMPS);

  const backMs: number[] = [];
  const cycleOf = async (n: number): Promise<void> => {
    let random = SEED + n;
    const ms = ({ min, more }: typeof OUT_MS): number => {
      const drawn = draw(random);
      random = drawn.next;
      return min + drawn.value * more;
    };
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await pass(ms(IN_MS));
      await simulators.unplug(id(n));
      await pass(ms(OUT_MS));
      const sinceMs = client.gatewayMs();
      const pluggedAt = performance.now();
      await simulators.plug(id(n));
      const backAt = await client.waitFor(`${id(n)} back`, () => shown(n, sinceMs), 10_000);
      backMs.push(backAt - pluggedAt);
      expect(client.numeric(id(n), FLOW)?.value).toBe(n + 1);
    }
  };
  await Promise.all(Array.from({ length: PUMPS }, (_, n) => cycleOf(n)));

  expect(backMs).toHaveLength(PUMPS * CYCLES);
  expect(Math.max(...backMs), 'slowest return, ms').toBeLessThan(2_000);
  for (let n = 0; n < PUMPS; n += 1) {
    await client.waitFor('known', () => client.devices.get(id(n))?.association.state === 'own');
    expect(client.devices.get(id(n))).toMatchObject({ serial: serial(n) });
    await client.waitFor('MON-01 over', () => client.alarm('MON-01', id(n)) === undefined);
    const raised = new Set(
      client
        .alarmFrames('MON-01')
        .filter(({ alarm }) => alarm.deviceId === id(n))
        .map(({ alarm }) => alarm.alarmId),
    );
    expect(raised.size, id(n)).toBe(CYCLES);
  }
  const technical = new Set(
    client.heard.flatMap(({ frame }) =>
      frame.type === 'alarm' && frame.alarm.kind === 'technical' ? [frame.alarm.ruleId] : [],
    ),
  );
  expect([...technical]).toEqual(['MON-01']);
  // A handle is given back a moment after its port.
  const untilMs = performance.now() + 5_000;
  const isLeaking = (): boolean => {
    const now = handles();
    return now.lines > PUMPS || now.others > before.others;
  };
  while (isLeaking() && performance.now() < untilMs) await pass(100);
  expect(handles().lines).toBe(PUMPS);
  expect(handles().others).toBeLessThanOrEqual(before.others);
  expect(client.faults).toEqual([]);
}, 90_000);
