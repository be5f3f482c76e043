import { describe, expect, test } from 'vitest';
import { type Changes, pump, statusCommand, Talk, volume } from './terumo-ss-talk.ts';

/** A pump whose state and counter the test writes: mL at a moment, and what else differs. */
function counting(ml: (atMs: number) => number, changes: (atMs: number) => Changes = () => ({})) {
  return pump({
    status: (sequence, atMs) => statusCommand(sequence, { 19: volume(ml(atMs)), ...changes(atMs) }),
  });
}

const growing =
  (mlPerHour: number, fromMs = 0) =>
  (atMs: number): number =>
    12.43 + (mlPerHour * Math.max(0, atMs - fromMs)) / 3_600_000;
const still = (): number => 12.43;
const at = (mlPerHour: number): string =>
  Math.round(mlPerHour * 100)
    .toString(16)
    .padStart(6, '0');

const UNCONFIRMED = {
  status: 'infusing',
  value: 8,
  validity: 'questionable',
  reason: 'not yet confirmed by the volume',
};
const INFUSING = { status: 'infusing', value: 8, validity: 'valid', reason: undefined };

/** A pump that was watched until its counter agreed, then does something else. */
function proven(later: (atMs: number) => Changes, ml = growing(8)) {
  const talk = new Talk(counting(ml, (atMs) => (atMs < 60_000 ? {} : later(atMs)))).open();
  expect(talk.runTo(59_000).flow()).toEqual(INFUSING);
  return talk;
}

describe('the flow is derived, and the volume counter must agree', () => {
  test('questionable until the counter has grown as the rate says, valid from then on', () => {
    const talk = new Talk(pump()).open().runTo(1_000);
    expect(talk.flow()).toEqual(UNCONFIRMED);
    expect(talk.runTo(22_000).flow()).toEqual(UNCONFIRMED);
    expect(talk.runTo(26_100).flow()).toEqual(INFUSING);
  });

  test('the flow says that it is derived; what is set is another metric', () => {
    const talk = new Talk(pump()).open().runTo(100);
    const flows = talk.of('metric').filter(({ code }) => code.startsWith('MDC_FLOW'));
    expect(flows).toMatchObject([
      { code: 'MDC_FLOW_FLUID_PUMP_CURRENT', source: 'set rate and state' },
      { code: 'MDC_FLOW_FLUID_PUMP', value: 8, validity: 'valid' },
    ]);
    expect(flows[1]).not.toHaveProperty('source');
  });

  test('at a slow rate it takes longer: 0.05 mL must have come', () => {
    const slow = counting(growing(1), () => ({ 16: at(1) }));
    const talk = new Talk(slow).open().runTo(170_000);
    expect(talk.flow()).toMatchObject({ value: 1, validity: 'questionable' });
    expect(talk.runTo(186_000).flow()).toMatchObject({ value: 1, validity: 'valid' });
  });

  test('a fast rate is not believed before 10 s: the network may be late', () => {
    const fast = counting(growing(1_200), () => ({ 16: at(1_200) }));
    const talk = new Talk(fast).open().runTo(9_000);
    expect(talk.flow().validity).toBe('questionable');
    expect(talk.runTo(12_100).flow()).toMatchObject({ value: 1_200, validity: 'valid' });
  });

  test.each([
    { what: 'stands still', mlPerHour: 0 },
    { what: 'grows at a tenth', mlPerHour: 0.8 },
    { what: 'grows at half', mlPerHour: 4 },
    { what: 'grows at double', mlPerHour: 16 },
    { what: 'grows tenfold', mlPerHour: 80 },
  ])(
    '"start" and the counter $what: never valid, and said after half a minute',
    ({ mlPerHour }) => {
      const talk = new Talk(counting(growing(mlPerHour))).open();
      for (let second = 1; second <= 120; second++) {
        expect(talk.run(1_000).flow().validity).not.toBe('valid');
      }
      expect(talk.flow()).toEqual({
        status: 'unknown',
        value: 8,
        validity: 'questionable',
        reason: 'volume does not grow as the rate says',
      });
    },
  );

  test.each([8, 300])('%i mL/h and 3 %% more or less on the counter: valid throughout', (rate) => {
    for (const factor of [0.97, 1.03]) {
      const counted = counting(growing(rate * factor), () => ({ 16: at(rate) }));
      const talk = new Talk(counted).open().runTo(30_000).from().run(600_000);
      const flows = talk.of('metric').filter(({ code }) => code === 'MDC_FLOW_FLUID_PUMP_CURRENT');
      expect(flows.length).toBeGreaterThan(290);
      for (const flow of flows) expect(flow.validity).toBe('valid');
    }
  });
});

