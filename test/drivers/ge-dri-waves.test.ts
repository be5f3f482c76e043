import { describe, expect, test } from 'vitest';
import { driQueries, waveQuery } from '../../drivers/ge-dri/codec.ts';
import { MISSING_SAMPLE } from '../../src/observation/wave.ts';
import {
  alertCodes,
  B450_NIBP,
  B450_SHORT,
  BASIC,
  framesOf,
  plain,
  recordWith,
  Talk,
  toHex,
  verdictOf,
  waveFrame,
  wavesOf,
} from './ge-dri-kit.ts';

const ECG1 = 1;
const PLETH = 8;
const CO2 = 9;
const RESP = 15;
const ALL = ['ecg1', 'pleth', 'resp', 'co2'] as const;
const RECORD = recordWith({});
const GAP = 1;
const PACED = 4;
const OFF = 8;
const counted = (length: number, from = 0) => [...new Array(length).keys()].map((n) => n + from);

/** Values have come, so that waves count. */
const live = (atMs = 0): Talk => {
  const talk = new Talk({ waves: [...ALL] }).open(atMs);
  talk.hear(RECORD, atMs);
  return talk;
};

describe('recordings', () => {
  const played = (stream: Uint8Array) => {
    const talk = new Talk({ waves: [...ALL] }).open();
    const frames = framesOf(stream);
    const startS = Buffer.from(plain(frames[0] ?? new Uint8Array(0))).readUInt32LE(6);
    for (const one of frames) {
      talk.hear(one, (Buffer.from(plain(one)).readUInt32LE(6) - startS) * 1_000);
    }
    return wavesOf(talk.events);
  };

  test('b450-short: ten seconds of pleth without a gap, the entropy passed over', () => {
    const blocks = played(B450_SHORT);
    expect(blocks.map(({ code }) => code)).toEqual(blocks.map(() => 'MDC_PULS_OXIM_PLETH'));
    expect(blocks.map(({ firstIndex }) => firstIndex)).toEqual(
      counted(10).map((index) => index * 100),
    );
    expect(blocks[0]).toMatchObject({
      samplesPerS: 100,
      scale: null,
      zero: 0,
      validity: 'valid',
    });
    expect([...(blocks[0]?.samples.subarray(0, 2) ?? [])]).toEqual([-154, -157]);
    const total = blocks.reduce((sum, { samples }) => sum + samples.length, 0);
    expect(total).toBe(1_000);
  });

  test('b450-nibp: a block of 101 samples is no gap', () => {
    const blocks = played(B450_NIBP);
    expect(blocks).toHaveLength(14);
    expect(blocks.at(-1)?.samples).toHaveLength(101);
    expect(blocks.at(-1)?.firstIndex).toBe(1_300);
  });
});

