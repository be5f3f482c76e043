import type { DeviceAlert } from '../../src/observation/device-event.ts';
import type { TerumoStatus } from './status.ts';

/**
 * The alarm bits by their numbers, with the words of the manual shortened. How urgent the pump itself
 * finds each is not in the reply: those that stop the infusion or may hide it are high, the others
 * medium. Bits that are not here are reserved.
 */
const BITS: ReadonlyMap<number, DeviceAlert> = new Map([
  [0, alert('shutdown-notice', 'Shutdown notice', 'PMP-04', 'high')],
  [1, alert('link-interruption', 'Link interruption', 'PMP-10', 'medium')],
  [2, alert('completion', 'Infusion complete', 'PMP-06', 'medium')],
  [3, alert('occlusion', 'Occlusion', 'PMP-01', 'high')],
  [4, alert('syringe-displacement', 'Syringe displaced', 'PMP-03', 'high')],
  [5, alert('plunger-displacement', 'Plunger displaced', 'PMP-03', 'high')],
  [6, alert('slider-displacement', 'Slider displaced', 'PMP-03', 'high')],
  [7, alert('barrel-detection', 'Syringe barrel not detected', 'PMP-03', 'high')],
  [8, alert('nearly-empty', 'Syringe nearly empty', 'PMP-05', 'medium')],
  [13, alert('power-failure', 'Power failure', 'PMP-04', 'high')],
  [15, alert('ac-power', 'Mains power', 'PMP-08', 'low')],
  [16, alert('no-flow-rate', 'No flow rate set', 'PMP-10', 'medium')],
  [17, alert('rate-vtbi-judgment', 'Rate and VTBI do not fit', 'PMP-10', 'medium')],
  [18, alert('no-vtbi', 'No VTBI set', 'PMP-10', 'medium')],
  [19, alert('battery', 'Battery', 'PMP-07', 'medium')],
  [20, alert('start-reminder', 'Start reminder', 'PMP-10', 'medium')],
  [21, alert('pressure', 'Pressure', 'PMP-01', 'high')],
  [22, alert('maintenance-timer', 'Maintenance timer', 'PMP-10', 'medium')],
  [23, alert('battery-replacement', 'Battery: replace or faulty', 'PMP-07', 'medium')],
]);
const KNOWN_BITS = [...BITS.keys()].reduce((bits, bit) => bits | (1 << bit), 0);
const ALL_BITS = Array.from({ length: 24 }, (_, bit) => bit);

/** The pump sounds an alarm and sets no bit that we know: it may be the worst one. */
const UNNAMED = alert('alarm-sound', 'Pump alarm, not named', 'PMP-10', 'high');
/**
 * The order of the alarm bytes has not been seen on a running pump. Would it be the other way round, an
 * occlusion would be called a battery alarm and a displaced syringe a start reminder; but the pressure
 * and the plunger switch stand elsewhere in the reply and would tell.
 */
const SOUND_AT_PRESSURE = alert(
  'alarm-sound-at-pressure',
  'Alarm at highest pressure: occlusion?',
  'PMP-01',
  'high',
);
const SOUND_WITHOUT_SYRINGE = alert(
  'alarm-sound-without-syringe',
  'Alarm and syringe not in place',
  'PMP-03',
  'high',
);
/** Not an alarm bit: a remark in the byte on power. */
const SUB_BATTERY = alert('sub-battery', 'Sub-battery abnormal', 'PMP-07', 'low');

/** Every alert that this driver can raise. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [
  ...BITS.values(),
  UNNAMED,
  SOUND_AT_PRESSURE,
  SOUND_WITHOUT_SYRINGE,
  SUB_BATTERY,
];

const PRESSURE_PERCENT_MAX = 75;

/** The complete list of what the pump signals now. */
export function alertsOf(status: TerumoStatus): readonly DeviceAlert[] {
  const named = [...BITS].filter(([bit]) => isSet(status, bit)).map(([, known]) => known);
  return [
    ...named,
    ...(status.isAlarmSounding ? soundAlerts(status, named) : []),
    ...(status.isSubBatteryAbnormal ? [SUB_BATTERY] : []),
  ];
}

/** What the sound says beyond the bits. */
function soundAlerts(
  { pressurePercent, isPlungerSet, syringe }: TerumoStatus,
  named: readonly DeviceAlert[],
): readonly DeviceAlert[] {
  const isTold = (ruleId: string): boolean => named.some((known) => known.ruleId === ruleId);
  const isOut = !isPlungerSet || syringe === null;
  const sounds: DeviceAlert[] = [];
  if (named.length === 0) sounds.push(UNNAMED);
  if (pressurePercent === PRESSURE_PERCENT_MAX && !isTold('PMP-01')) sounds.push(SOUND_AT_PRESSURE);
  if (isOut && !isTold('PMP-03')) sounds.push(SOUND_WITHOUT_SYRINGE);
  return sounds;
}

/** Bits that are set and reserved: for the log, not for the nurse. */
export const reservedBits = ({ alarmBits }: TerumoStatus): readonly number[] =>
  ALL_BITS.filter((bit) => (alarmBits & ~KNOWN_BITS & (1 << bit)) !== 0);

/**
 * With these the pump does not deliver the rate that is set, whatever its state says: it stands still, or
 * keeps the vein open after completion.
 */
const HALTING: readonly number[] = [0, 2, 3, 4, 5, 6, 7, 13];

/** Why the rate cannot be flowing, in the nurse's words; `undefined` when no alarm speaks against it. */
export function haltingAlarm(status: TerumoStatus): string | undefined {
  const bit = HALTING.find((halting) => isSet(status, halting));
  return bit === undefined ? undefined : BITS.get(bit)?.text;
}

const isSet = ({ alarmBits }: TerumoStatus, bit: number): boolean => (alarmBits & (1 << bit)) !== 0;

function alert(
  code: string,
  text: string,
  ruleId: string,
  priority: DeviceAlert['priority'],
): DeviceAlert {
  return { code, text, ruleId, priority };
}
