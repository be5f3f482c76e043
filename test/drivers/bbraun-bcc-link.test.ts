import { afterEach, describe, expect, test } from 'vitest';
import { bbraunBcc } from '../../drivers/bbraun-bcc/driver.ts';
import { rackBench, stopAll } from './bbraun-bcc-kit.ts';

afterEach(stopAll);

const SIX = ['11', '12', '13', '21', '22', '3O'];
/** Each pump with its own rate, so that an exchanged slot is seen. */
const sixPumps = SIX.map((slot, index) => ({
  slot,
  rateMlPerH: index + 1,
  drug: `Drug ${slot}`,
  mgPerMl: 2,
  containerMl: 500,
  kind: index % 2 === 0 ? 'perfusor' : 'infusomat',
}));

describe('driver and simulator, two codecs that never met', () => {
  test('within 5 s everything is known, of both pumps, and that they are simulated', () => {
    const bench = rackBench({ slots: ['11', '12'] });
    bench.timeline.advance(5_000);
    for (const slot of ['11', '12']) {
      expect(bench.picture(slot)).toMatchObject({
        mode: 'demo',
        identity: { firmware: 'BCC V3.36' },
        pumpStatus: { status: 'infusing' },
        alerts: { list: [] },
        unassigned: [],
      });
      const told = [...bench.picture(slot).metrics.keys()].sort();
      expect(told).toEqual([...bbraunBcc.reports].sort());
      expect(bench.picture(slot).identity.serial).toBeUndefined();
    }
    expect(bench.picture('11').identity.model).toBe('SIM688L030007');
    expect(bench.flow('11')).toMatchObject({ value: 4, validity: 'valid' });
    expect(bench.flow('12')).toMatchObject({ value: 20, validity: 'valid' });
    expect(bench.metric('MDCX_RATE_DOSE_MASS', '11')).toMatchObject({ value: 20 });
    expect(bench.metric('MDCX_RATE_DOSE_MASS', '12')).toMatchObject({ value: null });
    expect(bench.metric('MDCX_RATE_DOSE_WEIGHT', '12')).toMatchObject({ value: 0.286 });
    expect(bench.metric('MDC_ATTR_PT_WEIGHT', '12')).toMatchObject({ value: 70 });
    expect(bench.fact('drug', '11')).toMatchObject({ text: 'Ketamine' });
  });

  test('a rack of six at 57600 baud, stuffing on, one spoilt block: all six within 10 s', () => {
    const bench = rackBench({ twin: { pumps: sixPumps }, slots: SIX, baudRate: 57_600 });
    bench.timeline.advance(1_500);
    bench.link.command('spoil', { blocks: 1 });
    bench.timeline.advance(8_500);
    for (const [index, slot] of SIX.entries()) {
      expect(bench.flow(slot), slot).toMatchObject({ value: index + 1, validity: 'valid' });
      expect(bench.freshness(slot)).toBe('live');
    }
    expect(bench.sent.filter(({ name }) => name === 'NAK')).toHaveLength(1);
    expect(bench.link.describe()).toMatchObject({ naks: 1, fastPolls: 0, unfinishedAnswers: 0 });
  });

  test('the same rack at 9600 baud: after the first round never stale, spoilt blocks or not', () => {
    const bench = rackBench({ twin: { pumps: sixPumps }, slots: SIX });
    bench.timeline.advance(12_000);
    for (let second = 0; second < 300; second += 1) {
      if (second % 30 === 0) bench.link.command('spoil', { blocks: 1 });
      bench.timeline.advance(1_000);
      for (const slot of SIX) expect(bench.freshness(slot), `${slot} ${second} s`).toBe('live');
    }
    expect(bench.picture('11').counters.repliesMissed).toBe(0);
  });

  test('pumps that nobody configured are shown as unassigned and change nothing', () => {
    const bench = rackBench({ twin: { pumps: sixPumps }, slots: ['13'], baudRate: 57_600 });
    bench.timeline.advance(6_000);
    expect(bench.picture('13').unassigned).toEqual(['11', '12', '21', '22', '3O']);
    expect(bench.flow('13')).toMatchObject({ value: 3 });
    expect(bench.fact('drug', '13')).toMatchObject({ text: 'Drug 13' });
  });

  test('an hour: what is known is what the pumps did, and nothing but questions was sent', () => {
    const bench = rackBench({ slots: ['11', '12'], baudRate: 57_600 });
    bench.timeline.advance(3_600_000);
    for (const slot of ['11', '12']) {
      const truth = bench.truth(slot);
      expect(bench.metric('MDC_VOL_FLUID_DELIV_TOTAL', slot)?.value).toBeCloseTo(
        Number(truth['infusedMl']),
        1,
      );
      expect(bench.metric('MDCX_VOL_FLUID_CONTAINER_REMAIN', slot)?.value).toBeCloseTo(
        Number(truth['containerMl']),
        1,
      );
      expect(bench.picture(slot).counters).toMatchObject({
        framesRejected: 0,
        repliesMissed: 0,
        bytesDropped: 0,
        writesRefused: 0,
        impossibleValues: 0,
      });
    }
    expect(bench.link.describe()).toMatchObject({
      forbidden: [],
      forbiddenCommands: 0,
      garbledFrames: 0,
      fastPolls: 0,
      unfinishedAnswers: 0,
      naks: 0,
    });
    const names = new Set(bench.sent.map(({ name }) => name));
    expect(names).toEqual(
      new Set(['ADMIN:ALIVE stuffed', 'ADMIN:VERSION stuffed', 'MEM:GET stuffed', 'ACK']),
    );
    expect(bench.sent.filter(({ name }) => name.startsWith('ADMIN'))).toHaveLength(2);
    expect(bench.faults).toEqual([]);
  });
});