describe('where a block stands', () => {
  const block = (number: number, timeS: number, status = 0) =>
    waveFrame({ number, timeS }, [{ type: ECG1, status, samples: counted(300) }]);
  /** First index of the block that comes after one at 1 s with number 7. */
  const next = (number: number, timeS: number, atMs: number, status = 0) => {
    const talk = live(500);
    talk.hear(block(7, 101), 1_000);
    for (let valueMs = 1_500; valueMs < atMs; valueMs += 1_000) talk.hear(RECORD, valueMs);
    return wavesOf(talk.hear(block(number, timeS, status), atMs))[0]?.firstIndex;
  };

  test.each([
    { what: 'the next one', index: 300, at: next(8, 102, 2_000) },
    { what: 'the next one, held up by the line', index: 300, at: next(8, 102, 2_900) },
    { what: 'one record lost', index: 600, at: next(9, 103, 3_000) },
    { what: 'three records lost', index: 1_200, at: next(11, 105, 5_100) },
    { what: 'a gap bit alone: at least a sample', index: 301, at: next(8, 102, 2_000, GAP) },
    { what: 'a gap bit and a lost record', index: 600, at: next(9, 103, 3_000, GAP) },
    { what: 'a gap bit and time that passed', index: 900, at: next(8, 104, 4_000, GAP) },
    { what: 'the same record again', index: undefined, at: next(7, 101, 1_100) },
    { what: 'an earlier record, late', index: undefined, at: next(5, 99, 1_100) },
    { what: 'numbers that begin anew: as long as it took', index: 1_200, at: next(0, 105, 5_000) },
    { what: 'numbers that begin anew at once', index: 301, at: next(0, 102, 2_000) },
    { what: 'a number that time does not bear out', index: 300 + 300, at: next(107, 103, 3_000) },
    { what: 'five minutes away', index: 300 + 299 * 300, at: next(51, 401, 301_000) },
  ])('$what', ({ index, at }) => {
    expect(at).toBe(index);
  });

  test('the record number runs over', () => {
    const talk = live();
    const firsts = counted(300).map((n) => {
      talk.hear(RECORD, n * 1_000);
      return wavesOf(talk.hear(block(n % 256, 100 + n), n * 1_000))[0]?.firstIndex;
    });
    expect(firsts).toEqual(counted(300).map((n) => n * 300));
  });

  test('records of half a second: what is lost is half a second long, for each wave', () => {
    const half = (number: number) =>
      waveFrame({ number, timeS: 100 }, [
        { type: ECG1, samples: counted(150) },
        { type: PLETH, samples: counted(50) },
        { type: RESP, samples: counted(number % 2 === 0 ? 13 : 12) },
      ]);
    const talk = live();
    talk.hear(half(0), 500);
    const after = wavesOf(talk.hear(half(4), 2_500)).map(({ firstIndex }) => firstIndex);
    expect(after.slice(0, 2)).toEqual([150 + 450, 50 + 150]);
    // 37.5 samples were lost.
    expect(Math.abs((after[2] ?? 0) - 13 - 37.5)).toBeLessThanOrEqual(0.5);
  });

  test('a repeated record is a good frame and brings nothing', () => {
    const talk = live();
    talk.hear(block(3, 100), 500);
    const again = talk.hear(block(3, 100), 600);
    expect(verdictOf(again)).toBe('accepted');
    expect(wavesOf(again)).toEqual([]);
    expect(wavesOf(talk.hear(block(4, 101), 1_500))[0]?.firstIndex).toBe(300);
  });

  test('a wave that was left out for a while comes back with a gap of that length', () => {
    const talk = live();
    const pleth = { type: PLETH, samples: counted(100) };
    const ecg = { type: ECG1, samples: counted(300) };
    talk.hear(waveFrame({ number: 0, timeS: 100 }, [ecg, pleth]), 1_000);
    talk.hear(RECORD, 1_900);
    talk.hear(waveFrame({ number: 1, timeS: 101 }, [ecg]), 2_000);
    const back = talk.hear(waveFrame({ number: 2, timeS: 102 }, [ecg, pleth]), 3_000);
    expect(wavesOf(back).map(({ firstIndex }) => firstIndex)).toEqual([600, 200]);
  });

  test('asked for anew: never without a gap, whatever the numbers say', () => {
    const talk = live();
    talk.hear(block(7, 100), 500);
    for (let atMs = 1_000; atMs <= 4_000; atMs += 1_000) talk.wait(atMs).hear(RECORD, atMs);
    const again = wavesOf(talk.hear(block(8, 104), 4_500));
    expect(again[0]?.firstIndex).toBe(300 + 900);
  });
});

