import { describe, expect, test } from 'vitest';
import { type HealthyPiState, healthyPiSession } from '../../drivers/healthypi/session.ts';
import { ecgFrameV5, frameV4, ppgFrameV5, type SampleV4 } from '../../simulators/healthypi/wire.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { MISSING_SAMPLE } from '../../src/observation/wave.ts';

const HR = 'MDC_ECG_HEART_RATE';
const SPO2 = 'MDC_PULS_OXIM_SAT_O2';

const SAMPLE: SampleV4 = {
  ecg: 100,
  respiration: 50,
  infrared: 1_000,
  heartRate: 72,
  respirationRate: 16,
  spo2: 97,
  isLeadsOff: false,
};

/** The session alone. */
class Talk {
  nowMs = 0;
  events: DeviceEvent[] = [];
  #state: HealthyPiState = healthyPiSession.initial;

  open(): this {
    this.#state = healthyPiSession.step(this.#state, { kind: 'opened', atMs: this.nowMs }).state;
    return this;
  }

  close(): this {
    this.#state = healthyPiSession.step(this.#state, { kind: 'closed', atMs: this.nowMs }).state;
    return this;
  }

  hear(frame: Uint8Array): readonly DeviceEvent[] {
    const step = healthyPiSession.step(this.#state, { kind: 'frame', atMs: this.nowMs, frame });
    expect(step.send).toEqual([]);
    this.#state = step.state;
    this.events.push(...step.events);
    return step.events;
  }

  /** Frames of v4 at their pace; the ECG moves unless it is said otherwise. */
  v4(forMs: number, parts: (index: number) => Partial<SampleV4> = () => ({})): this {
    for (let index = 0; index * 8 < forMs; index += 1) {
      this.nowMs += 8;
      this.hear(frameV4({ ...SAMPLE, ecg: index % 50, respiration: index % 40, ...parts(index) }));
    }
    return this;
  }

  from(): this {
    this.events = [];
    return this;
  }

  of<K extends DeviceEvent['kind']>(kind: K): readonly Extract<DeviceEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DeviceEvent, { kind: K }> => event.kind === kind,
    );
  }

  last(code: string) {
    return this.of('metric').findLast((metric) => metric.code === code);
  }

  waves(code: string) {
    return this.of('wave').filter((wave) => wave.code === code);
  }
}

