/** Round numbers for the axes of a plot. Pure. */
const HOUR_MS = 3600_000;

/** 1, 2 or 5 times a power of ten, not below `least`. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

/** Full hours (or parts, or days) in the gateway's zone, at most about seven of them. */
export function ticks(
  window: { readonly fromMs: number; readonly toMs: number },
  utcOffsetMin: number,
): readonly number[] {
  const spanMs = window.toMs - window.fromMs;
  const steps = [10 / 60, 0.5, 1, 2, 4, 12, 24, 48].map((hours) => hours * HOUR_MS);
  const step = steps.find((one) => spanMs / one <= 7) ?? 48 * HOUR_MS;
  const offset = utcOffsetMin * 60_000;
  const first = Math.ceil((window.fromMs + offset) / step) * step - offset;
  const count = Math.floor((window.toMs - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}