describe('once the counter has agreed', () => {
  test('another rate is believed at once', () => {
    const talk = proven(
      () => ({ 16: at(40) }),
      (atMs) => growing(8)(Math.min(atMs, 60_000)),
    );
    expect(talk.runTo(62_100).flow()).toMatchObject({ value: 40, validity: 'valid' });
  });

  test('stopped and started again: believed at once', () => {
    const talk = proven(
      (atMs) => (atMs < 90_000 ? { 7: '00' } : {}),
      (atMs) => growing(8)(Math.min(atMs, 60_000)),
    );
    expect(talk.runTo(80_000).flow()).toMatchObject({ status: 'stopped', value: 0 });
    expect(talk.runTo(92_100).flow()).toEqual(INFUSING);
  });

  test('the same pump after a lost connection: believed at once', () => {
    const talk = proven(() => ({}));
    talk.close().run(5_000).open().run(100);
    expect(talk.flow()).toEqual(INFUSING);
  });

  test('the plunger stops and the state does not: found out within a minute, mended by the counter', () => {
    const ml = (atMs: number): number =>
      growing(8)(Math.min(atMs, 60_000)) + (8 * Math.max(0, atMs - 200_000)) / 3_600_000;
    const talk = proven(() => ({}), ml);
    expect(talk.runTo(120_000).flow()).toMatchObject({
      status: 'unknown',
      validity: 'questionable',
    });
    expect(talk.runTo(199_000).flow()).toMatchObject({ validity: 'questionable' });
    expect(talk.runTo(260_000).flow()).toEqual(INFUSING);
  });

  test('a counter that does not fit is not made to fit by another rate', () => {
    const stuck = (atMs: number): number => growing(8)(Math.min(atMs, 60_000));
    const talk = proven((atMs) => (atMs < 120_000 ? {} : { 16: at(9) }), stuck);
    expect(talk.runTo(119_000).flow().status).toBe('unknown');
    expect(talk.runTo(122_100).flow()).toMatchObject({ status: 'unknown', value: 9 });
  });

  test('the volume was cleared at the pump: no doubt arises', () => {
    const cleared = (atMs: number): number =>
      atMs < 70_000 ? growing(8)(atMs) : (8 * (atMs - 70_000)) / 3_600_000;
    const talk = proven(() => ({}), cleared).from();
    talk.runTo(300_000);
    for (const seen of talk.of('pump-status')) expect(seen.status).toBe('infusing');
  });

  test('a pump that told nothing for a while: what it did then is not held against it', () => {
    const isMute = (atMs: number): boolean => atMs > 60_000 && atMs < 180_000;
    const ml = (atMs: number): number =>
      growing(8)(Math.min(atMs, 60_000)) + (8 * Math.max(0, atMs - 180_000)) / 3_600_000;
    const mute = pump({
      status: (sequence, atMs) =>
        isMute(atMs)
          ? [sequence, 1, 0, 0, 0x12]
          : statusCommand(sequence, { 19: volume(ml(atMs)) }),
    });
    const talk = new Talk(mute).open().runTo(179_000);
    expect(talk.flow()).toMatchObject({ status: 'unknown', value: null });
    talk.runTo(182_100).from().run(120_000);
    for (const { status } of talk.of('pump-status')) expect(status).toBe('infusing');
  });
});

