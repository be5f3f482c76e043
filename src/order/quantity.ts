/**
 * Exact arithmetic on doses: a fraction of whole numbers and its unit. 0.1 + 0.2 is 0.3 here, and
 * whether an order is above a limit never depends on the noise of binary fractions. The unit is part
 * of the type and of the value, so mL/h cannot meet mg/h in the source nor while it runs.
 */
export interface Quantity<U extends string> {
  readonly unit: U;
  readonly numerator: bigint;
  /** Always positive. */
  readonly denominator: bigint;
}

type Mass = 'ug' | 'mg' | 'g';
type Time = 'h' | 'min';

/** Units into which a quantity can be converted: what is measured stays the same. */
type Like<U extends string> = U extends `${Mass}/kg/${Time}`
  ? `${Mass}/kg/${Time}`
  : U extends `${Mass}/${Time}`
    ? `${Mass}/${Time}`
    : U extends `mL/${Time}`
      ? `mL/${Time}`
      : U extends `${Mass}/mL`
        ? `${Mass}/mL`
        : U extends Mass
          ? Mass
          : U;

const HOUR_MS = 3_600_000n;
/** What a number on paper has: plain digits, or what JavaScript writes for very small ones. */
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;
/** Decimals of the quotient that is handed to the number; far beyond those of a number. */
const QUOTIENT_DIGITS = 40n;

/** The decimal that a number stands for as it was written: 0.1 is a tenth. @throws on NaN and infinity */
export function quantity<U extends string>(value: number, unit: U): Quantity<U> {
  const match = DECIMAL.exec(String(value));
  if (match === null) throw new RangeError(`${value} ${unit} is no quantity`);
  const [, sign = '', whole = '0', decimals = '', exponent = '0'] = match;
  const power = Number(exponent) - decimals.length;
  const digits = BigInt(`${sign}${whole}${decimals}`);
  return power >= 0
    ? fraction(digits * 10n ** BigInt(power), 1n, unit)
    : fraction(digits, 10n ** BigInt(-power), unit);
}

/** The nearest number, for the screen and for what is judged against measured values. */
export function toNumber({ numerator, denominator }: Quantity<string>): number {
  const scaled = (numerator * 10n ** QUOTIENT_DIGITS) / denominator;
  return Number(`${scaled}e-${QUOTIENT_DIGITS}`);
}

