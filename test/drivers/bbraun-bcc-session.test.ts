import { describe, expect, test } from 'vitest';
import type { BccOptions, BccState } from '../../drivers/bbraun-bcc/conversation.ts';
import { bccQueries } from '../../drivers/bbraun-bcc/queries.ts';
import { bccSession } from '../../drivers/bbraun-bcc/session.ts';
import type { Step } from '../../src/driver/contract.ts';
import type { ChannelEvent, DeviceEvent } from '../../src/observation/device-event.ts';
import { said } from './bbraun-bcc-kit.ts';

/** A session with its clock: wakes are given when they are asked for. */
class Talk {
  readonly sent: { readonly atMs: number; readonly name: string }[] = [];
  events: ChannelEvent[] = [];
  state: BccState;
  readonly #session: ReturnType<typeof bccSession>;
  #wakeAtMs: number | undefined;
  nowMs = 0;

  constructor(channels: readonly string[] = ['11'], options: Partial<BccOptions> = {}) {
    this.#session = bccSession({ stuffing: 'auto', mode: 'request', ...options }, channels);
    this.state = this.#session.initial;
    this.#take(this.#session.step(this.state, { kind: 'opened', atMs: 0 }));
  }

  hear(frame: Uint8Array): this {
    this.events = [];
    this.#take(this.#session.step(this.state, { kind: 'frame', atMs: this.nowMs, frame }));
    return this;
  }

  say(kind: 'closed' | 'opened'): this {
    this.#take(this.#session.step(this.state, { kind, atMs: this.nowMs }));
    return this;
  }

  /** Lets so much time pass. */
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    while (this.#wakeAtMs !== undefined && this.#wakeAtMs <= untilMs) {
      this.nowMs = this.#wakeAtMs;
      this.#take(this.#session.step(this.state, { kind: 'wake', atMs: this.nowMs }));
    }
    this.nowMs = untilMs;
    return this;
  }

  /** Opened, ALIVE and VERSION answered, MEM:GET asked. */
  polled(stuffing = false): this {
    this.wait(50).hear(said(['88,50100,GNACK,0'], { stuffing }));
    this.wait(650).hear(said(['89,50100,V3.36'], { stuffing }));
    return this.wait(600);
  }

  get last(): string | undefined {
    return this.sent.at(-1)?.name;
  }
  kinds(channel?: string): readonly string[] {
    return this.events.filter((event) => event.channel === channel).map(({ kind }) => kind);
  }
  find<K extends DeviceEvent['kind']>(kind: K, channel?: string) {
    return this.events.find((event) => event.kind === kind && event.channel === channel);
  }

  #take(step: Step<BccState>): void {
    this.state = step.state;
    this.#wakeAtMs = step.wakeAtMs;
    this.events.push(...step.events);
    for (const bytes of step.send) {
      this.sent.push({ atMs: this.nowMs, name: bccQueries.nameOf(bytes) ?? 'NOT ON THE LIST' });
    }
  }
}

const pump = (slot: string, ...values: readonly string[]): readonly string[] =>
  values.map((value) => `90,501${slot},${value}`);
const block = (slot: string, isLast = true, rate = '8.00'): Uint8Array =>
  said(pump(slot, `INRT,${rate}`, 'INM3,1'), { isLast });
const spoil = (frame: Uint8Array): Uint8Array => {
  const bad = Uint8Array.from(frame);
  bad[20] = (bad[20] ?? 0) ^ 1;
  return bad;
};

