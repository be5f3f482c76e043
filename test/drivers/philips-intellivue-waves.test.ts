import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { philipsIntellivue } from '../../drivers/philips-intellivue/driver.ts';
import { REPLIES } from '../../drivers/philips-intellivue/vectors.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { simulator } from '../../simulators/philips-intellivue/index.ts';
import {
  attribute,
  type PolledThing,
  u16,
  u32,
} from '../../simulators/philips-intellivue/messages.ts';
import type { Driver } from '../../src/driver/contract.ts';
import { vectorBytes } from '../../src/driver/proof.ts';
import type { ChannelEvent } from '../../src/observation/device-event.ts';
import { MISSING_SAMPLE, type WaveCode, type WaveSeen } from '../../src/observation/wave.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import {
  framesOf,
  HR,
  mdsCreate,
  PER_CENT,
  round,
  single,
  Talk,
  TICKS,
  verdictOf,
} from './philips-intellivue-kit.ts';

let subscription: Subscription | undefined;
afterEach(() => subscription?.unsubscribe());

const isWave = (event: ChannelEvent): event is WaveSeen => event.kind === 'wave';
const wavesOf = (events: readonly ChannelEvent[]): readonly WaveSeen[] => events.filter(isWave);
const first = (events: readonly ChannelEvent[]): WaveSeen => {
  const [wave] = wavesOf(events);
  if (wave === undefined) throw new Error('no wave');
  return wave;
};

const VALUES = round([HR, single(0x0002_4bb8, 0, PER_CENT, 98)]);
const NO_PROBE = round([HR, single(0x0002_4bb8, 0x8000, PER_CENT, 0x7f_ffff)]);
const RECORDED = framesOf(vectorBytes(REPLIES[2] as (typeof REPLIES)[0]));
const ECG_HANDLE = 0x02ca;
const [II, PLETH] = [0x0102, 0x4bb4];

const item = (id: number, state: number, samples: readonly number[]): Buffer =>
  Buffer.concat([u16(id, state, 2 * samples.length), u16(...samples)]);
const compound = (...items: readonly Buffer[]): Buffer => {
  const all = Buffer.concat(items);
  return attribute(0x0967, Buffer.concat([u16(items.length, all.length), all]));
};
const statics = (periodTicks = 32, bits = 14): readonly Buffer[] => [
  attribute(0x096d, Buffer.concat([u16(64), Buffer.of(16, bits), u16(0x3000)])),
  attribute(0x098d, u32(periodTicks)),
];
const scaled = (unit: number): readonly Buffer[] => [
  attribute(0x0996, u16(unit)),
  attribute(0x096f, Buffer.concat([u32(0xfeff_f000), u32(0xfd00_9ffb), u16(0, 0x3fff)])),
];
const BLOCK = new Array<number>(64).fill(8_192);

/** One wave reply; blocks of 256 ms stand at their times when nothing else is said. */
const reply = (
  sequence: number,
  things: readonly PolledThing[],
  ticks = TICKS + 2_048 * sequence,
) => round(things, { objectClass: 9, number: 3, invokeId: 4, sequence, ticks });
const thing = (handle: number, ...attributes: readonly Buffer[]): PolledThing => ({
  handle,
  attributes,
});
const ecg = (samples: readonly number[] = BLOCK, state = 0): PolledThing =>
  thing(ECG_HANDLE, compound(item(II, state, samples)));
const TOLD = thing(ECG_HANDLE, ...statics(), ...scaled(0x10b2));

/** Associated, with values, and the static attributes known. */
const talking = (things: readonly PolledThing[] = [TOLD]): Talk => {
  const talk = new Talk({ waves: true }).associate();
  talk.hear(VALUES, 0);
  talk.hear(reply(0, things), 0);
  return talk;
};

