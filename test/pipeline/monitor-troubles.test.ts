import { BehaviorSubject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { driverById } from '../../drivers/index.ts';
import { simulatorById } from '../../simulators/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { emptyMemory } from '../../src/check/evaluate.ts';
import type { BedStep } from '../../src/pipeline/bed.ts';
import { sceneOf } from '../../src/pipeline/bed-scene.ts';
import { bedStream } from '../../src/pipeline/bed-stream.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';
import { deviceView, numericView } from '../../src/ward/device-views.ts';
import { WaveStreams } from '../../src/ward/wave-streams.ts';
import { shippedLimits } from './virtual-ward.ts';

/** One live bed with a simulated monitor of a kind: what its rules say and what its screen shows. */
class Bedside {
  readonly timeline = new VirtualTimeline();
  readonly link;
  readonly driver;
  #last: BedStep | undefined;

  constructor(id: string) {
    const kind = simulatorById.get(id);
    const driver = driverById.get(id);
    if (kind === undefined || driver === undefined) throw new Error(`there is no ${id}`);
    this.driver = driver;
    this.link = simulatedLink({ kind, name: id, timeline: this.timeline });
    const port = memoryPort(id, this.link, this.timeline, 'real');
    bedStream({
      bed: {
        bedId: 'B01',
        bedMode: 'live',
        devices: [
          {
            deviceId: 'mon',
            driver,
            portLabel: id,
            events: deviceLink({
              driver,
              options: driver.options.parse({}),
              port: guarded(port, driver.queries),
              timeline: this.timeline,
            }),
          },
        ],
      },
      orders: new BehaviorSubject({ active: null, recovery: null }),
      associations: new BehaviorSubject(new Map()),
      memory: emptyMemory,
      limits: shippedLimits,
      timeline: this.timeline,
      onFault: (where, error) => {
        throw new Error(`${where}: ${String(error)}`);
      },
    }).subscribe((step) => {
      if (step.findings.length > 0) this.#last = step;
    });
  }

  run(seconds: number): this {
    this.timeline.advance(seconds * 1_000);
    return this;
  }

  rules(): readonly string[] {
    return (this.#last?.findings ?? [])
      .filter(({ verdict }) => verdict.presence === 'present')
      .map(({ ruleId }) => ruleId);
  }

  shown(
    code: string,
  ): { readonly validity: string; readonly reason?: string | undefined } | undefined {
    const step = this.#last;
    const picture = step?.state.pictures.get('mon');
    if (step === undefined || picture === undefined) return undefined;
    const metric = [...picture.metrics.values()].find((one) => one.code === code);
    return metric === undefined ? undefined : numericView(picture, metric, step.moment);
  }

  waves(): readonly string[] {
    const step = this.#last;
    if (step === undefined) return [];
    const { nowMs } = step.moment;
    return new WaveStreams()
      .views(step.state.pictures.values(), nowMs)
      .map(({ code, state, reason }) => `${code} ${state} ${reason ?? ''}`.trim());
  }

  mode(): string | undefined {
    const step = this.#last;
    const picture = step?.state.pictures.get('mon');
    if (step === undefined || picture === undefined) return undefined;
    sceneOf(step.state, step.moment, shippedLimits);
    return deviceView(picture, this.driver, 'x', step.moment).mode;
  }
}

const SPO2 = 'MDC_PULS_OXIM_SAT_O2';
const ECG = 'MDC_ECG_HEART_RATE';

describe('troubles are told apart, by rule and on the screen', () => {
  test.each<[string, string, object, string, string]>([
    ['ge-dri', 'leads-off', { on: true }, 'MON-03', ECG],
    ['ge-dri', 'probe-off', { on: true }, 'MON-04', SPO2],
    ['philips-intellivue', 'leads-off', { on: true }, 'MON-03', ECG],
    ['philips-intellivue', 'probe-off', { on: true }, 'MON-04', SPO2],
    ['masimo-ascii', 'sensor-off', { on: true }, 'MON-04', SPO2],
    ['nellcor-ascii', 'sensor-off', { on: true }, 'MON-04', SPO2],
    ['nonin', 'finger-out', { on: true }, 'MON-04', SPO2],
    ['nonin', 'disconnect', { on: true }, 'MON-04', SPO2],
  ])('%s: %s', (id, command, args, ruleId, code) => {
    const bed = new Bedside(id).run(30);
    expect(bed.shown(code)?.validity).toBe('valid');
    expect(bed.rules()).not.toContain(ruleId);
    bed.link.command(command, { ...args });
    bed.run(25);
    expect(bed.rules()).toContain(ruleId);
    expect(bed.shown(code)).toMatchObject({ validity: 'invalid', reason: expect.any(String) });
    bed.link.command(command, { on: false });
    bed.run(25);
    expect(bed.rules()).not.toContain(ruleId);
    expect(bed.shown(code)?.validity).toBe('valid');
  });

  // Philips tells its clock once, when it is asked to talk.
  test.each(['ge-dri', 'masimo-ascii'])('%s: its clock is set', (id) => {
    const bed = new Bedside(id).run(30);
    expect(bed.rules()).not.toContain('MON-07');
    bed.link.command('clock-step', { seconds: 3_600 });
    bed.run(20);
    expect(bed.rules()).toContain('MON-07');
    bed.run(80);
    expect(bed.rules()).not.toContain('MON-07');
  });

  test.each(['ge-dri', 'philips-intellivue', 'masimo-ascii', 'nellcor-ascii', 'nonin', 'nibp2020'])(
    '%s: simulated data on a live bed',
    (id) => {
      const bed = new Bedside(id).run(30);
      expect(bed.rules()).toContain('MON-08');
      expect(bed.mode()).toBe('demo');
    },
  );

  test('ge-dri: leads off takes the trace away and says why', () => {
    const bed = new Bedside('ge-dri').run(30);
    expect(bed.waves().some((wave) => /^MDC_ECG\S* valid/.test(wave))).toBe(true);
    bed.link.command('leads-off', { on: true });
    bed.run(10);
    expect(bed.waves().some((wave) => /^MDC_ECG\S* invalid leads off/.test(wave))).toBe(true);
  });
});