/** Below 0: `a` is less; 0: exactly the same; above 0: more. */
export function compare<U extends string>(a: Quantity<U>, b: Quantity<NoInfer<U>>): number {
  mustHave(b, a.unit);
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function plus<U extends string>(a: Quantity<U>, b: Quantity<NoInfer<U>>): Quantity<U> {
  mustHave(b, a.unit);
  const sum = a.numerator * b.denominator + b.numerator * a.denominator;
  return fraction(sum, a.denominator * b.denominator, a.unit);
}

/** Drug in the bag through its final volume. @throws when the volume is 0 */
export function concentrationFrom<A extends string>(
  drug: Quantity<A>,
  volume: Quantity<'mL'>,
): Quantity<`${A}/mL`> {
  mustHave(volume, 'mL');
  return quotient(drug, volume, `${drug.unit}/mL`);
}

/** What flows is so much drug. */
export function doseRateFrom<A extends string>(
  flow: Quantity<'mL/h'>,
  concentration: Quantity<`${A}/mL`>,
): Quantity<`${A}/h`> {
  mustHave(flow, 'mL/h');
  const drug = unitBefore<A>(concentration, '/mL');
  return product(flow, concentration, `${drug}/h`);
}

/** What the pump is to be set to. @throws when the bag is empty, or holds another drug unit */
export function flowFrom<A extends string>(
  rate: Quantity<`${A}/h`>,
  concentration: Quantity<`${NoInfer<A>}/mL`>,
): Quantity<'mL/h'> {
  const drug = unitBefore<A>(rate, '/h');
  mustHave(concentration, `${drug}/mL`);
  return quotient(rate, concentration, 'mL/h');
}

/** mg/h of one patient → mg/kg/h. */
export function perKg<A extends string>(
  rate: Quantity<`${A}/h`>,
  weight: Quantity<'kg'>,
): Quantity<`${A}/kg/h`> {
  mustHave(weight, 'kg');
  const drug = unitBefore<A>(rate, '/h');
  return quotient(rate, weight, `${drug}/kg/h`);
}

/** mg/kg/h → mg/h of one patient. */
export function forWeight<A extends string>(
  rate: Quantity<`${A}/kg/h`>,
  weight: Quantity<'kg'>,
): Quantity<`${A}/h`> {
  mustHave(weight, 'kg');
  const drug = unitBefore<A>(rate, '/kg/h');
  return product(rate, weight, `${drug}/h`);
}

/** What a rate gives in so many ms. */
export function amountIn<A extends string>(rate: Quantity<`${A}/h`>, ms: number): Quantity<A> {
  const hours = { unit: 'h', numerator: BigInt(ms), denominator: HOUR_MS };
  return product(rate, hours, unitBefore<A>(rate, '/h'));
}

/** The rate that gives an amount evenly in so many ms. @throws when that is no time */
export function rateOver<A extends string>(amount: Quantity<A>, ms: number): Quantity<`${A}/h`> {
  const hours = { unit: 'h', numerator: BigInt(ms), denominator: HOUR_MS };
  return quotient(amount, hours, `${amount.unit}/h`);
}

/** Drug in a volume that has flowed. */
export function drugIn<A extends string>(
  volume: Quantity<'mL'>,
  concentration: Quantity<`${A}/mL`>,
): Quantity<A> {
  mustHave(volume, 'mL');
  return product(volume, concentration, unitBefore<A>(concentration, '/mL'));
}

const UG_IN: Readonly<Record<string, bigint>> = { ug: 1n, mg: 1_000n, g: 1_000_000n };
const PER_H: Readonly<Record<string, bigint>> = { h: 1n, min: 60n };

/** The same in another unit: `converted(rate, 'ug/kg/min')`. */
export function converted<U extends string, T extends Like<U>>(
  from: Quantity<U>,
  to: T,
): Quantity<T> {
  const parts = to.split('/');
  const wasParts = from.unit.split('/');
  if (wasParts.length !== parts.length) throw new TypeError(`${from.unit} is not ${to}`);
  let { numerator, denominator } = from;
  wasParts.forEach((was, index) => {
    const will = parts[index] ?? '';
    if (was === will) return;
    const mass = [UG_IN[was], UG_IN[will]];
    const time = [PER_H[was], PER_H[will]];
    const [up, down] = index === 0 ? mass : time;
    if (up === undefined || down === undefined) throw new TypeError(`${from.unit} is not ${to}`);
    numerator *= up;
    denominator *= down;
  });
  return fraction(numerator, denominator, to);
}

function product<U extends string>(a: Quantity<string>, b: Quantity<string>, unit: U): Quantity<U> {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator, unit);
}

function quotient<U extends string>(
  a: Quantity<string>,
  b: Quantity<string>,
  unit: U,
): Quantity<U> {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator, unit);
}

function fraction<U extends string>(numerator: bigint, denominator: bigint, unit: U): Quantity<U> {
  if (denominator === 0n) throw new RangeError(`A quantity in ${unit} was divided by zero`);
  const divisor = greatestDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { unit, numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function unitBefore<A extends string>({ unit }: Quantity<string>, ending: string): A {
  if (!unit.endsWith(ending)) throw new TypeError(`${unit} does not end in ${ending}`);
  return unit.slice(0, -ending.length) as A;
}

function mustHave({ unit }: Quantity<string>, wanted: string): void {
  if (unit !== wanted) throw new TypeError(`${unit} where ${wanted} is needed`);
}
