/**
 * The pump tells the volume infused twice: in INF and in INF_VI. The reply of INF_VI is not proven, so
 * it may only speak against INF once the two have been seen to be the same counter.
 */
export interface VolumeCheck {
  /** Of the last INF reply. */
  readonly infMl: number | null;
  /** INF_VI said this since then; the next INF reply closes the bracket. */
  readonly viMl: number | null;
  /** Both have been seen to agree on a volume that is not 0. */
  readonly isProven: boolean;
  /** Disagreements in a row. */
  readonly disagreements: number;
}

export const VOLUME_UNCHECKED: VolumeCheck = {
  infMl: null,
  viMl: null,
  isProven: false,
  disagreements: 0,
};

/** Both counters have 0.001 mL, each rounded by itself. */
const ROUNDING_ML = 0.0015;
/** A counter that is cleared between two questions disagrees once. */
const DISAGREEMENTS = 2;

export const afterVi = (check: VolumeCheck, viMl: number | undefined): VolumeCheck => ({
  ...check,
  viMl: check.infMl === null ? null : (viMl ?? null),
});

/** The volume of INF_VI must lie between that of the INF replies before and after it, whatever the rate. */
export function afterInf(check: VolumeCheck, infMl: number | undefined): VolumeCheck {
  const { infMl: beforeMl, viMl } = check;
  const next = { ...check, infMl: infMl ?? null, viMl: null };
  if (infMl === undefined || beforeMl === null || viMl === null) return next;
  const isBetween = viMl >= beforeMl - ROUNDING_ML && viMl <= infMl + ROUNDING_ML;
  if (isBetween) return { ...next, isProven: check.isProven || beforeMl > 0, disagreements: 0 };
  if (!check.isProven) return next;
  return { ...next, disagreements: Math.min(DISAGREEMENTS, check.disagreements + 1) };
}

export const isVolumeDoubtful = ({ disagreements }: VolumeCheck): boolean =>
  disagreements >= DISAGREEMENTS;
