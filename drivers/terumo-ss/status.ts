/** What the high nibble of the operating status means; `undefined` for the reserved ones. */
export type OperatingState =
  | 'stop'
  | 'start'
  | 'standby'
  | 'purge'
  | 'hands-on bolus'
  | 'hands-free bolus';

const STATES: readonly (OperatingState | undefined)[] = [
  'stop',
  'start',
  'standby',
  'purge',
  'hands-on bolus',
  'hands-free bolus',
];

/** Basic operating status, as it stands in the reply; numbers in the units of their names. */
export interface TerumoStatus {
  /** Two bytes in hex with a point between them, as we show it: the document does not say how to read it. */
  readonly software: string;
  /** The byte itself: which nibble is the state has not been seen on a running pump. */
  readonly stateByte: number;
  readonly state: OperatingState | undefined;
  /** 24 bits, see alarm-bits.ts. */
  readonly alarmBits: number;
  /** 1 to 5; `undefined` for the reserved numbers. */
  readonly batteryBars: number | undefined;
  readonly power: 'mains' | 'battery' | undefined;
  readonly isSubBatteryAbnormal: boolean;
  /** 0, 25, 50 or 75 per cent of the pressure that is an occlusion. */
  readonly pressurePercent: number;
  readonly isAlarmSounding: boolean;
  readonly isPlungerSet: boolean;
  /** `null` = none is in the pump; `undefined` = a reserved number. */
  readonly syringe: string | null | undefined;
  /** What is set, not what flows. */
  readonly rateMlPerHour: number;
  readonly volumeMl: number;
  readonly vtbi: number | 'infinite' | 'off';
  /** In the unit of {@link doseUnit}. */
  readonly doseRate: number;
  readonly doseUnit: number;
  readonly weightKg: number | null;
  /** Unit not documented; `null` = off. */
  readonly dilution: number | null;
}

/** Positions from the first byte of the binary command (PROTOCOL.md, "Basic operating status"). */
const AT = {
  software: 5,
  state: 7,
  alarms: 10,
  power: 13,
  monitor: 14,
  syringe: 15,
  rate: 16,
  volume: 19,
  vtbi: 22,
  dose: 25,
  doseUnit: 28,
  weight: 29,
  dilution: 31,
} as const;
/** What follows is the model's own and not documented. */
const STATUS_BYTES_MIN = 34;

const SYRINGES: ReadonlyMap<number, string | null> = new Map([
  [0, null],
  [2, '5 mL'],
  [3, '10 mL'],
  [4, '20 mL'],
  [5, '30 mL'],
  [6, '50/60 mL'],
]);

export const DOSE_UNITS = { mlPerHour: 0x00, ugPerKgPerMin: 0x04, mgPerKgPerHour: 0x08 } as const;

/** Reads a status whose result was 00; `undefined` when it is too short to be one. */
export function parseStatus(bytes: Uint8Array): TerumoStatus | undefined {
  if (bytes.length < STATUS_BYTES_MIN) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u24 = (at: number): number => (view.getUint8(at) << 16) | view.getUint16(at + 1);
  const stateByte = view.getUint8(AT.state);
  const power = view.getUint8(AT.power);
  const monitor = view.getUint8(AT.monitor);
  const bars = power & 0x0f;
  const weight = view.getUint16(AT.weight);
  const dilution = u24(AT.dilution);
  return {
    software: `${hex2(view.getUint8(AT.software))}.${hex2(view.getUint8(AT.software + 1))}`,
    stateByte,
    state: STATES[stateByte >> 4],
    alarmBits: u24(AT.alarms),
    batteryBars: bars >= 1 && bars <= 5 ? bars : undefined,
    power: POWERS[(power >> 4) & 3],
    isSubBatteryAbnormal: power >> 6 === 2,
    pressurePercent: (monitor & 3) * 25,
    isAlarmSounding: (monitor & 0x08) !== 0,
    isPlungerSet: (monitor & 0x20) === 0,
    syringe: SYRINGES.get(view.getUint8(AT.syringe)),
    rateMlPerHour: u24(AT.rate) / 100,
    volumeMl: u24(AT.volume) / 100,
    vtbi: vtbiOf(u24(AT.vtbi)),
    doseRate: u24(AT.dose) / 100,
    doseUnit: view.getUint8(AT.doseUnit),
    weightKg: weight === 0xffff ? null : weight / 10,
    dilution: dilution === 0 ? null : dilution / 100,
  };
}

const POWERS: readonly ('battery' | 'mains' | undefined)[] = ['battery', 'mains'];

function vtbiOf(number: number): TerumoStatus['vtbi'] {
  if (number === 0xffffff) return 'infinite';
  return number === 0xeeeeee ? 'off' : number / 10;
}

export const hex2 = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
