import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { doseLimits } from './rule-limits/doses.ts';
import { identityLimits } from './rule-limits/identity.ts';
import { floored, forwarded, Priority, plain, rule, seconds, timing } from './rule-limits/kit.ts';
import { rateLimits } from './rule-limits/rate.ts';
import { sessionLimits } from './rule-limits/session.ts';
import { stepLimits } from './rule-limits/steps.ts';

/**
 * Thresholds, delays and priorities of the alarm rules (config/alarm-limits.yaml). Delays are in
 * seconds. A floor is the least safe value that the file may set; crossing it refuses the start.
 */
export const AlarmLimits = z
  .strictObject({
    version: z.int().min(1),
    releasedBy: z.array(z.string().min(1)).length(2, 'two people release alarm limits; name both'),
    rules: z.strictObject({
      ...rateLimits,
      ...stepLimits,
      ...doseLimits,
      ...identityLimits,
      ...sessionLimits,
      'VIT-01': rule({
        low: z.strictObject({
          ...timing,
          below: floored(50, 100, { atLeast: 90 }),
          clearAt: z.number().min(50).max(100),
        }),
      }),
      'VIT-02': rule({
        severe: z.strictObject({ ...timing, below: floored(50, 100, { atLeast: 85 }) }),
        drop: z.strictObject({
          ...timing,
          points: z.number().min(2).max(10),
          below: z.number().min(85).max(100),
        }),
      }),
      'VIT-03': rule({
        raised: z.strictObject({
          ...timing,
          factor: z.number().min(1.05).max(2),
          clearFactor: z.number().min(1).max(2),
        }),
        long: z.strictObject({
          ...timing,
          factor: z.number().min(1.05).max(2),
          clearFactor: z.number().min(1).max(2),
        }),
        far: z.strictObject({
          ...timing,
          factor: z.number().min(1.05).max(2),
          clearFactor: z.number().min(1).max(2),
        }),
      }),
      'VIT-04': rule({
        limits: z.strictObject({
          ...timing,
          high: floored(60, 250, { atMost: 150 }),
          low: floored(20, 100, { atLeast: 40 }),
        }),
        severe: z.strictObject({
          ...timing,
          high: floored(60, 250, { atMost: 160 }),
          low: floored(20, 100, { atLeast: 30 }),
        }),
      }),
      'VIT-07': rule({
        late: z.strictObject({ ...timing, lateByS: seconds(900) }),
        overdue: z.strictObject({ ...timing, lateByS: seconds(900) }),
        none: plain,
      }),
      'VIT-08': rule({
        failed: z.strictObject({ ...timing, inARow: z.int().min(1).max(5) }),
      }),
      'VIT-14': rule({
        asystole: z.strictObject({ ...timing, withoutBeatS: z.number().min(3).max(8) }),
        fibrillation: z.strictObject({ ...timing, seconds: z.int().min(1).max(6) }),
      }),
      'VIT-15': rule({
        differ: z.strictObject({ ...timing, by: z.number().min(10).max(50) }),
      }),
      'PMP-01': forwarded,
      'PMP-02': forwarded,
      'PMP-03': forwarded,
      'PMP-04': forwarded,
      'PMP-05': forwarded,
      'PMP-06': forwarded,
      'PMP-07': forwarded,
      'PMP-08': forwarded,
      'PMP-09': forwarded,
      'PMP-10': forwarded,
      'PMP-11': z.strictObject({
        latching: z.boolean(),
        priorityAtLeast: Priority,
        levels: z.strictObject({ cleared: plain }),
      }),
      'VIT-10': forwarded,
      'VIT-13': forwarded,
      'MON-01': rule({ lost: plain, long: plain }),
      'MON-02': rule({ silent: plain, long: plain }),
      'MON-03': forwarded,
      'MON-04': z.strictObject({
        latching: z.boolean(),
        priorityAtLeast: Priority,
        levels: z.strictObject({ off: plain }),
      }),
      'MON-05': forwarded,
      'MON-07': rule({ step: plain }),
      'MON-08': rule({ simulated: plain }),
      'MON-09': rule({ changed: plain }),
      'MON-10': forwarded,
      'MON-12': rule({ unread: plain }),
      'MON-13': rule({ gone: plain }),
    }),
  })
  .superRefine(({ rules }, context) => {
    const complain = (path: readonly string[], message: string): void => {
      context.addIssue({ code: 'custom', path: ['rules', ...path], message });
    };
    const low = rules['VIT-01'].levels.low;
    if (low.clearAt < low.below)
      complain(
        ['VIT-01', 'levels', 'low', 'clearAt'],
        `clearAt ${low.clearAt} is below the limit ${low.below}`,
      );
    if (rules['VIT-02'].levels.severe.below > low.below)
      complain(
        ['VIT-02', 'levels', 'severe', 'below'],
        `severe begins before low (VIT-01, ${low.below})`,
      );
    // A clear limit beyond the limit would end the alarm while its condition stands.
    const clearing: readonly (readonly [RuleId, string, string, number, number])[] = [
      ...(['ORD-01', 'ORD-02'] as const).flatMap((id) =>
        Object.entries(rules[id].levels).map(
          ([level, it]) =>
            [id, level, 'clearFraction', it.clearFraction, it.aboveFraction] as const,
        ),
      ),
      ...Object.entries(rules['ORD-03'].levels).map(
        ([level, it]) =>
          ['ORD-03', level, 'clearFraction', it.clearFraction, it.belowFraction] as const,
      ),
      ...Object.entries(rules['VIT-03'].levels).map(
        ([level, it]) => ['VIT-03', level, 'clearFactor', it.clearFactor, it.factor] as const,
      ),
    ];
    for (const [id, level, field, clearAt, limit] of clearing) {
      if (clearAt > limit)
        complain([id, 'levels', level, field], `${clearAt} is beyond the limit ${limit} itself`);
    }
    const { limits, severe } = rules['VIT-04'].levels;
    if (severe.high < limits.high || severe.low > limits.low) {
      complain(
        ['VIT-04', 'levels', 'severe'],
        'the severe limits lie inside of the others; widen them',
      );
    }
    if (limits.low >= limits.high)
      complain(['VIT-04', 'levels', 'limits'], 'the low limit is not below the high one');
    if (rules['ORD-02'].levels.severe.aboveFraction < rules['ORD-01'].levels.over.aboveFraction) {
      complain(
        ['ORD-02', 'levels', 'severe', 'aboveFraction'],
        'severe begins before moderate (ORD-01)',
      );
    }
  });
