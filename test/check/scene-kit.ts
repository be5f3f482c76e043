import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { AlarmPriority, Verdict } from '../../src/alarm/condition.ts';
import { emptyMemory, evaluateBed } from '../../src/check/evaluate.ts';
import { type AlarmLimits, parseAlarmLimits, type RuleId } from '../../src/check/limits.ts';
import type { Rule } from '../../src/check/rule.ts';
import type { Judgement, NibpHistory, Scene } from '../../src/check/scene.ts';
import { NO_ECG_LOOK } from '../../src/ecg/ecg-watch.ts';
import type {
  DeviceAlert,
  FactCode,
  FactSeen,
  PumpStatus,
} from '../../src/observation/device-event.ts';
import {
  type DevicePicture,
  newDevicePicture,
  nextDevicePicture,
  type PictureEvent,
} from '../../src/observation/device-picture.ts';
import type { GenerationMode, MetricCode, Validity } from '../../src/observation/metrics.ts';
import { type ActiveOrder, activeOrder } from '../../src/order/active-order.ts';
import { emptyDoseLedger } from '../../src/order/dose-ledger.ts';
import { parseOrderDocument } from '../../src/order/order-document.ts';
import { emptySession, type SessionRecord } from '../../src/order/session-record.ts';

/** The limits as shipped: a rule is tested with the numbers that a ward gets. */
export const limitsText = readFileSync(
  new URL('../../config/alarm-limits.yaml', import.meta.url),
  'utf8',
);

export const limits: AlarmLimits = (() => {
  const parsed = parseAlarmLimits(limitsText);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
})();

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Monotonic and wall time of "now" in a table row; far from zero and far from each other. */
export const NOW = 10_000_000;
export const WALL = Date.UTC(2026, 10, 20, 9);

export const FLOW: MetricCode = 'MDC_FLOW_FLUID_PUMP_CURRENT';
export const SPO2: MetricCode = 'MDC_PULS_OXIM_SAT_O2';
export const ECG: MetricCode = 'MDC_ECG_HEART_RATE';
export const PULSE: MetricCode = 'MDC_PULS_OXIM_PULS_RATE';

export interface ValueSpec {
  readonly code: MetricCode;
  readonly value: number | null;
  readonly validity?: Validity;
  /** Age of the reading at NOW, ms. */
  readonly ageMs?: number;
}

export interface DeviceSpec {
  readonly id?: string;
  readonly values?: readonly ValueSpec[];
  /** What the driver can tell at all. */
  readonly reports?: readonly MetricCode[];
  readonly factsTold?: readonly FactCode[];
  readonly facts?: readonly Omit<FactSeen, 'kind' | 'atMs'>[];
  readonly status?: PumpStatus;
  readonly statusAgeMs?: number;
  readonly alerts?: readonly DeviceAlert[];
  readonly alertsAgeMs?: number;
  /** Age of the last accepted frame; `null` = it never said anything. */
  readonly frameAgeMs?: number | null;
  readonly port?: 'connecting' | 'open' | 'closed';
  /** Since when the port is as it is, ms before NOW. */
  readonly portAgeMs?: number;
  readonly mode?: GenerationMode;
}

/** A picture made of real events, in the order in which they would have arrived. */
export function device(role: 'pump' | 'monitor', spec: DeviceSpec = {}): DevicePicture {
  const { port = 'open', portAgeMs = 60 * MINUTE, frameAgeMs = 0, mode = 'real' } = spec;
  const about = {
    deviceId: spec.id ?? `B01-${role}`,
    bedId: 'B01',
    role,
    driverId: 'test',
    freshness: { staleMs: 5_000, lostMs: 10_000 },
    reports: spec.reports ?? [],
    factsTold: spec.factsTold ?? [],
    alertsDecoded: 'all' as const,
    mode: 'real' as const,
  };
  const openAtMs = port === 'open' ? NOW - portAgeMs : NOW - 2 * HOUR;
  const events: PictureEvent[] = [];
  if (port !== 'connecting') events.push({ kind: 'port-open', name: 'p', mode, atMs: openAtMs });
  for (const { code, value, validity = 'valid', ageMs = 0 } of spec.values ?? [])
    events.push({ kind: 'metric', code, value, validity, atMs: NOW - ageMs });
  for (const fact of spec.facts ?? []) events.push({ kind: 'fact', ...fact, atMs: NOW });
  const { status, alerts } = spec;
  if (status !== undefined) {
    const atMs = NOW - (spec.statusAgeMs ?? 0);
    events.push({ kind: 'pump-status', status, raw: status, atMs });
  }
  if (alerts !== undefined)
    events.push({ kind: 'alerts', alerts, atMs: NOW - (spec.alertsAgeMs ?? 0) });
  if (frameAgeMs !== null && port !== 'connecting')
    events.push({ kind: 'frame-accepted', atMs: NOW - frameAgeMs });
  if (port === 'closed')
    events.push({ kind: 'port-closed', reason: 'unplugged', atMs: NOW - portAgeMs });
  return events.reduce(nextDevicePicture, newDevicePicture(about, NOW - 3 * HOUR));
}

