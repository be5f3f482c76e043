import type { Driver, LineSettings } from '../driver/contract.ts';

/** One driver at one setting of the line. */
export interface Candidate {
  readonly driver: Driver;
  readonly line: LineSettings;
}

/**
 * Every driver at every speed that can be set at its device: factory settings first, in the order of the
 * registry; then the other speeds. Drivers whose reading changes something at the device come last.
 * @param all with `false` those are left out
 */
export function candidatesOf(drivers: readonly Driver[], all: boolean): readonly Candidate[] {
  const asked = drivers.filter(({ readingEffect }) => all || readingEffect === undefined);
  const rounds = asked.flatMap((driver) =>
    ratesOf(driver).map((baudRate, round) => ({
      round,
      isLast: driver.readingEffect !== undefined,
      candidate: { driver, line: { ...driver.line, baudRate } },
    })),
  );
  return rounds
    .sort((a, b) => Number(a.isLast) - Number(b.isLast) || a.round - b.round)
    .map(({ candidate }) => candidate);
}

const ratesOf = ({ line, baudRates }: Driver): readonly number[] => [
  ...new Set([line.baudRate, ...baudRates]),
];

/** Each driver once, at its factory setting. */
export function oneOfEach(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ driver, line }) => line.baudRate === driver.line.baudRate);
}

/** Candidates by the setting of the line, so that one opening serves all that share it. */
export function bySetting(
  candidates: readonly Candidate[],
  hasSpeed: boolean,
): readonly { readonly line: LineSettings; readonly drivers: readonly Driver[] }[] {
  const groups = Map.groupBy(candidates, ({ line }) => (hasSpeed ? lineText(line) : ''));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ line }) => ({ line, drivers: group.map(({ driver }) => driver) })),
  );
}

/**
 * Where bytes came without a question the device is likelier to be; there, drivers that found whole frames in
 * them come first.
 * @param score how much speaks for a candidate; 0 = nothing
 */
export function likeliestFirst(
  candidates: readonly Candidate[],
  score: (candidate: Candidate) => number,
): readonly Candidate[] {
  return [...candidates].sort((a, b) => {
    const isLast = (one: Candidate): number => Number(one.driver.readingEffect !== undefined);
    return isLast(a) - isLast(b) || score(b) - score(a);
  });
}

/** `38400 8N1` */
export function lineText({ baudRate, dataBits, parity, stopBits }: LineSettings): string {
  return `${baudRate} ${dataBits}${parity[0]?.toUpperCase()}${stopBits}`;
}
