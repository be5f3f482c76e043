import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readToken, signToken } from '../../src/accounts/session-token.ts';

const key = new Uint8Array(32).fill(7);
const claims = {
  user: 'Änne O',
  pinRev: 1,
  issuedWallMs: 1_000,
  expiresWallMs: 2_000,
  nonce: 'abc',
};

test('a token reads back with its key, and not with another', () => {
  const token = signToken(claims, key);
  expect(readToken(token, key)).toEqual(claims);
  expect(readToken(token, new Uint8Array(32))).toBeUndefined();
});

test('no token with any one character changed counts', () => {
  const token = signToken(claims, key);
  fc.assert(
    fc.property(
      fc.nat(token.length - 1),
      fc.string({ minLength: 1, maxLength: 1 }),
      (at, letter) => {
        const forged = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
        if (forged !== token) expect(readToken(forged, key)).toBeUndefined();
      },
    ),
  );
});

test('whatever is sent as a token, nothing throws', () => {
  fc.assert(fc.property(fc.string(), (text) => readToken(text, key) === undefined));
  expect(readToken('x'.repeat(5_000), key)).toBeUndefined();
  expect(readToken(`${signToken(claims, key)}.x`, key)).toBeUndefined();
});

test('a signed text that is no set of claims does not count', () => {
  const other = { ...claims, roles: ['admin'] };
  expect(readToken(signToken(other, key), key)).toBeUndefined();
});