describe('the recorded reply', () => {
  test('its static attributes give 250/s, 14 bits and 5 uV a count around 8192', () => {
    const talk = new Talk({ waves: true }).associate();
    talk.hear(VALUES, 0);
    expect(wavesOf(talk.hear(RECORDED, 0))).toEqual([]);
    // Its context is 1, and the blocks of the recording go on in it; the twin's messages have 1, too.
    const said = talk.hear(reply(1, [ecg([0x1f9c, 0x2064, 0x2000, 0xe000])]), 256);
    const wave = first(said);
    expect(wave).toMatchObject({
      code: 'MDC_ECG_ELEC_POTL_II',
      firstIndex: 0,
      samplesPerS: 250,
      zero: 8_192,
      validity: 'valid',
      atMs: 256,
    });
    expect(wave.scale).toBeCloseTo(0.005, 12);
    // Calibration 0964: 1 mV from 1F9C to 2064. Markers above the 14 bits are taken off.
    expect([...wave.samples]).toEqual([8_092, 8_292, 8_192, 8_192]);
    expect(((wave.samples[1] ?? 0) - (wave.samples[0] ?? 0)) * (wave.scale ?? 0)).toBeCloseTo(1, 9);
  });
});

describe('what a block says', () => {
  test('nothing before period and form are known, whatever order they come in', () => {
    const talk = talking([]);
    expect(wavesOf(talk.hear(reply(1, [ecg()]), 256))).toEqual([]);
    talk.hear(reply(2, [TOLD]), 512);
    expect(first(talk.hear(reply(3, [ecg()]), 768)).firstIndex).toBe(0);
  });

  test.each([
    [0x0101, 'MDC_ECG_ELEC_POTL_I'],
    [0x0102, 'MDC_ECG_ELEC_POTL_II'],
    [0x013d, 'MDC_ECG_ELEC_POTL_III'],
    [0x013e, 'MDC_ECG_ELEC_POTL'],
    [0x0100, 'MDC_ECG_ELEC_POTL'],
    [0x4bb4, 'MDC_PULS_OXIM_PLETH'],
    [0x5000, 'MDC_RESP'],
    [0x50ac, 'MDC_AWAY_CO2'],
  ] as const)('%i is %s', (id, code: WaveCode) => {
    const events = talking().hear(reply(1, [thing(ECG_HANDLE, compound(item(id, 0, BLOCK)))]), 256);
    expect(wavesOf(events).map((wave) => wave.code)).toEqual([code]);
    expect(philipsIntellivue.waves).toContain(code);
  });

  test('what is none of ours is passed over, and so is a second lead with the same code', () => {
    const items = [item(0x4a10, 0, BLOCK), item(0x013e, 0, BLOCK), item(0x0143, 0, [1])];
    const talk = talking();
    const said = wavesOf(talk.hear(reply(1, [thing(ECG_HANDLE, compound(...items))]), 256));
    expect(said.map(({ samples }) => samples.length)).toEqual([64]);
    // Also when it stands before the first one, until that has stayed away for 4 s.
    const turned = [thing(ECG_HANDLE, compound(item(0x0143, 0, [1]), item(0x013e, 0, BLOCK)))];
    expect(first(talk.hear(reply(2, turned), 512)).samples).toHaveLength(64);
    const alone = [thing(ECG_HANDLE, compound(item(0x0143, 0, [1])))];
    expect(wavesOf(talk.hear(reply(3, alone), 768))).toEqual([]);
    expect(first(talk.hear(reply(20, alone), 4_900)).firstIndex).toBe(20 * 64 - 64);
  });

  test.each([
    ['mV', II, 0x10b2, true],
    ['another unit', II, 0x0f20, false],
    ['pleth', PLETH, 0x10b2, false],
    ['CO2 in mmHg', 0x50ac, 0x0f20, true],
    ['CO2 in kPa', 0x50ac, 0x0f00, false],
    ['respiration', 0x5000, 0x10b2, false],
  ] as const)('scale: %s', (_, id, unit, isScaled) => {
    const talk = talking([thing(7, ...statics(), ...scaled(unit))]);
    const { scale } = first(talk.hear(reply(1, [thing(7, compound(item(id, 0, BLOCK)))]), 256));
    expect(scale !== null).toBe(isScaled);
  });

  test.each([
    [0x0000, 'valid', undefined],
    [0x0003, 'valid', undefined],
    [0x8000, 'invalid', 'marked invalid by the monitor'],
    [0x2000, 'invalid', 'not available'],
    [0x1000, 'invalid', 'calibrating'],
    [0x4000, 'questionable', 'doubtful for the monitor itself'],
    [0x0004, 'questionable', 'unknown state 4'],
  ])('state %i is %s', (state, validity, reason) => {
    const wave = first(talking().hear(reply(1, [ecg(BLOCK, state)]), 256));
    expect([wave.validity, wave.reason]).toEqual([validity, reason]);
  });

  test.each([
    [0x0400, 'demo'],
    [0x0800, 'test'],
  ])('state %i: the mode is said before the block', (state, mode) => {
    const said = talking().hear(reply(1, [ecg(BLOCK, state)]), 256);
    expect(said.map(({ kind }) => kind)).toEqual(['identity', 'frame-accepted', 'wave']);
    expect(said[0]).toMatchObject({ mode });
    expect(first(said).validity).toBe('questionable');
  });

  test('a sample with the mark of an invalid one is missing, not a voltage', () => {
    const marks = attribute(0x0a16, u16(2, 8, 2, 0x8004, 1, 0x4000));
    const talk = talking([thing(ECG_HANDLE, ...statics(), marks)]);
    const { samples } = first(talk.hear(reply(1, [ecg([1, 0x4001, 0x8004])]), 256));
    expect([...samples]).toEqual([1, MISSING_SAMPLE, 4]);
  });

  test('a mark of an invalid sample within the number itself is not believed', () => {
    const marks = attribute(0x0a16, u16(1, 4, 1, 0x0004));
    const talk = talking([thing(ECG_HANDLE, ...statics(), marks)]);
    expect([...first(talk.hear(reply(1, [ecg([4, 6])]), 256)).samples]).toEqual([4, 6]);
  });

  test('static attributes may come one by one', () => {
    const talk = talking([]);
    for (const one of statics()) talk.hear(reply(0, [thing(ECG_HANDLE, one)]), 0);
    expect(first(talk.hear(reply(1, [ecg()]), 256)).samplesPerS).toBe(250);
  });

  test('lengths that do not agree make a gap and no sample', () => {
    const odd = Buffer.concat([u16(II, 0, 3), Buffer.of(1, 2, 3)]);
    for (const bad of [odd, item(II, 0, BLOCK).subarray(0, 40), item(II, 0, [])]) {
      const said = talking().hear(reply(1, [thing(ECG_HANDLE, compound(bad))]), 256);
      expect(wavesOf(said)).toEqual([]);
      expect(verdictOf(said)).toBe('accepted');
    }
  });

  test.each([
    [0, 14],
    [32, 16],
    [32, 0],
  ])('period %i with %i bits cannot be read', (period, bits) => {
    const talk = talking([thing(ECG_HANDLE, ...statics(period, bits))]);
    expect(wavesOf(talk.hear(reply(1, [ecg()]), 256))).toEqual([]);
  });
});

