import type { Rule } from '../rule.ts';
import { ord15, ord16 } from './order-concentration.ts';
import { ord13, ord14 } from './order-drug.ts';
import { ord17, ord19 } from './order-patient.ts';

/** ORD-13 to -17, -19: the right drug, bag, weight and patient. */
export const orderIdentityRules: readonly Rule[] = [ord13, ord14, ord15, ord16, ord17, ord19];
