import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlarmBook,
  AUDIO_PAUSE_MS,
  alarmSignals,
  emptyAlarmBook,
  nextAlarmBook,
  phaseOf,
} from '../../src/alarm/alarm-book.ts';
import type { AlarmEvent } from '../../src/alarm/alarm-event.ts';
import type { AlarmPriority, Verdict } from '../../src/alarm/condition.ts';
import {
  decideAcknowledge,
  decideAlarms,
  decideAudioPause,
  decideSeen,
  type Finding,
} from '../../src/alarm/decide.ts';

const message = {
  text: 'Rate high',
  textShort: 'RATE HIGH',
  detail: 'live 24 mg/h, order 20 mg/h',
};
const at = (wallMs: number) => ({ wallMs, user: 'nurse-a' });

/** A little ward of one bed: each step is one thing that happens. */
class Story {
  book: AlarmBook = emptyAlarmBook;
  wallMs = 1_000_000;
  readonly log: AlarmEvent[] = [];

  rule(
    verdict: Verdict,
    options: { latching?: boolean; ruleId?: string; below?: string; deviceId?: string } = {},
  ): this {
    const finding: Finding = {
      ruleId: options.ruleId ?? 'ORD-02',
      kind: 'physiological',
      latching: options.latching ?? false,
      deviceId: options.deviceId ?? null,
      verdict,
      below:
        options.below === undefined
          ? null
          : { ruleId: options.below, deviceId: options.deviceId ?? null },
    };
    return this.apply(
      decideAlarms(this.book, 'B01', [finding], new Map([['A000001', 250]]), this.wallMs),
    );
  }

  present(priority: AlarmPriority, options = {}): this {
    return this.rule({ presence: 'present', priority, message }, options);
  }

  gone(options = {}): this {
    return this.rule({ presence: 'absent' }, options);
  }

  unknown(because: 'stale' | 'no-order' = 'stale', options = {}): this {
    return this.rule({ presence: 'undetermined', because }, options);
  }

  acknowledge(rev = this.alarm()?.rev ?? 0): this {
    const decision = decideAcknowledge(this.book, [{ alarmId: 'A000001', rev }]);
    if (!decision.ok) throw new Error(decision.code);
    return this.apply(decision.events);
  }

  seen(): this {
    const decision = decideSeen(this.book, [{ alarmId: 'A000001', rev: this.alarm()?.rev ?? 0 }]);
    if (!decision.ok) throw new Error(decision.code);
    return this.apply(decision.events);
  }

  pause(): this {
    const decision = decideAudioPause(this.book, 'B01', this.wallMs);
    if (!decision.ok) throw new Error(decision.code);
    return this.apply(decision.events);
  }

  later(ms: number): this {
    this.wallMs += ms;
    return this;
  }

  apply(events: readonly AlarmEvent[]): this {
    for (const event of events) {
      this.log.push(event);
      this.book = nextAlarmBook(this.book, event, at(this.wallMs));
    }
    return this;
  }

  alarm(id = 'A000001') {
    return this.book.alarms.get(id);
  }

  state() {
    const alarm = this.book.lastChanged;
    if (alarm === null) return { phase: 'none', audible: false, visual: false };
    const shown = this.book.alarms.get(alarm.alarmId) ?? alarm;
    return {
      phase: phaseOf(shown),
      ...alarmSignals(shown, this.book.pauses.get('B01'), this.wallMs),
    };
  }
}

const story = (): Story => new Story();
const latching = { latching: true };

