import * as z from 'zod';
import type { BaselineValues } from './session-event.ts';
import type { SessionCall, SessionDecision } from './session-life.ts';
import { impossibleIn, numberOrNot, type Scale } from './session-number.ts';
import { readSessionBody, refusedCall } from './session-refusal.ts';

const Baseline = z.strictObject({
  heartRateBpm: numberOrNot('bpm'),
  spo2Percent: numberOrNot('%'),
  systolicMmHg: numberOrNot('mmHg'),
  diastolicMmHg: numberOrNot('mmHg'),
});

/** Of a patient who is awake before an infusion. Wide: what lies outside is a slip, such as a digit too many. */
const SCALES: Readonly<Record<keyof BaselineValues, Scale>> = {
  heartRateBpm: { label: 'Heart rate', unit: 'bpm', min: 25, max: 250 },
  spo2Percent: { label: 'SpO2', unit: '%', min: 60, max: 100 },
  systolicMmHg: { label: 'Systolic pressure', unit: 'mmHg', min: 50, max: 280 },
  diastolicMmHg: { label: 'Diastolic pressure', unit: 'mmHg', min: 20, max: 180 },
};

/** What a nurse says that the patient had before the infusion: confirms what was seen, or corrects it. */
export function decideBaseline({ order, body, seen }: SessionCall): SessionDecision {
  const read = readSessionBody(Baseline, body);
  if (!read.ok) return read;
  if (order === null) {
    const message = 'The infusion is over; a baseline is confirmed while the order is active.';
    return refusedCall(409, 'order-over', message);
  }
  const values = read.value;
  const impossible = impossibleIn(values, SCALES);
  if (impossible !== undefined) return impossible;
  const { systolicMmHg: systolic, diastolicMmHg: diastolic } = values;
  if (systolic !== null && diastolic !== null && diastolic >= systolic) {
    const message = `The diastolic pressure ${diastolic} is not below the systolic ${systolic}; check both.`;
    return refusedCall(422, 'impossible', message, 'diastolicMmHg');
  }
  if (Object.values(values).every((value) => value === null)) {
    const message = 'No number is given; confirm heart rate, SpO2 or blood pressure.';
    return refusedCall(422, 'nothing-said', message);
  }
  const note = differences(values, seen.baseline);
  return {
    ok: true,
    events: [{ type: 'baseline-confirmed', orderId: order.orderId, values }],
    ...(note === undefined ? {} : { note }),
  };
}

/** A confirmed number may differ from what was seen by so much without being told. */
const UNTOLD: Readonly<Record<keyof BaselineValues, (seen: number) => number>> = {
  heartRateBpm: (seen) => seen * 0.2,
  spo2Percent: () => 4,
  systolicMmHg: (seen) => seen * 0.2,
  diastolicMmHg: (seen) => seen * 0.2,
};

/** It stands as it was said; whoever mistyped it reads this. */
function differences(values: BaselineValues, seen: BaselineValues): string | undefined {
  const told = (Object.keys(SCALES) as (keyof BaselineValues)[]).flatMap((field) => {
    const said = values[field];
    const shown = seen[field];
    if (said === null || shown === null || Math.abs(said - shown) <= UNTOLD[field](shown))
      return [];
    const { label, unit } = SCALES[field];
    return [`${label} ${said} ${unit} confirmed, the monitor showed ${shown}`];
  });
  return told.length === 0 ? undefined : `${told.join('; ')}. Correct it if it was mistyped.`;
}