describe('a pleth without a probe', () => {
  const talkWith = (values: readonly Uint8Array[]) => {
    const talk = new Talk({ waves: true }).associate();
    talk.hear(values, 0);
    talk.hear(reply(0, [thing(9, ...statics(64, 12))]), 0);
    return talk;
  };
  const block = (samples: readonly number[]) => [
    thing(9, attribute(0x096e, item(PLETH, 0, samples))),
  ];
  const FLAT = new Array<number>(32).fill(2_048);

  test.each([
    ['flat, no SpO2', NO_PROBE, FLAT, 'invalid', 'probe off'],
    ['moving, no SpO2', NO_PROBE, [1, 2], 'questionable', 'no SpO2 value'],
    ['flat, with SpO2', VALUES, FLAT, 'valid', undefined],
    ['nothing said of SpO2', round([HR]), FLAT, 'invalid', 'probe off'],
  ] as const)('%s', (_, values, samples, validity, reason) => {
    const wave = first(talkWith(values).hear(reply(1, block(samples)), 256));
    expect([wave.validity, wave.reason, wave.samplesPerS]).toEqual([validity, reason, 125]);
  });
});

describe('where a block stands', () => {
  /** First index of the block that comes after one with number 1. */
  const next = (sequence: number, ticks: number): number | undefined => {
    const talk = talking();
    talk.hear(reply(1, [ecg()], 0), 256);
    return wavesOf(talk.hear(reply(sequence, [ecg()], ticks), 512))[0]?.firstIndex;
  };

  test.each([
    ['the next', 2, 2_048, 64],
    ['the next, its time a little off', 2, 2_048 + 64, 64],
    ['one lost', 3, 4_096, 128],
    ['ten lost', 12, 11 * 2_048, 64 * 11],
    ['the next in the count, and a second later', 2, 2_048 + 8_000, 64 + 250],
    ['a renewed poll that goes on', 0, 2_048, 64],
    ['a renewed poll, one block lost', 1, 4_096, 128],
    ['a renewed poll whose time stepped back', 0, 1_024, 65],
    ['a number left out, and no time', 4, 2_048, 65],
  ])('%s', (_, sequence, ticks, index) => {
    expect(next(sequence, ticks)).toBe(index);
  });

  test('the same reply again is not a second block', () => {
    expect(next(1, 0)).toBeUndefined();
  });

  test('count and time wrap', () => {
    const talk = talking();
    talk.hear(reply(0xffff, [ecg()], 2 ** 32 - 1_024), 256);
    expect(first(talk.hear(reply(0, [ecg()], 1_024), 512)).firstIndex).toBe(64);
  });

  test('a new association begins anew, and its static attributes have to come again', () => {
    const talk = talking();
    talk.hear(reply(1, [ecg()]), 256);
    talk.do({ kind: 'closed', atMs: 300 });
    talk.associate(400);
    talk.hear(VALUES, 500);
    expect(wavesOf(talk.hear(reply(1, [ecg()]), 600))).toEqual([]);
  });
});

