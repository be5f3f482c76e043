import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { WireFault } from '../../simulators/kit/wire-faults.ts';
import type { MetricCode } from '../../src/hub/wire/index.ts';
import type { Client } from './gateway-client.ts';
import { monitor, ORDER, pump, type Rig, rig } from './gateway-kit.ts';

const rigs: Rig[] = [];
afterAll(() => Promise.all(rigs.map(({ closers }) => closers.close())));

const NOISY_MS = 15_000;
const often = { forMs: NOISY_MS, probability: 0.12 };
/**
 * Several at once. A monitor's frames end in the sum of their bytes, modulo 256: two flipped bits can
 * cancel out there, and no receiver can know; so its bits are flipped one at a time.
 */
const faults = (bits: number): readonly WireFault[] => [
  { kind: 'noise', bytes: 23, ...often },
  { kind: 'flip', bits, ...often },
  { kind: 'truncate', ...often },
  { kind: 'duplicate', ...often },
  { kind: 'late', delayMs: 1_300, ...often },
];

/** Nothing changes on these, and half of their frames have a bit or two turned over. */
const STEADY = ['B02-pump', 'B03-pump', 'B04-pump', 'B05-pump', 'B06-pump'];
const STEADY_MONITORS = ['B02-mon', 'B03-mon'];
const FLIPS = { kind: 'flip', forMs: NOISY_MS, probability: 0.5 } as const;

const shownOf = (client: Client, device: string, code: MetricCode): Set<number> =>
  new Set(client.told(device, code).flatMap(({ numeric }) => numeric.value ?? []));

