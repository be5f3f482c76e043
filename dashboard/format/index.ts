/** The dashboard formats no number itself: this is the formatter that the gateway's alarm texts use. */
import { format } from '../wire.ts';

export const {
  amount,
  concentration,
  countdown,
  dateOf,
  decimal,
  deviation,
  doseRate,
  duration,
  pumpRate,
  timeOfDay,
  vital,
  weight,
} = format;
export const { UNKNOWN, NEVER } = format;

/** A countdown that nobody can vouch for. */
export const UNKNOWN_COUNTDOWN = '--:--:--';

/** Between a number and its unit, so that a line never breaks there. */
export const NBSP = '\u00A0';

/** A number as it stands in a field where a person types: no comma, so that it can be read back. */
export function plainDecimal(value: number): string {
  return format.decimal(value, 6).replaceAll(',', '').replace('−', '-');
}

/** Small ages: one decimal below ten seconds, so that a living number is seen to move. */
export function seconds(ms: number): string {
  return `${format.decimal(Math.max(0, ms) / 1000, ms < 10_000 ? 1 : 0)}${NBSP}s`;
}

/** `7 s`, `6 min`, `2 h`: how old a value is, rounded down. */
export function age(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  if (whole < 60) return `${whole}${NBSP}s`;
  if (whole < 7200) return `${Math.floor(whole / 60)}${NBSP}min`;
  return `${Math.floor(whole / 3600)}${NBSP}h`;
}
