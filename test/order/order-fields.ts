import { OrderDocument } from '../../src/order/order-document.ts';

/** Every field that an order can have, well filled: day 2 of a course. */
export const WHOLE = {
  patient: {
    id: 'P-1',
    label: 'Patient 01',
    weightKg: 70.8,
    weightMeasuredAt: '2026-11-20T08:00:00Z',
    weightSource: 'measured',
  },
  regimen: 'goldberg-outpatient-10-day',
  setting: 'outpatient-session',
  drug: { name: 'ketamine', form: 'racemic' },
  bag: { drugMg: 45, volumeMl: 500, diluent: 'normal saline' },
  mode: 'mg-total-over',
  steps: [
    {
      ...{ step: 1, at: 'PT0S', dose: 45, over: 'PT4H', mlPerH: 125 },
      ...{ earliest: '-PT2M', latest: 'PT5M', confirm: true, condition: 'awake' },
    },
  ],
  end: 'PT4H',
  plannedStart: '2026-11-24T08:00:00Z',
  validUntil: '2026-11-24T18:00:00Z',
  channels: 1,
  pauseAllowance: 'PT20M',
  holdIf: { spo2Below: 93, systolicAbove: 180, sedationAbove: 2 },
  alarmLimits: [
    {
      ...{ rule: 'VIT-04', level: 'limits', setting: 'low', value: 48 },
      ...{ reason: 'slow heart as an athlete', author: 'dr.c' },
    },
  ],
  limits: { maxMgPerH: 20, maxMgSession: 45, maxMg24h: 45, maxMgCourse: 85, maxMlPerH: 130 },
  bolus: 'none',
  kvo: { allowed: true, maxMlPerH: 3 },
  recovery: 'PT1H',
  nibpInterval: 'PT15M',
  adjuncts: [{ drug: 'clonidine', doseMg: 0.1, route: 'oral', when: 'before the infusion' }],
  course: {
    id: 'O000001',
    day: 2,
    sessions: [
      { day: 1, date: '2026-11-23', plannedMg: 40 },
      { day: 2, date: '2026-11-24', plannedMg: 45 },
    ],
  },
} as const;

export type Key = string | number;

export interface Leaf {
  readonly path: readonly Key[];
  readonly isRequired: boolean;
}

/** What zod tells of one of its schemas. */
interface Node {
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, Node>>;
    readonly element?: Node;
    readonly innerType?: Node;
  };
}

/** Every single value that the schema of an order knows, found in the schema itself. */
export function leavesOf(node: Node = OrderDocument as unknown as Node): readonly Leaf[] {
  return walk(node, [], true);
}

function walk({ def }: Node, path: readonly Key[], isRequired: boolean): readonly Leaf[] {
  const { shape, element, innerType } = def;
  if (innerType !== undefined) return walk(innerType, path, false);
  if (element !== undefined) return walk(element, [...path, 0], isRequired);
  if (shape === undefined) return [{ path, isRequired }];
  // A field of a group that may be left out is still required in that group.
  return Object.entries(shape).flatMap(([key, field]) => walk(field, [...path, key], true));
}

export const GONE = Symbol('left out');

/** The whole order with another value in one place. */
export function having(path: readonly Key[], value: unknown): Readonly<Record<string, unknown>> {
  const written = structuredClone(WHOLE) as unknown as Record<Key, unknown>;
  let at = written;
  for (const key of path.slice(0, -1)) at = at[key] as Record<Key, unknown>;
  const last = path.at(-1) ?? '';
  if (value === GONE) delete at[last];
  else at[last] = value;
  return written;
}

export const textOf = (path: readonly Key[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);

export function wholeAt(path: readonly Key[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<Key, unknown>)?.[key], WHOLE);
}
