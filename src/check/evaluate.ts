import {
  type AlarmPriority,
  PRIORITY_RANK,
  type PresentVerdict,
  type Undetermined,
  type Verdict,
} from '../alarm/condition.ts';
import type { Finding } from '../alarm/decide.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import { absentLevel, type LevelState, nextLevel, presentLevel } from './condition-timer.ts';
import type { AlarmLimits } from './limits.ts';
import { RELATIONS } from './relations.ts';
import type { Level, Rule } from './rule.ts';
import { mon01, mon02, mon08 } from './rules/devices.ts';
import { doseRules } from './rules/doses.ts';
import { vit14, vit15 } from './rules/ecg.ts';
import { forwardedRules } from './rules/forwarded.ts';
import { mon09, mon12 } from './rules/identity.ts';
import { mon04, mon07, mon13 } from './rules/measuring.ts';
import { vit07, vit08 } from './rules/nibp.ts';
import { orderIdentityRules } from './rules/order-identity.ts';
import { ord01, ord02, ord03, ord07 } from './rules/rate.ts';
import { ord18, ord21, ord22 } from './rules/running.ts';
import { sessionRules } from './rules/session.ts';
import { stepRules } from './rules/steps.ts';
import { vit01, vit02, vit03, vit04 } from './rules/vitals.ts';
import type { Scene } from './scene.ts';

/** Every rule of this build. */
export const RULES: readonly Rule[] = [
  ord01,
  ord02,
  ord03,
  ord07,
  ord18,
  ord21,
  ord22,
  ...stepRules,
  ...doseRules,
  ...orderIdentityRules,
  ...sessionRules,
  vit01,
  vit02,
  vit03,
  vit04,
  vit07,
  vit08,
  vit14,
  vit15,
  ...forwardedRules,
  mon01,
  mon02,
  mon04,
  mon07,
  mon08,
  mon09,
  mon12,
  mon13,
];

/** How far each level of each rule is, by `rule|device|level`. Pure value; a step makes a new one. */
export interface EvaluationMemory {
  readonly levels: ReadonlyMap<string, LevelState>;
}

export const emptyMemory: EvaluationMemory = { levels: new Map() };

/**
 * After a restart: what stood before stands, and only valid data can end it. The first level of the
 * rule and all up to the priority of the alarm are standing.
 */
export function restoredMemory(
  alarms: readonly {
    readonly ruleId: string;
    readonly deviceId: string | null;
    readonly priority: AlarmPriority;
  }[],
  limits: AlarmLimits,
): EvaluationMemory {
  const levels = new Map<string, LevelState>();
  for (const alarm of alarms) {
    const rule = RULES.find(({ id }) => id === alarm.ruleId);
    rule?.levels.forEach((level, index) => {
      const rank = PRIORITY_RANK[level.timing(limits).priority];
      if (index > 0 && rank > PRIORITY_RANK[alarm.priority]) return;
      levels.set(keyOf(rule.id, alarm.deviceId, level), presentLevel);
    });
  }
  return { levels };
}

export interface Evaluation {
  readonly memory: EvaluationMemory;
  readonly findings: readonly Finding[];
}

/** All rules over all their subjects. Pure; what it remembers goes in and comes out. */
export function evaluateBed(memory: EvaluationMemory, scene: Scene): Evaluation {
  const changed = new Map<string, LevelState>();
  const findings: Finding[] = [];
  for (const rule of RULES) {
    for (const subject of subjectsOf(rule, scene)) {
      const deviceId = subject?.deviceId ?? null;
      const verdict = verdictOf(rule, subject, scene, memory, changed);
      const latching = latches(rule, verdict, scene);
      findings.push({ ruleId: rule.id, kind: rule.kind, latching, deviceId, verdict, below: null });
    }
  }
  const levels = changed.size === 0 ? memory.levels : new Map([...memory.levels, ...changed]);
  return { memory: { levels }, findings: withRelations(findings) };
}

const BED: readonly null[] = [null];

function subjectsOf(rule: Rule, scene: Scene): readonly (DevicePicture | null)[] {
  switch (rule.subject) {
    case 'bed':
      return BED;
    case 'pump':
      return scene.pumps;
    case 'monitor':
      return scene.monitors;
    case 'device':
      return [...scene.pumps, ...scene.monitors];
  }
}

