/** The next thing on the plan of a bed, with its countdown. Ordered times come from the gateway. */
import {
  countdown,
  dateOf,
  doseRate,
  NBSP,
  timeOfDay,
  UNKNOWN_COUNTDOWN,
} from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import type { BedView } from '../wire.ts';
import type { Moment } from './value.ts';
import { countTo } from './when.ts';

export interface NextOnPlan {
  readonly what: string;
  /** `00:41:28`, `late 00:02:10` or `--:--:--`. */
  readonly count: string;
  readonly isLate: boolean;
}

const DAY_MS = 24 * 3600_000;

export function nextOnPlan(bed: BedView, moment: Moment): NextOnPlan {
  const { infusion, order } = bed;
  if (order === null) return { what: 'No order', count: '', isLate: false };
  if (moment.link.phase === 'lost') {
    return { what: 'Next step', count: UNKNOWN_COUNTDOWN, isLate: false };
  }
  if (order.status === 'draft') return waiting('Order not signed');
  if (order.status === 'signed') return waiting('Second check open');
  if (order.status === 'verified') return waiting('Ready to start');
  if (order.status === 'completed') return waiting('Session ended');
  if (order.status === 'discontinued') return waiting('Order stopped');
  if (order.status === 'expired') return waiting('Order expired');
  // The plan stands still: what comes next is the end of the pause.
  const pause = bed.session?.pause ?? null;
  if (pause !== null) {
    const { text, isLate } = countTo(pause.until, moment);
    return { what: isLate ? 'Pause over' : 'Paused', count: text, isLate };
  }
  if (infusion.nextStepAt === null) return waiting(order.startedAt ? '' : 'Not started');
  const atMs = parseWall(infusion.nextStepAt);
  const leftMs = atMs - moment.wallMs;
  const isLate = leftMs < 0;
  const count = isLate ? `late ${countdown(-leftMs)}` : countdown(leftMs);
  if (infusion.nextStepMgPerH === null) return { what: endText(atMs, moment), count, isLate };
  const rate = `${doseRate(infusion.nextStepMgPerH)}${NBSP}mg/h`;
  return { what: `${isLate ? 'Due' : 'Next'} ${rate}`, count, isLate };
}

function endText(atMs: number, moment: Moment): string {
  const isFar = atMs - moment.wallMs > DAY_MS;
  if (!isFar) return `Ends ${timeOfDay(atMs, moment.utcOffsetMin)}`;
  return `Ends ${dateOf(atMs, moment.utcOffsetMin).replace(/ \d{4}$/, '')}`;
}

function waiting(what: string): NextOnPlan {
  return { what, count: '', isLate: false };
}
