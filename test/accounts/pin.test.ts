import { expect, test } from 'vitest';
import { ROLES } from '../../src/accounts/accounts.ts';
import { hashPin, NOBODYS_HASH, pinMatches, pinProblem } from '../../src/accounts/pin.ts';
import { ROLES as WIRE_ROLES } from '../../src/hub/wire/calls.ts';

test.each(['', '123', '1234567890123', '12a4', ' 1234', '1234\n', '１２３４'])(
  'PIN "%s" is refused for its digits',
  (pin) => expect(pinProblem(pin)).toContain('4 to 12 digits'),
);

test.each(['0000', '777777'])('PIN %s is refused as one digit repeated', (pin) => {
  expect(pinProblem(pin)).toContain('repeated');
});

test.each(['1234', '4711', '123456789012'])('PIN %s is taken', (pin) => {
  expect(pinProblem(pin)).toBeUndefined();
});

test('a hash fits its PIN and no other, and never comes out twice the same', async () => {
  const [hash, again] = await Promise.all([hashPin('4711'), hashPin('4711')]);
  expect(again).not.toBe(hash);
  expect(hash).not.toContain('4711');
  expect(await pinMatches('4711', hash)).toBe(true);
  expect(await pinMatches('4712', hash)).toBe(false);
  expect(await pinMatches('4711', NOBODYS_HASH)).toBe(false);
});

test.each(['', 'plain', 'scrypt$99$8$1$AAAA$AAAA', 'scrypt$15$8$1$AAAA$'])(
  'a damaged hash "%s" lets nobody in',
  async (stored) => {
    await expect(pinMatches('4711', stored)).rejects.toThrow('accounts.db');
  },
);

test('the roles are those of the wire', () => {
  expect(ROLES).toEqual(WIRE_ROLES);
});