export type AlarmLimits = z.output<typeof AlarmLimits>;
export type RuleId = keyof AlarmLimits['rules'];

/** The part that the condition timer needs. */
export interface LevelTiming {
  readonly priority: z.output<typeof Priority>;
  readonly onDelayS: number;
  readonly minSamples: number;
  readonly offDelayS: number;
}

export interface LimitsProblem {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** YAML text → limits, or every problem with its line. */
export function parseAlarmLimits(
  text: string,
):
  | { readonly ok: true; readonly value: AlarmLimits }
  | { readonly ok: false; readonly problems: readonly LimitsProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    return {
      ok: false,
      problems: [
        { path: '', line, message: `This is not valid YAML: ${broken.message.split('\n')[0]}` },
      ],
    };
  }
  const result = AlarmLimits.safeParse(document.toJS());
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    problems: result.error.issues.map((issue) => {
      const line = lineOf(document, lines, issue.path);
      return {
        path: issue.path.join('.'),
        ...(line === undefined ? {} : { line }),
        message:
          issue.code === 'unrecognized_keys'
            ? `There is no setting ${issue.keys.join(', ')} here; check the spelling or remove it.`
            : `${issue.message}.`,
      };
    }),
  };
}

/** The line of a setting, or of the nearest one around it when it is missing. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length) as (string | number)[], true) as
      | { range?: readonly number[] | null }
      | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}
