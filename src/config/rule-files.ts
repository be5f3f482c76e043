import { readFileSync } from 'node:fs';
import { type AlarmLimits, parseAlarmLimits } from '../check/limits.ts';
import { type DrugLibrary, parseDrugLibrary } from '../order/drug-library.ts';
import { problemText } from './load-config.ts';
import type { ConfigProblem } from './yaml-problems.ts';

export interface RuleFiles {
  readonly limits: AlarmLimits;
  readonly drugLibrary: DrugLibrary;
}

/** Reads the files that decide when it alarms. A fault in them refuses the start (rule SYS-08). */
export function loadRuleFiles(files: {
  readonly limits: string;
  readonly drugLibrary: string;
}):
  | { readonly ok: true; readonly value: RuleFiles }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const limits = parseAlarmLimits(readFileSync(files.limits, 'utf8'));
  const drugLibrary = parseDrugLibrary(readFileSync(files.drugLibrary, 'utf8'));
  if (limits.ok && drugLibrary.ok) {
    return { ok: true, value: { limits: limits.value, drugLibrary: drugLibrary.value } };
  }
  const told = (file: string, problems: readonly ConfigProblem[]): string[] =>
    problems.map((problem) => problemText(file, problem));
  return {
    ok: false,
    problems: [
      ...(limits.ok ? [] : told(files.limits, limits.problems)),
      ...(drugLibrary.ok ? [] : told(files.drugLibrary, drugLibrary.problems)),
    ],
  };
}
