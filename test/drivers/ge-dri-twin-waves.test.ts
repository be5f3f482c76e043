import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { simulator } from '../../simulators/ge-dri/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import { EcgWatch, NO_ECG_LOOK } from '../../src/ecg/ecg-watch.ts';
import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { MISSING_SAMPLE, type WaveCode, type WaveSeen } from '../../src/observation/wave.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

let subscription: Subscription | undefined;
afterEach(() => subscription?.unsubscribe());

/** The driver against its twin over a paced line; the blocks are handed on as they come. */
function bedside(twin: Readonly<Record<string, unknown>> = {}, options: object = {}) {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'bench', timeline, options: twin });
  const driver = geDri as Driver;
  const blocks: WaveSeen[] = [];
  const watch = new EcgWatch();
  const said = { look: NO_ECG_LOOK, alerts: [] as readonly DeviceAlert[], rejected: 0, missed: 0 };
  let valuesAtMs = 0;
  let longestMs = 0;
  subscription = deviceLink({
    driver,
    options: driver.options.parse(options),
    port: guarded(memoryPort('bench', link, timeline, 'real'), driver.queries),
    timeline,
  }).subscribe((batch) => {
    for (const event of batch) {
      if (event.kind === 'wave') {
        blocks.push(event);
        said.look = watch.take('mon', event);
      }
      if (event.kind === 'alerts') said.alerts = event.alerts;
      if (event.kind === 'frame-rejected') said.rejected += 1;
      if (event.kind === 'reply-missed') said.missed += 1;
      if (event.kind === 'metric' && event.atMs !== valuesAtMs) {
        if (valuesAtMs > 0) longestMs = Math.max(longestMs, event.atMs - valuesAtMs);
        valuesAtMs = event.atMs;
      }
    }
  });
  return {
    link,
    blocks,
    said,
    run: (seconds: number) => timeline.advance(seconds * 1_000),
    /** Longest time between two records of values. */
    longestMs: () => longestMs,
    of: (code: WaveCode) => blocks.filter((block) => block.code === code),
    alerts: () => said.alerts.map(({ code }) => code),
  };
}
const LEAD = 'MDC_ECG_ELEC_POTL_II';
const PLETH = 'MDC_PULS_OXIM_PLETH';

const gapsIn = (blocks: readonly WaveSeen[]): readonly number[] =>
  blocks.slice(1).flatMap((block, index) => {
    const before = blocks[index];
    const end = (before?.firstIndex ?? 0) + (before?.samples.length ?? 0);
    return block.firstIndex === end ? [] : [block.firstIndex - end];
  });