describe('asking', () => {
  test('once, renewed at half of its time, and again after 10 s of silence', () => {
    const talk = talking();
    for (let atMs = 0; atMs < 700_000; atMs += 1_000) {
      talk.wait(atMs);
      talk.hear(VALUES, atMs);
      if (atMs < 650_000) talk.hear(reply(1, [ecg()]), atMs);
    }
    const asked = talk.sentSince(0).filter(([, name]) => name === 'waves');
    expect(asked.map(([atMs]) => atMs).slice(0, 4)).toEqual([0, 300_000, 600_000, 659_000]);
    expect(talk.events).toContainEqual({ kind: 'reply-missed', query: 'waves', atMs: 659_000 });
  });

  test('never when it is switched off, and what comes all the same is not read', () => {
    const talk = new Talk({ waves: false }).associate();
    talk.hear(VALUES, 0);
    talk.hear(reply(0, [TOLD]), 0);
    expect(wavesOf(talk.hear(reply(1, [ecg()]), 256))).toEqual([]);
    talk.wait(60_000);
    expect(talk.sentSince(0).map(([, name]) => name)).not.toContain('waves');
  });

  test('without numerics for 5 s a wave is neither life nor shown', () => {
    const talk = talking();
    expect(wavesOf(talk.hear(reply(1, [ecg()]), 5_000))).toHaveLength(1);
    const said = talk.hear(reply(2, [ecg()]), 5_001);
    expect(verdictOf(said)).toBe('unexpected');
    expect(wavesOf(said)).toEqual([]);
  });

  /** 15 s without numerics, during which waves came or did not; then associated again on the same line. */
  const again = (withWaves: boolean): Talk => {
    const talk = talking();
    for (let atMs = 1_000; atMs <= 14_000; atMs += 1_000) {
      talk.wait(atMs);
      if (withWaves) talk.hear(reply(atMs / 1_000, [ecg()]), atMs);
    }
    talk.wait(18_000);
    expect(talk.state.phase).toBe('associating');
    talk.hear(mdsCreate(), 18_100);
    talk.wait(20_000);
    return talk;
  };
  const askedSince = (talk: Talk, atMs: number): readonly string[] =>
    talk.sentSince(atMs).map(([, name]) => name);

  test('numerics come first: a line with room for waves only is not asked for them again', () => {
    const talk = again(true);
    expect(askedSince(talk, 18_100)).toContain('numerics');
    expect(askedSince(talk, 18_100)).not.toContain('waves');
    // A port that is opened anew is a new attempt.
    talk.do({ kind: 'closed', atMs: 21_000 });
    talk.associate(22_000);
    expect(askedSince(talk, 22_000)).toContain('waves');
  });

  test('a line that was silent as a whole is asked for waves again', () => {
    expect(askedSince(again(false), 18_100)).toContain('waves');
  });
});

