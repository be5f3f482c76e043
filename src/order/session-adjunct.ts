import * as z from 'zod';
import { HOUR_MS, MINUTE_MS } from './iso-duration.ts';
import type { OrderDocument } from './order-schema.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const words = (what: string, max: number) =>
  z.string(`write ${what}`).trim().min(1, `write ${what}`).max(max, `at most ${max} characters`);

const Adjunct = z.strictObject({
  drug: words('the name of the drug', 60),
  doseMg: z.number('write the dose as a plain number in mg'),
  route: words('the route, such as oral', 40),
  /** Left out, it is now. */
  givenAt: z.iso
    .datetime({ offset: true, error: 'write a time such as "2026-11-20T08:00:00Z"' })
    .optional(),
});

/**
 * A single dose, mg, beyond which the number is a slip: micrograms as milligrams, a point lost. These are
 * no dose limits: each is several times what is given at once (engineering proposal).
 */
const ABSURD_MG: readonly (readonly [name: string, mg: number])[] = [
  ['clonidine', 1],
  ['dexmedetomidine', 1],
  ['midazolam', 30],
  ['lorazepam', 20],
  ['diazepam', 100],
  ['ondansetron', 40],
  ['granisetron', 20],
  ['metoclopramide', 100],
  ['droperidol', 20],
  ['haloperidol', 50],
  ['dexamethasone', 100],
  ['glycopyrrol', 5],
  ['ketorolac', 200],
];
/** Of anything else. */
const ABSURD_ANY_MG = 5_000;

/** The clock of who writes may be a little ahead. */
const AHEAD_MS = MINUTE_MS;
/** A premedication is given shortly before; what is older belongs to another record. */
const BEFORE_MS = 12 * HOUR_MS;

/** A drug that was given beside the infusion: recorded with dose, route and time, not watched. */
export function decideAdjunct(call: SessionCall): SessionDecision {
  const { order, recovery, wallMs } = call;
  const read = readSessionBody(Adjunct, call.body);
  if (!read.ok) return read;
  const session = order ?? recovery;
  if (session === null) return refusedCall(409, 'nobody-here', 'There is no session on this bed.');
  const { drug, doseMg, route, givenAt } = read.value;
  const absurdMg = absurdFrom(drug);
  if (doseMg <= 0 || doseMg > absurdMg) {
    const message = `${drug} ${doseMg} mg cannot be a single dose; write mg, more than 0 and at most ${absurdMg}.`;
    return refusedCall(422, 'impossible', message, 'doseMg');
  }
  const givenAtWallMs = givenAt === undefined ? wallMs : Date.parse(givenAt);
  if (givenAtWallMs > wallMs + AHEAD_MS) {
    const message = `${givenAt} is in the future; write down what was given, when it was given.`;
    return refusedCall(422, 'future', message, 'givenAt');
  }
  const beganAtWallMs = order?.activatedAtWallMs ?? recovery?.startedAtWallMs ?? wallMs;
  if (givenAtWallMs < beganAtWallMs - BEFORE_MS) {
    const message = `${givenAt} is more than 12 h before this session; check the date.`;
    return refusedCall(422, 'too-long-ago', message, 'givenAt');
  }
  const note = toldOf(drug, doseMg, session.document);
  const given = { drug, doseMg, route, givenAtWallMs };
  return {
    ok: true,
    events: [{ type: 'adjunct-given', orderId: session.orderId, ...given }],
    ...(note === undefined ? {} : { note }),
  };
}

const absurdFrom = (drug: string): number =>
  ABSURD_MG.find(([name]) => drug.toLowerCase().includes(name))?.[1] ?? ABSURD_ANY_MG;

/** Recorded as it was given; what does not agree with the order is told. */
function toldOf(drug: string, doseMg: number, document: OrderDocument): string | undefined {
  const isSame = (name: string) => name.trim().toLowerCase() === drug.toLowerCase();
  if (drug.toLowerCase().includes('ketamine'))
    return 'Recorded. It does not count in the amount of ketamine given, which comes from the pump.';
  const { adjuncts } = document;
  if (adjuncts === undefined) return undefined;
  const ordered = adjuncts.filter((adjunct) => isSame(adjunct.drug));
  if (ordered.length === 0) return `Recorded. ${drug} is not among the adjuncts of this order.`;
  if (ordered.some((adjunct) => adjunct.doseMg === doseMg)) return undefined;
  const doses = ordered.map((adjunct) => `${adjunct.doseMg} mg`).join(' or ');
  return `Recorded. The order says ${doses} of ${drug}, ${doseMg} mg was given.`;
}
