/** Curves of a healthy person as functions of time: asking changes nothing. All in counts of the board. */
export interface Signs {
  readonly hr: number;
  readonly rr: number;
  readonly spo2: number;
}

export const AT_REST: Signs = { hr: 72, rr: 16, spo2: 97 };

/** Waves of one beat: where they stand in it, how wide they are and how high (R = 1). */
const BEAT: readonly (readonly [at: number, width: number, height: number])[] = [
  [0.2, 0.025, 0.12],
  [0.36, 0.008, -0.1],
  [0.38, 0.01, 1],
  [0.4, 0.009, -0.2],
  [0.62, 0.045, 0.25],
];
const R_COUNTS = 4_000;
const BREATH_COUNTS = 900;
const PULSE_COUNTS = 2_500;

/** How far through the beat or breath, 0 to 1. */
const phase = (perMinute: number, atMs: number): number => ((perMinute / 60_000) * atMs) % 1;

/** A little mains hum, so that the curve of a stopped heart is not a straight line. */
const hum = (atMs: number): number => 12 * Math.sin(atMs * 0.314);

export function ecgCounts({ hr }: Signs, atMs: number): number {
  if (hr === 0) return Math.round(hum(atMs));
  const x = phase(hr, atMs);
  const beat = BEAT.reduce(
    (sum, [at, width, height]) => sum + height * Math.exp(-(((x - at) / width) ** 2) / 2),
    0,
  );
  return Math.round(R_COUNTS * beat + hum(atMs));
}

export const breathCounts = ({ rr }: Signs, atMs: number): number =>
  Math.round(BREATH_COUNTS * Math.sin(2 * Math.PI * phase(rr, atMs)) + hum(atMs));

export function pulseCounts({ hr }: Signs, atMs: number): number {
  if (hr === 0) return 0;
  const x = phase(hr, atMs);
  const wave =
    Math.exp(-(((x - 0.25) / 0.09) ** 2) / 2) + 0.4 * Math.exp(-(((x - 0.55) / 0.1) ** 2) / 2);
  return Math.round(PULSE_COUNTS * wave);
}