export const pump = (mlPerH: number | null, spec: Omit<DeviceSpec, 'values'> = {}) =>
  device('pump', { status: 'infusing', ...spec, values: [{ code: FLOW, value: mlPerH }] });
export const monitor = (code: MetricCode, value: number | null, spec: Partial<ValueSpec> = {}) =>
  device('monitor', { values: [{ code, value, ...spec }] });

/** Ways in which a value cannot be used; each must read as "cannot tell", never as "no alarm". */
export const UNSEEN: readonly {
  readonly given: string;
  readonly because: string;
  readonly of: (role: 'pump' | 'monitor', code: MetricCode, value: number) => DevicePicture;
}[] = [
  {
    given: 'no value (null)',
    because: 'invalid',
    of: (role, code) =>
      device(role, { values: [{ code, value: null, validity: 'not-available' }] }),
  },
  {
    given: 'null that claims to be valid',
    because: 'invalid',
    of: (role, code) => device(role, { values: [{ code, value: null }] }),
  },
  {
    given: 'invalid',
    because: 'invalid',
    of: (role, code, value) => device(role, { values: [{ code, value, validity: 'invalid' }] }),
  },
  {
    given: 'questionable',
    because: 'invalid',
    of: (role, code, value) =>
      device(role, { values: [{ code, value, validity: 'questionable' }] }),
  },
  {
    given: 'not a number',
    because: 'invalid',
    of: (role, code) => device(role, { values: [{ code, value: Number.NaN }] }),
  },
  {
    given: 'the reading just over 5 s old while the device goes on talking',
    because: 'stale',
    of: (role, code, value) => device(role, { values: [{ code, value, ageMs: 5_001 }] }),
  },
  {
    given: 'the device silent for just over 5 s',
    because: 'stale',
    of: (role, code, value) =>
      device(role, { values: [{ code, value, ageMs: 5_001 }], frameAgeMs: 5_001 }),
  },
  {
    given: 'the port closed a moment ago',
    because: 'stale',
    of: (role, code, value) =>
      device(role, { values: [{ code, value }], port: 'closed', portAgeMs: 1 }),
  },
  {
    given: 'a talking device that never told this value',
    because: 'no-observation',
    of: (role) => device(role),
  },
];

export interface OrderSpec {
  readonly yaml?: string;
  /** ms since flow began; `null` = flow has not begun. */
  readonly sinceStartMs?: number | null;
  readonly hardMaxMgPerH?: number;
  /** What was noted at the bed. */
  readonly session?: Partial<SessionRecord>;
}

/** 40 mg over 4 h from 40 mg in 500 mL: 10 mg/h at 125 mL/h. */
export const SESSION = `
patient: { id: P-1 }
regimen: goldberg-outpatient-10-day
drug: { name: ketamine, form: racemic }
bag: { drugMg: 40, volumeMl: 500 }
mode: mg-total-over
steps: [{ step: 1, at: PT0S, dose: 40, over: PT4H }]
end: PT4H
limits: { maxMgPerH: 20 }
bolus: none
kvo: { allowed: true, maxMlPerH: 3 }
nibpInterval: PT15M
`;

/** Steps in mg/h from a 2 mg/mL bag, each an hour after the other; ends with the last hour. */
export const hourly = (...mgPerH: readonly number[]): string => `
patient: { id: P-1 }
regimen: none
drug: { name: ketamine, form: racemic }
bag: { drugMg: 480, volumeMl: 240 }
mode: mg-per-h
steps: [${mgPerH.map((dose, index) => `{ step: ${index + 1}, at: PT${index}H, dose: ${dose} }`).join(', ')}]
end: PT${mgPerH.length}H
limits: { maxMgPerH: ${Math.max(...mgPerH)} }
bolus: none
kvo: { allowed: false }
`;

/** A nurse confirmed the baseline, and looked at the patient now. */
export const CARED_FOR: Partial<SessionRecord> = {
  baseline: {
    ...{ heartRateBpm: 80, spo2Percent: 97, systolicMmHg: 120, diastolicMmHg: 80 },
    ...{ by: 'nurse-a', atWallMs: WALL - HOUR },
  },
  observations: [
    {
      scores: {
        ...{ pain: 3, sedation: 1, dysphoria: 0 },
        ...{ affective: null, hallucination: null, nausea: null, headache: null },
      },
      note: null,
      by: 'nurse-a',
      atWallMs: WALL,
    },
  ],
};

export function order(spec: OrderSpec = {}): ActiveOrder {
  const parsed = parseOrderDocument(spec.yaml ?? SESSION);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { sinceStartMs = HOUR } = spec;
  const active = activeOrder({
    orderId: 'O000001',
    version: 1,
    document: parsed.document,
    hardMaxMgPerH: spec.hardMaxMgPerH ?? 50,
    softMaxMgPerH: 30,
    activatedAtWallMs: WALL - 10 * HOUR,
    signedBy: 'prescriber-a',
    verifiedBy: 'nurse-b',
    session: { ...emptySession, ...spec.session },
  });
  return { ...active, startedAtWallMs: sinceStartMs === null ? null : WALL - sinceStartMs };
}

