/** For the task bar of a desktop where the page is one of several windows. */
import type { Liveness } from '../link/liveness.ts';
import type { AlarmView } from '../wire.ts';

const STARS = { high: '***', medium: '**', low: '*' } as const;

export function pageTitle(first: AlarmView | undefined, link: Liveness): string {
  if (link.phase === 'lost') return 'NOT LIVE - InfuseWatch';
  return first === undefined
    ? 'InfuseWatch'
    : `${STARS[first.priority]} ${first.bedId} - InfuseWatch`;
}