describe('how a session begins', () => {
  test('ALIVE, ACK, VERSION, ACK, MEM:GET, with the pauses of the maker', () => {
    const talk = new Talk().polled(true);
    expect(talk.sent).toEqual([
      { atMs: 0, name: 'ADMIN:ALIVE stuffed' },
      { atMs: 150, name: 'ACK' },
      { atMs: 650, name: 'ADMIN:VERSION stuffed' },
      { atMs: 800, name: 'ACK' },
      { atMs: 1_300, name: 'MEM:GET stuffed' },
    ]);
  });

  test('the bed id of the answer is used from then on', () => {
    const talk = new Talk().wait(10).hear(said(['1,50100,GNACK,0'], { bedId: 'Ward/3' }));
    talk.wait(700);
    expect(talk.last).toBe('ADMIN:VERSION');
    expect(talk.state.bedId).toBe('Ward/3');
  });

  test('auto: silence, then the other form; whichever is answered stays', () => {
    const talk = new Talk().wait(7_000);
    expect(talk.sent.map(({ name }) => name)).toEqual([
      'ADMIN:ALIVE stuffed',
      'ADMIN:ALIVE',
      'ADMIN:ALIVE stuffed',
    ]);
    talk.wait(2_500).hear(said(['88,50100,GNACK,0'], { bedId: 'W1' }));
    expect(talk.last).toBe('ADMIN:ALIVE');
    // Nothing in this answer can be stuffed: the form that was answered is the setting.
    talk.wait(700);
    expect(talk.last).toBe('ADMIN:VERSION');
  });

  test('auto: an error to the first form tells the setting by itself', () => {
    const talk = new Talk().wait(50).hear(said(['1,50100,GNERR,68'], { bedId: 'W1' }));
    expect(talk.kinds()).toEqual(['frame-accepted', 'reply-missed']);
    talk.wait(1_000);
    expect(talk.sent.map(({ name }) => name)).toEqual([
      'ADMIN:ALIVE stuffed',
      'ACK',
      'ADMIN:ALIVE',
    ]);
    const other = new Talk().wait(50).hear(said(['1,50100,GNERR,68'], { stuffing: true }));
    other.wait(1_000);
    expect(other.last).toBe('ADMIN:ALIVE stuffed');
  });

  test.each([
    ['on', 'ADMIN:ALIVE stuffed'],
    ['off', 'ADMIN:ALIVE'],
  ] as const)('stuffing: %s never tries the other form', (stuffing, name) => {
    const talk = new Talk(['11'], { stuffing }).wait(20_000);
    expect(new Set(talk.sent.map((one) => one.name))).toEqual(new Set([name]));
    expect(talk.sent.length).toBe(7);
    talk.hear(said(['1,50100,GNACK,0', '1,50100,X,D'], { stuffing: stuffing === 'off' }));
    expect(talk.kinds()).toEqual(['frame-rejected']);
  });

  test('an answer that is not GNACK,0 opens nothing', () => {
    const talk = new Talk().wait(50).hear(said(['1,50100,GNACK,1']));
    talk.wait(2_000);
    expect(talk.last).toBe('ADMIN:ALIVE');
    expect(talk.state.isAlive).toBe(false);
  });

  test('any error to ALIVE is an answer: ALIVE again', () => {
    const talk = new Talk()
      .wait(50)
      .hear(said(['1,50100,GNERR,51']))
      .wait(1_000);
    expect(talk.sent.map(({ name }) => name)).toEqual([
      'ADMIN:ALIVE stuffed',
      'ACK',
      'ADMIN:ALIVE',
    ]);
  });

  test('a version that is never answered costs one time-out and no more', () => {
    const talk = new Talk()
      .wait(50)
      .hear(said(['88,50100,GNACK,0']))
      .wait(3_700);
    expect(talk.find('reply-missed')).toMatchObject({ query: 'ADMIN:VERSION' });
    expect(talk.last).toBe('ADMIN:ALIVE');
    talk.hear(said(['91,50100,GNACK,0'])).wait(600);
    expect(talk.last).toBe('MEM:GET');
  });

  test('ALIVE comes at most once a second, and after opening from the beginning', () => {
    const talk = new Talk();
    for (let time = 0; time < 50; time += 1) talk.wait(100).hear(said(['1,50100,GNERR,68']));
    const alive = talk.sent.filter(({ name }) => name.startsWith('ADMIN:ALIVE'));
    for (const [index, one] of alive.entries()) {
      if (index > 0) expect(one.atMs - (alive[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    talk.say('closed').say('opened');
    expect(talk.last).toBe('ADMIN:ALIVE stuffed');
    expect(talk.state.bedId).toBeNull();
  });
});

describe('polling', () => {
  test('each block is acknowledged after 0.1 s, the next poll comes 0.5 s after the last', () => {
    const talk = new Talk(['11', '12']).polled();
    talk.wait(100).hear(block('11', false));
    talk.wait(200).hear(block('12'));
    talk.wait(700);
    expect(talk.sent.slice(4)).toEqual([
      { atMs: 1_300, name: 'MEM:GET' },
      { atMs: 1_500, name: 'ACK' },
      { atMs: 1_700, name: 'ACK' },
      { atMs: 2_200, name: 'MEM:GET' },
    ]);
  });

  test('first the frame, then who, then the values, all with their channel', () => {
    const talk = new Talk().polled().hear(said(pump('11', 'GNMODEL,688L030007\r', 'INRT,8.00')));
    expect(talk.kinds('11').slice(0, 3)).toEqual(['frame-accepted', 'identity', 'pump-status']);
    expect(talk.find('identity', '11')).toEqual({
      kind: 'identity',
      model: '688L030007',
      firmware: 'BCC V3.36',
      atMs: 1_300,
      channel: '11',
    });
    expect(talk.kinds()).toEqual([]);
  });

  test('records of the ComDevice alone keep no pump alive', () => {
    const talk = new Talk().polled().hear(said(['90,50100,FMNOR,1']));
    expect(talk.events.filter(({ kind }) => kind === 'frame-accepted')).toEqual([
      { kind: 'frame-accepted', atMs: 1_300 },
    ]);
  });

  test('unknown parameters and addresses are skipped', () => {
    const talk = new Talk().polled();
    talk.hear(
      said([
        '90,50100,NEW,x',
        '90,50199,A,1',
        '90,50110,INRT,7.00',
        ...pump('11', 'ZZ,9', 'INRT,2.00', 'INM3,1'),
      ]),
    );
    expect(talk.find('metric', '11')).toMatchObject({ value: 2, validity: 'valid' });
  });

  test('two pumps in one block is no block', () => {
    const talk = new Talk()
      .polled()
      .hear(said([...pump('11', 'INRT,1.00'), ...pump('12', 'INRT,2.00')]));
    expect(talk.events).toEqual([{ kind: 'frame-rejected', reason: 'malformed', atMs: 1_300 }]);
  });

  test('a last block that comes twice ends one answer and gets one ACK', () => {
    const talk = new Talk(['11', '12']).polled().hear(block('11'));
    talk.wait(60).hear(block('11'));
    expect(talk.find('device-gone', '12')).toBeUndefined();
    talk.wait(40);
    expect(talk.sent.at(-1)).toEqual({ atMs: 1_400, name: 'ACK' });
    talk.wait(500);
    expect(talk.sent.at(-1)).toEqual({ atMs: 1_900, name: 'MEM:GET' });
    expect(talk.sent.slice(5)).toHaveLength(2);
  });

  test('an old block behind the last one does not open the answer again', () => {
    const talk = new Talk(['11', '12']).polled().hear(block('12')).hear(block('11', false));
    talk.wait(600);
    expect(talk.sent.at(-1)).toEqual({ atMs: 1_900, name: 'MEM:GET' });
  });

  test('noise behind a good block does not turn its ACK into a NAK', () => {
    const talk = new Talk()
      .polled()
      .hear(block('11', false))
      .hear(spoil(block('11')))
      .wait(500);
    expect(talk.sent.slice(5)).toEqual([{ atMs: 1_400, name: 'ACK' }]);
  });

  test('silence: missed, and ALIVE before the next question', () => {
    const talk = new Talk().polled().wait(2_999);
    expect(talk.last).toBe('MEM:GET');
    talk.wait(1);
    expect(talk.last).toBe('ADMIN:ALIVE');
    expect(talk.find('reply-missed')).toMatchObject({ query: 'MEM:GET', atMs: 4_300 });
  });

  test('a late block is taken and acknowledged, and the next one gets more time', () => {
    const talk = new Talk().polled().wait(3_100).hear(block('11'));
    expect(talk.kinds('11')).toContain('metric');
    talk.wait(100);
    expect(talk.last).toBe('ACK');
    talk.hear(said(['91,50100,GNACK,0'])).wait(600);
    expect(talk.last).toBe('MEM:GET');
    talk.wait(5_999);
    expect(talk.last).toBe('MEM:GET');
    talk.wait(1);
    expect(talk.last).toBe('ADMIN:ALIVE');
  });

  test('error 68: the session is opened again', () => {
    const talk = new Talk()
      .polled()
      .hear(said(['90,50100,GNERR,68']))
      .wait(600);
    expect(talk.sent.slice(-2).map(({ name }) => name)).toEqual(['ACK', 'ADMIN:ALIVE']);
  });

  test("another rack's block is not taken, and who is there is asked again", () => {
    const talk = new Talk().polled();
    talk.hear(said(pump('11', 'INRT,99.00', 'INM3,1'), { bedId: 'BED08' }));
    expect(talk.events).toEqual([{ kind: 'frame-rejected', reason: 'unexpected', atMs: 1_300 }]);
    expect(talk.last).toBe('ADMIN:ALIVE');
  });

  test('another bed id after ALIVE: what was there is gone', () => {
    const talk = new Talk(['11', '12']).polled().hear(block('11')).wait(3_700);
    expect(talk.last).toBe('ADMIN:ALIVE');
    talk.hear(said(['3,50100,GNACK,0'], { bedId: 'BED08' }));
    expect(talk.find('device-gone', '11')).toMatchObject({
      reason: 'ComDevice is BED08 now, it was BED07',
    });
    talk.wait(700);
    expect(talk.last).toBe('ADMIN:VERSION');
    talk.hear(said(pump('11', 'INRT,1.00', 'INM3,1'), { bedId: 'BED08' }));
    expect(talk.find('metric', '11')).toMatchObject({ value: 1 });
  });

  test('GNACK that nobody asked for, a frame before ALIVE, a frame while closed', () => {
    const talk = new Talk().polled().hear(said(['90,50100,GNACK,0']));
    expect(talk.kinds()).toEqual(['frame-rejected']);
    expect(new Talk().hear(block('11')).kinds()).toEqual(['frame-rejected']);
    talk.say('closed').hear(block('11'));
    expect(talk.kinds()).toEqual(['frame-rejected']);
  });
});

describe('a bad block', () => {
  test('NAK, the same block again, ACK: nothing is lost', () => {
    const talk = new Talk(['11', '12']).polled().hear(spoil(block('11', false)));
    expect(talk.events).toMatchObject([{ kind: 'frame-rejected', reason: 'checksum' }]);
    talk.wait(100);
    expect(talk.last).toBe('NAK');
    talk.hear(block('11', false)).wait(100);
    expect(talk.last).toBe('ACK');
    expect(talk.kinds('11')).toContain('metric');
  });

  test('three NAKs and no more; then the pumps behind it are asked one by one', () => {
    const talk = new Talk(['11', '12', '13']).polled().hear(block('11', false)).wait(150);
    for (let time = 0; time < 4; time += 1) talk.hear(spoil(block('12', false))).wait(150);
    expect(talk.sent.filter(({ name }) => name === 'NAK')).toHaveLength(3);
    expect(talk.find('reply-missed')).toMatchObject({ query: 'MEM:GET' });
    talk.wait(400);
    expect(talk.last).toBe('MEM:GETSLOT');
    expect(talk.state.asked).toMatchObject({ slot: '12' });
    for (let time = 0; time < 4; time += 1) talk.hear(spoil(block('12'))).wait(150);
    talk.wait(400);
    expect(talk.state.asked).toMatchObject({ slot: '13' });
    talk.hear(block('13')).wait(600);
    expect(talk.kinds('13')).toContain('metric');
    expect(talk.last).toBe('MEM:GET');
  });

  test('NAKs count for one block, not for an answer', () => {
    const talk = new Talk(['11', '12']).polled();
    for (const slot of ['11', '12', '13']) {
      for (let time = 0; time < 3; time += 1) talk.hear(spoil(block(slot, false))).wait(150);
      talk.hear(block(slot, false)).wait(150);
    }
    expect(talk.sent.filter(({ name }) => name === 'NAK')).toHaveLength(9);
    expect(talk.state.asked?.question).toBe('MEM:GET');
  });

  test('a good frame with unreadable records is acknowledged: once more would be no better', () => {
    const talk = new Talk().polled().hear(said(['90,50111']));
    expect(talk.events).toMatchObject([{ kind: 'frame-rejected', reason: 'malformed' }]);
    talk.wait(100);
    expect(talk.last).toBe('ACK');
  });

  test('and the blocks behind it are still asked for', () => {
    const talk = new Talk(['11', '12']).polled().hear(said(['90,50111'], { isLast: false }));
    talk.wait(900);
    expect(talk.last).toBe('ACK');
    talk.hear(block('12')).wait(600);
    expect(talk.kinds('12')).toContain('metric');
    expect(talk.sent.slice(-3).map(({ name }) => name)).toEqual(['ACK', 'ACK', 'MEM:GET']);
  });

  test('two pumps in a block that is not the last: the same', () => {
    const two = said([...pump('11', 'INRT,1.00'), ...pump('12', 'INRT,2.00')], { isLast: false });
    const talk = new Talk(['11', '12']).polled().hear(two).wait(1_000);
    expect(talk.last).toBe('ACK');
  });

  test('noise while nothing is asked gets no NAK', () => {
    const talk = new Talk()
      .polled()
      .hear(block('11'))
      .wait(200)
      .hear(spoil(block('11')))
      .wait(200);
    expect(talk.sent.some(({ name }) => name === 'NAK')).toBe(false);
  });
});

describe('errors and pumps that go', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['39', 'Pump was taken out of slot 12 or cannot be reached'],
    ['41', 'ComDevice cannot talk to the pump in slot 12 (41)'],
    ['77', 'ComDevice reports error 77 for slot 12'],
  ];
  test.each(rows)('%s with an address: that pump is gone, the others are not', (code, reason) => {
    const talk = new Talk(['11', '12']).polled().hear(block('11', false)).wait(150);
    talk.hear(said(pump('12', `GNERR,${code}`)));
    expect(talk.events).toMatchObject([
      { kind: 'frame-accepted' },
      { kind: 'device-gone', channel: '12', reason },
    ]);
    expect(talk.events[0]?.channel).toBeUndefined();
    talk.wait(100);
    expect(talk.last).toBe('ACK');
    talk.wait(500);
    expect(talk.last).toBe('MEM:GET');
    // Said again in the next answer, it is no news.
    talk.hear(said(pump('12', `GNERR,${code}`)));
    expect(talk.find('device-gone', '12')).toBeUndefined();
  });

  test.each([
    ['51', 'ComDevice reports that the rack is not valid (51)'],
    ['99', 'ComDevice reports an error (99)'],
  ])('%s of the ComDevice: nothing is known of any pump', (code, reason) => {
    const talk = new Talk(['11', '12']).polled().hear(said([`90,50100,GNERR,${code}`]));
    expect(talk.events.slice(1)).toMatchObject([
      { kind: 'device-gone', channel: '11', reason },
      { kind: 'device-gone', channel: '12', reason },
    ]);
  });

  test('a pump that is missing in two complete answers is gone, and said so once', () => {
    const talk = new Talk(['11', '12']).polled();
    const gone: (string | undefined)[] = [];
    for (let answer = 0; answer < 4; answer += 1) {
      talk.hear(block('11'));
      gone.push(
        ...talk.events.filter(({ kind }) => kind === 'device-gone').map((one) => one.channel),
      );
      expect(gone).toEqual(answer === 0 ? [] : ['12']);
      talk.wait(700);
    }
    talk.hear(block('12'));
    expect(talk.kinds('12')[0]).toBe('frame-accepted');
  });

  test('only answers in a row count: missed, heard, missed is not gone', () => {
    const talk = new Talk(['11', '12']).polled();
    for (const slot of ['11', '12', '11', '12', '11']) {
      talk.hear(block(slot));
      expect(talk.find('device-gone', '12')).toBeUndefined();
      expect(talk.find('device-gone', '11')).toBeUndefined();
      talk.wait(700);
    }
  });

  test('11, no pumps: the same', () => {
    const talk = new Talk().polled().hear(said(['90,50100,GNERR,11']));
    expect(talk.find('device-gone', '11')).toBeUndefined();
    talk.wait(700).hear(said(['91,50100,GNERR,11']));
    expect(talk.find('device-gone', '11')).toMatchObject({ reason: 'No pump in slot 11' });
  });

  test.each([
    ['11', 'No pump in slot 12'],
    ['811', 'ComDevice has no slot 12'],
  ])('%s to GETSLOT speaks of the slot that was asked', (code, reason) => {
    const talk = new Talk(['11', '12']).polled().hear(block('11', false)).wait(150);
    for (let time = 0; time < 4; time += 1) talk.hear(spoil(block('12'))).wait(150);
    talk.wait(400);
    expect(talk.last).toBe('MEM:GETSLOT');
    talk.hear(said([`90,50100,GNERR,${code}`]));
    expect(talk.find('device-gone', '12')).toMatchObject({ reason });
    expect(talk.find('device-gone', '11')).toBeUndefined();
  });

  test('a pump that comes back tells its alarms anew', () => {
    const talk = new Talk()
      .polled()
      .hear(said(pump('11', 'INA3,1', 'INM3,0')))
      .wait(700);
    const codes = (): readonly string[] => {
      const told = talk.find('alerts', '11');
      return told?.kind === 'alerts' ? told.alerts.map(({ code }) => code) : [];
    };
    expect(codes()).toContain('INA3');
    talk.hear(said(pump('11', 'INM3,0'))).wait(700);
    expect(codes()).toContain('INA3');
    talk.hear(said(pump('11', 'GNERR,39'))).wait(700);
    talk.hear(said(pump('11', 'INM3,0')));
    expect(codes()).toEqual(['ALARMS-NOT-PROVIDED']);
  });
});

describe('the seconds of the ComDevice', () => {
  const at = (timeS: number): Uint8Array => said([`${timeS},50111,INRT,8.00`]);
  const noted = (talk: Talk): boolean => {
    const told = talk.find('alerts', '11');
    return told?.kind === 'alerts' && told.alerts.some(({ code }) => code === 'TIME-BACK');
  };

  test.each([
    [1_000, 1_001, false],
    [1_000, 1_000, false],
    [1_000, 995, false],
    [1_000, 994, true],
    [1_000, 0, true],
  ])('from %i to %i: restarted is %s', (first, second, expected) => {
    const talk = new Talk().polled().hear(at(first)).wait(700).hear(at(second));
    expect(noted(talk)).toBe(expected);
  });

  test('the note says what it is and is over after a minute', () => {
    const talk = new Talk().polled().hear(at(1_000)).wait(700).hear(at(3));
    const told = talk.find('alerts', '11');
    expect(told?.kind === 'alerts' && told.alerts.at(-1)).toEqual({
      code: 'TIME-BACK',
      text: 'ComDevice was restarted',
      ruleId: 'PMP-11',
      priority: 'low',
      latches: true,
    });
    for (let second = 4; second < 60; second += 1) talk.wait(1_000).hear(at(second));
    expect(noted(talk)).toBe(true);
    for (let second = 60; second < 66; second += 1) talk.wait(1_000).hear(at(second));
    expect(noted(talk)).toBe(false);
  });
});

describe('cyclic mode', () => {
  const cyclic = () => {
    const talk = new Talk(['11', '12'], { mode: 'cyclic' });
    talk.wait(50).hear(said(['88,50100,GNACK,0']));
    return talk
      .wait(650)
      .hear(said(['89,50100,V3.36']))
      .wait(700);
  };

  test('only ALIVE, VERSION and ACK are sent; every block gets its ACK', () => {
    const talk = cyclic();
    for (let cycle = 0; cycle < 20; cycle += 1) {
      talk.hear(block('11', false)).wait(200);
      talk.hear(block('12')).wait(4_800);
    }
    const names = talk.sent.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['ADMIN:ALIVE stuffed', 'ADMIN:VERSION', 'ACK']));
    expect(names.filter((name) => name === 'ACK')).toHaveLength(42);
  });

  test('a message about one pump only takes the others not away', () => {
    const talk = cyclic();
    for (let cycle = 0; cycle < 5; cycle += 1) {
      talk.hear(block('11')).wait(1_000);
      expect(talk.find('device-gone', '12')).toBeUndefined();
    }
  });

  test('silence of 12 s: ALIVE', () => {
    const talk = cyclic().hear(block('11')).wait(12_099);
    expect(talk.last).toBe('ACK');
    talk.wait(1);
    expect(talk.last).toBe('ADMIN:ALIVE');
  });

  test('a bad block gets a NAK', () => {
    const talk = cyclic()
      .hear(spoil(block('11')))
      .wait(100);
    expect(talk.last).toBe('NAK');
  });
});

test('a simulated rack says so before its first value', () => {
  const talk = new Talk().wait(50).hear(said(['88,50100,GNACK,0'], { bedId: 'SIM01' }));
  expect(talk.find('identity')).toMatchObject({ mode: 'demo' });
  talk.wait(650).hear(said(pump('11', 'INRT,1.00'), { bedId: 'SIM01' }));
  expect(talk.find('identity', '11')).toMatchObject({ mode: 'demo' });
  const real = new Talk().wait(50).hear(said(['88,50100,GNACK,0']));
  expect(real.find('identity')).not.toHaveProperty('mode');
});