describe('v4', () => {
  test('says that it is simulated before anything else', () => {
    const talk = new Talk().open().v4(1_000);
    expect(talk.events[0]).toMatchObject({ kind: 'identity', mode: 'demo', model: 'HealthyPi v4' });
    expect(talk.of('identity')).toHaveLength(1);
  });

  test('a real one is not called simulated', () => {
    const frame = frameV4(SAMPLE);
    frame.set([80, 120], 22);
    const [identity] = new Talk().open().hear(frame);
    expect(identity).toEqual({ kind: 'identity', model: 'HealthyPi v4', atMs: 0 });
  });

  test('numbers once a second, never valid', () => {
    const talk = new Talk().open().v4(10_000);
    const rates = talk.of('metric').filter(({ code }) => code === HR);
    expect(rates).toHaveLength(10);
    expect(rates.at(-1)).toMatchObject({
      value: 72,
      validity: 'questionable',
      reason: 'open board, not for alarms',
    });
    expect(talk.of('metric').filter(({ validity }) => validity === 'valid')).toEqual([]);
    expect(talk.last('MDC_RESP_RATE')).toMatchObject({ value: 16, validity: 'questionable' });
    expect(talk.last(SPO2)).toMatchObject({ value: 97, validity: 'questionable' });
  });

  test('0 is no number', () => {
    const talk = new Talk().open();
    talk.v4(2_000, () => ({ heartRate: 0, respirationRate: 0, spo2: 0 }));
    for (const { value, validity } of talk.of('metric')) {
      expect([value, validity]).toEqual([null, 'not-available']);
    }
  });

  test('no blood pressure ever', () => {
    const codes = new Set(
      new Talk()
        .open()
        .v4(5_000)
        .of('metric')
        .map(({ code }) => code),
    );
    expect([...codes].sort()).toEqual([HR, SPO2, 'MDC_RESP_RATE'].sort());
  });

  test('leads off: told at once, no rate, and the curve is no curve', () => {
    const talk = new Talk().open().v4(2_000).from();
    talk.v4(16, () => ({ isLeadsOff: true, ecg: 0 }));
    expect(talk.of('alerts').at(-1)?.alerts).toMatchObject([
      { code: 'LEADS_OFF', ruleId: 'MON-03', priority: 'medium' },
    ]);
    expect(talk.last(HR)).toMatchObject({ value: null, validity: 'invalid', reason: 'leads off' });
    expect(talk.last('MDC_RESP_RATE')).toMatchObject({ value: null, validity: 'invalid' });
    talk.from().v4(1_000, () => ({ isLeadsOff: true }));
    expect(talk.waves('MDC_ECG_ELEC_POTL').at(-1)).toMatchObject({
      validity: 'invalid',
      reason: 'leads off',
    });
    talk.from().v4(500);
    expect(talk.of('alerts').at(-1)?.alerts).toEqual([]);
  });

  test('one frame with leads off spoils its block and no other', () => {
    const talk = new Talk().open().v4(1_000, (index) => ({ isLeadsOff: index === 30 }));
    expect(talk.waves('MDC_ECG_ELEC_POTL').map(({ validity }) => validity)).toEqual([
      'questionable',
      'invalid',
      'questionable',
      'questionable',
      'questionable',
    ]);
  });

  test('a curve that does not move for a second is no signal, and the rate goes with it', () => {
    const talk = new Talk().open().v4(3_000, () => ({ ecg: 0 }));
    expect(talk.waves('MDC_ECG_ELEC_POTL').at(-1)).toMatchObject({
      validity: 'invalid',
      reason: 'no signal: the curve does not move',
    });
    expect(talk.waves('MDC_RESP').at(-1)).toMatchObject({ validity: 'questionable' });
    expect(talk.last(HR)).toMatchObject({ value: null, validity: 'invalid' });
    talk.from().v4(1_000);
    expect(talk.waves('MDC_ECG_ELEC_POTL').at(-1)?.validity).toBe('questionable');
  });

  test('a curve at the end of its range is no signal; a single peak there is one', () => {
    const talk = new Talk().open();
    talk.v4(1_000, (index) => ({ ecg: index % 2 === 0 ? 32_767 : -32_768 }));
    expect(talk.waves('MDC_ECG_ELEC_POTL').at(-1)).toMatchObject({
      validity: 'invalid',
      reason: 'no signal: at the end of its range',
    });
    const peaks = new Talk().open().v4(1_000, (index) => (index % 25 === 3 ? { ecg: 32_767 } : {}));
    expect(peaks.waves('MDC_ECG_ELEC_POTL').at(-1)?.validity).toBe('questionable');
  });

  test('blocks of 25 samples, one after the other, as on the wire', () => {
    const talk = new Talk().open().v4(1_000, (index) => ({ ecg: index - 60 }));
    const blocks = talk.waves('MDC_ECG_ELEC_POTL');
    expect(blocks.map(({ firstIndex }) => firstIndex)).toEqual([0, 25, 50, 75, 100]);
    expect([...(blocks[2]?.samples ?? [])]).toEqual(
      Array.from({ length: 25 }, (_, index) => index - 10),
    );
    expect(blocks[0]).toMatchObject({ samplesPerS: 125, scale: null, zero: 0 });
  });

  test('the lowest number of the wire is not the mark of a missing sample', () => {
    const talk = new Talk().open().v4(200, (index) => (index === 1 ? { ecg: -32_768 } : {}));
    expect(talk.waves('MDC_ECG_ELEC_POTL')[0]?.samples[1]).toBe(-32_767);
  });

  test('a pause is a gap, and the block that had begun is given up', () => {
    const talk = new Talk().open().v4(280);
    talk.nowMs += 2_000;
    talk.v4(200);
    const blocks = talk.waves('MDC_ECG_ELEC_POTL');
    expect(blocks.map(({ firstIndex }) => firstIndex)).toEqual([0, 25 + 10 + 251]);
  });

  test('a short delay of USB is none', () => {
    const talk = new Talk().open().v4(280);
    talk.nowMs += 400;
    talk.v4(320);
    const blocks = talk.waves('MDC_ECG_ELEC_POTL');
    expect(blocks.map(({ firstIndex }) => firstIndex)).toEqual([0, 25, 50]);
  });
});

