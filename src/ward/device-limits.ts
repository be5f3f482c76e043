import type { Driver } from '../driver/contract.ts';

/** What a pump may be asked for, by the rule that would forward it. */
const SIGNALS: readonly (readonly [string, string])[] = [
  ['PMP-01', 'occlusion'],
  ['PMP-02', 'air in the line'],
  ['PMP-03', 'open door or syringe'],
  ['PMP-04', 'faults of the pump'],
  ['PMP-05', 'near end'],
  ['PMP-06', 'end of infusion'],
  ['PMP-07', 'battery'],
  ['PMP-08', 'mains'],
];

/** What a pump of this kind cannot tell, in the nurse's words; its silence about it means nothing. */
export function cannotTell({ role, signals, reports, statuses, facts }: Driver): string[] {
  if (role !== 'pump') return [];
  // A pump may tell that it runs on its battery without an alarm about it.
  const told = facts.includes('power') ? [...signals, 'PMP-08'] : signals;
  const missing = SIGNALS.filter(([rule]) => !told.includes(rule)).map(([, words]) => words);
  if (!statuses.includes('stopped')) missing.unshift('whether it runs');
  if (!reports.includes('MDC_FLOW_FLUID_PUMP_CURRENT')) missing.unshift('current flow');
  if (!reports.includes('MDC_VOL_FLUID_DELIV_TOTAL')) missing.push('volume given');
  return missing;
}
