/** Draws a PlanShape as SVG at a given pixel size. */
import { doseRate, timeOfDay } from '../format/index.ts';
import type { Level, PlanShape, StepMark } from './plan-shape.ts';

interface PlotInput {
  readonly shape: PlanShape;
  readonly width: number;
  readonly height: number;
  readonly nowMs: number;
  readonly nowLabel: string;
  readonly utcOffsetMin: number;
}

/** Twelve seconds on a day's axis would be invisible. */
const MIN_DEVIATION_PX = 10;
const MIN_UNKNOWN_PX = 6;
const MIN_BAND_PX = 6;
const TOLERANCE_SHOWN = 0.05;
const FONT_MIN_PX = 14;

interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (mgPerH: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly font: number;
}

function scaleOf({ shape, width, height }: PlotInput): Scale {
  const font = Math.max(
    FONT_MIN_PX,
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
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
      <Unknown shape={input.shape} scale={scale} />
      <path class="actual-line" d={steppedPath(input.shape.actual, scale)} />
      <Deviations shape={input.shape} scale={scale} />
      {input.shape.steps.map((mark) => (
        <Mark key={mark.step} mark={mark} scale={scale} />
      ))}
      <NowLine input={input} scale={scale} />
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
          {timeOfDay(at, input.utcOffsetMin)}
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

function Mark({ mark, scale }: { mark: StepMark; scale: Scale }) {
  const x = scale.x(mark.atMs);
  const y = scale.bottom + 1;
  if (mark.state === 'missed') {
    return <path class="mark missed" d={`M${x - 6} ${y - 12}l12 12m0 -12l-12 12`} />;
  }
  return <path class={`mark ${mark.state}`} d={`M${x - 7} ${y - 12}h14l-7 12z`} />;
}

function NowLine({ input, scale }: { input: PlotInput; scale: Scale }) {
  const { window } = input.shape;
  if (input.nowMs < window.fromMs || input.nowMs > window.toMs) return null;
  const x = scale.x(input.nowMs);
  const isRight = x > scale.left + (scale.right - scale.left) * 0.75;
  return (
    <g>
      <line class="now-line" x1={x} x2={x} y1={scale.top} y2={scale.bottom} />
      <text
        class="strong"
        x={isRight ? x - 8 : x + 8}
        y={scale.bottom - 18}
        text-anchor={isRight ? 'end' : 'start'}
      >
        {input.nowLabel}
      </text>
    </g>
  );
}
