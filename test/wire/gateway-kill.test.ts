import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './gateway-client.ts';
import { Gateway, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

/** 40 mg/h of 0.04 mg/mL is 1,000 mL/h: a second is 0.28 mL. Not a dose to use. */
const RATE = 1_000;
const BAG = { drugMg: 20, volumeMl: 500 };
const MG_PER_ML = BAG.drugMg / BAG.volumeMl;
/** A poll of the pump when the session began, one when it is compared, and one for the way to the screen. */
const POLLS_MG = (3 * RATE * MG_PER_ML) / 3_600;

let ward: Rig;
beforeAll(async () => {
  ward = await rig({ devices: [pump('B01-pump', { rateMlPerH: RATE, syringeMl: 900 })] });
});
afterAll(() => ward?.closers.close());

/** The pump's own word, as it was on the screen with the amount: on a busy machine both may be old. */
const counterMl = (client: Client): number =>
  client.numeric('B01-pump', 'MDC_VOL_FLUID_DELIV_TOTAL')?.value ?? Number.NaN;
const infusedMl = async (): Promise<number> =>
  Number((await ward.simulators.describe('B01-pump'))['infusedMl']);
const isRunning = (client: Client) => client.infusions.get('B01')?.state === 'on-order';

test('killed in mid-session and started again over the same data: the counter closes the gap, twice', async () => {
  const { client, gateway, simulators, config, closers } = ward;
  await client.waitFor('flow', () => client.infusions.get('B01')?.liveMlPerH === RATE);
  const steps = [{ step: 1, at: 'PT0S', dose: 40 }];
  const order = { ...ORDER, bag: BAG, steps, limits: { maxMgPerH: 40, maxMgSession: 320 } };
  const fromMl = counterMl(client);
  await gateway.placeOrder(order, 'B01');
  const untilMl = counterMl(client);
  await client.waitFor('on order', () => isRunning(client));
  await pass(2_500);
  const beforeMg = client.infusions.get('B01')?.givenMg ?? 0;
  expect(beforeMg).toBeGreaterThan(0.015);

  let again = gateway;
  let watching = client;
  for (const clears of [false, true]) {
    await again.end('SIGKILL');
    await pass(1_000);
    // The second time the counter is cleared while nobody looks: then it is a range, and says so.
    const clearedAtMl = clears ? await infusedMl() : 0;
    if (clears) await simulators.command('B01-pump', 'clear-volume');
    again = await Gateway.start(config, closers);
    watching = await Client.join(again, await again.login('nurse-a'), closers);
    await watching.waitFor('on order', () => isRunning(watching));
    const infusion = watching.infusions.get('B01');
    const deliveredMl = counterMl(watching) + clearedAtMl;
    const [leastMg, mostMg] = [untilMl, fromMl].map((ml) => (deliveredMl - ml) * MG_PER_ML);
    const trueMg = { least: (leastMg ?? 0) - POLLS_MG, most: (mostMg ?? 0) + POLLS_MG };
    const { givenMg = null, givenAtMostMg = null } = infusion ?? {};
    const where = `true ${JSON.stringify(trueMg)}, said ${givenMg} to ${givenAtMostMg}`;
    if (!clears) expect(givenMg, where).toBeGreaterThan(beforeMg);
    expect(givenMg, where).toBeLessThan(trueMg.most);
    expect(givenAtMostMg, where).toBeGreaterThan(trueMg.least);
    if (clears) expect(infusion?.givenComplete, where).toBe(false);
    else {
      expect(givenMg, where).toBeGreaterThan(trueMg.least);
      expect(givenAtMostMg, where).toBe(givenMg);
    }
  }
});
