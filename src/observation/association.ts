/**
 * Which device belongs to a place at a bed. A device is known by the serial number that it tells, never by
 * the port on which it answers: cables are moved, ports get other names, pumps are replaced.
 */
export interface Association {
  /** Serial number of the device that belongs here; `null` = none yet, the first one that answers does. */
  readonly serial: string | null;
  /** Serial numbers that belong to other places of this gateway, and to which. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

export const noAssociation: Association = { serial: null, elsewhere: new Map() };

/** Another device than the one that belongs here answers: nothing that it says is taken for this bed. */
export interface Stranger {
  /** What it says that it is. */
  readonly serial: string;
  /** Whose place it belongs to, if any (a device id of this gateway). */
  readonly belongsTo: string | null;
}

/** Judges a told serial number; `null` = it is the one, or nobody else claims it. */
export function strangerOf(association: Association, told: string | undefined): Stranger | null {
  if (told === undefined || told === association.serial) return null;
  const belongsTo = association.elsewhere.get(told) ?? null;
  if (association.serial === null && belongsTo === null) return null;
  return { serial: told, belongsTo };
}
