import type { Rule } from '../rule.ts';

export const orderIdentityRules: readonly Rule[] = [];
