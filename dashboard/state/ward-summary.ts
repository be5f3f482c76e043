/** One line for the foot of every screen: how many beds, and what they are doing. */
import { shownRate } from '../validity/rate.ts';
import type { Moment } from '../validity/value.ts';
import type { BedView } from '../wire.ts';

export function wardSummary(beds: readonly BedView[], moment: Moment): string {
  if (moment.link.phase === 'lost') return 'Actions are disabled because there is no connection';
  const occupied = beds.filter((bed) => bed.patient !== null);
  const isLost = (bed: BedView) =>
    bed.infusion.state !== 'no-pump' && shownRate(bed, moment).state === 'lost';
  const inState = (...states: readonly BedView['infusion']['state'][]) =>
    occupied.filter((bed) => !isLost(bed) && states.includes(bed.infusion.state)).length;
  const parts = [
    `${beds.length} ${beds.length === 1 ? 'bed' : 'beds'}`,
    `${inState('on-order', 'over', 'under', 'bolus', 'kvo')} infusing`,
    `${inState('ended')} ended`,
    `${inState('not-started')} waiting`,
    `${beds.length - occupied.length} empty`,
    `${occupied.filter(isLost).length} lost`,
  ];
  const isMain = (part: string, index: number) =>
    index < 2 || !part.startsWith('0 ') || part.endsWith('lost');
  return parts.filter(isMain).join(', ');
}
