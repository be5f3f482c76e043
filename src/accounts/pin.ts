import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 2^15 blocks of 8: 32 MiB and about 100 ms, measured on the reference machine (2 vCPU). */
const COST = { log2N: 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Bounds what a damaged row may make us spend. */
const LOG2N_MAX = 20;

/** The fault in a PIN, as a sentence, or nothing. Never repeats the PIN. */
export function pinProblem(pin: string): string | undefined {
  if (!/^[0-9]{4,12}$/.test(pin)) return 'The PIN must have 4 to 12 digits and nothing else.';
  if (/^(.)\1*$/.test(pin)) {
    return 'The PIN must not be one digit repeated: that is what anybody tries first.';
  }
  return undefined;
}

/** `scrypt$15$8$1$salt$key`, so that the cost can be raised later without new PINs. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const { log2N, r, p } = COST;
  const key = await derive(pin, salt, COST, KEY_BYTES);
  return ['scrypt', log2N, r, p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** What an unknown user is compared with, so that it takes as long as a known one. Fits no PIN. */
export const NOBODYS_HASH = [
  'scrypt',
  COST.log2N,
  COST.r,
  COST.p,
  Buffer.alloc(SALT_BYTES).toString('base64'),
  Buffer.alloc(KEY_BYTES).toString('base64'),
].join('$');

export async function pinMatches(pin: string, stored: string): Promise<boolean> {
  const [kind, log2N, r, p, salt, key] = stored.split('$');
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  if (kind !== 'scrypt' || salt === undefined || key === undefined || !(cost.log2N <= LOG2N_MAX)) {
    throw new Error('accounts.db holds a PIN in a form that this version does not know.');
  }
  const expected = Buffer.from(key, 'base64');
  if (expected.length !== KEY_BYTES) throw new Error('accounts.db holds a damaged PIN.');
  const found = await derive(pin, Buffer.from(salt, 'base64'), cost, KEY_BYTES);
  return timingSafeEqual(found, expected);
}

function derive(
  pin: string,
  salt: Buffer,
  cost: { readonly log2N: number; readonly r: number; readonly p: number },
  bytes: number,
): Promise<Buffer> {
  const { r, p } = cost;
  const N = 2 ** cost.log2N;
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, bytes, { N, r, p, maxmem: 2 * 128 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
