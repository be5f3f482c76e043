import { describe, expect, test } from 'vitest';
import { inf, longestGapMs, noAlarm, pump, silent, Talk } from './alaris-asena-talk.ts';

describe('alarms', () => {
  const alerts = (talk: Talk) =>
    talk.of('alerts').map((seen) => seen.alerts.map(({ code }) => code));

  test('no alarm is an empty list', () => {
    expect(alerts(new Talk(pump()).open().runTo(900))).toEqual([[]]);
  });

  test('flag A asks for the alarm at once, though it is not due', () => {
    let isOccluded = false;
    const occluding = pump({
      INF: () => (isOccluded ? inf({ notice: 'A', mode: 'HLD', rate: '0.00' }) : inf()),
      ALARM: () => (isOccluded ? ['ALARM', 'AL_OCCLU', '', ''] : noAlarm),
    });
    const talk = new Talk(occluding).open().runTo(1_500).from();
    isOccluded = true;
    talk.runTo(2_100);
    expect(talk.sent.map(({ word }) => word)).toEqual(['INF', 'ALARM']);
    expect(talk.of('alerts')).toEqual([
      expect.objectContaining({
        alerts: [{ code: 'AL_OCCLU', text: 'Occlusion', ruleId: 'PMP-01', priority: 'high' }],
      }),
    ]);

    talk.from().runTo(12_100);
    expect(talk.asked('ALARM')).toHaveLength(10);

    isOccluded = false;
    talk.from().runTo(13_100);
    expect(alerts(talk)).toEqual([[]]);
  });

  test('an unknown code is shown raw at high priority', () => {
    const talk = new Talk(
      pump({
        INF: () => inf({ notice: 'A' }),
        ALARM: () => ['ALARM', 'AL_WOOFF', '', ''],
      }),
    );
    expect(talk.open().runTo(900).of('alerts')[0]?.alerts).toEqual([
      { code: 'AL_WOOFF', text: 'AL_WOOFF', ruleId: 'PMP-10', priority: 'high' },
    ]);
  });

  test('flag A and AL_NOALM: INF and ALARM are asked once more, then the contradiction is an alert', () => {
    const talk = new Talk(pump({ INF: () => inf({ notice: 'A' }) })).open().runTo(900);
    expect(talk.sent.map(({ word }) => word).slice(0, 4)).toEqual(['INF', 'ALARM', 'INF', 'ALARM']);
    expect(talk.of('alerts')).toHaveLength(1);
    expect(talk.of('alerts')[0]?.alerts).toMatchObject([
      { code: 'INF-A/AL_NOALM', ruleId: 'PMP-10', priority: 'medium' },
    ]);
  });

  test('an alarm that ended between the two replies is no contradiction', () => {
    let isFlagged = true;
    const ending = pump({
      INF: () => inf({ notice: isFlagged ? 'A' : '-' }),
      ALARM: () => {
        isFlagged = false;
        return noAlarm;
      },
    });
    const talk = new Talk(ending).open().runTo(5_000);
    expect(alerts(talk).flat()).toEqual([]);
    expect(alerts(talk).length).toBeGreaterThan(0);
  });

  test('a flag letter that nobody knows is treated as an alarm', () => {
    const talk = new Talk(pump({ INF: () => inf({ notice: 'M' }) })).open().runTo(900);
    expect(alerts(talk)).toEqual([['INF-M/AL_NOALM']]);
  });

  test('flag A and no answer to ALARM: after 1 s an alarm that is not named, high', () => {
    const talk = new Talk(pump({ INF: () => inf({ notice: 'A' }), ALARM: silent })).open();
    talk.runTo(1_100);
    expect(talk.of('alerts')[0]?.alerts).toMatchObject([
      { code: 'INF-A', ruleId: 'PMP-10', priority: 'high' },
    ]);
    talk.runTo(20_000);
    expect(talk.of('alerts')).toHaveLength(1);
    expect(longestGapMs(talk.asked('INF'))).toBeLessThanOrEqual(3_000);
  });

  test('flag A and an ALARM reply without a code: rejected, and an alarm that is not named', () => {
    const talk = new Talk(
      pump({ INF: () => inf({ notice: 'A' }), ALARM: () => ['ALARM', ' ', ''] }),
    );
    talk.open().runTo(900);
    expect(talk.of('frame-rejected')).toMatchObject([{ reason: 'malformed' }]);
    expect(alerts(talk)).toEqual([['INF-A']]);
  });

  test('a named alarm stays named when one ALARM reply is lost', () => {
    let replies = 0;
    const once = pump({
      INF: () => inf({ notice: 'A' }),
      ALARM: () => (replies++ === 0 ? ['ALARM', 'AL_OCCLU', '', ''] : undefined),
    });
    expect(alerts(new Talk(once).open().runTo(10_000))).toEqual([['AL_OCCLU']]);
  });

  test('an alarm that only INF showed ends with INF', () => {
    let isFlagged = true;
    const mute = pump({ INF: () => inf({ notice: isFlagged ? 'A' : '-' }), ALARM: silent });
    const talk = new Talk(mute).open().runTo(5_000);
    isFlagged = false;
    expect(alerts(talk.runTo(10_000))).toEqual([['INF-A'], []]);
  });
});
