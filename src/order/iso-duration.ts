/**
 * Signed ISO 8601 durations as they stand in an order: `PT4H`, `PT1H30M`, `P1D`, `-PT2M`.
 * Weeks, months and years are not accepted: an infusion is planned in days, hours and minutes.
 */
const PATTERN =
  /^(-)?P(?=[0-9T])(?:(\d{1,3})D)?(?:T(?=[0-9])(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Text → ms, or `undefined` when it is not such a duration. */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const ms =
    Number(days) * DAY_MS +
    Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS +
    Number(seconds) * SECOND_MS;
  return sign === undefined || ms === 0 ? ms : -ms;
}
