import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor } from '../hub/ward.ts';
import type { MetricSeen } from '../observation/device-event.ts';
import type { BedStep } from '../pipeline/bed.ts';
import type { EventLog, JsonValue, NewLogEntry } from '../store/event-log.ts';
import type { NumericsStore } from '../store/numerics.ts';
import type { WaveStore } from '../store/waves.ts';

/** What the journal needs of the store of observations. */
export type ObservationSink = Pick<NumericsStore, 'recordNumeric'> & Pick<WaveStore, 'recordWave'>;

/** Numerics go into the store at most so often per device; monitors tell them once a second. */
const NUMERICS_EVERY_MS = 900;

/** What the ward writes down: events that must last, and numerics that may be lost. */
export class Journal {
  readonly #log: EventLog;
  readonly #numerics: ObservationSink | undefined;
  readonly #onFault: (where: string, error: unknown) => void;
  /** `device|code` → the cuff reading that was recorded last. */
  readonly #readings = new Map<string, string>();
  /** When numerics of a device were last recorded (monotonic ms). */
  readonly #recordedAtMs = new Map<string, number>();

  constructor(
    log: EventLog,
    numerics: ObservationSink | undefined,
    onFault: (where: string, error: unknown) => void,
  ) {
    this.#log = log;
    this.#numerics = numerics;
    this.#onFault = onFault;
  }

  /** A person's command: resolves when it is durable, rejects when it is not known to be. */
  command(event: { readonly type: string }, context: EventContext, by: Actor): Promise<number> {
    return this.#log.append({
      ...entryOf(event, context),
      user: by.user,
      ...(by.station === undefined ? {} : { station: by.station }),
    });
  }

  /** What happened by itself. An alarm does not wait for the disk; a failed write is said. */
  happened(event: { readonly type: string }, context: EventContext, bedId?: string): void {
    const entry = entryOf(event, context);
    this.#log
      .append(bedId === undefined ? entry : { ...entry, bedId })
      .catch((error: unknown) => this.#onFault('event log', error));
  }

  waves(bedId: string, { waves, moment }: BedStep): void {
    for (const { deviceId, block } of waves) {
      const { kind: _, atMs: __, ...kept } = block;
      this.#numerics?.recordWave({ bedId, deviceId, endMs: moment.wallMs, block: kept });
    }
  }

  numerics(bedId: string, { input, moment, state }: BedStep): void {
    if (this.#numerics === undefined || input.kind !== 'device') return;
    const { deviceId, events } = input;
    const picture = state.pictures.get(deviceId);
    const last = this.#recordedAtMs.get(deviceId) ?? Number.NEGATIVE_INFINITY;
    if (picture === undefined) return;
    const isSoon = moment.nowMs - last < NUMERICS_EVERY_MS;
    for (const event of events) {
      const metric = event.kind === 'metric' ? picture.metrics.get(event.code) : undefined;
      if (metric === undefined) continue;
      const { code, value, validity, episode } = metric;
      // A cuff reading is repeated until the next one: it is one value, at the time when it came.
      const isSkipped =
        episode === undefined ? isSoon : !this.#isNewReading(`${deviceId}|${code}`, metric);
      if (isSkipped) continue;
      this.#numerics.recordNumeric({ bedId, deviceId, code, tMs: moment.wallMs, value, validity });
      if (episode === undefined) this.#recordedAtMs.set(deviceId, moment.nowMs);
    }
  }

  /** What a monitor may have measured before it was connected is none. */
  #isNewReading(key: string, { value, validity, episode }: MetricSeen): boolean {
    const reading = `${episode?.measuredAtMs} ${value} ${validity}`;
    if (episode?.confirmed === false || this.#readings.get(key) === reading) return false;
    this.#readings.set(key, reading);
    return true;
  }
}

function entryOf(event: { readonly type: string }, { wallMs }: EventContext): NewLogEntry {
  const { type, ...payload } = event;
  return { type, wallMs, payload: payload as JsonValue };
}