describe('the line', () => {
  test.each([
    { what: 'the default', options: {}, waves: 3 },
    { what: 'all four', options: { waves: ['ecg1', 'pleth', 'resp', 'co2'] }, waves: 4 },
  ])(
    'an hour of $what: no gap, nothing given up, no value late',
    ({ options, waves }) => {
      const bed = bedside({}, options);
      bed.run(3_600);
      const codes = new Set(bed.blocks.map(({ code }) => code));
      expect(codes.size).toBe(waves);
      for (const code of codes) {
        expect(gapsIn(bed.of(code)), code).toEqual([]);
        const { samplesPerS, firstIndex } = bed.of(code).at(-1) ?? {
          samplesPerS: 0,
          firstIndex: 0,
        };
        expect(Math.abs(firstIndex / samplesPerS - 3_597)).toBeLessThan(2);
      }
      expect(bed.link.overrunBytes()).toBe(0);
      expect(bed.said).toMatchObject({ rejected: 0, missed: 0 });
      expect(bed.longestMs()).toBeLessThan(1_800);
      expect(bed.link.describe()).toMatchObject({ asked: { waves: 1, garbled: 0 } });
    },
    60_000,
  );

  test('a record lost on the line is a gap of its length, in each wave', () => {
    const bed = bedside();
    bed.run(10.6);
    // The next record of waves; a record of values is lost with it.
    bed.link.fault({ kind: 'silence', forMs: 500 });
    bed.run(20);
    expect(gapsIn(bed.of(LEAD))).toEqual([150]);
    expect(gapsIn(bed.of(PLETH))).toEqual([50]);
    expect(gapsIn(bed.of('MDC_RESP'))[0]).toBeGreaterThanOrEqual(12);
    expect(gapsIn(bed.of('MDC_RESP'))[0]).toBeLessThanOrEqual(13);
  });

  test('records that the monitor lost itself are a gap of their length', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('lose-waves', { records: 3 });
    bed.run(20);
    expect(gapsIn(bed.of(LEAD))).toEqual([450]);
    expect(bed.said.missed).toBe(0);
  });

  test('the monitor stops its waves: asked anew within 4 s, and the gap is as long as it took', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('lose-waves', { records: 600 });
    bed.run(8);
    expect(bed.link.describe()).toMatchObject({ asked: { waves: 3 } });
    const stopped = bedside();
    stopped.run(10);
    stopped.link.fault({ kind: 'silence', forMs: 20_000 });
    stopped.run(40);
    const [gap, ...more] = gapsIn(stopped.of(LEAD));
    // The new stream begins where the old one is broken off.
    for (const one of more) expect(one).toBeLessThan(300);
    expect(Math.abs((gap ?? 0) / 300 - 20)).toBeLessThan(2.5);
  });
});

describe('a recording through the wire', () => {
  test('arrives sample by sample, control codes as missing', () => {
    const ecgSamples = [...new Array(1_000).keys()].map((n) =>
      Math.round(900 * Math.sin(n / 7) + 40 * Math.cos(n / 3)),
    );
    ecgSamples[500] = -32_767;
    // Bytes that have to be escaped.
    ecgSamples[501] = 0x7e7d;
    const bed = bedside({ ecgSamples });
    bed.run(30);
    let compared = 0;
    for (const { firstIndex, samples, scale, zero } of bed.of(LEAD)) {
      expect([scale, zero]).toEqual([0.001, 0]);
      samples.forEach((sample, index) => {
        const truth = ecgSamples[(firstIndex + index) % ecgSamples.length] ?? NaN;
        if (sample !== (truth === -32_767 ? MISSING_SAMPLE : truth)) {
          throw new Error(`sample ${firstIndex + index} is ${sample}, not ${truth}`);
        }
        compared += 1;
      });
    }
    expect(compared).toBeGreaterThan(8_000);
  });
});

