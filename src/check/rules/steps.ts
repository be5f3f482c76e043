import type { Rule } from '../rule.ts';

export const stepRules: readonly Rule[] = [];