test('noise, flipped bits, cut, doubled and late frames on both lines: no wrong value, no clinical alarm', async () => {
  const bed = await rig({
    devices: [
      pump('B01-pump'),
      monitor('B01-mon', { variability: 0, spo2: 97, hr: 71, etco2: 36 }),
      ...STEADY.map((id, index) => pump(id, { serial: `SIM1-0001${index}` })),
      ...STEADY_MONITORS.map((id) => monitor(id, { variability: 0, spo2: 97, hr: 71, etco2: 36 })),
    ],
  });
  rigs.push(bed);
  const { client, gateway, simulators } = bed;
  await client.waitFor('live', () => client.infusions.get('B01')?.liveMlPerH === 10);
  await client.waitFor(
    'live',
    () => client.numeric('B01-mon', 'MDC_PULS_OXIM_SAT_O2')?.value === 97,
  );
  await gateway.placeOrder(ORDER, 'B01');
  await client.waitFor('on order', () => client.infusions.get('B01')?.state === 'on-order');
  const before = ['B01-pump', 'B01-mon'].map((id) => client.devices.get(id)?.counters);

  for (const fault of faults(5)) await simulators.fault('B01-pump', fault);
  for (const fault of faults(1)) await simulators.fault('B01-mon', fault);
  for (const id of STEADY) await simulators.fault(id, { ...FLIPS, bits: 2 });
  for (const id of STEADY_MONITORS) await simulators.fault(id, { ...FLIPS, bits: 1 });
  const endMs = performance.now() + NOISY_MS;
  const said = new Map<MetricCode, Set<number>>();
  const hear = async (): Promise<void> => {
    const { sent } = (await simulators.describe('B01-mon')) as { sent: Record<string, number> };
    for (const [code, name] of MONITOR)
      said.set(code, (said.get(code) ?? new Set()).add(Number(sent[name])));
    await simulators.fault('B01-pump', { kind: 'burst', bytes: 64 });
    await simulators.fault('B01-mon', { kind: 'burst', bytes: 64 });
  };
  const flowsShown = () => shownOf(client, 'B01-pump', 'MDC_FLOW_FLUID_PUMP_CURRENT');
  // Within the order's tolerance, so that a changed number is no reason for an alarm.
  for (const [mlPerH, spo2, hr] of [
    [10.1, 96, 72],
    [9.9, 98, 73],
    [10.2, 97, 74],
  ] as const) {
    await simulators.command('B01-pump', 'set-rate', { mlPerH });
    await simulators.command('B01-mon', 'set', { spo2, hr });
    const untilMs = Math.min(performance.now() + NOISY_MS / 3, endMs);
    // However the noise falls, each rate gets through before the next is set: the noise ends some time.
    while (performance.now() < untilMs || !flowsShown().has(mlPerH)) {
      await hear();
      await pass(300);
    }
  }
  // Noise may by chance spare every question twice in a row; silence does not.
  const missed = (): number => client.devices.get('B01-pump')?.counters.repliesMissed ?? 0;
  const missedBefore = missed();
  await simulators.fault('B01-pump', { kind: 'silence', forMs: 4_000 });
  await client.waitFor('a reply is missed', () => missed() > missedBefore);
  await simulators.fault('B01-pump', { kind: 'clear' });
  await simulators.fault('B01-mon', { kind: 'clear' });
  await client.waitFor('well again', () => {
    const { liveMlPerH, liveValidity } = client.infusions.get('B01') ?? {};
    const spo2 = client.numeric('B01-mon', 'MDC_PULS_OXIM_SAT_O2');
    return liveMlPerH === 10.2 && liveValidity === 'valid' && spo2?.value === 97;
  });

  expect([...flowsShown()].sort()).toEqual([10, 10.1, 10.2, 9.9].sort());
  const truth = await simulators.describe('B01-pump');
  const volumes = [...shownOf(client, 'B01-pump', 'MDC_VOL_FLUID_DELIV_TOTAL')];
  expect(Math.max(...volumes)).toBeLessThanOrEqual(Number(truth['infusedMl']) + 0.001);
  // Grows as the pump counts; a late answer may be one step behind.
  for (const [index, volume] of volumes.entries())
    expect(volume - (volumes[index - 1] ?? volume)).toBeGreaterThan(-0.02);
  expect(shownOf(client, 'B01-pump', 'MDCX_PRESS_INFUS_LINE')).toEqual(new Set([35.2]));
  for (const [code] of MONITOR) {
    const wrong = [...shownOf(client, 'B01-mon', code)].filter(
      (value) =>
        ![...(said.get(code) ?? []), ...START].some((told) => Math.abs(told - value) <= STEP),
    );
    expect({ code, wrong }).toEqual({ code, wrong: [] });
  }

  for (const id of STEADY) {
    expect(shownOf(client, id, 'MDC_FLOW_FLUID_PUMP_CURRENT')).toEqual(new Set([10]));
    expect(shownOf(client, id, 'MDCX_PRESS_INFUS_LINE')).toEqual(new Set([35.2]));
    const { infusedMl } = await simulators.describe(id);
    const most = Math.max(...shownOf(client, id, 'MDC_VOL_FLUID_DELIV_TOTAL'));
    expect(most).toBeLessThanOrEqual(Number(infusedMl) + 0.001);
  }
  for (const id of STEADY_MONITORS) {
    expect(shownOf(client, id, 'MDC_PULS_OXIM_SAT_O2')).toEqual(new Set([97]));
    expect(shownOf(client, id, 'MDC_ECG_HEART_RATE')).toEqual(new Set([71]));
    expect(shownOf(client, id, 'MDC_AWAY_CO2_ET').size).toBe(1);
  }

  const after = ['B01-pump', 'B01-mon'].map((id) => client.devices.get(id)?.counters);
  for (const index of [0, 1]) {
    const [was, is] = [before[index], after[index]];
    expect(is?.framesAccepted).toBeGreaterThan((was?.framesAccepted ?? 0) + 5);
    expect(is?.framesRejected).toBeGreaterThan(was?.framesRejected ?? 0);
    // A burst ends up in a rejected frame or between two frames, as it happens to look.
    expect(is?.bytesDropped).toBeGreaterThanOrEqual(was?.bytesDropped ?? 0);
    expect(is?.connects).toBe(was?.connects);
    expect(is).toMatchObject({ writesRefused: 0, impossibleValues: 0 });
  }
  expect(after[0]?.repliesMissed).toBeGreaterThan(before[0]?.repliesMissed ?? 0);
  const kinds = client.heard.flatMap(({ frame }) =>
    frame.type === 'alarm' && frame.alarm.kind !== 'technical' ? [frame.alarm.ruleId] : [],
  );
  expect(kinds).toEqual([]);
  expect(
    client.alarms.size === 0 || [...client.alarms.values()].every(({ phase }) => phase === 'ended'),
  ).toBe(true);
  expect(truth).toMatchObject({ forbiddenCommands: 0 });
  expect(client.faults).toEqual([]);
  expect(gateway.stderr()).not.toMatch(/fault|^ {4}at /m);
});

const MONITOR = [
  ['MDC_PULS_OXIM_SAT_O2', 'spo2'],
  ['MDC_ECG_HEART_RATE', 'hrEcg'],
  ['MDCX_HEART_RATE_DISPLAYED', 'hr'],
  ['MDC_PULS_OXIM_PULS_RATE', 'pulse'],
  ['MDC_AWAY_CO2_ET', 'etco2MmHg'],
] as const satisfies readonly (readonly [MetricCode, string])[];
/** The wire carries CO2 in hundredths of a per cent: 0.07 mmHg. */
const STEP = 0.04;
/** Said before the noise began. */
const START = [97, 71, 36];
