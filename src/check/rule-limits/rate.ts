import * as z from 'zod';
import { above, below, plain, rule, seconds, timing } from './kit.ts';

/** ORD-01 to -03, -07, -18, -21, -22: the rate against the order. */
export const rateLimits = {
  'ORD-01': rule({ over: above }),
  'ORD-02': rule({ severe: above }),
  'ORD-03': rule({ under: below, long: below }),
  'ORD-07': rule({ hard: plain }),
  'ORD-18': rule({ running: plain }),
  'ORD-21': rule({
    infusing: z.strictObject({ ...timing, afterEndS: seconds(600) }),
    kvo: z.strictObject({ ...timing, afterEndS: seconds(600) }),
  }),
  'ORD-22': rule({ stopped: plain, long: plain }),
};
