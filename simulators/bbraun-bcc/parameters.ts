import type { PumpAlarm, PumpPreAlarm, SpacePump } from './pump.ts';

/** Of alarms and states: one flag for each, or words of bits. The device sends one of them, never both. */
export type Coding = 'flags' | 'words';

type Parameter = readonly [name: string, value: string];

const NONE = '_NV';
const bit = (on: boolean): string => (on ? '1' : '0');

/** Everything that a pump tells when every box is ticked, in the order of the wire. */
export function parameters(pump: SpacePump, coding: Coding): readonly Parameter[] {
  const isStopped = pump.doing === 'stopped' || pump.doing === 'standby';
  return [
    ['GNMODEL', `${pump.kind === 'perfusor' ? 'SIM688L03' : 'SIM688L04'}0007\r`],
    ['INSOL', pump.drug ?? NONE],
    ['INSOLSN', pump.drug === null ? NONE : [...pump.drug].slice(0, 8).join('')],
    // The set rate stays when the pump stops: what a real one shows then is not known.
    ['INRT', pump.rateMlPerH.toFixed(2)],
    ['INVI', Math.min(9_999.9, pump.infusedMl).toFixed(2)],
    ['INVTB', pump.vtbiLeftMl === null ? NONE : pump.vtbiLeftMl.toFixed(1)],
    ['VOLREMAIN', pump.vtbiLeftMl === null ? NONE : pump.vtbiLeftMl.toFixed(2)],
    ['INVOLACT', pump.containerMl.toFixed(2)],
    ['INRMT', String(Math.min(65_535, Math.round(pump.remainingS ?? 65_535)))],
    ['INP2', pump.pressurePercent.toFixed(0)],
    ['INAKKU', String(Math.floor(pump.batteryMin))],
    ['OPMODE', '0'],
    ['PATW', pump.weightKg === null ? NONE : pump.weightKg.toFixed(1)],
    ...dose(pump),
    ...(coding === 'flags' ? flags(pump, isStopped) : words(pump, isStopped)),
  ];
}

/** In mg/h, or with a weight in mg/kg/h. Without dose mode the unit byte is what some earlier patient had: here ug/min. */
function dose(pump: SpacePump): readonly Parameter[] {
  const { mgPerMl, rateMlPerH, weightKg } = pump;
  if (mgPerMl === null) {
    return [
      ['INDOCAL', '0'],
      ['INDCON', '0'],
      ['INDCONU', '31'],
      ['INDORT', '0'],
      ['INDORTU', '50'],
    ];
  }
  const mgPerH = mgPerMl * rateMlPerH;
  const rate = weightKg === null ? mgPerH : mgPerH / weightKg;
  return [
    ['INDOCAL', '1'],
    ['INDCON', String(mgPerMl)],
    ['INDCONU', '31'],
    ['INDORT', String(Number(rate.toFixed(3)))],
    ['INDORTU', weightKg === null ? '48' : '69'],
  ];
}

const ALARM_FLAG: Readonly<Record<PumpAlarm, number>> = {
  'battery-empty': 1,
  empty: 2,
  pressure: 3,
  'standby-over': 5,
  'volume-done': 7,
  syringe: 9,
  door: 13,
  drops: 14,
  air: 15,
  'kvo-done': 16,
};
const EARLY_FLAG: Readonly<Partial<Record<PumpPreAlarm, number>>> = {
  'battery-low': 11,
  'nearly-empty': 12,
};
/** A syringe pump has no door, no drops and no air sensor. */
const ONLY_INFUSOMAT = [13, 14, 15];

function flags(pump: SpacePump, isStopped: boolean): readonly Parameter[] {
  const raised = new Set([
    ...[...pump.alarms].map((alarm) => ALARM_FLAG[alarm]),
    ...[...pump.preAlarms].map((early) => EARLY_FLAG[early] ?? 0),
  ]);
  const alarms = Array.from({ length: 16 }, (_, index): Parameter => {
    const number = index + 1;
    const isMissing = pump.kind === 'perfusor' && ONLY_INFUSOMAT.includes(number);
    return [`INA${number}`, isMissing ? NONE : bit(raised.has(number))];
  });
  const on: Readonly<Record<number, boolean>> = {
    1: true,
    2: pump.doing === 'bolus',
    3: !isStopped,
    6: pump.doing === 'standby',
    8: pump.isOnMains,
    10: pump.doing === 'kvo',
    14: pump.doing === 'purge',
  };
  const states = Array.from({ length: 14 }, (_, index): Parameter => {
    return [`INM${index + 1}`, bit(on[index + 1] === true)];
  });
  return [...states, ...alarms];
}

const ALARM_BIT: Readonly<Record<PumpAlarm, number>> = {
  'battery-empty': 5,
  empty: 9,
  pressure: 10,
  'standby-over': 12,
  'volume-done': 13,
  door: 17,
  syringe: 18,
  'kvo-done': 19,
  drops: 23,
  air: 29,
};
const EARLY_BIT: Readonly<Record<PumpPreAlarm, number>> = {
  'nearly-empty': 2,
  'battery-low': 4,
  kvo: 5,
};

function words(pump: SpacePump, isStopped: boolean): readonly Parameter[] {
  const alarm1 = [...pump.alarms].map((alarm) => ALARM_BIT[alarm]);
  // "Any air alarm" and "any drop alarm" come with the one that is meant.
  if (pump.alarms.has('air')) alarm1.push(28);
  if (pump.alarms.has('drops')) alarm1.push(22);
  const early = [...pump.preAlarms].map((one) => EARLY_BIT[one]);
  const status: readonly (readonly [number, boolean])[] = [
    [0, true],
    [1, pump.isOnMains],
    [2, pump.doing === 'standby'],
    [4, pump.doing === 'purge'],
    [6, true],
    [7, !isStopped],
    [10, pump.doing === 'bolus'],
    [13, pump.doing === 'kvo'],
    [15, pump.mgPerMl !== null],
  ];
  const run: readonly (readonly [number, boolean])[] = [
    [0, isStopped],
    [1, !isStopped],
    [2, pump.alarms.size > 0],
    [3, pump.doing === 'kvo'],
    [5, early.length > 0],
  ];
  return [
    ['STATUS1', word(set(status))],
    ['STATUS2', NONE],
    ['ALARM1', word(alarm1)],
    ['ALARM2', word([])],
    ['PREALARM', word(early)],
    ['RUNSTATE', word(set(run))],
  ];
}

const set = (bits: readonly (readonly [number, boolean])[]): readonly number[] =>
  bits.filter(([, isOn]) => isOn).map(([number]) => number);

/** As the maker's paper shows it: `0x00000000h`. */
function word(bits: readonly number[]): string {
  const sum = bits.reduce((total, number) => total + 2 ** number, 0);
  return `0x${sum.toString(16).toUpperCase().padStart(8, '0')}h`;
}
