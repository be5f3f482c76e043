/**
 * Minutes east of UTC in an IANA zone. Asked for with every beat, so the answer is kept for the
 * minute; offsets change on whole minutes.
 */
export function zoneOffset(timeZone: string): (wallMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let minute = Number.NaN;
  let offsetMin = 0;
  return (wallMs) => {
    const now = Math.floor(wallMs / 60_000);
    if (now === minute) return offsetMin;
    const name = format.formatToParts(wallMs).find((part) => part.type === 'timeZoneName')?.value;
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
    const magnitude = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
    offsetMin = sign === '-' ? -magnitude : magnitude;
    minute = now;
    return offsetMin;
  };
}

/**
 * The date on the wall, `2026-11-23`.
 *
 * @param utcOffsetMin minutes east of UTC at that moment
 */
export function localDate(wallMs: number, utcOffsetMin: number): string {
  return new Date(wallMs + utcOffsetMin * 60_000).toISOString().slice(0, 10);
}
