import * as z from 'zod';
import { floored, plain, rule, timing } from './kit.ts';

const aboveFraction = (atMost: number) => floored(0.02, 1, { atMost });
/** Beside the fraction: so much is within what a counter and a line can hold. */
const ml = (atMost: number) => floored(0.1, 10, { atMost });

/** ORD-09 to -12, -20, -25, -26: amounts given, and what the pump's own counter says of its rate. */
export const doseLimits = {
  'ORD-09': rule({
    possible: z.strictObject({ ...timing }),
    over: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.1), aboveMl: ml(2) }),
    far: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.25) }),
  }),
  'ORD-10': rule({
    projected: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.25) }),
  }),
  'ORD-11': rule({
    under: z.strictObject({ ...timing, belowFraction: aboveFraction(0.5), byMl: ml(5) }),
    over: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.25), byMl: ml(2) }),
    far: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.5), byMl: ml(2) }),
  }),
  'ORD-12': rule({
    atRest: z.strictObject({ ...timing, byMl: ml(2) }),
    fast: z.strictObject({ ...timing, times: floored(1.5, 10, { atMost: 5 }), byMl: ml(5) }),
  }),
  'ORD-20': rule({ channels: plain }),
  'ORD-25': rule({
    jump: z.strictObject({ ...timing, aboveFraction: floored(0.2, 3, { atMost: 2 }), byMl: ml(2) }),
    told: plain,
  }),
  'ORD-26': rule({
    exceeds: z.strictObject({ ...timing, aboveFraction: aboveFraction(0.25) }),
  }),
};