/** The highest level that is present speaks; with none present, "cannot tell" outranks "absent". */
function verdictOf(
  rule: Rule,
  subject: DevicePicture | null,
  scene: Scene,
  memory: EvaluationMemory,
  changed: Map<string, LevelState>,
): Verdict {
  let best: PresentVerdict | undefined;
  let cannotTell: Undetermined | undefined;
  let unseenRank = 0;
  for (const level of rule.levels) {
    const key = keyOf(rule.id, subject?.deviceId ?? null, level);
    const state = memory.levels.get(key) ?? absentLevel;
    const judgement = level.judge(scene, subject, state.isPresent);
    const timing = level.timing(scene.limits);
    const noOrder = judgement.presence === 'undetermined' && judgement.because === 'no-order';
    const sampleAtMs = judgement.presence === 'undetermined' ? 0 : judgement.sampleAtMs;
    const next = noOrder
      ? absentLevel
      : nextLevel(state, judgement.presence, sampleAtMs, scene.nowMs, timing);
    if (next !== state) changed.set(key, next);
    if (judgement.presence === 'undetermined') cannotTell = judgement.because;
    if (!next.isPresent) {
      if (judgement.presence === 'present') cannotTell ??= 'pending';
      continue;
    }
    if (judgement.presence === 'present') {
      const priority = judgement.priority ?? timing.priority;
      if (best === undefined || PRIORITY_RANK[priority] >= PRIORITY_RANK[best.priority]) {
        const { message, latches } = judgement;
        best = { presence: 'present', priority, message, ...(latches ? { latches } : {}) };
      }
    } else unseenRank = Math.max(unseenRank, PRIORITY_RANK[timing.priority]);
  }
  if (best !== undefined && PRIORITY_RANK[best.priority] >= unseenRank) return best;
  // A higher level still stands although it is not seen to be present now (off-delay, missing data):
  // the alarm stays as it is, neither lowered nor ended.
  if (unseenRank > 0) return { presence: 'undetermined', because: cannotTell ?? 'pending' };
  // A pending level is not yet an alarm; it must not keep an ended one alive.
  return cannotTell === undefined || cannotTell === 'pending'
    ? { presence: 'absent' }
    : { presence: 'undetermined', because: cannotTell };
}

function latches(rule: Rule, verdict: Verdict, { limits }: Scene): boolean {
  const { latching } = limits.rules[rule.id];
  if (verdict.presence === 'present' && verdict.latches) return true;
  if (!latching || rule.latchesFrom === undefined || verdict.presence !== 'present')
    return latching;
  return PRIORITY_RANK[verdict.priority] >= PRIORITY_RANK[rule.latchesFrom];
}

function withRelations(findings: readonly Finding[]): readonly Finding[] {
  const standing = findings.filter(({ verdict }) => verdict.presence === 'present');
  if (standing.length < 2) return findings;
  return findings.map((finding) => {
    const { verdict } = finding;
    if (verdict.presence !== 'present') return finding;
    for (const { above, below, within } of RELATIONS) {
      if (below !== finding.ruleId) continue;
      const over = standing.find(
        (other) =>
          other.ruleId === above &&
          (within === 'bed' || other.deviceId === finding.deviceId) &&
          ranksAtLeast(other.verdict, verdict.priority),
      );
      if (over !== undefined) {
        return { ...finding, below: { ruleId: over.ruleId, deviceId: over.deviceId } };
      }
    }
    return finding;
  });
}

/** What is more urgent is never hidden below what is less urgent, whatever explains it. */
const ranksAtLeast = (verdict: Verdict, priority: AlarmPriority): boolean =>
  verdict.presence === 'present' && PRIORITY_RANK[verdict.priority] >= PRIORITY_RANK[priority];

const keys = new WeakMap<Level, Map<string | null, string>>();

/** `rule|device|level`. Made once for each: this runs many times a second for every bed. */
function keyOf(ruleId: string, deviceId: string | null, level: Level): string {
  let ofLevel = keys.get(level);
  if (ofLevel === undefined) {
    ofLevel = new Map();
    keys.set(level, ofLevel);
  }
  let key = ofLevel.get(deviceId);
  if (key === undefined) {
    key = `${ruleId}|${deviceId ?? ''}|${level.name}`;
    ofLevel.set(deviceId, key);
  }
  return key;
}
