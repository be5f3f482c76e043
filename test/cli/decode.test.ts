import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { decodeBytes } from '../../src/assembly/decode-bytes.ts';
import { type DecodedMoment, decodeCapture } from '../../src/assembly/decode-capture.ts';
import type { Driver } from '../../src/driver/contract.ts';
import { readCapture } from '../../src/port/capture-format.ts';
import { RecordedBed } from './recorded-bed.ts';

const pump = alarisAsena as Driver;
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const INF = '!INF^8003-20417^-^SET^8.00^ml/h^^12.430^ml^35.20^mmHg^05:11:40^EVENT^100231|E23E\r';
const ALARM = '!ALARM^AL_OCCLU^^|2F3B\r';
const SERIAL = '!INST_SERIALNO^8003-20417|7A48\r';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

describe('bytes without times', () => {
  test.each([
    ['the first question', INF],
    ['a later question', ALARM],
    ['the last question', SERIAL],
  ])('a reply to %s is understood by itself', (_, line) => {
    const { frames, droppedBytes } = decodeBytes(pump, latin1(line));
    expect(frames.map(({ verdict }) => verdict)).toEqual(['accepted']);
    expect(frames[0]?.events.length).toBeGreaterThan(0);
    expect(frames[0]?.text).toBe(line.slice(0, -1));
    expect(droppedBytes).toBe(0);
  });

  test('replies in any order are matched to their questions; values are those of the bytes', () => {
    const { frames } = decodeBytes(pump, latin1(SERIAL + ALARM + INF + INF + ALARM));
    expect(frames.map(({ verdict }) => verdict)).toEqual(Array(5).fill('accepted'));
    const flow = frames[2]?.events.find(
      (event) => event.kind === 'metric' && event.code === 'MDC_VOL_FLUID_DELIV_TOTAL',
    );
    expect(flow).toMatchObject({ value: 12.43, validity: 'valid' });
    expect(JSON.stringify(frames[4]?.events)).toContain('AL_OCCLU');
  });

  test('what is refused says why, and waiting in vain says nothing', () => {
    const wrong = INF.replace('8.00', '9.00');
    const { frames, droppedBytes } = decodeBytes(
      pump,
      latin1(`${wrong}!INF|4961\r${'x'.repeat(600)}\r${INF}`),
    );
    expect(frames.map(({ verdict, events }) => [verdict, events.length > 0])).toEqual([
      ['checksum', false],
      ['unexpected', false],
      ['accepted', true],
    ]);
    expect(droppedBytes).toBe(600);
    expect(JSON.stringify(frames)).not.toContain('reply-missed');
  });

  test("the proof's words stand beside the events", () => {
    const { frames } = decodeBytes(pump, latin1(INF), (frame) => ({ length: frame.length }));
    expect(frames[0]?.content).toEqual({ length: INF.length - 1 });
  });

  test('a binary device that sends by itself', () => {
    const clean = readFileSync('test/fixtures/ge-dri/b450-short.raw');
    const { frames } = decodeBytes(geDri as Driver, clean);
    expect(frames.length).toBeGreaterThan(2);
    expect(new Set(frames.map(({ verdict }) => verdict))).toEqual(new Set(['accepted']));
    expect(frames[0]).not.toHaveProperty('text');
  });
});

test('a capture is run with its own times: every reply finds its question, gaps stay gaps', async () => {
  const bed = new RecordedBed();
  dirs.push(bed.dir);
  bed.run(20);
  bed.pump.unplug();
  bed.run(10);
  bed.pump.plug();
  bed.run(20);
  const path = join(await bed.end(), 'B01-pump.capture');
  const moments: DecodedMoment[] = [];
  decodeCapture(pump, path, readCapture(path), (moment) => moments.push(moment));
  const kinds = moments.flatMap(({ events }) => events.map(({ kind }) => kind));
  expect(kinds).not.toContain('frame-rejected');
  expect(kinds).not.toContain('reply-missed');
  expect(kinds.filter((kind) => kind === 'port-open')).toHaveLength(2);
  const accepted = moments.filter(({ events }) => events.some((e) => e.kind === 'frame-accepted'));
  expect(accepted.some(({ t }) => t > 20_500 && t < 29_500)).toBe(false);
  expect(accepted.at(-1)?.t).toBeGreaterThan(48_000);
});