describe('what a block says', () => {
  const said = (
    part: { type: number; status?: number; samples?: readonly number[] },
    words: Readonly<Record<number, number>> = {},
  ) => {
    const talk = new Talk({ waves: [...ALL] }).open();
    talk.hear(recordWith(words), 0);
    const { samples = [1, 2, 3], ...rest } = part;
    const one = waveFrame({ number: 0, timeS: 100 }, [{ ...rest, samples }]);
    return wavesOf(talk.hear(one, 500))[0];
  };

  test.each([
    { label: 0x1100, code: 'MDC_ECG_ELEC_POTL_I' },
    { label: 0x1200, code: 'MDC_ECG_ELEC_POTL_II' },
    { label: 0x1300, code: 'MDC_ECG_ELEC_POTL_III' },
    { label: 0x1700, code: 'MDC_ECG_ELEC_POTL' },
    { label: 0x1020, code: 'MDC_ECG_ELEC_POTL' },
  ])('ECG label $label: $code, in mV', ({ label, code }) => {
    expect(said({ type: ECG1 }, { [BASIC + 4]: label })).toMatchObject({
      code,
      samplesPerS: 300,
      scale: 0.001,
      zero: 0,
      validity: 'valid',
    });
  });

  test('while the ECG does not measure its label is not believed: the lead stays', () => {
    const talk = live();
    talk.hear(recordWith({ [BASIC]: 0x0001, [BASIC + 4]: 0 }), 1_000);
    const one = waveFrame({ number: 0, timeS: 100 }, [{ type: ECG1, samples: [1] }]);
    expect(wavesOf(talk.hear(one, 1_500))[0]?.code).toBe('MDC_ECG_ELEC_POTL_II');
  });

  test('respiration is in Ohm, the pleth in nothing', () => {
    expect(said({ type: RESP })).toMatchObject({ code: 'MDC_RESP', samplesPerS: 25, scale: 0.01 });
    expect(said({ type: PLETH })).toMatchObject({ code: 'MDC_PULS_OXIM_PLETH', scale: null });
  });

  test('CO2 in mmHg by the ambient pressure of the values, and without one in nothing', () => {
    const wave = said({ type: CO2, samples: [487] });
    expect(wave).toMatchObject({ code: 'MDC_AWAY_CO2', samplesPerS: 25 });
    expect(487 * (wave?.scale ?? NaN)).toBeCloseTo(37.002, 3);
    expect(said({ type: CO2 }, { [BASIC + 144]: 0x8001 })?.scale).toBeNull();
  });

  test('control codes are missing samples, never a voltage', () => {
    const wave = said({ type: ECG1, samples: [5, -32_767, -32_001, -32_000, -31_999, 32_767] });
    expect([...(wave?.samples ?? [])]).toEqual([
      5,
      MISSING_SAMPLE,
      MISSING_SAMPLE,
      MISSING_SAMPLE,
      -31_999,
      32_767,
    ]);
  });

  test.each([
    { what: 'ECG', type: ECG1, reason: 'leads off' },
    { what: 'respiration', type: RESP, reason: 'leads off' },
    { what: 'pleth', type: PLETH, reason: 'probe off' },
    { what: 'CO2', type: CO2, reason: 'sensor off' },
  ])('$what off: invalid', ({ type, reason }) => {
    expect(said({ type, status: OFF })).toMatchObject({ validity: 'invalid', reason });
  });

  test('the values say that channel 1 is off: the ECG is invalid, too', () => {
    const off = said({ type: ECG1 }, { [BASIC]: 0x084b });
    expect(off).toMatchObject({ validity: 'invalid', reason: 'leads off' });
    expect(said({ type: PLETH }, { [BASIC]: 0x084b })).toMatchObject({ validity: 'valid' });
  });

  test('a pacer spike leaves it valid', () => {
    expect(said({ type: ECG1, status: PACED })).toMatchObject({ validity: 'valid' });
  });

  test('a wave that is not wanted is passed over', () => {
    const talk = new Talk({ waves: ['ecg1'] }).open();
    talk.hear(RECORD, 0);
    const one = waveFrame({ number: 0, timeS: 100 }, [{ type: PLETH, samples: [1, 2] }]);
    expect(wavesOf(talk.hear(one, 500))).toEqual([]);
  });
});

describe('leads off, as the wave says it', () => {
  const ecg = (number: number, status: number) =>
    waveFrame({ number, timeS: 100 + number }, [{ type: ECG1, status, samples: counted(300) }]);

  test('is an alarm before the values say it, one alarm with them, and gone with both', () => {
    const talk = live();
    const others = alertCodes(talk.events) ?? [];
    expect(alertCodes(talk.hear(ecg(0, OFF), 900))).toEqual(['ECG_LEADS_OFF', ...others]);
    expect(alertCodes(talk.hear(recordWith({ [BASIC]: 0x084b }), 1_000))).toEqual([
      'ECG_LEADS_OFF',
      ...others,
    ]);
    expect(alertCodes(talk.hear(ecg(1, 0), 1_900))).toEqual(['ECG_LEADS_OFF', ...others]);
    expect(alertCodes(talk.hear(RECORD, 2_000))).toEqual(others);
  });

  test('values in between do not take it back', () => {
    const talk = live();
    talk.hear(ecg(0, OFF), 900);
    expect(alertCodes(talk.hear(RECORD, 1_000))).toContain('ECG_LEADS_OFF');
    expect(alertCodes(talk.hear(ecg(1, 0), 1_900))).not.toContain('ECG_LEADS_OFF');
  });

  test('a record without the ECG takes nothing back', () => {
    const talk = live();
    talk.hear(ecg(0, OFF), 900);
    const pleth = waveFrame({ number: 1, timeS: 101 }, [{ type: PLETH, samples: [1] }]);
    expect(alertCodes(talk.hear(pleth, 1_000)) ?? ['ECG_LEADS_OFF']).toContain('ECG_LEADS_OFF');
    expect(alertCodes(talk.hear(RECORD, 1_100))).toContain('ECG_LEADS_OFF');
  });

  test('no ECG any more: after 3 s the values alone tell', () => {
    const talk = live();
    talk.hear(ecg(0, OFF), 900);
    expect(alertCodes(talk.hear(RECORD, 3_900))).toContain('ECG_LEADS_OFF');
    expect(alertCodes(talk.hear(RECORD, 4_000))).not.toContain('ECG_LEADS_OFF');
  });
});

