import type { DeviceAlert } from '../../src/observation/device-event.ts';

/**
 * Alarms of the pump by the letter behind `A?`. The pump forgets each of them with the answer that tells
 * it, so all of them latch. How urgent the pump finds them it does not say: it stands still with all
 * but R, so they are high.
 */
const LETTERS: ReadonlyMap<string, DeviceAlert> = new Map([
  ['R', reported('R', 'Pump was restarted', 'PMP-11', 'low')],
  ['S', reported('S', 'Motor stalled: occlusion?', 'PMP-01', 'high')],
  ['T', reported('T', 'Safe mode time-out: stopped', 'PMP-04', 'high')],
  ['E', reported('E', 'Error in the pump program', 'PMP-04', 'high')],
  ['O', reported('O', 'Program phase out of range', 'PMP-04', 'high')],
]);

function reported(
  letter: string,
  text: string,
  ruleId: string,
  priority: DeviceAlert['priority'],
): DeviceAlert {
  return { code: `A?${letter}`, text, ruleId, priority, latches: true };
}

/** A letter that we do not know is shown as received, at high priority. */
export const alarmOf = (letter: string): DeviceAlert =>
  LETTERS.get(letter) ?? reported(letter, `A?${letter}`, 'PMP-10', 'high');

/** The answer before was lost or damaged, and since then the pump stands: its alarm may have been in it. */
export const STOPPED_UNSEEN: DeviceAlert = {
  code: 'LOST-ANSWER',
  text: 'Stopped; its alarm may be lost',
  ruleId: 'PMP-10',
  priority: 'high',
  latches: true,
};

/** States that are an alarm on a patient line; each stays as long as the state. */
export const WITHDRAWS: DeviceAlert = {
  code: 'W',
  text: 'Pump withdraws',
  ruleId: 'PMP-10',
  priority: 'high',
};
export const SET_TO_WITHDRAW: DeviceAlert = {
  code: 'WDR',
  text: 'Pump is set to withdraw',
  ruleId: 'PMP-10',
  priority: 'medium',
};
/** Our questions keep the pump running, and their end stops it: who unplugs the line must know. */
export const SAFE_MODE_ARMED: DeviceAlert = {
  code: 'SAF',
  text: 'Safe mode: stops if polling stops',
  ruleId: 'PMP-10',
  priority: 'medium',
};

/** Every alert that this driver can raise, but letters that nobody knows. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [
  ...LETTERS.values(),
  STOPPED_UNSEEN,
  WITHDRAWS,
  SET_TO_WITHDRAW,
  SAFE_MODE_ARMED,
];
