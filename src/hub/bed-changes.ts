import type { BedView, Delta, DeviceView, Numeric } from './wire/index.ts';

/** A delta without its frame: what changed of one bed. */
export type DeltaParts = Omit<Delta, 'type' | 'seq'>;

interface Pending {
  bed: BedView | undefined;
  readonly numerics: Map<string, Numeric>;
  readonly devices: Map<string, DeviceView>;
  infusion: DeltaParts['infusion'];
  nibp: DeltaParts['nibp'];
  waves: DeltaParts['waves'];
  order: DeltaParts['order'];
  session: DeltaParts['session'];
  rateHistory: DeltaParts['rateHistory'];
}

/**
 * Changes that wait to be sent, conflated: the latest value of each part of each bed, so that what
 * waits is bounded by the size of the ward and not by the time that it waits. Beds leave in the order
 * in which they came, and a bed that changes again queues up again, so none starves.
 */
export class BedChanges {
  readonly #beds = new Map<string, Pending>();

  get isEmpty(): boolean {
    return this.#beds.size === 0;
  }

  clear(): void {
    this.#beds.clear();
  }

  add(parts: DeltaParts): void {
    const pending = this.#of(parts.bedId);
    if (parts.bed !== undefined) {
      // The whole bed is newer than every part of it that waited. Devices are not part of it.
      pending.bed = parts.bed;
      pending.numerics.clear();
      pending.infusion = undefined;
      pending.nibp = undefined;
      pending.waves = undefined;
      pending.order = undefined;
      pending.session = undefined;
      pending.rateHistory = undefined;
    }
    for (const numeric of parts.numerics ?? [])
      pending.numerics.set(`${numeric.deviceId} ${numeric.code}`, numeric);
    if (parts.infusion !== undefined) pending.infusion = parts.infusion;
    if (parts.nibp !== undefined) pending.nibp = parts.nibp;
    if (parts.waves !== undefined) pending.waves = parts.waves;
    if (parts.order !== undefined) pending.order = parts.order;
    if (parts.session !== undefined) pending.session = parts.session;
    if (parts.rateHistory !== undefined) pending.rateHistory = parts.rateHistory;
    if (parts.device !== undefined) pending.devices.set(parts.device.deviceId, parts.device);
  }

  /** Takes one bed out: one delta, and one more for each further device of that bed. */
  takeBed(): readonly DeltaParts[] {
    for (const [bedId, pending] of this.#beds) {
      this.#beds.delete(bedId);
      return toDeltas(bedId, pending);
    }
    return [];
  }

  takeAll(): readonly DeltaParts[] {
    const all: DeltaParts[] = [];
    for (const [bedId, pending] of this.#beds) all.push(...toDeltas(bedId, pending));
    this.#beds.clear();
    return all;
  }

  #of(bedId: string): Pending {
    const known = this.#beds.get(bedId);
    if (known !== undefined) return known;
    const pending: Pending = {
      bed: undefined,
      numerics: new Map(),
      devices: new Map(),
      infusion: undefined,
      nibp: undefined,
      waves: undefined,
      order: undefined,
      session: undefined,
      rateHistory: undefined,
    };
    this.#beds.set(bedId, pending);
    return pending;
  }
}

function toDeltas(bedId: string, pending: Pending): readonly DeltaParts[] {
  const [device, ...others] = pending.devices.values();
  const first: DeltaParts = {
    bedId,
    ...(pending.bed !== undefined && { bed: pending.bed }),
    ...(pending.numerics.size > 0 && { numerics: [...pending.numerics.values()] }),
    ...(pending.infusion !== undefined && { infusion: pending.infusion }),
    ...(pending.nibp !== undefined && { nibp: pending.nibp }),
    ...(pending.waves !== undefined && { waves: pending.waves }),
    ...(device !== undefined && { device }),
    ...(pending.order !== undefined && { order: pending.order }),
    ...(pending.session !== undefined && { session: pending.session }),
    ...(pending.rateHistory !== undefined && { rateHistory: pending.rateHistory }),
  };
  return [first, ...others.map((other) => ({ bedId, device: other }))];
}
