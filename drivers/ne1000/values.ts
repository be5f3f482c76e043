/**
 * At most four digits and a point, at most three of them behind it; the point may stand anywhere. In
 * thousandths, so that a unit can be changed without the dust of binary fractions.
 */
const NUMBER = '(\\d{0,4})(?:\\.(\\d{0,3}))?';
const RATE = new RegExp(`^${NUMBER}([UM][MH])$`);
const VOLUME = new RegExp(`^${NUMBER}([UM]L)$`);
const DISPENSED = new RegExp(`^I${NUMBER}W${NUMBER}([UM]L)$`);
const PLAIN = new RegExp(`^${NUMBER}$`);
const DIGITS_MAX = 4;

function thousandths(whole = '', fraction = ''): number | undefined {
  const digits = whole.length + fraction.length;
  if (digits === 0 || digits > DIGITS_MAX) return undefined;
  return Number(whole + fraction.padEnd(3, '0'));
}

/** From thousandths of the unit to mL/h: times the first, by the second; one division, rounded once. */
const RATE_UNITS: Readonly<Record<string, readonly [number, number]>> = {
  UH: [1, 1_000_000],
  UM: [6, 100_000],
  MH: [1, 1_000],
  MM: [60, 1_000],
};

/** `40.00MH` in mL/h; `undefined` when it is not a rate. */
export function readRate(text: string): number | undefined {
  const [, whole, fraction, unit = ''] = RATE.exec(text) ?? [];
  const number = thousandths(whole, fraction);
  const [times, by] = RATE_UNITS[unit] ?? [];
  if (number === undefined || times === undefined || by === undefined) return undefined;
  return (number * times) / by;
}

/** Volumes are kept in whole nanolitres. */
const NL_PER_THOUSANDTH: Readonly<Record<string, number>> = { UL: 1, ML: 1_000 };

export const nlToMl = (nl: number): number => nl / 1_000_000;

function nanolitres(whole?: string, fraction?: string, unit = ''): number | undefined {
  const number = thousandths(whole, fraction);
  const factor = NL_PER_THOUSANDTH[unit];
  return number === undefined || factor === undefined ? undefined : number * factor;
}

/** `50.00ML` in nL; `undefined` when it is not a volume. */
export function readVolume(text: string): number | undefined {
  const [, whole, fraction, unit] = VOLUME.exec(text) ?? [];
  return nanolitres(whole, fraction, unit);
}

export interface Dispensed {
  readonly infusedNl: number;
  readonly withdrawnNl: number;
}

/** `I1.234W0.000ML`; both numbers share the unit. */
export function readDispensed(text: string): Dispensed | undefined {
  const [, whole, fraction, back, backFraction, unit] = DISPENSED.exec(text) ?? [];
  const infusedNl = nanolitres(whole, fraction, unit);
  const withdrawnNl = nanolitres(back, backFraction, unit);
  if (infusedNl === undefined || withdrawnNl === undefined) return undefined;
  return { infusedNl, withdrawnNl };
}

/** `26.59`: a diameter in mm. */
export function readDiameter(text: string): number | undefined {
  const [, whole, fraction] = PLAIN.exec(text) ?? [];
  const number = thousandths(whole, fraction);
  return number === undefined ? undefined : number / 1_000;
}

/** `1` or `01`: a phase, or the seconds of the safe mode. */
export const readCount = (text: string): number | undefined =>
  /^\d{1,3}$/.test(text) ? Number(text) : undefined;

const DIRECTIONS: Readonly<Record<string, Direction>> = { INF: 'infuse', WDR: 'withdraw' };
export type Direction = 'infuse' | 'withdraw';

export const readDirection = (text: string): Direction | undefined => DIRECTIONS[text];
