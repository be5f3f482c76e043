import { expect, test } from 'vitest';
import { VirtualWard } from './virtual-ward.ts';

test.each(['alaris-asena', 'bbraun-bcc', 'fresenius-vial', 'graseby-3400', 'ne1000', 'terumo-ss'])(
  'a bed with a %s: its flow is known, by whatever protocol',
  (pumpKind) => {
    const ward = new VirtualWard({ pumpKind, seed: 1 });
    ward.run(20);
    const flow = ward
      .bed()
      .numerics.find(
        ({ code, deviceId }) => code === 'MDC_FLOW_FLUID_PUMP_CURRENT' && deviceId === 'B01-pump',
      );
    expect(flow).toMatchObject({ value: 125 });
    ward.stop();
    expect(ward.faults).toEqual([]);
  },
);

test('two slots of a rack and a pump beside it are three devices of one bed', () => {
  const ward = new VirtualWard({
    pumpKind: 'bbraun-bcc',
    pump: {
      pumps: [
        { slot: '11', rateMlPerH: 1 },
        { slot: '12', rateMlPerH: 2 },
      ],
    },
    pumpChannels: ['11', '12'],
    secondPump: { kind: 'alaris-asena', options: { rateMlPerH: 3 } },
  });
  ward.run(20);
  const flows = ward.bed().numerics.filter(({ code }) => code === 'MDC_FLOW_FLUID_PUMP_CURRENT');
  expect(flows.map(({ deviceId, value }) => [deviceId, value])).toEqual([
    ['B01-pump', 1],
    ['B01-pump-12', 2],
    ['B01-pump2', 3],
  ]);
  ward.stop();
});
