import type { OrderDocument } from '../order/order-schema.ts';
import { AlarmLimits } from './limits.ts';

/** One alarm limit of an order that cannot be used; the message begins after the field's name. */
export interface OrderLimitProblem {
  /** Into `alarmLimits` of the order. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** `floor`: it is known, and its value is not allowed. */
  readonly kind: 'unknown' | 'floor';
}

type Overrides = NonNullable<OrderDocument['alarmLimits']>;

/**
 * The alarm limits of a bed while an order with limits of its own runs there. Only thresholds of vital
 * signs can be changed for one patient: delays, and what is compared with the order, are the same
 * for everybody. Floors and contradictions are those of the limits file.
 */
export function limitsWithOrder(
  limits: AlarmLimits,
  overrides: Overrides = [],
): { readonly limits: AlarmLimits; readonly problems: readonly OrderLimitProblem[] } {
  if (overrides.length === 0) return { limits, problems: [] };
  const unknown = overrides.flatMap((one, index) => unknownIn(limits, overrides, one, index));
  if (unknown.length > 0) return { limits, problems: unknown };
  const result = AlarmLimits.safeParse(overridden(limits, overrides));
  if (result.success) return { limits: result.data, problems: [] };
  return {
    limits,
    problems: result.error.issues.map(({ path, message }) => {
      const index = overrides.findIndex(({ rule, level, setting }) =>
        [rule, 'levels', level, setting].every((key, at) => path[at + 1] === key),
      );
      // A contradiction may show at a setting beside the one that the order changes.
      const at = index >= 0 ? index : overrides.findIndex(({ rule }) => rule === path[1]);
      const where = path.slice(1).filter((key) => key !== 'levels');
      const says = index >= 0 ? message : `${where.join(' ')}: ${message}`;
      const value = `is ${overrides[Math.max(at, 0)]?.value}`;
      return {
        path: [Math.max(at, 0), 'value'],
        message: `${value}; ${says}`,
        kind: 'floor' as const,
      };
    }),
  };
}

/** Delays and counts of samples are no limits of a patient. */
const TIMING: ReadonlySet<string> = new Set(['onDelayS', 'minSamples', 'offDelayS']);

type Levels = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function levelsOf(limits: AlarmLimits, rule: string): Levels | undefined {
  if (!rule.startsWith('VIT-')) return undefined;
  const found = (limits.rules as Readonly<Record<string, { readonly levels?: Levels }>>)[rule];
  const thresholds = Object.entries(found?.levels ?? {}).filter(
    ([, settings]) => settingsOf(settings).length > 0,
  );
  return thresholds.length === 0 ? undefined : Object.fromEntries(thresholds);
}

const settingsOf = (level: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(level).filter((key) => typeof level[key] === 'number' && !TIMING.has(key));

function unknownIn(
  limits: AlarmLimits,
  overrides: Overrides,
  { rule, level, setting }: Overrides[number],
  index: number,
): readonly OrderLimitProblem[] {
  const wrong = (field: string, value: string, known: readonly string[]): OrderLimitProblem[] => [
    {
      path: [index, field],
      message: `is "${value}"; an order can change ${known.join(', ')} here`,
      kind: 'unknown',
    },
  ];
  const levels = levelsOf(limits, rule);
  if (levels === undefined) {
    const rules = Object.keys(limits.rules).filter((id) => levelsOf(limits, id) !== undefined);
    return wrong('rule', rule, rules);
  }
  const settings = Object.hasOwn(levels, level) ? levels[level] : undefined;
  if (settings === undefined) return wrong('level', level, Object.keys(levels));
  if (!settingsOf(settings).includes(setting))
    return wrong('setting', setting, settingsOf(settings));
  const isSame = (other: Overrides[number]): boolean =>
    other.rule === rule && other.level === level && other.setting === setting;
  if (overrides.findIndex(isSame) === index) return [];
  const message = `is "${setting}" of ${rule} ${level} again; write each limit once`;
  return [{ path: [index, 'setting'], message, kind: 'unknown' }];
}

function overridden(limits: AlarmLimits, overrides: Overrides): unknown {
  const changed = structuredClone(limits) as unknown as {
    rules: Record<string, { levels: Record<string, Record<string, unknown>> }>;
  };
  for (const { rule, level, setting, value } of overrides) {
    const settings = changed.rules[rule]?.levels[level];
    if (settings !== undefined) settings[setting] = value;
  }
  return changed;
}
