import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startSimulators } from '../../simulators/host/client.ts';
import { Client } from './gateway-client.ts';
import { Closers, copyAccounts, Gateway, gatewayYaml, tempDir } from './gateway-kit.ts';

const FLOW = 'MDC_FLOW_FLUID_PUMP_CURRENT';
const SLOTS = ['11', '12', '13', '14', '15', '16'] as const;
const bedOf = (index: number): string => `B0${Math.floor(index / 2) + 1}`;
const deviceOf = (index: number): string => `${bedOf(index)}-slot-${SLOTS[index]}`;

const closers = new Closers();
afterAll(() => closers.close());

test('a rack of six pumps on one TCP line, stuffing on, a block refused: six devices on three beds within 10 s', async () => {
  const dir = tempDir(closers);
  const simulators = await startSimulators({
    devices: [
      {
        id: 'rack',
        simulator: 'bbraun-bcc',
        tcp: 0,
        baudRate: 115_200,
        options: {
          stuffing: true,
          pumps: SLOTS.map((slot, index) => ({ slot, rateMlPerH: index + 1, drug: 'Ketamine' })),
        },
      },
    ],
  });
  closers.add(() => simulators.stop());
  // The first block that the gateway gets is damaged: it refuses it and gets it again.
  await simulators.command('rack', 'spoil', { blocks: 2 });
  const port = Number(simulators.paths['rack']?.split(':').at(-1));
  const beds = [0, 2, 4].map((first) => {
    const line = (index: number): string =>
      `      - { id: ${deviceOf(index)}, driver: bbraun-bcc, port: { kind: tcp, host: 127.0.0.1, port: ${port} }, options: { slot: "${SLOTS[index]}" } }\n`;
    return `  - id: ${bedOf(first)}\n    mode: demo\n    devices:\n${line(first)}${line(first + 1)}`;
  });
  const config = join(dir, 'gateway.yaml');
  writeFileSync(config, gatewayYaml(beds.join('')));
  await copyAccounts(join(dir, 'data'));
  const startedAt = performance.now();
  const gateway = await Gateway.start(config, closers);
  const client = await Client.join(gateway, await gateway.login('nurse-a'), closers);
  const shownAt = await client.waitFor('all six', () =>
    SLOTS.every((_, index) => client.numeric(deviceOf(index), FLOW)?.validity === 'valid'),
  );
  expect(shownAt - startedAt).toBeLessThan(10_000);
  for (const index of SLOTS.keys()) {
    expect(client.numeric(deviceOf(index), FLOW)?.value).toBe(index + 1);
    expect(client.devices.get(deviceOf(index))).toMatchObject({
      bedId: bedOf(index),
      mode: 'demo',
      port: expect.stringContaining(`slot ${SLOTS[index]}`),
    });
  }
  expect(client.infusions.get('B02')?.liveMlPerH).toBe(3 + 4);

  // A pump that is taken out is gone, and no other; put back, it is there again.
  await simulators.command('rack', 'remove-pump', { slot: '13' });
  await client.waitFor('gone', () => client.numeric(deviceOf(2), FLOW)?.value === null);
  await client.waitFor('said', () => client.alarm('MON-01', deviceOf(2)) !== undefined);
  expect(client.numeric(deviceOf(3), FLOW)).toMatchObject({ value: 4, validity: 'valid' });
  await simulators.command('rack', 'insert-pump', { slot: '13', rateMlPerH: 9 });
  await client.waitFor('back', () => client.numeric(deviceOf(2), FLOW)?.value === 9);
  await client.waitFor('over', () => client.alarm('MON-01', deviceOf(2)) === undefined);

  const rejected = [...client.devices.values()].map(({ counters }) => counters.framesRejected);
  expect(Math.max(...rejected)).toBeGreaterThan(0);
  expect(await simulators.describe('rack')).toMatchObject({ forbiddenCommands: 0 });
  expect(client.faults).toEqual([]);
});
