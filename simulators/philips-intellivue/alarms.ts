import { type Alarm, PATIENT, TECHNICAL } from './things.ts';

/** What the monitor sees of the patient and of itself. */
export interface Situation {
  /** Beats a minute; per cent. */
  readonly rate: number;
  readonly saturation: number;
  readonly breathlessMs: number;
  readonly isAsystole: boolean;
  readonly isLeadsOff: boolean;
  readonly isProbeOff: boolean;
  readonly isCuffFailed: boolean;
  /** By a person: technical alarms go on. */
  readonly isAlarmsOff: boolean;
}

const APNEA_MS = 20_000;
const HR_LIMITS = [50, 120] as const;
const SPO2_LOW = 90;
const [ECG, HEART_RATE, SPO2, CUFF, RESPIRATION, MONITOR] = [
  0x0100, 0x4182, 0x4bb8, 0x4a04, 0x500a, 1,
];

/** Everything that the monitor signals now. */
export function alarmsOf(now: Situation): readonly Alarm[] {
  const alarms: Alarm[] = [];
  const add = (is: boolean, source: number, code: number, type: number, words: string): void => {
    if (is) alarms.push({ source, code, type, words });
  };
  add(now.isLeadsOff, ECG, 274, TECHNICAL.medium, '!!ECG LEADS OFF');
  add(now.isProbeOff, SPO2, 308, TECHNICAL.low, 'SpO₂ NO SENSOR');
  add(now.isCuffFailed, CUFF, 356, TECHNICAL.low, 'NBP MEASURE FAILED');
  add(now.isAlarmsOff, MONITOR, 6_144, TECHNICAL.low, 'ALL AL. OFF');
  if (now.isAlarmsOff) return alarms;
  const isBeating = !now.isLeadsOff && !now.isAsystole;
  const isSaturationSeen = !now.isProbeOff && !now.isAsystole;
  const isLow = isSaturationSeen && now.saturation < SPO2_LOW;
  add(!now.isLeadsOff && now.isAsystole, HEART_RATE, 3_076, PATIENT.high, '***ASYSTOLE');
  add(now.breathlessMs >= APNEA_MS, RESPIRATION, 3_072, PATIENT.high, '***APNEA');
  add(isBeating && now.rate > HR_LIMITS[1], HEART_RATE, 40, PATIENT.medium, '**HR HIGH');
  add(isBeating && now.rate < HR_LIMITS[0], HEART_RATE, 62, PATIENT.medium, '**HR LOW');
  add(isLow, SPO2, 62, PATIENT.medium, '**SpO₂ LOW');
  return alarms;
}
