import type { DeviceAlert } from '../../src/observation/device-event.ts';

/** One alarm bit or flag: our words, the rule that forwards it, its priority. */
export type KnownAlarm = Omit<DeviceAlert, 'code'>;

/**
 * The interface tells no priorities. The maker's pumps give every alarm that stops the infusion their
 * highest one, so none of these is below `high`.
 */
const alarm = (ruleId: string, text: string): KnownAlarm => ({ text, ruleId, priority: 'high' });
const early = (
  ruleId: string,
  text: string,
  priority: 'high' | 'medium' | 'low' = 'medium',
): KnownAlarm => ({ text, ruleId, priority });

const OCCLUSION = alarm('PMP-01', 'Pressure high (occlusion)');
const SYRINGE_EMPTY = alarm('PMP-06', 'Syringe empty');
const STANDBY_OVER = alarm('PMP-06', 'Standby time over');
const VOLUME_DONE = alarm('PMP-06', 'Volume infused');
const TIME_DONE = alarm('PMP-06', 'Time over');
const KVO_DONE = alarm('PMP-06', 'KVO finished');
const BATTERY_EMPTY = alarm('PMP-07', 'Battery empty');
const DROPS = alarm('PMP-04', 'Drop alarm');
const AIR = alarm('PMP-02', 'Air in line');

/** Alarm flags, each 0 or 1 (technical interface specification, 3.4.2). */
export const FLAG_ALARMS: ReadonlyMap<string, KnownAlarm> = new Map([
  ['INA1', BATTERY_EMPTY],
  ['INA2', SYRINGE_EMPTY],
  ['INA3', OCCLUSION],
  ['INA5', STANDBY_OVER],
  ['INA6', alarm('PMP-10', 'CC function alarm')],
  ['INA7', VOLUME_DONE],
  ['INA8', TIME_DONE],
  ['INA9', alarm('PMP-03', 'Syringe alarm')],
  ['INA11', early('PMP-07', 'Battery nearly empty')],
  ['INA12', early('PMP-05', 'Syringe nearly empty', 'low')],
  ['INA13', alarm('PMP-03', 'Door open')],
  ['INA14', DROPS],
  ['INA15', AIR],
  ['INA16', KVO_DONE],
]);

/** "Always 0" and "unused": if one of them is 1, the paper is out of date and we do not know the meaning. */
export const SPARE_FLAGS: readonly string[] = ['INA4', 'INA10'];

export type WordName = 'ALARM1' | 'ALARM2' | 'PREALARM';

/**
 * Alarm words by bit. Bit 0 is "none" or a dummy and never an alarm; a bit that is not here is
 * unknown and shown as it is.
 */
export const WORD_ALARMS: Readonly<Record<WordName, ReadonlyMap<number, KnownAlarm>>> = {
  ALARM1: new Map([
    [1, alarm('PMP-04', 'Calibration data')],
    [2, alarm('PMP-07', 'Battery alarm')],
    [3, alarm('PMP-04', 'Therapy data corrupt')],
    [4, alarm('PMP-04', 'Therapy data and settings corrupt')],
    [5, alarm('PMP-07', 'Battery voltage low')],
    [6, alarm('PMP-07', 'No battery')],
    [7, alarm('PMP-07', 'Battery empty at power on')],
    [8, alarm('PMP-07', 'Battery cover')],
    [9, SYRINGE_EMPTY],
    [10, OCCLUSION],
    [11, alarm('PMP-01', 'Pressure high, drive blocked')],
    [12, STANDBY_OVER],
    [13, VOLUME_DONE],
    [14, TIME_DONE],
    [15, alarm('PMP-04', 'Claw malfunction')],
    [16, alarm('PMP-04', 'Pressure sensor')],
    [17, alarm('PMP-03', 'Syringe holder open')],
    [18, alarm('PMP-03', 'Syringe not seated')],
    [19, KVO_DONE],
    [20, alarm('PMP-01', 'Upstream pressure')],
    [22, DROPS],
    [23, alarm('PMP-04', 'No drops')],
    [24, alarm('PMP-04', 'Too few drops')],
    [25, alarm('PMP-04', 'Too many drops')],
    [26, alarm('PMP-04', 'Free flow')],
    [27, alarm('PMP-04', 'Drop sensor missing')],
    [28, AIR],
    [29, alarm('PMP-02', 'Air bubble over 0.3 mL')],
    [30, alarm('PMP-02', 'Air over 4 mL/h')],
    [31, alarm('PMP-04', 'Air sensor test')],
  ]),
  ALARM2: new Map([
    [1, alarm('PMP-10', 'Data lock: wrong code')],
    [2, alarm('PMP-10', 'PCA hour limit')],
    [3, alarm('PMP-10', 'SGC ended')],
    [4, alarm('PMP-06', 'Take-over: syringe at its end')],
    [5, alarm('PMP-04', 'Take-over failed')],
    [6, alarm('PMP-04', 'Take-over: second pump')],
    [7, alarm('PMP-04', 'Danger of free flow')],
    [29, alarm('PMP-04', 'Occlusion test error')],
    [30, alarm('PMP-03', 'Door opened during infusion')],
    [31, alarm('PMP-03', 'Syringe not secure')],
  ]),
  PREALARM: new Map([
    [1, early('PMP-03', 'Disposable missing')],
    [2, early('PMP-05', 'Volume near its end', 'low')],
    [3, early('PMP-05', 'Time near its end', 'low')],
    [4, early('PMP-07', 'Battery nearly empty')],
    [5, early('PMP-06', 'KVO running')],
    [6, early('PMP-10', 'Data lock: wrong code')],
    [7, early('PMP-10', 'CAN device')],
    [8, early('PMP-06', 'Piggyback volume infused')],
    [9, early('PMP-10', 'SGC')],
    [10, early('PMP-01', 'Occlusion warning', 'high')],
    [11, early('PMP-10', 'Pressure jumped up')],
    [12, early('PMP-10', 'Pressure jumped down')],
    [13, early('PMP-05', 'Take-over: syringe nearly empty', 'low')],
    [14, early('PMP-04', 'Take-over: second pump failed')],
    [15, early('PMP-07', 'Battery defective')],
  ]),
};

export const WORDS = Object.keys(WORD_ALARMS) as readonly WordName[];

/** "Any drop alarm", "any air alarm": said by the bit that names the kind, if there is one. */
export const GENERAL_BITS: Readonly<Record<number, readonly number[]>> = {
  22: [23, 24, 25, 26],
  28: [29, 30],
};

/** What a complete set of flags is: without one of these "no alarm" cannot be said. */
export const NEEDED_FLAGS: readonly string[] = [
  'INA1',
  'INA2',
  'INA3',
  'INA7',
  'INA8',
  'INA9',
  'INA11',
  'INA12',
  'INA13',
  'INA14',
  'INA15',
  'INA16',
];

/** Door, drops and air: a syringe pump has none of them and says so with `_NV`. */
export const MAY_BE_ABSENT: ReadonlySet<string> = new Set(['INA13', 'INA14', 'INA15']);
