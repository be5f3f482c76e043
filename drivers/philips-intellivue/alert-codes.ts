import type { DeviceAlert } from '../../src/observation/device-event.ts';

const alert = (
  code: string,
  text: string,
  ruleId: string,
  priority: DeviceAlert['priority'],
): DeviceAlert => ({ code, text, ruleId, priority });

/** Not of the monitor: its alarm lists stay away or cannot be understood, so it may signal anything. */
export const NOT_READ = alert('LIST_NOT_READ', 'alarms not readable', 'PMP-10', 'medium');

/** Codes with words or a rule of their own (PROTOCOL.md, "Alarms"); all others go on as they come. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [
  alert('3072', 'Apnea', 'VIT-10', 'high'),
  alert('3076', 'Asystole', 'VIT-13', 'high'),
  alert('61444', 'Ventricular fibrillation or tachycardia', 'VIT-13', 'high'),
  alert('3224', 'Ventricular tachycardia', 'VIT-13', 'high'),
  alert('3086', 'Extreme bradycardia', 'VIT-13', 'high'),
  alert('3122', 'Extreme tachycardia', 'VIT-13', 'high'),
  alert('3246', 'Desaturation', 'PMP-10', 'high'),
  alert('3108', 'Pause', 'PMP-10', 'medium'),
  alert('3158', 'Irregular heart rate', 'PMP-10', 'medium'),
  alert('274', 'Leads off', 'MON-03', 'medium'),
  alert('268', 'Lead disconnected', 'MON-03', 'medium'),
  alert('6144', 'alarms are off there', 'MON-10', 'medium'),
  alert('6182', 'ECG alarms are off there', 'MON-10', 'medium'),
  alert('6184', 'some ECG alarms are off there', 'MON-10', 'medium'),
  alert('230', 'Cuff not deflated', 'PMP-10', 'high'),
  NOT_READ,
];

export const KNOWN_BY_CODE: ReadonlyMap<string, DeviceAlert> = new Map(
  KNOWN_ALERTS.map((known) => [known.code, known]),
);
