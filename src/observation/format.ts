/**
 * The one place where numbers become text, for the gateway's alarm texts and for the dashboard
 * (rules: docs/dashboard.md, "Numbers"). Rounding is presentation only: half away from zero, no
 * trailing zeros, a leading zero, a comma from 1,000 on, always a decimal point.
 */

/** Branded so that a rate in mL/h cannot be printed as mg/h. */
export type MgPerHour = number & { readonly unit?: 'mg/h' };
export type MlPerHour = number & { readonly unit?: 'mL/h' };

/** What stands where a value is lost or invalid. Never `0`, never blank, never the old number. */
export const UNKNOWN = '-?-';
/** What stands where there has been no value yet. */
export const NEVER = '--';

/** Rounds half away from zero at `digits` decimals, using the decimal text of the number. */
export function roundHalfAway(value: number, digits: number): number {
  const scale = 10 ** digits;
  const scaled = Math.abs(value) * scale;
  // 1.005 * 100 is 100.49999999999999: judge the half on the shortest decimal text instead.
  const rounded = Math.round(Number(scaled.toPrecision(15)));
  return (Math.sign(value) * rounded) / scale || 0;
}

/** At most `digits` decimals, trailing zeros stripped, comma at 1,000. */
export function decimal(value: number, digits: number): string {
  const [whole = '0', fraction = ''] = Math.abs(roundHalfAway(value, digits))
    .toFixed(digits)
    .split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const stripped = fraction.replace(/0+$/, '');
  const text = stripped === '' ? grouped : `${grouped}.${stripped}`;
  const isNegative = value < 0 && /[1-9]/.test(text);
  return isNegative ? `−${text}` : text;
}

/**
 * Dose rate: integer from 100 on, 0.1 from 10 on, else 0.01; more digits when rounding would hide
 * that one of `limits` is broken (60.04 with a hard limit of 60 is `60.04`, not `60`).
 */
export function doseRate(
  mgPerH: number,
  ...limits: readonly (number | null | undefined)[]
): string {
  const size = Math.abs(mgPerH);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return decimal(mgPerH, digitsThatKeepSide(mgPerH, digits, limits));
}

/** As the pump reports it: zeros stripped, nothing rounded below 0.001 mL/h. */
export function pumpRate(mlPerH: number): string {
  return decimal(mlPerH, 3);
}

/** 0.1 below 100, else integer. */
export function amount(value: number): string {
  return decimal(value, Math.abs(value) >= 100 ? 0 : 1);
}

export function weight(kg: number): string {
  return decimal(kg, 1);
}

export function concentration(mgPerMl: number): string {
  return decimal(mgPerMl, 4);
}

/**
 * A vital sign as an integer, with more digits when rounding would hide that `limit` is broken
 * (92.6 with a lower limit of 93 is `92.6` and 92.96 is `92.96`, neither is `93`).
 */
export function vital(value: number, ...limits: readonly (number | null | undefined)[]): string {
  return decimal(value, digitsThatKeepSide(value, 0, limits));
}

/** No device on the wire is finer than this. */
const FINEST_DIGITS = 4;

/** Digits, from `least` on, with which the rounded value stands on the same side of every limit. */
function digitsThatKeepSide(
  value: number,
  least: number,
  limits: readonly (number | null | undefined)[],
): number {
  let digits = least;
  const changesSide = (limit: number | null | undefined) =>
    typeof limit === 'number' &&
    Math.sign(value - limit) !== Math.sign(roundHalfAway(value, digits) - limit);
  while (digits < FINEST_DIGITS && limits.some(changesSide)) digits += 1;
  return digits;
}

/** `+5 %`, `−8 %`, `×10` from 300 % on (a deviation of 9 is ten times the order). */
export function deviation(fraction: number): string {
  if (fraction >= 3) return `×${decimal(fraction + 1, fraction + 1 >= 10 ? 0 : 1)}`;
  const percent = roundHalfAway(fraction * 100, Math.abs(fraction) < 0.01 ? 1 : 0);
  return `${percent < 0 ? '−' : '+'}${decimal(Math.abs(percent), 1)} %`;
}

/** `mm:ss` below an hour, `hh:mm:ss` below 48 h, else `3 d 4 h`. Never negative. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  if (total < 3600) return `${two(total / 60)}:${two(total % 60)}`;
  return countdown(ms);
}

/** `hh:mm:ss`, or `3 d 4 h` above 48 h. */
export function countdown(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  if (total >= 48 * 3600) {
    const days = Math.floor(total / 86_400);
    return `${days} d ${Math.floor((total % 86_400) / 3600)} h`;
  }
  return `${two(total / 3600)}:${two((total % 3600) / 60)}:${two(total % 60)}`;
}

/** Wall time as `HH:mm` or `HH:mm:ss`, 24 h, in the gateway's zone. */
export function timeOfDay(wallMs: number, utcOffsetMin: number, withSeconds = false): string {
  const local = new Date(wallMs + utcOffsetMin * 60_000).toISOString();
  return local.slice(11, withSeconds ? 19 : 16);
}

/** `21 Nov 2026`. */
export function dateOf(wallMs: number, utcOffsetMin: number): string {
  const local = new Date(wallMs + utcOffsetMin * 60_000);
  return `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
