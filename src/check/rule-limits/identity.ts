import * as z from 'zod';
import { plain, rule, timing } from './kit.ts';

const differsBy = (max: number) =>
  z.strictObject({ ...timing, aboveFraction: z.number().min(0.005).max(max) });

/** ORD-13 to -17, -19: the right drug, bag, weight and patient. */
export const identityLimits = {
  'ORD-13': rule({ wrong: plain }),
  'ORD-14': rule({ unknown: plain }),
  'ORD-15': rule({ differs: differsBy(0.05) }),
  'ORD-16': rule({ unverified: plain }),
  'ORD-17': rule({ fixed: differsBy(0.1), 'weight-based': differsBy(0.1) }),
  'ORD-19': rule({ mismatch: plain }),
};
