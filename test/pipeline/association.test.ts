import { afterEach, describe, expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { simulator } from '../../simulators/alaris-asena/index.ts';
import { type SimulatedLink, simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { type LogEntry, memoryEventLog } from '../../src/store/event-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { GatewayWard } from '../../src/ward/ward.ts';
import { nurseA, shippedLibrary, shippedLimits } from './virtual-ward.ts';

const PUMPS = { a: 'SIM1-00001', b: 'SIM1-00002', spare: 'SIM1-00003' } as const;
type PumpName = keyof typeof PUMPS;

/** Two beds with a place for a pump each, and three pumps whose cables can be moved. */
class TwoBeds {
  readonly timeline: VirtualTimeline;
  readonly log: ReturnType<typeof memoryEventLog>;
  readonly ward: GatewayWard;
  readonly faults: string[] = [];
  readonly pumps: Readonly<Record<PumpName, SimulatedLink>>;
  readonly #cable = new Map<string, PumpName>([
    ['B01-pump', 'a'],
    ['B02-pump', 'b'],
  ]);

  constructor(timeline = new VirtualTimeline(), history: readonly LogEntry[] = []) {
    this.timeline = timeline;
    this.log = memoryEventLog(history);
    const pump = (name: PumpName, rateMlPerH: number): SimulatedLink =>
      simulatedLink({
        kind: simulator,
        name,
        timeline,
        options: { serial: PUMPS[name], rateMlPerH, running: true, syringeMl: 1_000 },
      });
    this.pumps = { a: pump('a', 10), b: pump('b', 20), spare: pump('spare', 30) };
    const bed = (bedId: string) => ({
      bedId,
      bedMode: 'demo' as const,
      careArea: 'standard' as const,
      devices: [this.#device(`${bedId}-pump`)],
    });
    this.ward = new GatewayWard({
      gateway: {
        id: 'gw',
        site: 'Test',
        unit: '',
        build: 'test',
        mode: 'information',
        timeZone: 'UTC',
      },
      beds: [bed('B01'), bed('B02')],
      limits: shippedLimits,
      drugLibrary: shippedLibrary,
      log: this.log,
      timeline,
      onFault: (where, error) => this.faults.push(`${where}: ${String(error)}`),
    });
    this.ward.start();
  }

  /** Pulls every cable and plugs them in as told. */
  cables(of: Readonly<Record<string, PumpName>>): void {
    for (const link of Object.values(this.pumps)) link.unplug();
    this.run(2);
    for (const [deviceId, name] of Object.entries(of)) this.#cable.set(deviceId, name);
    for (const link of Object.values(this.pumps)) link.plug();
    this.run(10);
  }

  run(seconds: number): void {
    this.timeline.advance(seconds * 1_000);
  }

  flow(bedId: string): number | null | undefined {
    return this.ward.beds().find((bed) => bed.bedId === bedId)?.infusion.liveMlPerH;
  }

  device(deviceId: string) {
    return this.ward.devices().find((device) => device.deviceId === deviceId);
  }

  changed(): readonly string[] {
    return this.ward
      .alarms()
      .filter(({ ruleId, phase }) => ruleId === 'MON-09' && phase !== 'ended')
      .map(({ deviceId, detail }) => `${deviceId}: ${detail}`)
      .sort();
  }

  #device(deviceId: string) {
    const link = () => this.pumps[this.#cable.get(deviceId) ?? 'spare'];
    const cable: Pick<SimulatedLink, 'name' | 'attach'> = {
      name: deviceId,
      attach: (end) => link().attach(end),
    };
    const port = memoryPort(deviceId, cable as SimulatedLink, this.timeline);
    const events = deviceLink({
      driver: alarisAsena as Driver,
      options: {},
      port: guarded(port, alarisAsena.queries),
      timeline: this.timeline,
      onFault: (error) => this.faults.push(String(error)),
    });
    return { deviceId, driver: alarisAsena as Driver, portLabel: deviceId, events };
  }
}

let beds: TwoBeds | undefined;
afterEach(() => {
  expect(beds?.faults ?? []).toEqual([]);
  beds?.ward.stop();
});

describe('which pump belongs to which bed', () => {
  test('the first one that answers takes its place, and that is in the log', () => {
    beds = new TwoBeds();
    beds.run(5);
    expect([beds.flow('B01'), beds.flow('B02')]).toEqual([10, 20]);
    expect(beds.device('B01-pump')?.association).toEqual({
      state: 'own',
      serial: PUMPS.a,
      belongsTo: null,
    });
    expect(beds.log.all().filter(({ type }) => type === 'device-associated')).toMatchObject([
      { bedId: 'B01', payload: { deviceId: 'B01-pump', serial: PUMPS.a } },
      { bedId: 'B02', payload: { deviceId: 'B02-pump', serial: PUMPS.b } },
    ]);
  });

  test('two cables swapped: no value reaches the wrong bed, and each alarm says whose pump it is', () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'b', 'B02-pump': 'a' });
    expect([beds.flow('B01'), beds.flow('B02')]).toEqual([null, null]);
    expect(beds.changed()).toEqual([
      `B01-pump: ${PUMPS.b} answers, it belongs to B02-pump. Look at it, then confirm`,
      `B02-pump: ${PUMPS.a} answers, it belongs to B01-pump. Look at it, then confirm`,
    ]);
    beds.run(600);
    expect([beds.flow('B01'), beds.flow('B02')]).toEqual([null, null]);
  });

  test('the cables put back: nothing to confirm', () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'b', 'B02-pump': 'a' });
    beds.cables({ 'B01-pump': 'a', 'B02-pump': 'b' });
    expect(beds.changed()).toEqual([]);
    expect([beds.flow('B01'), beds.flow('B02')]).toEqual([10, 20]);
  });

  test('a pump was replaced: its values are taken once a person says so', async () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'spare' });
    expect(beds.flow('B01')).toBeNull();
    expect(beds.changed()).toEqual([
      `B01-pump: ${PUMPS.spare} answers, ${PUMPS.a} is expected. Look at it, then confirm`,
    ]);
    expect(await beds.ward.confirmDevice(nurseA, 'B01-pump', PUMPS.spare)).toMatchObject({
      ok: true,
    });
    beds.run(2);
    expect(beds.changed()).toEqual([]);
    expect(beds.flow('B01')).toBe(30);
    expect(beds.log.all().at(-1)).toMatchObject({
      type: expect.stringMatching(/device-associated|alarm-ended/),
    });
  });

  test('a confirmation names what was seen: another pump by then refuses it', async () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'spare' });
    expect(await beds.ward.confirmDevice(nurseA, 'B01-pump', PUMPS.b)).toMatchObject({
      ok: false,
      status: 409,
    });
    expect(await beds.ward.confirmDevice(nurseA, 'B09-pump', PUMPS.b)).toMatchObject({
      ok: false,
      status: 404,
    });
    expect(beds.flow('B01')).toBeNull();
  });

  test('a pump moved to the other bed and confirmed there belongs to the old place no more', async () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'b', 'B02-pump': 'a' });
    await beds.ward.confirmDevice(nurseA, 'B01-pump', PUMPS.b);
    await beds.ward.confirmDevice(nurseA, 'B02-pump', PUMPS.a);
    beds.run(2);
    expect([beds.flow('B01'), beds.flow('B02')]).toEqual([20, 10]);
    expect(beds.changed()).toEqual([]);
  });

  test('a restart of the gateway does not make a stranger the owner', () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.ward.stop();
    for (const link of Object.values(beds.pumps)) link.stop();
    const again = new TwoBeds(beds.timeline, beds.log.all());
    again.cables({ 'B01-pump': 'b', 'B02-pump': 'a' });
    expect([again.flow('B01'), again.flow('B02')]).toEqual([null, null]);
    expect(again.changed()).toHaveLength(2);
    beds = again;
  });

  test('a pulled cable does not end the alarm about the wrong pump', () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'spare' });
    const before = beds.ward.alarms().find(({ ruleId }) => ruleId === 'MON-09');
    beds.pumps.spare.unplug();
    beds.run(30);
    expect(beds.changed()).toHaveLength(1);
    beds.pumps.spare.plug();
    beds.run(5);
    expect(beds.ward.alarms().find(({ ruleId }) => ruleId === 'MON-09')).toMatchObject({
      alarmId: before?.alarmId,
      phase: 'active',
    });
  });

  test('one pump that answers at two places belongs to the first', () => {
    beds = new TwoBeds();
    beds.run(5);
    beds.cables({ 'B01-pump': 'spare', 'B02-pump': 'a' });
    expect(beds.flow('B02')).toBeNull();
    expect(beds.changed()).toHaveLength(2);
  });
});
