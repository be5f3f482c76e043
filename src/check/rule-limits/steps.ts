import * as z from 'zod';
import { plain, rule, seconds, timing } from './kit.ts';

/**
 * ORD-04 to -06, -08, -23, -24: titration and pauses. How late or early a step may be is in the order, step by step;
 * here is only what comes after that.
 */
export const stepLimits = {
  'ORD-04': rule({
    up: plain,
    upLong: z.strictObject({ ...timing, times: z.number().min(1).max(3) }),
    down: plain,
    downLong: z.strictObject({ ...timing, moreS: seconds(600) }),
  }),
  'ORD-05': rule({ early: plain, unconfirmed: plain }),
  'ORD-06': rule({ below: plain, above: plain }),
  'ORD-08': rule({ soft: plain }),
  'ORD-23': rule({ over: plain }),
  'ORD-24': rule({ kvo: plain }),
};
