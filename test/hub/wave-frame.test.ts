import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeWaveFrame, encodeWaveFrame, type WaveFrame } from '../../src/hub/wire/index.ts';

const frame: WaveFrame = {
  stream: 3,
  validity: 'questionable',
  firstIndex: 5_000_000_000,
  endMonotonicMs: 12_345.5,
  samplesPerS: 300,
  scale: 0.0009765625,
  zero: -8092,
  samples: Int16Array.of(-32_768, -1, 0, 1, 32_767),
};

test('the bytes are those of the contract', () => {
  const hex = Buffer.from(encodeWaveFrame({ ...frame, samples: Int16Array.of(1, -2) })).toString(
    'hex',
  );
  expect(hex).toBe(
    // version, validity; stream; firstIndex; end; rate; scale; zero; count; samples.
    '01010000 03000000 000000205fa0f241 00000000c01cc840 00009643 0000803a 00e0fcc5 02000000 0100 feff'.replaceAll(
      ' ',
      '',
    ),
  );
});

test('what is read is what was written', () => {
  const samples = fc
    .array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 600 })
    .map((list) => Int16Array.from(list));
  fc.assert(
    fc.property(samples, fc.nat(), fc.option(fc.constant(0.5)), (list, firstIndex, scale) => {
      const written = { ...frame, samples: list, firstIndex, scale };
      expect(decodeWaveFrame(encodeWaveFrame(written).buffer)).toEqual(written);
    }),
  );
});

test.each([
  ['nothing', (bytes: Uint8Array) => bytes.slice(0, 0)],
  ['a cut head', (bytes: Uint8Array) => bytes.slice(0, 39)],
  ['a cut block', (bytes: Uint8Array) => bytes.slice(0, -1)],
  ['a byte too many', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
  ['another version', (bytes: Uint8Array) => bytes.map((byte, at) => (at === 0 ? 2 : byte))],
  ['an unknown validity', (bytes: Uint8Array) => bytes.map((byte, at) => (at === 1 ? 3 : byte))],
])('%s is no frame', (_, spoil) => {
  expect(decodeWaveFrame(Uint8Array.from(spoil(encodeWaveFrame(frame))).buffer)).toBeUndefined();
});
