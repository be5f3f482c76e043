import type { Subscription } from 'rxjs';
import { bbraunBcc } from '../../drivers/bbraun-bcc/driver.ts';
import { simulator } from '../../simulators/bbraun-bcc/index.ts';
import { addEscapes, block, toBytes } from '../../simulators/bbraun-bcc/wire.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { FactCode } from '../../src/observation/device-event.ts';
import {
  type DevicePicture,
  freshnessOf,
  newDevicePicture,
  pictureAfter,
} from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { sharedLine } from '../../src/pipeline/line.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

/** A block made by the simulator's codec, not by the driver's. */
export const said = (
  records: readonly string[],
  {
    bedId = 'BED07',
    isLast = true,
    stuffing = false,
  }: { readonly bedId?: string; readonly isLast?: boolean; readonly stuffing?: boolean } = {},
): Uint8Array => {
  const wire = block(bedId, records, isLast);
  return toBytes(stuffing ? addEscapes(wire) : wire);
};

const NAMES: Readonly<Record<string, string>> = {
  SOH: '\x01',
  STX: '\x02',
  ETX: '\x03',
  EOT: '\x04',
  ETB: '\x17',
  RS: '\x1e',
  CR: '\r',
};

/** Bytes from text in which control characters stand by name, as the protocol page prints them. */
export const wire = (printed: string): Uint8Array =>
  toBytes(printed.replace(/<([A-Z]{2,3})>/g, (_, name: string) => NAMES[name] ?? ''));

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

export interface Bench {
  /** For the twin. */
  readonly twin?: Readonly<Record<string, unknown>>;
  /** For the driver, of the line. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Slots of the configured pumps. */
  readonly slots?: readonly string[];
  readonly baudRate?: number;
  /** For the faults of the wire. */
  readonly seed?: number;
}

const running: Subscription[] = [];
/** For afterEach. */
export function stopAll(): void {
  for (const one of running.splice(0)) one.unsubscribe();
}

/** A rack on one paced line, each configured pump with its own picture, in virtual time. */
export function rackBench({
  twin = {},
  options = {},
  slots = ['11'],
  baudRate = 9_600,
  seed = 1,
}: Bench) {
  const timeline = new VirtualTimeline();
  const kind = { ...simulator, line: { ...simulator.line, baudRate } };
  const link = simulatedLink({ kind, name: 'rack', timeline, options: twin, seed });
  const driver = bbraunBcc as Driver;
  const sent: { readonly atMs: number; readonly name: string }[] = [];
  const faults: unknown[] = [];
  const attach: typeof link.attach = (end) => {
    const attached = link.attach(end);
    return (
      attached && {
        detach: attached.detach,
        send: (bytes) => {
          const name = driver.queries.nameOf(bytes) ?? 'NOT ON THE LIST';
          sent.push({ atMs: timeline.monotonicMs(), name });
          attached.send(bytes);
        },
      }
    );
  };
  const line = sharedLine({
    driver,
    options: driver.options.parse(options),
    channels: slots,
    // The port says `real`, so that the mark must come from the bytes.
    port: guarded(memoryPort('rack', { name: 'rack', attach }, timeline, 'real'), driver.queries),
    timeline,
    onFault: (error) => faults.push(error),
  });
  const pictures = new Map<string, DevicePicture>();
  for (const slot of slots) {
    const about = {
      deviceId: `pump-${slot}`,
      bedId: `B${slot}`,
      role: driver.role,
      driverId: driver.id,
      freshness: driver.freshness,
      reports: driver.reports,
      factsTold: [],
      alertsDecoded: 'all',
      mode: 'real',
    } as const;
    pictures.set(slot, newDevicePicture(about, 0));
    const events = line.eventsOf(slot);
    const subscription = events.subscribe((batch) => {
      const picture = pictures.get(slot) as DevicePicture;
      pictures.set(slot, pictureAfter(picture, batch));
    });
    running.push(subscription);
  }
  const picture = (slot = slots[0] ?? ''): DevicePicture => {
    const found = pictures.get(slot);
    if (found === undefined) throw new Error(`no pump is configured in slot ${slot}`);
    return found;
  };
  return {
    timeline,
    link,
    sent,
    faults,
    picture,
    metric: (code: MetricCode, slot?: string) => picture(slot).metrics.get(code),
    flow: (slot?: string) => picture(slot).metrics.get('MDC_FLOW_FLUID_PUMP_CURRENT'),
    fact: (code: FactCode, slot?: string) => picture(slot).facts.get(code),
    alertCodes: (slot?: string) => picture(slot).alerts?.list.map(({ code }) => code),
    freshness: (slot?: string) => freshnessOf(picture(slot), timeline.monotonicMs()),
    truth: (slot: string) =>
      (link.describe()['slots'] as Record<string, Record<string, unknown>>)[slot] ?? {},
  };
}