describe.each(['flags', 'words'])('coding by %s', (coding) => {
  test.each([
    ['stop', {}, 'stopped', 'valid'],
    ['standby', {}, 'standby', 'valid'],
    ['kvo', {}, 'kvo', 'questionable'],
    ['purge', {}, 'purge', 'questionable'],
    ['bolus', { ml: 1 }, 'bolus', 'questionable'],
    ['alarm', { alarm: 'air' }, 'stopped', 'valid'],
  ])('%s %j', (command, args, status, validity) => {
    const bench = rackBench({ twin: { coding }, slots: ['11'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    expect(bench.picture().pumpStatus).toMatchObject({ status: 'infusing' });
    bench.link.command(command, { slot: '11', ...args });
    bench.timeline.advance(2_500);
    expect(bench.picture().pumpStatus).toMatchObject({ status });
    expect(bench.flow()).toMatchObject({ validity });
    // The twin goes on showing the set rate, so that a driver that takes it for the flow is found out.
    expect(bench.metric('MDC_FLOW_FLUID_PUMP')).toMatchObject({ value: 4, validity: 'valid' });
    if (validity === 'valid') expect(bench.flow()).toMatchObject({ value: 0 });
    bench.link.command('start', { slot: '11' });
    bench.timeline.advance(2_500);
    expect(bench.flow()).toMatchObject({ value: 4, validity: 'valid' });
    expect(bench.alertCodes()).toEqual([]);
  });

  test('an occlusion: pressure, then the alarm, then nothing more', () => {
    const bench = rackBench({ twin: { coding }, slots: ['11'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('occlude', { slot: '11', on: true });
    bench.timeline.advance(60_000);
    expect(bench.metric('MDCX_PRESS_INFUS_OF_LIMIT')?.value).toBeGreaterThan(50);
    bench.timeline.advance(60_000);
    expect(bench.picture().alerts?.list).toMatchObject([
      { ruleId: 'PMP-01', priority: 'high', text: 'Pressure high (occlusion)' },
    ]);
    expect(bench.flow()).toMatchObject({ value: 0, validity: 'valid' });
  });

  test('mains and battery', () => {
    const pumps = [{ slot: '11', batteryMin: 32 }];
    const bench = rackBench({ twin: { coding, pumps }, slots: ['11'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    expect(bench.fact('power')).toMatchObject({ text: 'mains' });
    bench.link.command('mains', { slot: '11', on: false });
    bench.timeline.advance(60_000);
    expect(bench.fact('power')).toMatchObject({ text: 'battery' });
    expect(bench.alertCodes()).toEqual([]);
    bench.timeline.advance(120_000);
    expect(bench.metric('MDC_TIME_BATT_REMAIN')?.value).toBe(29);
    expect(bench.picture().alerts?.list).toMatchObject([{ ruleId: 'PMP-07', priority: 'medium' }]);
  });
});

describe('what the site did not tick', () => {
  test('the rate: no flow, and why', () => {
    const bench = rackBench({ twin: { unticked: ['INRT'] } });
    bench.timeline.advance(5_000);
    expect(bench.flow()).toMatchObject({
      value: null,
      validity: 'not-provided',
      reason: 'not sent: tick INRT on the page of the ComDevice',
    });
  });

  test('the state: the rate is no flow', () => {
    const bench = rackBench({ twin: { unticked: ['INM3'] } });
    bench.timeline.advance(5_000);
    expect(bench.picture().pumpStatus).toMatchObject({ status: 'unknown' });
    expect(bench.flow()).toMatchObject({ value: 4, validity: 'questionable' });
  });

  test('the alarms: said on the bed as long as it is so', () => {
    const unticked = ['ALARM1', 'ALARM2', 'PREALARM'];
    const bench = rackBench({ twin: { coding: 'words', unticked }, baudRate: 57_600 });
    bench.timeline.advance(5_000);
    expect(bench.picture().alerts?.list).toMatchObject([
      { code: 'ALARMS-NOT-PROVIDED', text: 'Alarms are not provided by this ComDevice' },
    ]);
    bench.link.command('tick', { parameters: unticked });
    bench.timeline.advance(3_000);
    expect(bench.alertCodes()).toEqual([]);
  });

  test('an alarm whose box is taken off while it stands is not taken back', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('alarm', { slot: '11', alarm: 'pressure' });
    bench.timeline.advance(3_000);
    bench.link.command('untick', { parameters: ['INA3'] });
    bench.timeline.advance(30_000);
    expect(bench.alertCodes()).toEqual(['INA3', 'ALARMS-NOT-PROVIDED']);
  });
});

describe('pumps come and go', () => {
  test('taken out: gone within a round; put in again: its values, and only its own', () => {
    const bench = rackBench({ slots: ['11', '12'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('remove-pump', { slot: '11' });
    bench.timeline.advance(2_500);
    expect(bench.picture('11').port).toMatchObject({
      state: 'closed',
      reason: expect.stringContaining('taken out of slot 11'),
    });
    expect(bench.freshness('11')).toBe('lost');
    expect(bench.freshness('12')).toBe('live');
    bench.timeline.advance(60_000);
    bench.link.command('insert-pump', { slot: '11', rateMlPerH: 7, running: true });
    bench.timeline.advance(2_500);
    expect(bench.picture('11').port.state).toBe('open');
    expect(bench.flow('11')).toMatchObject({ value: 7, validity: 'valid' });
    expect(bench.fact('drug', '11')).toMatchObject({ text: null });
    expect(bench.freshness('12')).toBe('live');
  });

  test('the only message that it is gone is lost: known after two rounds', () => {
    const bench = rackBench({ slots: ['11', '12'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('remove-pump', { slot: '11' });
    // The block with error 39 comes first; it is cut and with it the answer.
    bench.link.fault({ kind: 'truncate', keep: 30 });
    bench.timeline.advance(8_000);
    expect(bench.freshness('11')).toBe('lost');
    expect(bench.freshness('12')).toBe('live');
  });

  test('a slot that was configured and is empty', () => {
    const bench = rackBench({ slots: ['11', '19'], baudRate: 57_600 });
    bench.timeline.advance(6_000);
    expect(bench.picture('19').port).toMatchObject({
      state: 'closed',
      reason: 'No pump in slot 19',
    });
    expect(bench.freshness('19')).toBe('never');
    expect(bench.freshness('11')).toBe('live');
  });

  test('an error of one slot, and of the whole rack', () => {
    const bench = rackBench({ slots: ['11', '12'], baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('slot-error', { slot: '12', code: '41' });
    bench.timeline.advance(2_500);
    expect(bench.freshness('12')).toBe('lost');
    expect(bench.freshness('11')).toBe('live');
    bench.link.command('slot-error', { slot: '12', code: null });
    bench.link.command('system-error', { code: '51' });
    bench.timeline.advance(2_500);
    expect([bench.freshness('11'), bench.freshness('12')]).toEqual(['lost', 'lost']);
    bench.link.command('system-error', { code: null });
    bench.timeline.advance(3_000);
    expect([bench.freshness('11'), bench.freshness('12')]).toEqual(['live', 'live']);
  });
});

describe('the line', () => {
  test.each([
    [true, 'auto'],
    [false, 'auto'],
    [true, 'on'],
    [false, 'off'],
  ])('stuffing %s at the device, %s here', (stuffing, option) => {
    const bench = rackBench({ twin: { stuffing }, options: { stuffing: option } });
    bench.timeline.advance(8_000);
    expect(bench.flow()).toMatchObject({ value: 4, validity: 'valid' });
    const tried = bench.sent.filter(({ name }) => name.startsWith('ADMIN:ALIVE'));
    expect(tried.length).toBe(!stuffing && option === 'auto' ? 2 : 1);
  });

  test('the setting is changed while it runs: found out again', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('set-stuffing', { on: false });
    bench.timeline.advance(6_000);
    expect(bench.freshness()).toBe('live');
    expect(bench.sent.at(-1)?.name).not.toContain('stuffed');
    bench.link.command('set-stuffing', { on: true });
    bench.timeline.advance(10_000);
    expect(bench.freshness()).toBe('live');
  });

  test('the ComDevice is restarted: ALIVE again, and the nurse is told', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(60_000);
    bench.link.command('restart');
    bench.timeline.advance(10_000);
    expect(bench.freshness()).toBe('live');
    expect(bench.picture().alerts?.list).toMatchObject([{ code: 'TIME-BACK', ruleId: 'PMP-11' }]);
    bench.timeline.advance(70_000);
    expect(bench.alertCodes()).toEqual([]);
  });

  test('another bed id: the pumps are gone until they are heard under it', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.command('set-bed-id', { bedId: 'SIM/B' });
    bench.timeline.advance(8_000);
    expect(bench.freshness()).toBe('live');
    expect(bench.picture().counters.framesRejected).toBeGreaterThan(0);
  });

  test('names with characters of two and three bytes', () => {
    const pumps = [{ slot: '11', drug: 'Kétamine Ωケ', rateMlPerH: 4 }];
    const bench = rackBench({ twin: { pumps } });
    bench.timeline.advance(5_000);
    expect(bench.fact('drug')).toMatchObject({ text: 'Kétamine Ωケ', validity: 'valid' });
    expect(bench.picture().counters.framesRejected).toBe(0);
  });

  test('one block that never gets better hides no other pump', () => {
    const bench = rackBench({ twin: { pumps: sixPumps }, slots: SIX, baudRate: 57_600 });
    bench.timeline.advance(10_000);
    bench.link.command('spoil-slot', { slot: '12', on: true });
    for (let second = 0; second < 120; second += 1) {
      bench.timeline.advance(1_000);
      for (const slot of SIX) if (slot !== '12') expect(bench.freshness(slot), slot).toBe('live');
    }
    expect(bench.freshness('12')).toBe('lost');
    expect(bench.sent.some(({ name }) => name === 'MEM:GETSLOT stuffed')).toBe(true);
    expect(bench.link.describe()).toMatchObject({ fastPolls: 0, forbidden: [] });
    bench.link.command('spoil-slot', { slot: '12', on: false });
    bench.timeline.advance(10_000);
    expect(bench.flow('12')).toMatchObject({ value: 2, validity: 'valid' });
  });

  test('the cable is pulled: lost at once; plugged in again: live within 5 s', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.unplug();
    bench.timeline.advance(1_000);
    expect(bench.freshness()).toBe('lost');
    bench.link.plug();
    bench.timeline.advance(8_000);
    expect(bench.freshness()).toBe('live');
    expect(bench.flow()).toMatchObject({ value: 4, validity: 'valid' });
  });

  test('silence: stale after 12 s, lost after 30 s', () => {
    const bench = rackBench({ baudRate: 57_600 });
    bench.timeline.advance(5_000);
    bench.link.fault({ kind: 'silence', forMs: 60_000 });
    bench.timeline.advance(11_000);
    expect(bench.freshness()).toBe('live');
    bench.timeline.advance(3_000);
    expect(bench.freshness()).toBe('stale');
    bench.timeline.advance(18_000);
    expect(bench.freshness()).toBe('lost');
    bench.timeline.advance(40_000);
    expect(bench.freshness()).toBe('live');
  });

  test.each([1, 2, 3])(
    'on a wire that spoils frames no wrong value is ever valid (seed %i)',
    () => {
      const bench = rackBench({ twin: { pumps: sixPumps }, slots: SIX, baudRate: 57_600 });
      const hits = { forMs: 600_000, probability: 0.15 };
      bench.link.fault({ kind: 'flip', bits: 1, ...hits });
      bench.link.fault({ kind: 'noise', bytes: 5, ...hits });
      bench.link.fault({ kind: 'truncate', ...hits });
      bench.link.fault({ kind: 'duplicate', ...hits });
      bench.link.fault({ kind: 'late', delayMs: 3_500, ...hits });
      for (let second = 0; second < 600; second += 1) {
        bench.timeline.advance(1_000);
        for (const [index, slot] of SIX.entries()) {
          const flow = bench.flow(slot);
          if (flow?.validity === 'valid') expect(flow.value, slot).toBe(index + 1);
          const dose = bench.metric('MDCX_RATE_DOSE_MASS', slot);
          if (dose?.validity === 'valid') expect(dose.value, slot).toBe(2 * (index + 1));
        }
      }
      expect(bench.link.describe()).toMatchObject({ forbidden: [] });
      expect(bench.faults).toEqual([]);
      bench.link.fault({ kind: 'clear' });
      bench.timeline.advance(20_000);
      for (const slot of SIX) expect(bench.freshness(slot)).toBe('live');
    },
  );
});

describe('cyclic mode', () => {
  const cyclic = (twin = {}) =>
    rackBench({
      twin: { mode: 'cyclic', pumps: sixPumps, ...twin },
      options: { mode: 'cyclic' },
      slots: SIX,
      baudRate: 57_600,
    });

  test('an hour: live all the time, no question but ALIVE and VERSION, an ACK for every block', () => {
    const bench = cyclic();
    bench.timeline.advance(10_000);
    for (let minute = 0; minute < 60; minute += 1) {
      bench.timeline.advance(60_000);
      for (const slot of SIX) expect(bench.freshness(slot)).toBe('live');
    }
    const names = new Set(bench.sent.map(({ name }) => name));
    expect(names).toEqual(new Set(['ADMIN:ALIVE stuffed', 'ADMIN:VERSION stuffed', 'ACK']));
    expect(bench.link.describe()).toMatchObject({ unfinishedAnswers: 0, naks: 0 });
  });

  test('an alarm comes at once and not with the next cycle', () => {
    const bench = cyclic({ cycleMs: 60_000 });
    bench.timeline.advance(5_000);
    bench.link.command('alarm', { slot: '21', alarm: 'air' });
    bench.timeline.advance(3_000);
    expect(bench.picture('21').alerts?.list).toMatchObject([{ ruleId: 'PMP-02' }]);
  });

  test('a lost ACK stops the device; it is fetched back by ALIVE', () => {
    const bench = cyclic();
    bench.timeline.advance(10_000);
    bench.link.unplug();
    bench.link.plug();
    bench.timeline.advance(30_000);
    for (const slot of SIX) expect(bench.freshness(slot)).toBe('live');
  });

  test('a device that sends by itself although it is asked: everything is understood', () => {
    const bench = rackBench({
      twin: { mode: 'cyclic', pumps: sixPumps },
      slots: SIX,
      baudRate: 57_600,
    });
    bench.timeline.advance(120_000);
    for (const [index, slot] of SIX.entries()) {
      expect(bench.flow(slot)).toMatchObject({ value: index + 1, validity: 'valid' });
      expect(bench.freshness(slot)).toBe('live');
    }
  });
});
