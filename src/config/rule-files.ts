import { readFileSync } from 'node:fs';
import { type AlarmLimits, parseAlarmLimits } from '../check/limits.ts';
import { type DrugLibrary, parseDrugLibrary } from '../order/drug-library.ts';
import type { RegimenShelf } from '../order/regimen.ts';
import { problemText } from './load-config.ts';
import { loadRegimens } from './regimen-files.ts';
import type { ConfigProblem } from './yaml-problems.ts';

export interface RuleFiles {
  readonly limits: AlarmLimits;
  readonly drugLibrary: DrugLibrary;
  readonly regimens: RegimenShelf;
}

/**
 * Reads the files that decide when it alarms, and what an order is checked against. A fault in them
 * refuses the start (rule SYS-08).
 */
export function loadRuleFiles(files: {
  readonly limits: string;
  readonly drugLibrary: string;
  readonly regimens: string;
}):
  | { readonly ok: true; readonly value: RuleFiles }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const limits = parseAlarmLimits(readFileSync(files.limits, 'utf8'));
  const drugLibrary = parseDrugLibrary(readFileSync(files.drugLibrary, 'utf8'));
  const regimens = loadRegimens(files.regimens);
  if (limits.ok && drugLibrary.ok && regimens.ok) {
    return {
      ok: true,
      value: { limits: limits.value, drugLibrary: drugLibrary.value, regimens: regimens.value },
    };
  }
  const told = (file: string, problems: readonly ConfigProblem[]): string[] =>
    problems.map((problem) => problemText(file, problem));
  return {
    ok: false,
    problems: [
      ...(limits.ok ? [] : told(files.limits, limits.problems)),
      ...(drugLibrary.ok ? [] : told(files.drugLibrary, drugLibrary.problems)),
      ...(regimens.ok ? [] : regimens.problems),
    ],
  };
}