describe('what happens at the bedside', () => {
  test.each([40, 76, 150])(
    'a heart rate of %s is counted in the ECG, and each beat is a pulse',
    (hr) => {
      const bed = bedside({ hr, variability: 0 });
      bed.run(60);
      expect(bed.said.look.heartRateBpm).toBeGreaterThan(hr - 2);
      expect(bed.said.look.heartRateBpm).toBeLessThan(hr + 2);
      const { lastPulseAtMs, plethUntilMs, fibrillationS } = bed.said.look;
      expect(Number(plethUntilMs) - Number(lastPulseAtMs)).toBeLessThan(120_000 / hr);
      expect(fibrillationS).toBe(0);
    },
  );

  test('asystole: a flat ECG and no pulse', () => {
    const bed = bedside();
    bed.run(30);
    bed.link.command('asystole', { on: true });
    bed.run(10);
    const { ecgUntilMs, lastQrsAtMs, lastPulseAtMs, plethUntilMs } = bed.said.look;
    expect(Number(ecgUntilMs) - Number(lastQrsAtMs)).toBeGreaterThan(7_000);
    expect(Number(plethUntilMs) - Number(lastPulseAtMs)).toBeGreaterThan(7_000);
    const last = bed.of(LEAD).at(-1)?.samples ?? [];
    expect(Math.max(...last)).toBeLessThan(20);
  });

  test('fibrillation: its shape, its bit, no rate and no pulse', () => {
    const bed = bedside();
    bed.run(20);
    bed.link.command('vf', { on: true });
    bed.run(12);
    expect(bed.said.look.fibrillationS).toBeGreaterThan(3);
    expect(bed.alerts()).toEqual(['VF']);
    expect(bed.link.describe()).toMatchObject({ sent: { hrEcg: null, pulse: null } });
    bed.link.command('vf', { on: false });
    bed.run(12);
    expect(bed.alerts()).toEqual([]);
    expect(bed.said.look.fibrillationS).toBe(0);
  });

  test('leads off: ECG and respiration are invalid, one alarm', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('leads-off', { on: true });
    bed.run(3);
    for (const code of [LEAD, 'MDC_RESP'] as const) {
      expect(bed.of(code).at(-1)).toMatchObject({ validity: 'invalid', reason: 'leads off' });
    }
    expect(bed.of(PLETH).at(-1)).toMatchObject({ validity: 'valid' });
    expect(bed.alerts()).toEqual(['ECG_LEADS_OFF']);
    bed.link.command('leads-off', { on: false });
    bed.run(3);
    expect(bed.of(LEAD).at(-1)).toMatchObject({ validity: 'valid' });
    expect(bed.alerts()).toEqual([]);
    expect(gapsIn(bed.of(LEAD))).toEqual([]);
  });

  test('probe off: the pleth is flat', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('probe-off', { on: true });
    bed.run(3);
    expect(new Set(bed.of(PLETH).at(-1)?.samples)).toEqual(new Set([0]));
  });

  test('CO2 rises to the end-tidal value of the numbers and falls to nothing', () => {
    const bed = bedside({ etco2: 38, rr: 15, variability: 0 }, { waves: ['co2'] });
    bed.run(20);
    const mmHg = bed
      .of('MDC_AWAY_CO2')
      .flatMap(({ samples, scale }) => [...samples].map((sample) => sample * (scale ?? NaN)));
    expect(Math.max(...mmHg)).toBeGreaterThan(37.5);
    expect(Math.max(...mmHg)).toBeLessThan(38.5);
    expect(Math.min(...mmHg)).toBe(0);
    // One record a second, as real monitors send few samples.
    expect(bed.of('MDC_AWAY_CO2')[0]?.samples).toHaveLength(25);
  });

  test('an alarm of the monitor is known at once, and gone when it is over', () => {
    const bed = bedside();
    bed.run(10);
    bed.link.command('alarm', { text: 'SpO2 LOW', color: 'red' });
    bed.run(1.5);
    expect(bed.said.alerts).toMatchObject([{ text: 'SpO2 LOW', priority: 'high' }]);
    bed.link.command('silence', { info: 5 });
    bed.run(3);
    expect(bed.alerts()).toEqual(['red: SpO2 LOW', 'ALARMS_PAUSED']);
    bed.link.command('alarm', { text: 'SpO2 LOW', color: 'none' });
    bed.link.command('silence', { info: 0 });
    bed.run(3);
    expect(bed.alerts()).toEqual([]);
  });

  test('an alarm record that was lost is made good by the next question', () => {
    const bed = bedside();
    bed.run(20);
    bed.link.fault({ kind: 'flip', bits: 1, frames: 1 });
    bed.link.command('alarm', { text: 'SpO2 LOW', color: 'red' });
    bed.run(0.9);
    expect(bed.alerts()).toEqual([]);
    bed.run(4);
    expect(bed.alerts()).toEqual(['red: SpO2 LOW']);
  });

  test('a monitor without alarm records is asked in vain and stays as it is', () => {
    const bed = bedside({ alarms: false });
    bed.run(300);
    expect(bed.said).toMatchObject({ rejected: 0, missed: 0, alerts: [] });
    expect(bed.link.describe()).toMatchObject({ alarmRecords: 0, asked: { alarms: 10 } });
  });
});