describe('asking for waves', () => {
  const QUERY = toHex(waveQuery(['ecg1', 'pleth']));
  const asked = (talk: Talk) =>
    talk.sent.filter(({ hex }) => hex === QUERY).map(({ atMs }) => atMs);
  const wave = (number: number) =>
    waveFrame({ number, timeS: number }, [{ type: ECG1, samples: counted(300) }]);

  test('behind the first values, once, with one request for all', () => {
    const talk = new Talk({ waves: ['pleth', 'ecg1'] }).open().wait(2_500);
    expect(talk.sent).toHaveLength(1);
    for (let s = 3; s < 60; s += 1) {
      talk.wait(s * 1_000).hear(RECORD, s * 1_000);
      talk.wait(s * 1_000 + 300).hear(wave(s), s * 1_000 + 300);
    }
    expect(asked(talk)).toEqual([3_000]);
  });

  test('again when none came for 3 s while values come, for ever', () => {
    const talk = new Talk({ waves: ['ecg1', 'pleth'] }).open();
    for (let s = 1; s <= 20; s += 1) {
      talk.wait(s * 1_000).hear(RECORD, s * 1_000);
      if (s <= 5) talk.wait(s * 1_000 + 300).hear(wave(s), s * 1_000 + 300);
    }
    expect(asked(talk)).toEqual([1_000, 8_300, 11_300, 14_300, 17_300]);
    const missed = talk.events.filter(({ kind }) => kind === 'reply-missed');
    expect(missed).toHaveLength(4);
  });

  test('not while no values come, and at once when they are back', () => {
    const talk = new Talk({ waves: ['ecg1', 'pleth'] }).open();
    talk.hear(RECORD, 1_000);
    talk.wait(1_300).hear(wave(1), 1_300);
    talk.wait(60_000);
    expect(asked(talk)).toEqual([1_000]);
    talk.hear(RECORD, 60_100);
    talk.wait(60_100);
    expect(asked(talk)).toEqual([1_000, 60_100]);
  });

  test('none wanted: none asked for, and none said', () => {
    const talk = new Talk({ waves: [] }).open();
    for (let s = 1; s <= 20; s += 1) talk.wait(s * 1_000).hear(RECORD, s * 1_000);
    expect(talk.sent.map(({ hex }) => hex)).toEqual([toHex(driQueries.get('numerics-1s'))]);
    expect(wavesOf(talk.hear(wave(1), 20_300))).toEqual([]);
  });
});

test.each([
  { what: 'more samples than bytes', at: 40, word: 301 },
  { what: 'less than no samples', at: 40, word: 0xffff },
  { what: 'a part behind the end', at: 16, word: 30_000 },
  { what: 'a part in the header', at: 16, word: 0xfff0 },
])('$what: malformed, and nothing of it is said', ({ at, word }) => {
  const good = waveFrame({ number: 0, timeS: 0 }, [{ type: ECG1, samples: counted(300) }]);
  const bad = Buffer.from(plain(good));
  const before = bad.readUInt8(at) + bad.readUInt8(at + 1);
  bad.writeUInt16LE(word, at);
  const sum = (bad.at(-1) ?? 0) + bad.readUInt8(at) + bad.readUInt8(at + 1) - before;
  bad.writeUInt8((sum + 512) & 0xff, bad.length - 1);
  const escaped = [...bad].flatMap((byte) =>
    byte === 0x7d || byte === 0x7e ? [0x7d, byte & 0xdf] : [byte],
  );
  const events = live().hear(Uint8Array.from(escaped), 500);
  expect(verdictOf(events)).toBe('malformed');
  expect(wavesOf(events)).toEqual([]);
});