describe('an alarm lives as a nurse would tell it', () => {
  test.each([
    {
      tells: 'a new alarm sounds at once',
      of: story().present('medium'),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'acknowledged is quiet and stays visible',
      of: story().present('medium').acknowledge(),
      phase: 'acknowledged',
      audible: false,
    },
    {
      tells: 'escalation sounds again after acknowledge',
      of: story().present('medium').acknowledge().present('high'),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'de-escalation does not sound again',
      of: story().present('high').acknowledge().present('medium'),
      phase: 'acknowledged',
      audible: false,
    },
    {
      tells: 'a repeat does not undo acknowledge',
      of: story().present('medium').acknowledge().present('medium'),
      phase: 'acknowledged',
      audible: false,
    },
    {
      tells: 'not latching: gone is gone',
      of: story().present('medium').gone(),
      phase: 'ended',
      audible: false,
    },
    {
      tells: 'latching: stays and sounds until a person acted',
      of: story().present('high', latching).gone(latching),
      phase: 'latched',
      audible: true,
    },
    {
      tells: 'latched and acknowledged is quiet and still there until seen',
      of: story().present('high', latching).acknowledge().gone(latching),
      phase: 'latched',
      audible: false,
    },
    {
      tells: 'seen clears what is latched',
      of: story().present('high', latching).gone(latching).seen(),
      phase: 'ended',
      audible: false,
    },
    {
      tells: 'losing sight of the pump ends nothing',
      of: story().present('high').unknown(),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'losing sight of the pump does not undo acknowledge either',
      of: story().present('high').acknowledge().unknown(),
      phase: 'acknowledged',
      audible: false,
    },
    {
      tells: 'an order that is over ends the alarms about it',
      of: story().present('high').unknown('no-order'),
      phase: 'ended',
      audible: false,
    },
    {
      tells: 'a latched alarm that comes back sounds again, acknowledged or not',
      of: story().present('high', latching).acknowledge().gone(latching).present('high', latching),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'one that ended and comes back is a new alarm, not acknowledged',
      of: story().present('medium').acknowledge().gone().present('medium'),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'audio paused is quiet',
      of: story().present('medium').pause(),
      phase: 'active',
      audible: false,
    },
    {
      tells: 'audio paused ends after 120 s, however long the condition stands',
      of: story().present('medium').pause().later(AUDIO_PAUSE_MS).present('medium'),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'escalation breaks the audio pause',
      of: story().present('medium').pause().present('high'),
      phase: 'active',
      audible: true,
    },
    {
      tells: 'a new alarm breaks the audio pause of its bed',
      of: story().present('medium').pause().present('low', { ruleId: 'VIT-03' }),
      phase: 'active',
      audible: true,
    },
  ])('$tells', ({ of, phase, audible }) => {
    expect(of.state()).toEqual({ phase, audible, visual: phase !== 'ended' });
  });

  test('an alarm below another is inhibited, keeps its record and surfaces when the upper one ends', () => {
    const below = { ruleId: 'MON-02', below: 'MON-01', deviceId: 'pump' };
    const above = { ruleId: 'MON-01', deviceId: 'pump' };
    const ward = story().present('medium', above).present('medium', below);
    expect(phaseOf(ward.alarm('A000002') ?? fail())).toBe('inhibited');
    expect(ward.alarm('A000002')?.inhibitedBy).toBe('A000001');
    ward.gone(above).present('medium', below);
    expect(phaseOf(ward.alarm('A000002') ?? fail())).toBe('active');
  });

  test('the worst value is kept with the latched alarm', () => {
    expect(story().present('high', latching).gone(latching).alarm()?.worst).toBe(250);
  });

  test('sound can be paused and extended once, then not before the pause is over', () => {
    const ward = story().present('high').pause().later(1_000).pause();
    expect(() => ward.later(1_000).pause()).toThrow('pause-extended-once');
    expect(ward.book.pauses.get('B01')?.untilWallMs).toBe(1_000_000 + 1_000 + AUDIO_PAUSE_MS);
    expect(() => ward.later(AUDIO_PAUSE_MS).pause()).not.toThrow();
  });
});

describe('an alarm that stands for several alarms of a device', () => {
  const saying = (parts: string): Verdict => ({
    presence: 'present',
    priority: 'medium',
    message: { ...message, parts },
  });

  test('sounds again when another one joins it, also when it was acknowledged', () => {
    const ward = story().rule(saying('AL_LWBAT')).acknowledge().rule(saying('AL_LWBAT AL_NEOIN'));
    expect(ward.state()).toMatchObject({ phase: 'active', audible: true });
  });

  test('stays acknowledged when one of them goes, and sounds when that one is back', () => {
    const ward = story().rule(saying('AL_LWBAT AL_NEOIN')).acknowledge().rule(saying('AL_LWBAT'));
    expect(ward.state()).toMatchObject({ phase: 'acknowledged', audible: false });
    expect(ward.rule(saying('AL_NEOIN AL_LWBAT')).state()).toMatchObject({ audible: true });
  });
});

