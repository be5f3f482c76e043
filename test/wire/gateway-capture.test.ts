import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPty } from '../../simulators/host/pty.ts';
import type { MetricCode } from '../../src/hub/wire/index.ts';
import { Client } from './gateway-client.ts';
import { Closers, copyAccounts, Gateway, gatewayYaml, tempDir } from './gateway-kit.ts';

/** 19 200 baud, eleven bits a byte: what the line of a GE monitor carries. */
const BYTES_PER_MS = 19_200 / 11 / 1_000;
const recorded = (name: string): Uint8Array =>
  readFileSync(new URL(`../fixtures/ge-dri/${name}`, import.meta.url));
const short = recorded('b450-short.raw');
const BEDS = [
  { bed: 'B01', bytes: short },
  { bed: 'B02', bytes: recorded('b450-nibp-complete-14s.raw') },
  // From the middle of its first record on.
  { bed: 'B03', bytes: short.subarray(333) },
] as const;

const closers = new Closers();
let client: Client;
let gateway: Gateway;

/** Real monitors, recorded, on pseudo-terminals at the speed of the line; beds that are live. */
beforeAll(async () => {
  const dir = tempDir(closers);
  const lines = BEDS.map(({ bed, bytes }) => {
    let asked = false;
    const pty = openPty({
      dir: join(dir, 'ports'),
      name: bed,
      onBytes: () => {
        asked = true;
      },
    });
    closers.add(() => pty.close());
    return { bed, bytes, pty, isAsked: () => asked };
  });
  const config = join(dir, 'gateway.yaml');
  const beds = lines.map(
    ({ bed, pty }) =>
      `  - { id: ${bed}, devices: [{ id: ${bed}-mon, driver: ge-dri, port: { kind: serial, path: ${pty.path} } }] }\n`,
  );
  writeFileSync(config, gatewayYaml(beds.join('')));
  await copyAccounts(join(dir, 'data'));
  gateway = await Gateway.start(config, closers);
  client = await Client.join(gateway, await gateway.login('nurse-a'), closers);
  await Promise.all(
    lines.map(async ({ bytes, pty, isAsked }) => {
      while (!isAsked()) await pass(20);
      await play(bytes, (chunk) => pty.write(chunk));
      expect(pty.lostBytes()).toBe(0);
    }),
  );
});
afterAll(() => closers.close());

async function play(bytes: Uint8Array, write: (chunk: Uint8Array) => void): Promise<void> {
  const startMs = performance.now();
  for (let sent = 0; sent < bytes.length; ) {
    await pass(20);
    const due = Math.min(bytes.length, Math.floor((performance.now() - startMs) * BYTES_PER_MS));
    write(bytes.subarray(sent, due));
    sent = due;
  }
}

const values = (bed: string, code: MetricCode): number[] => [
  ...new Set(client.told(`${bed}-mon`, code).flatMap(({ numeric }) => numeric.value ?? [])),
];

test('b450-short: the values of the recording', () => {
  expect(values('B01', 'MDC_ECG_HEART_RATE')[0]).toBe(80);
  expect(values('B01', 'MDCX_HEART_RATE_DISPLAYED')[0]).toBe(80);
  expect(values('B01', 'MDC_PULS_OXIM_SAT_O2')[0]).toBeCloseTo(96.65, 2);
  expect(values('B01', 'MDC_PULS_OXIM_PULS_RATE')[0]).toBe(83);
  const [etco2 = 0] = values('B01', 'MDC_AWAY_CO2_ET');
  expect(etco2).toBeGreaterThan(36);
  expect(etco2).toBeLessThan(38);
  expect(values('B01', 'MDC_PRESS_BLD_NONINV_SYS')).toEqual([93]);
  expect(values('B01', 'MDC_PRESS_BLD_NONINV_DIA')).toEqual([48]);
  expect(values('B01', 'MDC_PRESS_BLD_NONINV_MEAN')).toEqual([69]);
});

test('a line that begins in the middle of a record: that one is dropped, and nothing else', () => {
  const [first, ...others] = values('B01', 'MDC_PULS_OXIM_SAT_O2');
  expect(values('B03', 'MDC_PULS_OXIM_SAT_O2')).toEqual(others);
  expect(first).toBeDefined();
  for (const code of [
    'MDC_ECG_HEART_RATE',
    'MDC_AWAY_CO2_ET',
    'MDC_PRESS_BLD_NONINV_SYS',
  ] as const) {
    expect(values('B03', code).length).toBeGreaterThan(0);
    expect(values('B01', code)).toEqual(expect.arrayContaining(values('B03', code)));
  }
});

test('b450-nibp: the old reading never becomes new; the new one does, once', () => {
  const sys = client.told('B02-mon', 'MDC_PRESS_BLD_NONINV_SYS').map(({ numeric }) => numeric);
  const old = sys.filter(({ value }) => value === 87);
  const fresh = sys.filter(({ value }) => value === 86);
  expect(old.length).toBeGreaterThan(2);
  expect(old.some(({ measuring }) => measuring)).toBe(true);
  // How old it is nobody knows: it was there before us.
  expect(new Set(old.map(({ observedAt }) => observedAt))).toEqual(new Set([null]));
  expect(old.every(({ validity }) => validity !== 'valid')).toBe(true);
  expect(fresh.length).toBeGreaterThan(0);
  expect(new Set(fresh.map(({ observedAtMonotonicMs }) => observedAtMonotonicMs)).size).toBe(1);
  expect(fresh[0]).toMatchObject({ validity: 'valid', observedAt: expect.any(String) });
  expect(sys.findLastIndex(({ value }) => value === 87)).toBeLessThan(
    sys.findIndex(({ value }) => value === 86),
  );
  expect(client.numeric('B02-mon', 'MDC_PRESS_BLD_NONINV_DIA')?.value).toBe(58);
  expect(client.numeric('B02-mon', 'MDC_PRESS_BLD_NONINV_MEAN')?.value).toBe(71);
  const history = client.heard.flatMap(({ frame }) =>
    frame.type === 'delta' && frame.bedId === 'B02' && frame.nibp ? [frame.nibp.history] : [],
  );
  expect(history.at(-1)).toMatchObject([{ systolic: 86, diastolic: 58, mean: 71 }]);
  expect(history.flat().some(({ systolic }) => systolic === 87)).toBe(false);
});

test('they are real, on live beds, and nobody calls them simulated', async () => {
  for (const { bed } of BEDS) {
    const device = client.devices.get(`${bed}-mon`);
    expect(device).toMatchObject({ mode: 'real' });
    expect(device?.counters).toMatchObject({ writesRefused: 0, impossibleValues: 0, connects: 1 });
    expect(device?.counters.framesAccepted).toBeGreaterThan(10);
  }
  const modes = [...client.numerics.values()].map(({ mode }) => mode);
  expect(new Set(modes)).toEqual(new Set(['real']));
  expect(client.alarmFrames('MON-08')).toEqual([]);
  const token = await gateway.login('nurse-a');
  const { json } = await gateway.call('GET', '/api/beds', undefined, token);
  const beds = json['beds'] as { simulated: boolean }[];
  expect(beds.map(({ simulated }) => simulated)).toEqual([false, false, false]);
  expect(client.faults).toEqual([]);
  expect(gateway.stderr()).not.toMatch(/^ {4}at /m);
});
