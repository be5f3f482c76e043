/** Words for the states of an order, the same on every screen. */
import type { OrderListItem, RegimenView } from '../wire.ts';

type Status = OrderListItem['status'];

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  draft: 'to be signed',
  signed: 'waits for the second check',
  verified: 'checked, ready to start',
  active: 'running',
  completed: 'completed',
  discontinued: 'stopped',
  expired: 'expired, not started in time',
};

/** What the list can be narrowed to; the first word is what a person comes for. */
export const SECTIONS = [
  { id: 'open', word: 'To do', statuses: ['draft', 'signed', 'verified'] },
  { id: 'running', word: 'Running', statuses: ['active'] },
  { id: 'over', word: 'Over', statuses: ['completed', 'discontinued', 'expired'] },
] as const satisfies readonly { id: string; word: string; statuses: readonly Status[] }[];
export type SectionId = (typeof SECTIONS)[number]['id'];

/** A version that waits needs somebody too, while the one before it runs. */
export function sectionsOf(order: Pick<OrderListItem, 'status' | 'pendingVersion'>): SectionId[] {
  return SECTIONS.filter(
    ({ id, statuses }) =>
      (statuses as readonly Status[]).includes(order.status) ||
      (id === 'open' && order.pendingVersion !== null),
  ).map(({ id }) => id);
}

type Waiting = Pick<OrderListItem, 'status' | 'pendingVersion' | 'failedChecks'>;

/** After so many failed second checks the gateway takes no more; a prescriber writes the next version. */
const CHECKS_MAX = 3;

export function statusText(order: Waiting): string {
  const { status, pendingVersion } = order;
  const word = (of: Status) =>
    of === 'signed' && isLocked(order) ? 'locked, its second check failed' : STATUS_WORDS[of];
  if (pendingVersion === null) return word(status);
  const { version, status: pending } = pendingVersion;
  return `${STATUS_WORDS[status]}; version ${version} ${word(pending)}`;
}

function isLocked({ status, pendingVersion, failedChecks }: Waiting): boolean {
  return (pendingVersion?.status ?? status) === 'signed' && failedChecks >= CHECKS_MAX;
}

/** Somebody can make the blind second check, and must not have seen the first entry. */
export function waitsForCheck(order: Waiting): boolean {
  const { status, pendingVersion } = order;
  return (pendingVersion?.status ?? status) === 'signed' && !isLocked(order);
}

export const EVIDENCE_WORDS: Readonly<Record<RegimenView['source']['weight'], string>> = {
  low: 'low evidence',
  'very-low': 'very low evidence',
  guideline: 'guideline',
  site: 'site protocol',
};
