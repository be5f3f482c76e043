import { describe, expect, test } from 'vitest';
import { NOTHING_SAID, nextSaid } from '../../src/driver/kit/second-reading.ts';

/** Which of the readings are confirmed, with a step of 10. */
function confirmed(readings: readonly (number | null)[]): readonly boolean[] {
  let said = NOTHING_SAID;
  return readings.map((value) => {
    const next = nextSaid(said, value, 10);
    said = next.said;
    return next.isConfirmed;
  });
}

describe('a number counts when a second one is like it', () => {
  test.each([
    ['the first one is alone', [98], [false]],
    ['the second one confirms', [98, 97], [false, true]],
    ['just the step', [98, 88], [false, true]],
    ['more than the step', [98, 87], [false, false]],
    ['one damaged reading among good ones', [98, 98, 18, 98, 98], [false, true, false, true, true]],
    ['a real fall', [98, 98, 70, 69], [false, true, false, true]],
    ['a slow fall', [98, 98, 90, 82, 74], [false, true, true, true, true]],
    ['nothing in between', [98, 98, null, 97], [false, true, false, true]],
    ['nothing in between, then another', [98, 98, null, 60, 60], [false, true, false, false, true]],
    ['never twice the like', [98, 20, 60, 40], [false, false, false, false]],
    ['nothing is never confirmed', [null, null], [false, false]],
  ] as const)('%s', (_, readings, expected) => {
    expect(confirmed(readings)).toEqual(expected);
  });
});
