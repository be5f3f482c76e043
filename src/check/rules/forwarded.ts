import { type AlarmKind, type AlarmPriority, PRIORITY_RANK } from '../../alarm/condition.ts';
import type { DeviceAlert } from '../../observation/device-event.ts';
import { type DevicePicture, freshnessOf } from '../../observation/device-picture.ts';
import type { AlarmLimits, LevelTiming } from '../limits.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpGivesOrderedDrug } from '../pump-drug.ts';
import { absent, clip, type Level, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { counterClearedLevel } from './counter-cleared.ts';
import { isSessionGiven } from './dose-share.ts';

/** Alarms of devices have their own rule; what has none is forwarded by PMP-10, so nothing is lost. */
const FORWARDED = [
  'PMP-01',
  'PMP-02',
  'PMP-03',
  'PMP-04',
  'PMP-05',
  'PMP-06',
  'PMP-07',
  'PMP-08',
  'PMP-09',
  'VIT-10',
  'VIT-13',
  'MON-03',
  'MON-05',
  'MON-10',
] as const;
type ForwardedId = (typeof FORWARDED)[number] | 'PMP-10' | 'PMP-11' | 'MON-04';

/** These are forwarded too, as one of their levels (rules/measuring.ts, and below). */
const OWN: ReadonlySet<string> = new Set([...FORWARDED, 'MON-04', 'PMP-11']);

/** The device delayed and judged already: forwarded with its first word. */
const atOnce = (priority: AlarmPriority): LevelTiming => ({
  priority,
  onDelayS: 0,
  minSamples: 1,
  offDelayS: 0,
});

type Takes = (alert: DeviceAlert, scene: Scene, subject: DevicePicture) => boolean;

function forwardRule(id: ForwardedId, kind: AlarmKind, takes: Takes): Rule {
  return { id, kind, subject: 'device', levels: [forwardedLevel(id, takes)] };
}

/** What the device signals, passed on with its own priority or a higher one. */
export const forwardedLevel = (
  id: ForwardedId,
  takes: Takes = ({ ruleId }) => ruleId === id,
): Level => ({
  name: 'forwarded',
  timing: ({ rules }: AlarmLimits) => atOnce(rules[id].priorityAtLeast),
  judge: (scene, subject) =>
    forwarded(scene, subject, takes, scene.limits.rules[id].priorityAtLeast),
});

function forwarded(
  scene: Scene,
  subject: DevicePicture | null,
  takes: Takes,
  atLeast: AlarmPriority,
): Judgement {
  if (subject === null || subject.alerts === null) return undetermined('no-observation');
  // A device that is gone has not said that its alarm is over.
  const freshness = freshnessOf(subject, scene.nowMs);
  if (freshness === 'lost' || freshness === 'never') return undetermined('stale');
  const { list, atMs } = subject.alerts;
  const mine = list
    .filter((alert) => takes(alert, scene, subject))
    .sort((a, b) => PRIORITY_RANK[b.priority] - PRIORITY_RANK[a.priority]);
  const first = mine[0];
  if (first === undefined) return freshness === 'live' ? absent(atMs) : undetermined('stale');
  const priority =
    PRIORITY_RANK[first.priority] > PRIORITY_RANK[atLeast] ? first.priority : atLeast;
  const who = subject.role === 'pump' ? 'Pump' : 'Monitor';
  const more = mine.length > 1 ? ` +${mine.length - 1}` : '';
  const judgement = present(
    atMs,
    {
      text: clip(`${who}: ${first.text}`, 40 - more.length) + more,
      textShort: clip(first.text.toUpperCase(), 24 - more.length) + more,
      detail: clip(
        `alarm ${first.code} of ${subject.deviceId}. Look at the ${who.toLowerCase()}`,
        70,
      ),
      parts: mine.map(({ code }) => code.replaceAll(' ', '_')).join(' '),
      ...(subject.role === 'pump' ? { codes: ['MDC_FLOW_FLUID_PUMP_CURRENT' as const] } : {}),
    },
    priority,
  );
  const isForgotten = mine.some(({ latches }) => latches);
  return isForgotten && judgement.presence === 'present'
    ? { ...judgement, latches: true }
    : judgement;
}

/**
 * The end of an infusion is an alarm before the ordered dose is in; afterwards it is what was ordered, if the pump is
 * known to stand: one that keeps the vein open still gives the drug.
 */
const endsTooEarly: Takes = ({ ruleId }, scene, pump) => {
  if (ruleId !== 'PMP-06') return false;
  const { order, nowMs } = scene;
  const isOfOrder = order === null || pumpGivesOrderedDrug(pump, order) !== 'no';
  const flow = liveFlow([pump], nowMs);
  const stands = flow.isComplete && flow.mlPerH === 0;
  return !(isOfOrder && stands && isSessionGiven(scene));
};

const PHYSIOLOGICAL: ReadonlySet<ForwardedId> = new Set(['VIT-10', 'VIT-13']);

/** One rule for each kind of alarm that devices signal, and PMP-10 for every other. */
export const forwardedRules: readonly Rule[] = [
  ...FORWARDED.map((id) =>
    forwardRule(
      id,
      PHYSIOLOGICAL.has(id) ? 'physiological' : 'technical',
      id === 'PMP-06' ? endsTooEarly : ({ ruleId }) => ruleId === id,
    ),
  ),
  // Some pumps say that they were restarted; of the others the counter tells it.
  {
    id: 'PMP-11',
    kind: 'technical',
    subject: 'device',
    levels: [forwardedLevel('PMP-11'), counterClearedLevel],
  },
  forwardRule('PMP-10', 'technical', ({ ruleId }) => !OWN.has(ruleId)),
];
