/** Draws a PlanShape as SVG at a given pixel size. */
import { dateOf, doseRate, timeOfDay } from '../format/index.ts';
import { Halts, NowLine, type Scale, StepMarks } from './plan-marks.tsx';
import type { PlanShape } from './plan-shape.ts';
import type { Level } from './plan-spans.ts';

interface PlotInput {
  readonly shape: PlanShape;
  readonly width: number;
  readonly height: number;
  readonly nowMs: number;
  readonly nowLabel: string;
  readonly utcOffsetMin: number;
  /** px; without it the size of the page's own text. */
  readonly font?: number;
}

/** Twelve seconds on a day's axis would be invisible. */
const MIN_DEVIATION_PX = 10;
const MIN_UNKNOWN_PX = 6;
const MIN_BAND_PX = 6;
const TOLERANCE_SHOWN = 0.05;
const FONT_MIN_PX = 14;
const DAYS_MS = 25 * 3600_000;

function scaleOf({ shape, width, height, font: given }: PlotInput): Scale {
  const font = given ?? Math.max(FONT_MIN_PX, rootFontPx());
  const left = font * 2.2;
  const right = width - font * 1.5;
  const top = font * 1.5;
  const bottom = height - font * 1.8;
  const { fromMs, toMs } = shape.window;
  return {
    left,
    right,
    top,
    bottom,
    font,
    x: (ms) => left + ((ms - fromMs) / (toMs - fromMs)) * (right - left),
    y: (mgPerH) => bottom - (Math.min(mgPerH, shape.topMgPerH) / shape.topMgPerH) * (bottom - top),
  };
}

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export function PlanPlot(input: PlotInput) {
  const scale = scaleOf(input);
  if (scale.bottom <= scale.top || scale.right <= scale.left) return null;
  return (
    <svg
      role="img"
      aria-label="Ordered and actual rate over time; the steps are in the table that follows"
      viewBox={`0 0 ${input.width} ${input.height}`}
    >
      <Patterns />
      <Axes input={input} scale={scale} />
      <PlanLines shape={input.shape} scale={scale} />
      <Halts shape={input.shape} scale={scale} />
      <Unknown shape={input.shape} scale={scale} />
      <path class="actual-line" d={steppedPath(input.shape.actual, scale)} />
      <Deviations shape={input.shape} scale={scale} />
      <StepMarks shape={input.shape} scale={scale} />
      <NowLine shape={input.shape} scale={scale} nowMs={input.nowMs} label={input.nowLabel} />
    </svg>
  );
}

function Patterns() {
  return (
    <defs>
      {['unknown', 'deviating', 'past'].map((name) => (
        <pattern
          key={name}
          id={`hatch-${name}`}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class={`hatch-ground-${name}`} width="8" height="8" />
          <rect class={`hatch-line-${name}`} width="2.5" height="8" />
        </pattern>
      ))}
    </defs>
  );
}

function Axes({ input, scale }: { input: PlotInput; scale: Scale }) {
  const { shape } = input;
  const levels = Array.from(
    { length: Math.round(shape.topMgPerH / shape.gridMgPerH) + 1 },
    (_, index) => index * shape.gridMgPerH,
  );
  const maxY = scale.y(shape.maxMgPerH);
  return (
    <g>
      {levels.map((level) => (
        <g key={level}>
          <line
            class="grid"
            x1={scale.left}
            x2={scale.right}
            y1={scale.y(level)}
            y2={scale.y(level)}
          />
          <text x={scale.left - 6} y={scale.y(level) + scale.font * 0.35} text-anchor="end">
            {doseRate(level)}
          </text>
        </g>
      ))}
      {shape.ticksMs.map((at) => (
        <text key={at} x={scale.x(at)} y={scale.bottom + scale.font * 1.5} text-anchor="middle">
          {tickText(at, input)}
        </text>
      ))}
      <line class="max" x1={scale.left} x2={scale.right} y1={maxY} y2={maxY} />
      <text
        x={scale.right}
        y={scale.y(shape.maxMgPerH * (1 + TOLERANCE_SHOWN)) - 6}
        text-anchor="end"
      >
        order max {doseRate(shape.maxMgPerH)}
      </text>
    </g>
  );
}

