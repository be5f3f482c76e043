import type { RuleId } from './limits.ts';

interface Relation {
  readonly above: RuleId;
  readonly below: RuleId;
  /** Same device, or anywhere on the same bed. */
  readonly within: 'device' | 'bed';
  readonly because: string;
}

/**
 * Which alarm goes below which other while both stand (root cause and grouping). A grouped alarm keeps
 * its record, is shown as inhibited with the one above it, and surfaces at once when that ends.
 *
 * What is not in this table is never inhibited. Over-infusion (ORD-02, -07, -18, -21) and vital signs
 * stay as they are when a device is lost: loss of data clears nothing and hides nothing.
 */
export const RELATIONS: readonly Relation[] = [
  {
    above: 'ORD-02',
    below: 'ORD-01',
    within: 'bed',
    because: 'the same deviation, told more strongly',
  },
  ...sameCause(
    ['ORD-13', 'ORD-15', 'ORD-18'],
    ['ORD-01', 'ORD-02', 'ORD-03', 'ORD-04', 'ORD-05'],
    'with the wrong drug or bag, or none ordered, the rate in mg/h is no rate of the order',
  ),
  ...sameCause(
    ['ORD-02'],
    ['ORD-04', 'ORD-05', 'ORD-06'],
    'the same deviation, told more strongly',
  ),
  ...sameCause(['ORD-04'], ['ORD-01', 'ORD-03'], 'the step that was not made is the deviation'),
  ...sameCause(['ORD-05', 'ORD-06'], ['ORD-01', 'ORD-03'], 'the wrong step is the deviation'),
  ...sameCause(['ORD-07'], ['ORD-08'], 'what is above the hard limit is above the soft one'),
  ...sameCause(['ORD-21'], ['ORD-04'], 'a stop that was not made is an infusion after the end'),
  ...sameCause(['ORD-24'], ['ORD-03'], 'KVO explains the missing rate'),
  { above: 'ORD-22', below: 'ORD-03', within: 'bed', because: 'a stop explains the missing rate' },
  {
    above: 'ORD-12',
    below: 'ORD-25',
    within: 'device',
    because: 'the same volume, told more strongly',
  },
  {
    above: 'ORD-12',
    below: 'ORD-11',
    within: 'device',
    because: 'free flow explains the volume',
  },
  {
    above: 'ORD-25',
    below: 'ORD-11',
    within: 'device',
    because: 'a bolus explains the volume',
  },
  {
    above: 'ORD-09',
    below: 'ORD-10',
    within: 'bed',
    because: 'what is given is more than what will be',
  },
  {
    above: 'ORD-02',
    below: 'ORD-10',
    within: 'bed',
    because: 'the rate explains the projection',
  },
  {
    above: 'ORD-01',
    below: 'ORD-10',
    within: 'bed',
    because: 'the rate explains the projection',
  },
  {
    above: 'VIT-02',
    below: 'VIT-01',
    within: 'bed',
    because: 'the same desaturation, told more strongly',
  },
  {
    above: 'ORD-19',
    below: 'MON-09',
    within: 'device',
    because: 'whose device it is explains that it is another one',
  },
  {
    above: 'MON-01',
    below: 'MON-02',
    within: 'device',
    because: 'a pulled cable explains the silence',
  },
];

function sameCause(
  causes: readonly RuleId[],
  effects: readonly RuleId[],
  because: string,
): readonly Relation[] {
  return causes.flatMap((above) =>
    effects.map((below) => ({ above, below, within: 'bed' as const, because })),
  );
}
