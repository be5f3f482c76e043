import type { SimulatorKind } from '../../simulators/kit/device.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver, Session } from '../../src/driver/contract.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import {
  freshnessOf,
  newDevicePicture,
  nextDevicePicture,
} from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { WaveSeen } from '../../src/observation/wave.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

export const SPO2 = 'MDC_PULS_OXIM_SAT_O2';
export const RATE = 'MDC_PULS_OXIM_PULS_RATE';
export const PERFUSION = 'MDC_PULS_OXIM_PERF_REL';

/** A session that only listens, frame by frame, with everything that it said. */
export class Listening<S> {
  nowMs = 1_000;
  readonly events: DeviceEvent[] = [];
  readonly #session: Session<S>;
  #state: S;

  constructor(session: Session<S>) {
    this.#session = session;
    this.#state = session.initial;
    this.open();
  }

  open(): this {
    this.#take({ kind: 'opened', atMs: this.nowMs });
    return this;
  }

  close(): this {
    this.#take({ kind: 'closed', atMs: this.nowMs });
    return this;
  }

  /** One frame so much later than the last one; what it led to. */
  hear(frame: Uint8Array | string, afterMs = 1_000): readonly DeviceEvent[] {
    this.nowMs += afterMs;
    const bytes = typeof frame === 'string' ? Uint8Array.from(Buffer.from(frame, 'latin1')) : frame;
    return this.#take({ kind: 'frame', atMs: this.nowMs, frame: bytes });
  }

  /** The last word on a metric. */
  last(code: MetricCode) {
    const found = this.of('metric').findLast((metric) => metric.code === code);
    return found === undefined
      ? undefined
      : {
          value: found.value,
          validity: found.validity,
          ...(found.reason === undefined ? {} : { reason: found.reason }),
        };
  }

  alarms(): readonly string[] | undefined {
    return this.of('alerts')
      .at(-1)
      ?.alerts.map(({ code }) => code);
  }

  of<K extends DeviceEvent['kind']>(kind: K): readonly Extract<DeviceEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<DeviceEvent, { kind: K }> => event.kind === kind,
    );
  }

  #take(input: Parameters<Session<S>['step']>[1]): readonly DeviceEvent[] {
    const step = this.#session.step(this.#state, input);
    if (step.send.length > 0) throw new Error('it sends something');
    if (step.wakeAtMs !== undefined) throw new Error('it wants to be woken');
    this.#state = step.state;
    this.events.push(...step.events);
    return step.events;
  }
}

/** What became of a frame: `accepted`, or the reason why not. */
export function verdictOf(events: readonly DeviceEvent[]): string | undefined {
  for (const event of events) {
    if (event.kind === 'frame-accepted') return 'accepted';
    if (event.kind === 'frame-rejected') return event.reason;
  }
  return undefined;
}

/** A driver at its twin over a paced line, in virtual time; stop it at the end. */
export function bedside(
  oximeter: unknown,
  kind: SimulatorKind,
  simulated: Readonly<Record<string, unknown>> = {},
  options: Readonly<Record<string, unknown>> = {},
) {
  const driver = oximeter as Driver;
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind, name: 'bench', timeline, options: simulated });
  let picture = newDevicePicture(
    {
      deviceId: 'oximeter',
      bedId: 'B01',
      role: driver.role,
      driverId: driver.id,
      freshness: driver.freshness,
      reports: driver.reports,
      factsTold: [],
      alertsDecoded: 'some',
      mode: 'real',
    },
    0,
  );
  const waves: WaveSeen[] = [];
  let watch: (() => void) | undefined;
  // The port says `real`, so that the mark must come from the bytes.
  const port = guarded(memoryPort('bench', link, timeline, 'real'), driver.queries);
  const subscription = deviceLink({
    driver,
    options: driver.options.parse(options),
    port,
    timeline,
  }).subscribe((batch) => {
    for (const event of batch) {
      if (event.kind === 'wave') waves.push(event);
      picture = nextDevicePicture(picture, event);
    }
    watch?.();
  });
  return {
    timeline,
    link,
    waves,
    picture: () => picture,
    value: (code: MetricCode) => picture.metrics.get(code),
    alarms: () => picture.alerts?.list.map(({ code }) => code) ?? [],
    freshness: () => freshnessOf(picture, timeline.monotonicMs()),
    /** Calls it after every batch, so that nothing is missed in between. */
    always: (check: () => void) => {
      watch = check;
    },
    stop: () => {
      subscription.unsubscribe();
      link.stop();
    },
  };
}
