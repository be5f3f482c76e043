import type { EventContext } from '../alarm/alarm-event.ts';
import type { DevicePicture } from '../observation/device-picture.ts';

/** A device was taken for the place at the bed where it answers. */
export interface AssociationEvent {
  readonly type: 'device-associated';
  readonly deviceId: string;
  readonly serial: string;
}

export interface AssociationRecord {
  readonly serial: string;
  readonly sinceWallMs: number;
  /** Who confirmed it; `null` = the first device that answered there. */
  readonly by: string | null;
}

/**
 * Which device belongs to which place. The first one that tells a serial number does, unless it belongs
 * to another place; a later one only when a person says so.
 */
export class AssociationDesk {
  readonly #records = new Map<string, AssociationRecord>();

  /** Device id → serial number. */
  serials(): ReadonlyMap<string, string> {
    return new Map([...this.#records].map(([deviceId, { serial }]) => [deviceId, serial]));
  }

  of(deviceId: string): AssociationRecord | undefined {
    return this.#records.get(deviceId);
  }

  apply(event: { readonly type: string }, { wallMs, user }: EventContext): void {
    if (!isAssociation(event)) return;
    const { deviceId, serial } = event;
    // What a person moved to another place no longer belongs to the old one.
    for (const [other, record] of this.#records) {
      if (record.serial === serial) this.#records.delete(other);
    }
    this.#records.set(deviceId, { serial, sinceWallMs: wallMs, by: user ?? null });
  }

  /** The event by which a device that nobody else claims takes a place that was free. */
  firstSeen(picture: DevicePicture): AssociationEvent | null {
    const { deviceId, identity, stranger } = picture;
    if (stranger !== null || identity.serial === undefined) return null;
    if (this.#records.has(deviceId)) return null;
    return { type: 'device-associated', deviceId, serial: identity.serial };
  }

  /** A person says that the device that answers belongs there. A sentence when that is not so. */
  confirm(picture: DevicePicture, serial: string): AssociationEvent | string {
    const { deviceId, identity } = picture;
    if (identity.serial === undefined)
      return `${deviceId} has not told a serial number; there is nothing to confirm yet.`;
    if (identity.serial !== serial)
      return `${deviceId} says that it is ${identity.serial} now, not ${serial}; look at the device and confirm again.`;
    return { type: 'device-associated', deviceId, serial };
  }
}

function isAssociation(event: { readonly type: string }): event is AssociationEvent {
  return event.type === 'device-associated';
}
