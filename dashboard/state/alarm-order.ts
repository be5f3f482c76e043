/**
 * One order of alarms everywhere: priority, then not acknowledged first, then newest first. Last
 * what is over and acknowledged and only waits to be seen: it must not hide what stands now.
 */
import type { AlarmView, Priority } from '../wire.ts';

const RANK: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };
const PHASE: Readonly<Record<AlarmView['phase'], number>> = {
  active: 0,
  acknowledged: 1,
  latched: 2,
  inhibited: 3,
  ended: 4,
};

/** Seconds that an alarm which ended by itself stays in the list as a grey line. */
const ENDED_LINE_MS = 60_000;

export function compareAlarms(a: AlarmView, b: AlarmView): number {
  return (
    Number(isSettled(a)) - Number(isSettled(b)) ||
    RANK[a.priority] - RANK[b.priority] ||
    PHASE[a.phase] - PHASE[b.phase] ||
    compareText(b.onsetAt, a.onsetAt) ||
    compareText(a.alarmId, b.alarmId)
  );
}

const isSettled = (alarm: AlarmView): boolean =>
  alarm.phase === 'latched' && alarm.acknowledgedBy !== undefined;

/** ISO times of one zone sort as text; `localeCompare` would not promise that. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface SortedAlarms {
  /** Active, acknowledged or latched: what the banner, the rail and the tiles show. */
  readonly standing: readonly AlarmView[];
  /** Condition gone, waiting for somebody to say that it was seen. */
  readonly latched: readonly AlarmView[];
  readonly inhibited: readonly AlarmView[];
  /** Newest first. */
  readonly ended: readonly AlarmView[];
}

export function sortAlarms(alarms: Iterable<AlarmView>): SortedAlarms {
  const all = [...alarms].sort(compareAlarms);
  const ofPhase = (...phases: readonly AlarmView['phase'][]) =>
    all.filter((alarm) => phases.includes(alarm.phase));
  return {
    standing: ofPhase('active', 'acknowledged', 'latched'),
    latched: ofPhase('latched'),
    inhibited: ofPhase('inhibited'),
    ended: ofPhase('ended').sort((a, b) => compareText(endOf(b), endOf(a))),
  };
}

export function endOf(alarm: AlarmView): string {
  return alarm.endedAt ?? alarm.changedAt;
}

export function endedLately(alarm: AlarmView, wallMs: number): boolean {
  return wallMs - Date.parse(endOf(alarm)) < ENDED_LINE_MS;
}

/** Nobody has taken note of it yet: the only kind that may sound or flash. */
export function isUnacknowledged(alarm: AlarmView): boolean {
  if (alarm.phase === 'active') return true;
  return alarm.phase === 'latched' && alarm.acknowledgedBy === undefined;
}

/** Alarms that take turns in the banner: those that rank exactly with the first one. */
export function bannerTurn(standing: readonly AlarmView[], turn: number): AlarmView | undefined {
  const [first] = standing;
  if (first === undefined) return undefined;
  const peers = standing.filter(
    (alarm) => alarm.priority === first.priority && alarm.phase === first.phase,
  );
  return peers[turn % peers.length];
}

/** The rail has one row for each bed: its highest alarm, and how many more. */
export function byBed(
  standing: readonly AlarmView[],
): readonly { readonly alarm: AlarmView; readonly more: number }[] {
  const rows = new Map<string, { alarm: AlarmView; more: number }>();
  for (const alarm of standing) {
    const row = rows.get(alarm.bedId);
    if (row === undefined) rows.set(alarm.bedId, { alarm, more: 0 });
    else row.more += 1;
  }
  return [...rows.values()];
}
