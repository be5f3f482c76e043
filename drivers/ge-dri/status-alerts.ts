import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { APNEA_ALARM_OFF } from './alarm-record.ts';
import { exists, has, measures } from './numeric-record.ts';

/** What the monitor signals in its status bits (PROTOCOL.md, "Alarms"). */
export interface StatusBits {
  readonly ecgStatus: number;
  readonly ecgLabel: number;
  readonly co2Status: number;
  /** Ext1, arrhythmia bits; 0 when the group does not measure. */
  readonly arrhythmia: number;
  /** The ECG wave itself says that its electrodes are off. */
  readonly isWaveOff: boolean;
}

const high = (code: string, text: string, ruleId: string): DeviceAlert => ({
  code,
  text,
  ruleId,
  priority: 'high',
});
const medium = (code: string, text: string, ruleId: string): DeviceAlert => ({
  code,
  text,
  ruleId,
  priority: 'medium',
});

/**
 * Ext1 bits 1 ... 5; bit 0 and ECG status bit 2 are the same asystole. The bits above 5 are left out:
 * a couplet is not "asystole / VF / VT".
 */
const ARRHYTHMIAS: readonly DeviceAlert[] = [
  high('VF', 'Ventricular fibrillation', 'VIT-13'),
  high('RAPID_VT', 'Rapid ventricular tachycardia', 'VIT-13'),
  high('VT', 'Ventricular tachycardia', 'VIT-13'),
  high('EXTREME_BRADY', 'Extreme bradycardia', 'VIT-13'),
  high('EXTREME_TACHY', 'Extreme tachycardia', 'VIT-13'),
];
const ASYSTOLE = high('ASYSTOLE', 'Asystole', 'VIT-13');
const APNEA_CO2 = high('APNEA_CO2', 'Apnea (CO2)', 'VIT-10');
const APNEA_RESP = high('APNEA_RESP', 'Apnea (impedance)', 'VIT-10');
const LEADS_OFF = medium('ECG_LEADS_OFF', 'ECG leads off', 'MON-03');

/** Every alarm that the bits can give, but for those that the alarm record can give, too. */
export const BIT_ALERTS: readonly DeviceAlert[] = [
  ASYSTOLE,
  ...ARRHYTHMIAS,
  APNEA_CO2,
  APNEA_RESP,
  LEADS_OFF,
];

export function statusAlerts(bits: StatusBits): readonly DeviceAlert[] {
  const { ecgStatus, ecgLabel, co2Status, arrhythmia, isWaveOff } = bits;
  const alerts: DeviceAlert[] = [];
  if ((exists(ecgStatus) && has(ecgStatus, 2)) || has(arrhythmia, 0)) alerts.push(ASYSTOLE);
  ARRHYTHMIAS.forEach((alert, index) => {
    if (has(arrhythmia, index + 1)) alerts.push(alert);
  });
  const isApneaAlarmOff = has(co2Status, 8);
  if (!isApneaAlarmOff && measures(co2Status) && has(co2Status, 2)) alerts.push(APNEA_CO2);
  if (!isApneaAlarmOff && has(co2Status, 7)) alerts.push(APNEA_RESP);
  const isOff = exists(ecgStatus) && leadsOff(ecgStatus, ecgLabel) !== 'none';
  if (isOff || isWaveOff) alerts.push(LEADS_OFF);
  if (measures(co2Status) && isApneaAlarmOff) alerts.push(APNEA_ALARM_OFF);
  return alerts;
}

/**
 * Whether the channel that counts the beats is off, or only channel 1. Channels 2 and 3 are off by
 * nature with a three-electrode cable.
 */
export function leadsOff(ecgStatus: number, ecgLabel: number): 'counting' | 'first' | 'none' {
  const channel = (ecgLabel >> 12) & 15;
  const counting = channel >= 1 && channel <= 3 ? channel : 1;
  if (has(ecgStatus, 10 + counting)) return 'counting';
  return has(ecgStatus, 11) ? 'first' : 'none';
}
