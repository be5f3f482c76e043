/** The shape of a plan while it is typed: the rates are the gateway's, the end is what was typed. */
import { minutesOf } from '../entry/typed.ts';
import { doseRate, NBSP } from '../format/index.ts';
import type { DraftChecks } from '../wire.ts';

const WIDTH = 320;
const HEIGHT = 90;
const MINUTE_MS = 60_000;

export function PlanPreview({ checks, end }: { checks: DraftChecks; end: unknown }) {
  const endMs = (typeof end === 'string' ? (minutesOf(end) ?? 0) : 0) * MINUTE_MS;
  const path = previewPath(checks, endMs);
  if (path === null) return null;
  const peak = checks.peakMgPerH ?? 0;
  return (
    <figure class="preview">
      <svg viewBox={`0 -6 ${WIDTH} ${HEIGHT + 12}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="grid" d={`M0 ${HEIGHT}H${WIDTH}`} />
        <path class="plan-line" d={path} />
      </svg>
      <figcaption>
        {checks.steps.length === 1 ? '1 step' : `${checks.steps.length} steps`}, up to{' '}
        {doseRate(peak)}
        {NBSP}mg/h
      </figcaption>
    </figure>
  );
}

/** `null`: no rate, no end, or times that do not rise: then there is no shape yet. */
export function previewPath({ steps }: Pick<DraftChecks, 'steps'>, endMs: number): string | null {
  const highest = Math.max(0, ...steps.map(({ mgPerH }) => mgPerH));
  const lastMs = steps.at(-1)?.atMs ?? 0;
  const isRising = steps.every(
    ({ atMs }, index) => index === 0 || atMs > (steps[index - 1]?.atMs ?? 0),
  );
  if (steps.length === 0 || highest === 0 || endMs <= lastMs || !isRising) return null;
  const x = (ms: number) => Math.round((ms / endMs) * WIDTH);
  const y = (mgPerH: number) => Math.round(HEIGHT - (mgPerH / highest) * HEIGHT);
  const parts = steps.map(({ atMs, mgPerH }) => `H${x(atMs)}V${y(mgPerH)}`);
  return `M0 ${HEIGHT}${parts.join('')}H${WIDTH}V${HEIGHT}`;
}