export function scene(parts: Partial<Scene> = {}): Scene {
  return {
    nowMs: NOW,
    wallMs: WALL,
    bedId: 'B01',
    bedMode: 'live',
    order: null,
    recovery: null,
    leftEarly: null,
    doses: emptyDoseLedger,
    deliveries: new Map(),
    pumps: [],
    monitors: [],
    baseline: { heartRateBpm: null },
    recentSpo2Max: null,
    nibp: NO_NIBP,
    ecg: NO_ECG_LOOK,
    limits,
    ...parts,
  };
}

export interface Ask {
  readonly level?: string;
  readonly isStanding?: boolean;
  /** For rules about one device; default: the first pump, else the first monitor. */
  readonly subject?: DevicePicture;
}

/** What one level of a rule says about one scene, without delays. */
export function ask(rule: Rule, about: Scene, options: Ask = {}): Judgement {
  const level =
    options.level === undefined
      ? rule.levels[0]
      : rule.levels.find(({ name }) => name === options.level);
  if (level === undefined) throw new Error(`${rule.id} has no level ${options.level}`);
  const subject =
    rule.subject === 'bed'
      ? null
      : (options.subject ?? about.pumps[0] ?? about.monitors[0] ?? null);
  return level.judge(about, subject, options.isStanding ?? false);
}

/** `present`, `absent`, or why it cannot tell. */
export const answer = (judgement: Judgement): string =>
  judgement.presence === 'undetermined' ? judgement.because : judgement.presence;

/** A bed over time: looked at four times a second, as the gateway does. */
export class Story {
  memory = emptyMemory;
  nowMs = NOW;
  readonly sceneAt: (nowMs: number) => Scene;

  constructor(sceneAt: (nowMs: number) => Scene) {
    this.sceneAt = sceneAt;
  }

  /** One look now. */
  look(ruleId: RuleId, deviceId: string | null = null): Verdict {
    const { memory, findings } = evaluateBed(this.memory, this.sceneAt(this.nowMs));
    this.memory = memory;
    const found = findings.find((it) => it.ruleId === ruleId && it.deviceId === deviceId);
    if (found === undefined) throw new Error(`${ruleId} said nothing about ${deviceId}`);
    return found.verdict;
  }

  /** Time passes; answers after how many ms the rule was first present with this priority. */
  firstPresent(
    ruleId: RuleId,
    withinMs: number,
    priority?: AlarmPriority,
    deviceId: string | null = null,
  ): number | null {
    const fromMs = this.nowMs;
    for (; this.nowMs <= fromMs + withinMs; this.nowMs += 250) {
      const verdict = this.look(ruleId, deviceId);
      if (verdict.presence !== 'present') continue;
      if (priority === undefined || verdict.priority === priority) return this.nowMs - fromMs;
    }
    return null;
  }

  /** Time passes; the rule's last answer. */
  after(ms: number, ruleId: RuleId, deviceId: string | null = null): Verdict {
    let verdict = this.look(ruleId, deviceId);
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.nowMs += 250;
      verdict = this.look(ruleId, deviceId);
    }
    return verdict;
  }
}

/** Shifts a picture made for NOW to another moment: the same device, seen later. */
export function later(picture: DevicePicture, ms: number): DevicePicture {
  const { port, lastFrameAtMs, pumpStatus, alerts } = picture;
  return {
    ...picture,
    port: { ...port, sinceMs: port.sinceMs + ms },
    lastFrameAtMs: lastFrameAtMs === null ? null : lastFrameAtMs + ms,
    pumpStatus: pumpStatus === null ? null : { ...pumpStatus, atMs: pumpStatus.atMs + ms },
    alerts: alerts === null ? null : { ...alerts, atMs: alerts.atMs + ms },
    metrics: new Map(
      [...picture.metrics].map(([code, seen]) => [code, { ...seen, atMs: seen.atMs + ms }]),
    ),
  };
}

/** The device polled once a second: what it told last is at most a second old. */
export const polled = (picture: DevicePicture, nowMs: number): DevicePicture =>
  later(picture, Math.floor((nowMs - NOW) / 1_000) * 1_000);

/** Every text keeps its promise of length. */
export function expectFits(judgement: Judgement): void {
  if (judgement.presence !== 'present') return;
  const { text, textShort, detail } = judgement.message;
  expect(text.length, text).toBeLessThanOrEqual(40);
  expect(textShort.length, textShort).toBeLessThanOrEqual(24);
  expect(detail.length, detail).toBeLessThanOrEqual(70);
}

/** Nothing is asked of the cuff and it says nothing. */
export const NO_NIBP: NibpHistory = {
  lastReadingAtMs: null,
  supervisedSinceMs: null,
  intervalMs: null,
  cycleMs: undefined,
  isMeasuring: false,
  failures: 0,
  lastFailure: null,
};
