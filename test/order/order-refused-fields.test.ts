import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAlarmLimits } from '../../src/check/limits.ts';
import { type MemoryEventLog, memoryEventLog } from '../../src/store/event-log.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { GatewayWard } from '../../src/ward/ward.ts';
import { GONE, having, leavesOf, textOf, WHOLE, wholeAt } from './order-fields.ts';
import { library, shelf } from './order-kit.ts';

const limits = parseAlarmLimits(readFileSync('config/alarm-limits.yaml', 'utf8'));
if (!limits.ok) throw new Error('the shipped limits do not parse');

/** The gateway as it starts from a log. */
function gateway(log: MemoryEventLog): GatewayWard {
  return new GatewayWard({
    gateway: { id: 'gw', site: '', unit: '', build: '', mode: 'information', timeZone: 'UTC' },
    beds: [{ bedId: 'B01', bedMode: 'demo', careArea: 'standard', devices: [] }],
    limits: (limits.ok && limits.value) as never,
    drugLibrary: library(),
    regimens: shelf,
    log,
    timeline: new VirtualTimeline(Date.UTC(2026, 10, 20, 8)),
    onFault: (where, error) => {
      throw new Error(`${where}: ${String(error)}`);
    },
  });
}

const log = memoryEventLog();
const ward = gateway(log);
const nurse = { user: 'nurse.a', roles: ['nurse'] };
const DRAFT = 'D000001';

/** Hands a document in; it must be refused at the field, and kept as it was written. */
async function refused(document: unknown, path: string): Promise<string> {
  const text = JSON.stringify(document);
  const answer = await ward.createOrder(nurse, text, 'json', DRAFT);
  if (answer.ok) throw new Error(`${path} was accepted`);
  expect([400, 422]).toContain(answer.status);
  const problems = answer.detail as readonly { path: string; message: string; value?: unknown }[];
  const found = problems?.find((problem) => problem.path === path);
  expect(found, JSON.stringify(problems)).toBeDefined();
  expect(found?.message.startsWith(`${path} `)).toBe(true);
  // What stands there, and what to do.
  expect(found?.message).toMatch(/[;,] .*\.$/);
  expect(answer.draftId).toBe(DRAFT);
  expect(ward.draft(DRAFT)?.document).toEqual(JSON.parse(text));
  expect(ward.orders({})).toEqual([]);
  return found?.message ?? '';
}

const leaves = leavesOf();

test('the whole order has every field that the schema knows, and would be accepted', async () => {
  const missing = leaves.filter(({ path }) => wholeAt(path) === undefined);
  expect(missing.map(({ path }) => textOf(path))).toEqual([]);
  expect(leaves.length).toBeGreaterThan(50);
  const kept = await ward.saveDraft(nurse, { document: WHOLE });
  expect(kept.ok && kept.value.problems).toEqual([]);
  expect(kept.ok && kept.value.draftId).toBe(DRAFT);
});

const isDuration = (value: unknown): boolean => /^-?P[T\d]/.test(String(value));

const WRONG: readonly (readonly [string, unknown, string])[] = [
  ['a list', [45], '[45]'],
  ['a group', { mg: 45 }, '{"mg":45}'],
  ['empty', '', '""'],
];
const WRONG_NUMBER: typeof WRONG = [
  ['negative', -5, '-5'],
  ['absurd', 1e12, '1000000000000'],
  ['in lb', '156 lb', '"156 lb"'],
  ['with another unit', '5 mL/min', '"5 mL/min"'],
  ['with a decimal comma', '70,8', '"70,8"'],
  ['with commas of thousands', '1,000', '"1,000"'],
  ['in quotes', '45', '"45"'],
  ['a word', 'as needed', '"as needed"'],
  ['yes', true, 'true'],
];
const WRONG_DURATION: typeof WRONG = [
  ['a number', 4, '4'],
  ['negative', '-P9D', '"-P9D"'],
  ['absurd', 'P999D', '"P999D"'],
  ['in words', '4 h', '"4 h"'],
  ['with a comma', 'PT4,5H', '"PT4,5H"'],
];
const WRONG_TEXT: typeof WRONG = [
  ['a number', 1234567, '1234567'],
  ['absurd', 'x'.repeat(500), '"xxx'],
];

function wrongFor(value: unknown): typeof WRONG {
  if (typeof value === 'number') return [...WRONG, ...WRONG_NUMBER];
  if (typeof value === 'boolean') return [...WRONG, ['a word', 'perhaps', '"perhaps"']];
  return [...WRONG, ...(isDuration(value) ? WRONG_DURATION : WRONG_TEXT)];
}

describe('each field is refused with its path, its value and what to do, and the draft is kept', () => {
  const rows = leaves.map(({ path, isRequired }) => ({ path, isRequired, name: textOf(path) }));
  test.each(rows)('$name', async ({ path, isRequired, name }) => {
    const whole = wholeAt(path);
    for (const [what, value, quoted] of wrongFor(whole))
      expect([what, await refused(having(path, value), name)]).toEqual([
        what,
        expect.stringContaining(quoted),
      ]);
    if (!isRequired) return;
    expect(await refused(having(path, GONE), name)).toContain('is missing; ');
    expect(await refused(having(path, null), name)).toBeDefined();
  });
});

afterAll(() => {
  // After all of these and a restart, the last one is still there, and there is one draft and no order.
  const again = gateway(memoryEventLog(log.all()));
  expect(again.draft(DRAFT)).toEqual(ward.draft(DRAFT));
  expect(again.drafts()).toHaveLength(1);
  expect(again.orders({})).toEqual([]);
});