describe('the state', () => {
  const one = (changes: Changes) =>
    new Talk(counting(still, () => changes)).open().runTo(100).flow();

  test.each([
    { byte: '00', status: 'stopped', value: 0, validity: 'valid' },
    { byte: '10', status: 'infusing', value: 8, validity: 'questionable' },
    { byte: '20', status: 'standby', value: 0, validity: 'valid' },
    { byte: '30', status: 'purge', value: null, validity: 'not-available' },
    { byte: '40', status: 'bolus', value: null, validity: 'not-available' },
    { byte: '50', status: 'bolus', value: null, validity: 'not-available' },
    ...[6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((nibble) => ({
      byte: `${nibble.toString(16).toUpperCase()}0`,
      status: 'unknown',
      value: null,
      validity: 'invalid',
    })),
  ])('byte 7 = $byte: $status, flow $value, $validity', ({ byte, ...expected }) => {
    const flow = one({ 7: byte });
    expect(flow).toMatchObject(expected);
    if (expected.validity !== 'valid') expect(flow.reason).toBeDefined();
  });

  test.each(['01', '11', '21', '0F', '02'])(
    'byte 7 = %s before the order of its halves is proven: no flow, and not stopped',
    (byte) => {
      expect(one({ 7: byte })).toMatchObject({
        status: 'unknown',
        value: null,
        validity: 'invalid',
        reason: `pump state ${byte} not clear`,
      });
    },
  );

  test('and after that the lower half is reserved and says nothing', () => {
    const stopped = (atMs: number): number => growing(8)(Math.min(atMs, 60_000));
    expect(
      proven(() => ({ 7: '03' }), stopped)
        .runTo(64_100)
        .flow(),
    ).toMatchObject({
      status: 'stopped',
      value: 0,
    });
  });

  test('1 in both halves: the counter shows the flow, and nothing of the order of the halves', () => {
    const both = counting(growing(8), (atMs) => ({ 7: atMs < 60_000 ? '11' : '01' }));
    const talk = new Talk(both).open();
    expect(talk.runTo(59_000).flow()).toMatchObject({
      status: 'infusing',
      value: 8,
      validity: 'valid',
    });
    expect(talk.runTo(62_100).flow()).toMatchObject({ status: 'unknown', value: null });
  });

  test('stopped and the volume grows: unknown, not 0, until it has stood still for a minute', () => {
    const ml = (atMs: number): number => growing(8)(Math.min(atMs, 40_000));
    const talk = new Talk(counting(ml, () => ({ 7: '00' }))).open();
    expect(talk.runTo(1_000).flow()).toMatchObject({ status: 'stopped', value: 0 });
    expect(talk.runTo(26_100).flow()).toEqual({
      status: 'unknown',
      value: null,
      validity: 'invalid',
      reason: 'volume grows although stopped',
    });
    expect(talk.runTo(95_000).flow().status).toBe('unknown');
    expect(talk.runTo(110_000).flow()).toMatchObject({ status: 'stopped', value: 0 });
  });

  test('the rest of the last stroke after a stop is no flow', () => {
    const talk = proven(
      () => ({ 7: '00' }),
      (atMs) => growing(8)(Math.min(atMs, 65_000)),
    );
    expect(talk.runTo(64_100).flow()).toMatchObject({ status: 'stopped', value: 0 });
    expect(talk.runTo(300_000).flow()).toMatchObject({ status: 'stopped', value: 0 });
  });
});

describe('a rate that the pump cannot be delivering', () => {
  test.each([
    { what: 'occlusion', changes: { 10: '000008' }, reason: 'rate set but alarm: Occlusion' },
    {
      what: 'completion',
      changes: { 10: '000004' },
      reason: 'rate set but alarm: Infusion complete',
    },
    { what: 'shutdown', changes: { 10: '000001' }, reason: 'rate set but alarm: Shutdown notice' },
    { what: 'syringe', changes: { 10: '000010' }, reason: 'rate set but alarm: Syringe displaced' },
    { what: 'plunger', changes: { 10: '000020' }, reason: 'rate set but alarm: Plunger displaced' },
    { what: 'slider', changes: { 10: '000040' }, reason: 'rate set but alarm: Slider displaced' },
    {
      what: 'barrel',
      changes: { 10: '000080' },
      reason: 'rate set but alarm: Syringe barrel not detected',
    },
    { what: 'power', changes: { 10: '002000' }, reason: 'rate set but alarm: Power failure' },
    {
      what: 'plunger not set',
      changes: { 14: '20' },
      reason: 'infusing, but syringe not in place',
    },
    { what: 'no syringe', changes: { 15: '00' }, reason: 'infusing, but syringe not in place' },
  ])('$what: unknown and questionable, also once proven', ({ changes, reason }) => {
    expect(
      proven(() => changes)
        .runTo(62_100)
        .flow(),
    ).toEqual({
      status: 'unknown',
      value: 8,
      validity: 'questionable',
      reason,
    });
  });

  test.each([
    { what: 'nearly empty', changes: { 10: '000100' } },
    { what: 'on battery', changes: { 10: '008000', 13: '45' } },
    { what: 'battery', changes: { 10: '080000' } },
    { what: 'an unknown syringe size', changes: { 15: '07' } },
  ])('$what: goes on', ({ changes }) => {
    expect(
      proven(() => changes)
        .runTo(62_100)
        .flow(),
    ).toEqual(INFUSING);
  });

  test('infusing with a rate of 0 is not a flow of 0', () => {
    expect(
      proven(() => ({ 16: '000000' }))
        .runTo(62_100)
        .flow(),
    ).toEqual({
      status: 'unknown',
      value: null,
      validity: 'invalid',
      reason: 'infusing, but the rate is 0',
    });
  });

  test('the set rate is never the flow of a bolus or a purge, also once proven', () => {
    for (const byte of ['30', '40', '50']) {
      expect(
        proven(() => ({ 7: byte }))
          .runTo(62_100)
          .flow(),
      ).toMatchObject({
        value: null,
        validity: 'not-available',
      });
    }
  });
});
