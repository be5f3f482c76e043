import * as z from 'zod';
import type { OrderDocument } from './order-schema.ts';
import type { ObservationScores } from './session-event.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { impossibleIn, numberOrNot, type Scale } from './session-number.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const score = numberOrNot('points');
const Observation = z.strictObject({
  pain: score,
  affective: score,
  sedation: score,
  dysphoria: score,
  hallucination: score,
  nausea: score,
  headache: score,
  note: z.string('write text').trim().max(500, 'at most 500 characters').nullable().default(null),
});

const upTo = (label: string, max: number): Scale => ({
  label,
  unit: 'points',
  min: 0,
  max,
  isWhole: true,
});

/** Goldberg et al. 2005 for pain and affect; what the points mean stands at `ObservationScores`. */
const SCALES: Readonly<Record<keyof ObservationScores, Scale>> = {
  pain: upTo('Pain', 10),
  affective: upTo('Affective', 4),
  sedation: upTo('Sedation', 4),
  dysphoria: upTo('Dysphoria', 3),
  hallucination: upTo('Hallucination', 3),
  nausea: upTo('Nausea', 3),
  headache: upTo('Headache', 3),
};

/** How the patient is, as a nurse sees and asks it. */
export function decideObservation({ order, recovery, body }: SessionCall): SessionDecision {
  const read = readSessionBody(Observation, body);
  if (!read.ok) return read;
  const session = order ?? recovery;
  if (session === null) return refusedCall(409, 'nobody-here', 'There is no session on this bed.');
  const { note: text, ...scores } = read.value;
  const impossible = impossibleIn(scores, SCALES);
  if (impossible !== undefined) return impossible;
  const note = text === null || text === '' ? null : text;
  if (note === null && Object.values(scores).every((value) => value === null)) {
    return refusedCall(422, 'nothing-said', 'Nothing is noted; give at least one score or a note.');
  }
  const told = order === null ? undefined : toldToHold(scores, order.document);
  return {
    ok: true,
    events: [{ type: 'observation-noted', orderId: session.orderId, scores, note }],
    ...(told === undefined ? {} : { note: told }),
  };
}

/** The order names a sedation beyond which the next step is not to be made; a person judges it. */
function toldToHold({ sedation }: ObservationScores, { holdIf }: OrderDocument) {
  const limit = holdIf?.sedationAbove;
  if (sedation === null || limit === undefined || sedation <= limit) return undefined;
  return `Sedation ${sedation} is above ${limit}: the order says to hold the next step.`;
}
