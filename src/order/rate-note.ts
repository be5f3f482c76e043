/** The live rate changed: entries of the event log, from which a report draws what was really given. */
export interface RateNote {
  readonly type: 'rate-seen';
  readonly orderId: string;
  /** Over all pumps of the bed; `null` = unknown from here on. */
  readonly mgPerH: number | null;
}

/** What was written down last. */
export interface NotedRate {
  readonly orderId: string;
  readonly mgPerH: number | null;
  /** Monotonic ms. */
  readonly atMs: number;
}

export function isRateNote(event: { readonly type: string }): event is RateNote {
  return event.type === 'rate-seen';
}

/** A pump whose flow trembles must not fill the log. */
const SMALL = 0.01;
const SMALL_EVERY_MS = 60_000;
const LARGE_EVERY_MS = 1_000;

/**
 * What is to be written down now; `undefined` = nothing. Any other rate is noted, one that is known or unknown by
 * now as well; a change of less than 1 % at most once a minute.
 */
export function rateToNote(
  noted: NotedRate | null,
  orderId: string,
  mgPerH: number | null,
  nowMs: number,
): NotedRate | undefined {
  const now = { orderId, mgPerH, atMs: nowMs };
  if (noted === null || noted.orderId !== orderId) return now;
  if (noted.mgPerH === mgPerH) return undefined;
  const isSmall =
    noted.mgPerH !== null &&
    mgPerH !== null &&
    Math.abs(noted.mgPerH - mgPerH) < SMALL * Math.max(noted.mgPerH, mgPerH);
  return nowMs - noted.atMs >= (isSmall ? SMALL_EVERY_MS : LARGE_EVERY_MS) ? now : undefined;
}
