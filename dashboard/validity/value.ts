/**
 * What may be shown of a value now. The gateway already says how good a value is; the page ages it
 * further by its own stopwatch, so that a value is never shown fresher than either of them knows.
 */
import { age, duration } from '../format/index.ts';
import type { Liveness } from '../link/liveness.ts';
import type { Validity } from '../wire.ts';

export const STALE_AFTER_MS = 5_000;
export const LOST_AFTER_MS = 10_000;

/** Gateway time and trust at the moment of painting. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
  readonly utcOffsetMin: number;
  readonly link: Liveness;
}

export interface Shown {
  readonly state: Validity;
  /** `null`: no number may stand anywhere on the page. */
  readonly value: number | null;
  /** How old, or why there is no number; empty while all is well. */
  readonly note: string;
}

interface Observed {
  readonly value: number | null;
  readonly validity: Validity;
  readonly observedAtMonotonicMs: number | null;
  readonly reason?: string | undefined;
}

const ORDER_OF_TRUST: readonly Validity[] = ['valid', 'questionable', 'stale', 'lost'];

/** For values that keep coming (heart rate, pump rate); cuff pressures have their own rule. */
export function shownContinuous(observed: Observed, moment: Moment): Shown {
  const ageMs =
    observed.observedAtMonotonicMs === null
      ? Number.POSITIVE_INFINITY
      : Math.max(0, moment.monotonicMs - observed.observedAtMonotonicMs);
  const state = worst(observed.validity, byAge(ageMs), byLink(moment.link));
  switch (state) {
    case 'valid':
    case 'questionable':
    case 'stale': {
      if (observed.value === null) return without('lost', lostNote(ageMs));
      const note = state === 'stale' ? age(ageMs) : (observed.reason ?? '');
      return { state, value: observed.value, note };
    }
    case 'lost':
      return without(state, lostNote(ageMs));
    case 'invalid':
      return without(state, observed.reason ?? 'not valid');
    case 'not-available':
      return without(state, observed.reason ?? 'not measured');
    case 'not-provided':
      return without(state, observed.reason ?? 'not sent: set-up');
    case 'never':
      return without(state, 'waiting');
    case 'unsupported':
      return without(state, 'off');
  }
}

function byAge(ageMs: number): Validity {
  if (ageMs > LOST_AFTER_MS) return 'lost';
  return ageMs > STALE_AFTER_MS ? 'stale' : 'valid';
}

export function byLink(link: Liveness): Validity {
  if (link.valuesLost) return 'lost';
  return link.inSync ? 'valid' : 'stale';
}

/** The least trust wins. Reasons outside the order (leads off, never, unsupported) have no number anyway. */
function worst(said: Validity, byAge: Validity, byLink: Validity): Validity {
  if (!ORDER_OF_TRUST.includes(said))
    return byLink === 'lost' && said !== 'unsupported' ? 'lost' : said;
  return [byAge, byLink].reduce(
    (a, b) => (ORDER_OF_TRUST.indexOf(b) > ORDER_OF_TRUST.indexOf(a) ? b : a),
    said,
  );
}

function without(state: Validity, note: string): Shown {
  return { state, value: null, note };
}

function lostNote(ageMs: number): string {
  return Number.isFinite(ageMs) ? `no data ${duration(ageMs)}` : 'no data';
}
