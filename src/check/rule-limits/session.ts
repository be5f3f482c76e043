import * as z from 'zod';
import { plain, rule, seconds, timing } from './kit.ts';

/** ORD-27 to -29, VIT-12, VIT-16: the session around the infusion. */
export const sessionLimits = {
  'ORD-27': rule({ late: z.strictObject({ ...timing, afterPlannedS: seconds(3_600) }) }),
  'ORD-28': rule({ unchecked: plain }),
  'ORD-29': rule({ probe: plain, discharged: plain }),
  'VIT-12': rule({ missing: z.strictObject({ ...timing, afterStartS: seconds(1_800) }) }),
  'VIT-16': rule({ late: z.strictObject({ ...timing, lateByS: seconds(900) }) }),
};