describe('driver and simulator', () => {
  function bedside(options: Readonly<Record<string, unknown>> = {}, own: unknown = {}) {
    const timeline = new VirtualTimeline();
    const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options });
    const driver = philipsIntellivue as Driver;
    const events: WaveSeen[] = [];
    subscription = deviceLink({
      driver,
      options: driver.options.parse(own),
      port: guarded(memoryPort('bench', link, timeline, 'real'), driver.queries),
      timeline,
      onFault: (error) => {
        throw error;
      },
    }).subscribe((batch) => {
      for (const event of batch) if (event.kind === 'wave') events.push(event);
    });
    const blocks = (code: WaveCode) => events.filter((wave) => wave.code === code);
    return { timeline, link, blocks };
  }
  const LEAD = 'MDC_ECG_ELEC_POTL_II';

  test('three leads and a pleth without a gap; a beat is 1.15 mV high', () => {
    const bed = bedside({ variability: 0, hr: 60 });
    bed.timeline.advance(60_000);
    for (const code of [LEAD, 'MDC_ECG_ELEC_POTL_I', 'MDC_ECG_ELEC_POTL_III'] as const) {
      const blocks = bed.blocks(code);
      expect(blocks.length).toBeGreaterThan(225);
      expect(blocks.map(({ firstIndex }) => firstIndex)).toEqual(blocks.map((_, n) => 64 * n));
    }
    const pleth = bed.blocks('MDC_PULS_OXIM_PLETH');
    expect(pleth.map(({ firstIndex }) => firstIndex)).toEqual(pleth.map((_, n) => 32 * n));
    expect(pleth.at(-1)).toMatchObject({ validity: 'valid', scale: null });
    const mv = bed
      .blocks(LEAD)
      .flatMap(({ samples, scale, zero }) =>
        [...samples].map((raw) => (raw - zero) * (scale ?? 0)),
      );
    expect(Math.max(...mv)).toBeCloseTo(1.15, 2);
    expect(bed.link.overrunBytes()).toBe(0);
  });

  test('ten lost replies are a gap of ten blocks', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('lose-waves', { replies: 10 });
    bed.timeline.advance(10_000);
    const starts = bed.blocks(LEAD).map(({ firstIndex }) => firstIndex);
    const steps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(steps.filter((step) => step !== 64)).toEqual([64 * 11]);
  });

  test('leads off and probe off', () => {
    const bed = bedside();
    bed.timeline.advance(10_000);
    bed.link.command('leads-off', { on: true });
    bed.link.command('probe-off', { on: true });
    bed.timeline.advance(5_000);
    expect(bed.blocks(LEAD).at(-1)).toMatchObject({ validity: 'invalid' });
    expect(bed.blocks('MDC_PULS_OXIM_PLETH').at(-1)).toMatchObject({
      validity: 'invalid',
      reason: 'probe off',
    });
  });

  test('switched off at either end, there are none', () => {
    for (const [options, own] of [
      [{ waves: false }, {}],
      [{}, { waves: false }],
    ]) {
      const bed = bedside(options, own);
      bed.timeline.advance(20_000);
      expect(bed.blocks(LEAD)).toEqual([]);
      subscription?.unsubscribe();
    }
  });
});
