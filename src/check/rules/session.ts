import type { Rule } from '../rule.ts';

export const sessionRules: readonly Rule[] = [];
