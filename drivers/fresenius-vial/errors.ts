/** Reasons of a refusal (status I), in our words. */
const ERRORS: ReadonlyMap<string, string> = new Map([
  ['01', 'unknown command'],
  ['02', 'not in this mode'],
  ['03', 'not in this state'],
  ['04', 'syntax'],
  ['05', 'mode not authorised'],
  ['06', 'mode already active'],
  ['07', 'new mode not from this mode'],
  ['08', 'out of limits'],
  ['09', 'new mode not in this state'],
  ['0A', 'variable not used'],
  ['0B', 'variable wrong'],
  ['0C', 'message too long'],
  ['0D', 'no session with the base'],
  ['0E', 'module cannot be reached'],
  ['12', 'an alarm is present'],
  ['14', 'no rate chosen'],
  ['15', 'volume too low for a bolus'],
  ['16', 'emptying not possible'],
  ['1A', 'event number wrong'],
  ['1E', 'no session with the module'],
  ['1F', 'a module is not in manual mode'],
  ['20', 'not on this port'],
  ['22', 'new mode not authorised'],
  ['24', 'connection mode wrong'],
  ['25', 'drug number wrong'],
]);

/** What a refusal means for the conversation; all others mean only "not this question". */
export const ERROR = {
  noBaseSession: '0D',
  unreachable: '0E',
  alarmPresent: '12',
  noModuleSession: '1E',
} as const;

/** @param data of the refusal, two characters; any other is shown as it came */
export function errorText(data: string | null): string {
  const code = data ?? '';
  return `pump answers ${code.slice(0, 10) || 'no code'}: ${ERRORS.get(code) ?? 'not known'}`;
}
