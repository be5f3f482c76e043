import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';

const Claims = z.strictObject({
  user: z.string(),
  /** Which PIN of the user it was begun with. */
  pinRev: z.int(),
  issuedWallMs: z.number(),
  expiresWallMs: z.number(),
  nonce: z.string(),
});
export type Claims = z.infer<typeof Claims>;

const VERSION = 's1';
/** The longest name, in the longest writing, stays far below. */
const TOKEN_CHARS_MAX = 1_024;

/** `s1.claims.mac`, both base64url; the MAC is HMAC-SHA256 over `s1.claims`. */
export function signToken(claims: Claims, key: Uint8Array): string {
  const signed = `${VERSION}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${mac(signed, key).toString('base64url')}`;
}

/** The claims when the token is ours; nothing is parsed before the MAC fits. */
export function readToken(token: string, key: Uint8Array): Claims | undefined {
  if (token.length > TOKEN_CHARS_MAX) return undefined;
  const [version, claims, given, ...rest] = token.split('.');
  if (version !== VERSION || claims === undefined || given === undefined || rest.length > 0) {
    return undefined;
  }
  // Compared as text, so that one token has one spelling only.
  const expected = Buffer.from(mac(`${version}.${claims}`, key).toString('base64url'));
  const found = Buffer.from(given);
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return undefined;
  const parsed = Claims.safeParse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
  return parsed.success ? parsed.data : undefined;
}

const mac = (signed: string, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update(signed).digest();
