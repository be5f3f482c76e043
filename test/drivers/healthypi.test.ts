import { describe, expect, test } from 'vitest';
import { decodeHealthyPi, healthyPiQueries } from '../../drivers/healthypi/codec.ts';
import { healthyPi } from '../../drivers/healthypi/driver.ts';
import { healthyPiFraming } from '../../drivers/healthypi/framer.ts';
import { vectors } from '../../drivers/healthypi/vectors.ts';
import { frameV4 } from '../../simulators/healthypi/wire.ts';
import { vectorBytes } from '../../src/driver/proof.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const pushed = (...chunks: readonly Uint8Array[]) => {
  let state = healthyPiFraming.initial;
  const frames: Uint8Array[] = [];
  let droppedBytes = 0;
  for (const chunk of chunks) {
    const step = healthyPiFraming.push(state, chunk);
    state = step.state;
    frames.push(...step.frames);
    droppedBytes += step.droppedBytes;
  }
  return { frames, droppedBytes, state };
};
const V4 = '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5078 00 000b';
const PPG = '0afa130004 0100 ffff 0001 00ff ff7f 0080 0000 0700 61';
const good = vectors.filter((vector) => 'decodes' in vector);

describe('frames of healthypi', () => {
  test.each(good)('$name ($source)', (vector) => {
    const { frames } = pushed(vectorBytes(vector));
    expect(frames).toHaveLength(1);
    expect(decodeHealthyPi(frames[0] ?? new Uint8Array(0))).toEqual({
      ok: true,
      value: vector.decodes,
    });
  });

  test.each([
    ['the constant blood pressure is another', V4.replace('5078', '5178')],
    ['v5 PPG with two temperature bytes', `${PPG}0e0f 000b`],
    ['damaged end', V4.replace(/000b$/, '000f')],
    ['damaged start', V4.replace(/^0afa/, '0afb')],
    ['cut', V4.slice(0, -4)],
    ['one byte too long', `${V4}00`],
    ['another type', V4.replace('140002', '140003')],
    ['empty', ''],
  ])('refused: %s', (_, text) => {
    expect(decodeHealthyPi(hex(text))).toEqual({ ok: false, error: { kind: 'malformed' } });
  });

  test('the constants are part of no value', () => {
    const found = decodeHealthyPi(hex(V4));
    expect(JSON.stringify(found)).not.toMatch(/80|120/);
  });

  test('nothing may be sent', () => {
    expect(healthyPiQueries.all).toEqual([]);
    expect(healthyPiQueries.has(hex('0afa000001000b'))).toBe(false);
  });
});

describe('framing', () => {
  const one = hex(V4);

  test('in sync the end is enough; the next frame need not have begun', () => {
    expect(pushed(one, one).frames).toHaveLength(2);
    expect(pushed(one, one.slice(0, 2)).frames).toHaveLength(1);
    expect(pushed(one).frames).toHaveLength(0);
  });

  test('begun in the middle: the half frame is dropped and counted', () => {
    const { frames, droppedBytes } = pushed(one.slice(9), one, one);
    expect(frames).toEqual([one, one]);
    expect(droppedBytes).toBe(one.length - 9);
  });

  test('a whole frame in the payload of noise is not believed without a follower', () => {
    expect(pushed(one, hex('1234'), one, one).frames).toEqual([one, one]);
    expect(pushed(one, one, hex('1234'), one).frames).toEqual([one, one]);
  });

  test('start and end bytes in the payload do not cut it', () => {
    const tricky = hex('0afa140002 0afa 1400 02000b0a fa000b0a fa00 10 61 48 5078 00 000b');
    expect(tricky).toHaveLength(27);
    expect(pushed(one, tricky, one).frames).toEqual([one, tricky, one]);
  });

  test('in sync a well placed frame with a damaged end is handed on to be rejected', () => {
    const damaged = hex(V4.replace(/000b$/, '0f0b'));
    const { frames, droppedBytes } = pushed(one, damaged, one);
    expect(frames).toEqual([one, damaged, one]);
    expect(droppedBytes).toBe(0);
  });

  test('a length that no type has is no frame, and nothing is waited for', () => {
    const { state, droppedBytes } = pushed(hex('0afaffff02 00 00'));
    expect(state.pending).toHaveLength(0);
    expect(droppedBytes).toBe(7);
  });
});

describe('the declaration', () => {
  test('bench use only, and the nurse sees it', () => {
    expect(healthyPi).toMatchObject({ benchOnly: true, alerts: 'partly-decoded' });
    expect(healthyPi.notice).toContain('not for use on patients');
    expect(healthyPi.options.parse({})).toEqual({ allowOnLiveBed: false });
  });

  test('no blood pressure and no temperature is declared', () => {
    expect(healthyPi.reports.filter((code) => !/HEART_RATE|RESP_RATE|SAT_O2/.test(code))).toEqual(
      [],
    );
  });

  test('the two codecs agree on a frame', () => {
    const frame = frameV4({
      ecg: -5,
      respiration: 7,
      infrared: 1,
      heartRate: 60,
      respirationRate: 12,
      spo2: 99,
      isLeadsOff: false,
    });
    expect(decodeHealthyPi(frame)).toMatchObject({
      ok: true,
      value: { ecg: -5, respiration: 7, heartRate: 60, isSimulated: true },
    });
  });
});