describe('commands name what was seen', () => {
  test('an old revision is refused and nothing is acknowledged', () => {
    const ward = story().present('medium').present('low', { ruleId: 'VIT-03' }).present('high');
    const decision = decideAcknowledge(ward.book, [
      { alarmId: 'A000002', rev: 1 },
      { alarmId: 'A000001', rev: 1 },
    ]);
    expect(decision).toMatchObject({ ok: false, status: 409, code: 'stale-revision' });
  });

  test('an unknown alarm is 404, one that ended meanwhile is 409', () => {
    const ward = story().present('medium').gone();
    expect(decideAcknowledge(ward.book, [{ alarmId: 'A000001', rev: 1 }])).toMatchObject({
      status: 409,
    });
    expect(decideAcknowledge(ward.book, [{ alarmId: 'A000009', rev: 1 }])).toMatchObject({
      status: 404,
    });
  });

  test('a person cannot clear a condition that stands', () => {
    const ward = story().present('high', latching);
    expect(decideSeen(ward.book, [{ alarmId: 'A000001', rev: 1 }])).toMatchObject({
      ok: false,
      code: 'condition-stands',
    });
  });

  test('acknowledging twice is harmless', () => {
    const ward = story().present('medium').acknowledge();
    const rev = ward.alarm()?.rev ?? 0;
    expect(decideAcknowledge(ward.book, [{ alarmId: 'A000001', rev }])).toEqual({
      ok: true,
      events: [],
    });
  });
});

type Happening =
  | { what: 'present'; priority: AlarmPriority; rule: number }
  | { what: 'gone'; rule: number }
  | { what: 'unknown'; rule: number }
  | { what: 'ack' | 'seen' | 'pause' }
  | { what: 'later'; ms: number };

const RULES = ['ORD-02', 'VIT-01', 'MON-01'];
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    what: fc.constant('present' as const),
    priority: fc.constantFrom<AlarmPriority>('low', 'medium', 'high'),
    rule: fc.nat({ max: 2 }),
  }),
  fc.record({ what: fc.constant('gone' as const), rule: fc.nat({ max: 2 }) }),
  fc.record({ what: fc.constant('unknown' as const), rule: fc.nat({ max: 2 }) }),
  fc.record({ what: fc.constantFrom('ack' as const, 'seen' as const, 'pause' as const) }),
  fc.record({ what: fc.constant('later' as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
);

/** Plays happenings and keeps beside it, in the plainest way, what truly stands. */
function play(happenings: readonly Happening[]) {
  const ward = story();
  const standing = new Set<string>();
  for (const it of happenings as readonly Happening[]) {
    if (it.what === 'later') ward.later(it.ms);
    else if (it.what === 'pause') {
      const decision = decideAudioPause(ward.book, 'B01', ward.wallMs);
      if (decision.ok) ward.apply(decision.events);
    } else if (it.what === 'ack' || it.what === 'seen') {
      const list = [...ward.book.alarms.values()].map(({ alarmId, rev }) => ({ alarmId, rev }));
      const decision =
        it.what === 'ack' ? decideAcknowledge(ward.book, list) : decideSeen(ward.book, list);
      if (decision.ok) ward.apply(decision.events);
    } else {
      const ruleId = RULES['rule' in it ? it.rule : 0] ?? '';
      const options = { ruleId, latching: ruleId === 'ORD-02' };
      if (it.what === 'present') {
        standing.add(ruleId);
        ward.present(it.priority, options);
      } else if (it.what === 'gone') {
        standing.delete(ruleId);
        ward.gone(options);
      } else ward.unknown('stale', options);
    }
  }
  return { ward, standing };
}

describe('for any sequence of events', () => {
  test('no present condition is invisible, and none is silent without a person or for longer than its pause', () => {
    void fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { ward, standing } = play(happenings);
        for (const ruleId of standing) {
          const alarm = [...ward.book.alarms.values()].find((it) => it.ruleId === ruleId);
          expect(alarm?.present).toBe(true);
          if (alarm === undefined) return;
          const signals = alarmSignals(alarm, ward.book.pauses.get('B01'), ward.wallMs);
          expect(signals.visual).toBe(true);
          const afterPause = alarmSignals(
            alarm,
            ward.book.pauses.get('B01'),
            ward.wallMs + AUDIO_PAUSE_MS,
          );
          expect(afterPause.audible || alarm.acknowledged !== null).toBe(true);
        }
      }),
    );
  });

  test('the same events give the same state, and revisions only grow', () => {
    void fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const { ward } = play(happenings);
        const again = play(happenings).ward;
        expect(again.log).toEqual(ward.log);
        expect([...again.book.alarms]).toEqual([...ward.book.alarms]);
      }),
    );
  });
});

function fail(): never {
  throw new Error('the alarm is not there');
}