describe('v5', () => {
  const ecg = [4, 8, -4, -8, 131_071, -131_072, 200_000, 0];
  const both = (talk: Talk): Talk => {
    talk.nowMs += 80;
    talk.hear(ecgFrameV5(ecg, 72, 16));
    talk.hear(ppgFrameV5([1, 2, 3, 4, 5, 6, 7, 8], 97));
    return talk;
  };

  test('nothing of the ECG before it is known whether it is simulated', () => {
    const talk = new Talk().open();
    for (let turn = 0; turn < 20; turn += 1) talk.hear(ecgFrameV5(ecg, 72, 16));
    expect(new Set(talk.events.map(({ kind }) => kind))).toEqual(new Set(['frame-accepted']));
    both(talk.from());
    expect(talk.of('identity')).toMatchObject([{ mode: 'demo', model: 'HealthyPi v5' }]);
  });

  test('its numbers are never told: the board keeps them when the leads are off', () => {
    const talk = new Talk().open();
    for (let turn = 0; turn < 50; turn += 1) both(talk);
    expect(talk.of('metric').length).toBeGreaterThan(9);
    for (const metric of talk.of('metric')) {
      expect(metric).toMatchObject({
        value: null,
        validity: 'invalid',
        reason: 'this board keeps old values',
      });
    }
    expect(talk.of('alerts')).toEqual([]);
  });

  test('the ECG without its two lowest bits; what is beyond 18 bits is missing', () => {
    const talk = both(new Talk().open());
    for (let turn = 0; turn < 4; turn += 1) both(talk);
    const [block] = talk.waves('MDC_ECG_ELEC_POTL');
    expect(block?.samples).toHaveLength(32);
    expect([...(block?.samples ?? [])].slice(0, 8)).toEqual([
      1,
      2,
      -1,
      -2,
      32_767,
      -32_767,
      MISSING_SAMPLE,
      0,
    ]);
    expect(talk.waves('MDC_PULS_OXIM_PLETH')[0]).toMatchObject({ samplesPerS: 100, firstIndex: 0 });
  });

  test('older firmware: said why there is nothing', () => {
    const frame = Uint8Array.from([0x0a, 0xfa, 22, 0, 2, ...new Uint8Array(22), 0, 0x0b]);
    const talk = new Talk().open();
    talk.hear(frame);
    expect(talk.last(HR)).toMatchObject({ value: null, validity: 'invalid' });
    expect(talk.last(HR)?.reason).toContain('firmware too old');
    expect(talk.of('wave')).toEqual([]);
  });
});

describe('the line', () => {
  test('what is no frame is rejected, one verdict each', () => {
    const talk = new Talk().open();
    expect(talk.hear(Uint8Array.of(1, 2, 3))).toEqual([
      { kind: 'frame-rejected', reason: 'malformed', atMs: 0 },
    ]);
  });

  test('closed: nothing is taken; opened again: from the beginning', () => {
    const talk = new Talk().open().v4(1_000).close().from();
    expect(talk.hear(frameV4(SAMPLE))).toEqual([
      { kind: 'frame-rejected', reason: 'unexpected', atMs: talk.nowMs },
    ]);
    talk.open().from().v4(200);
    expect(talk.of('identity')).toHaveLength(1);
    expect(talk.waves('MDC_ECG_ELEC_POTL')[0]?.firstIndex).toBe(0);
  });
});