/** Over several days an hour alone says too little. */
function tickText(at: number, { shape, utcOffsetMin }: PlotInput): string {
  const text = timeOfDay(at, utcOffsetMin);
  const isLong = shape.window.toMs - shape.window.fromMs > DAYS_MS;
  return isLong && text === '00:00' ? dateOf(at, utcOffsetMin).replace(/ \d{4}$/, '') : text;
}

function PlanLines({ shape, scale }: { shape: PlanShape; scale: Scale }) {
  return (
    <g>
      {shape.plan.map((level) => {
        const high = scale.y(level.mgPerH * (1 + TOLERANCE_SHOWN));
        const low = scale.y(level.mgPerH * (1 - TOLERANCE_SHOWN));
        const height = Math.max(MIN_BAND_PX, low - high);
        return (
          <rect
            key={level.fromMs}
            class="band"
            x={scale.x(level.fromMs)}
            width={scale.x(level.toMs) - scale.x(level.fromMs)}
            y={(high + low - height) / 2}
            height={height}
          />
        );
      })}
      <path class="plan-line" d={steppedPath(shape.plan, scale)} />
    </g>
  );
}

/** Steps that follow each other without a gap are joined; a gap starts a new line. */
function steppedPath(levels: readonly Level[], scale: Scale): string {
  return levels
    .map((level, index) => {
      const isJoined = index > 0 && levels[index - 1]?.toMs === level.fromMs;
      const start = isJoined
        ? `V${scale.y(level.mgPerH)}`
        : `M${scale.x(level.fromMs)} ${scale.y(level.mgPerH)}`;
      return `${start}H${scale.x(level.toMs)}`;
    })
    .join('');
}

function Unknown({ shape, scale }: { shape: PlanShape; scale: Scale }) {
  // The legend names the hatch as well; the off-scale value needs the room above the plot more.
  const hasRoom = shape.deviations.every((part) => part.mgPerH <= shape.topMgPerH);
  return (
    <g>
      {shape.unknown.map((span) => {
        const x = scale.x(span.fromMs);
        const width = Math.max(MIN_UNKNOWN_PX, scale.x(span.toMs) - x);
        return (
          <g key={span.fromMs}>
            <rect
              class="unknown"
              x={x}
              width={width}
              y={scale.top}
              height={scale.bottom - scale.top}
              fill="url(#hatch-unknown)"
            />
            {hasRoom && (
              <text x={x + width / 2} y={scale.top - 5} text-anchor="middle">
                unknown
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Deviations({ shape, scale }: { shape: PlanShape; scale: Scale }) {
  return (
    <g>
      {shape.deviations.map((part) => {
        const x = scale.x(part.fromMs);
        const width = Math.max(MIN_DEVIATION_PX, scale.x(part.toMs) - x);
        const [high, low] = [scale.y(part.mgPerH), scale.y(part.orderedMgPerH)].sort(
          (a, b) => a - b,
        );
        const isOffScale = part.mgPerH > shape.topMgPerH;
        return (
          <g key={part.fromMs} class={part.isNow ? 'deviating now' : 'deviating'}>
            <rect
              x={x}
              width={width}
              y={high}
              height={(low ?? 0) - (high ?? 0)}
              fill={part.isNow ? 'url(#hatch-deviating)' : 'url(#hatch-past)'}
            />
            {isOffScale && (
              <>
                <path
                  class="arrow"
                  d={`M${x - 4} ${scale.top}h${width + 8}l${-(width / 2 + 4)} ${-scale.font * 0.8}z`}
                />
                <OffScaleText x={x} width={width} scale={scale} value={part.mgPerH} />
              </>
            )}
          </g>
        );
      })}
    </g>
  );
}

function OffScaleText(input: { x: number; width: number; scale: Scale; value: number }) {
  const { x, width, scale } = input;
  const isRight = x > (scale.left + scale.right) / 2;
  return (
    <text
      class="strong"
      x={isRight ? x - 10 : x + width + 10}
      y={scale.top - 3}
      text-anchor={isRight ? 'end' : 'start'}
    >
      {doseRate(input.value)} mg/h, off scale
    </text>
  );
}
