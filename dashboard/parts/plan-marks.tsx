/** What stands on the time axis of the plot: steps with their windows, pauses and holds, and now. */
import type { PlanShape } from './plan-shape.ts';
import type { Span } from './plan-spans.ts';
import { STEP_WORDS, type StepMark, type StepState } from './plan-steps.ts';

export interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (mgPerH: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly font: number;
}

const TRIANGLE = 'M-7-12h14l-7 12z';
const CROSS = 'M-6-12l12 12m0-12l-12 12';
/** Drawn round the point where the step stands on the axis; each is told from the others in black and white. */
const SHAPES: Readonly<Record<StepState, string>> = {
  planned: TRIANGLE,
  due: TRIANGLE,
  late: `${TRIANGLE}M-9-15.5h18`,
  held: 'M-5-12h4v12h-4zM1-12h4v12h-4z',
  made: TRIANGLE,
  reached: TRIANGLE,
  'made-early': `${TRIANGLE}M-10-12l-4 5 4 5`,
  'made-late': `${TRIANGLE}M10-12l4 5-4 5`,
  skipped: CROSS,
  'not-made': CROSS,
  unknown: 'M-4-9a4 4 0 1 1 4 4v2m0 2v2',
};
/** These want a person: their word stands beside the mark. */
const SAID: readonly StepState[] = ['due', 'late', 'held', 'skipped', 'not-made', 'unknown'];
/** Room that a word needs, in letters' heights. */
const WORD_EM = 4;
const NUMBER_EM = 1.8;

export function StepMarks({ shape, scale }: { shape: PlanShape; scale: Scale }) {
  return (
    <g>
      {shape.steps.map((mark, index) => (
        <Mark
          key={mark.step}
          mark={mark}
          scale={scale}
          room={roomFor(shape.steps, index, scale)}
          window={shape.window}
        />
      ))}
    </g>
  );
}

function roomFor(marks: readonly StepMark[], index: number, scale: Scale): number {
  const at = marks[index]?.atMs ?? 0;
  const near = [marks[index - 1], marks[index + 1]].flatMap((mark) => (mark ? [mark.atMs] : []));
  return Math.min(...near.map((ms) => Math.abs(scale.x(ms) - scale.x(at)) / scale.font));
}

function Mark(input: { mark: StepMark; scale: Scale; room: number; window: Span }) {
  const { mark, scale, room } = input;
  const y = scale.bottom + 1;
  const word = SAID.includes(mark.state) && room >= WORD_EM ? ` ${STEP_WORDS[mark.state]}` : '';
  const at = scale.x(mark.atMs);
  const isAtEdge = at > scale.right - scale.font * WORD_EM;
  return (
    <g>
      {mark.window && <StepWindow window={mark.window} shown={input.window} scale={scale} />}
      <path
        class={`mark ${mark.state}`}
        transform={`translate(${at} ${y})`}
        d={SHAPES[mark.state]}
      />
      {room >= NUMBER_EM && (
        <text
          class={word === '' ? '' : 'strong'}
          x={isAtEdge ? at + 6 : at - (word === '' ? scale.font * 0.3 : 6)}
          y={y - 19}
          text-anchor={isAtEdge && word !== '' ? 'end' : 'start'}
        >
          {mark.step}
          {word}
        </text>
      )}
    </g>
  );
}

/** From the earliest to the latest moment at which the step may be made. */
function StepWindow(input: { window: Span; shown: Span; scale: Scale }) {
  const { window, shown, scale } = input;
  const from = scale.x(Math.max(window.fromMs, shown.fromMs));
  const to = scale.x(Math.min(window.toMs, shown.toMs));
  if (to <= from) return null;
  return <path class="step-window" d={`M${from} ${scale.bottom - 4}v8m0-4H${to}m0-4v8`} />;
}

/** Pauses and holds: a quiet band with its word, for nothing is unknown there and nothing is wrong. */
export function Halts({ shape, scale }: { shape: PlanShape; scale: Scale }) {
  return (
    <g>
      {shape.halts.map((halt, index) => {
        const x = scale.x(halt.fromMs);
        const before = shape.halts[index - 1];
        const hasRoom = !before || x - scale.x(before.fromMs) > scale.font * WORD_EM;
        const width = Math.max(6, scale.x(halt.toMs) - x);
        const isRight = x > scale.right - scale.font * WORD_EM;
        return (
          <g key={`${halt.word}${halt.fromMs}`}>
            <rect
              class="halt"
              x={x}
              width={width}
              y={scale.top}
              height={scale.bottom - scale.top}
            />
            {hasRoom && (
              <text
                x={isRight ? x - 4 : x + 4}
                y={scale.top + scale.font}
                text-anchor={isRight ? 'end' : 'start'}
              >
                {halt.word}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

export function NowLine(input: { shape: PlanShape; scale: Scale; nowMs: number; label: string }) {
  const { shape, scale, nowMs } = input;
  if (nowMs < shape.window.fromMs || nowMs > shape.window.toMs) return null;
  const x = scale.x(nowMs);
  const isRight = x > scale.left + (scale.right - scale.left) * 0.75;
  return (
    <g>
      <line class="now-line" x1={x} x2={x} y1={scale.top} y2={scale.bottom} />
      <text
        class="strong"
        x={isRight ? x - 8 : x + 8}
        y={scale.bottom - 24 - scale.font}
        text-anchor={isRight ? 'end' : 'start'}
      >
        {input.label}
      </text>
    </g>
  );
}

/** The same shapes beside their words in a table. */
export function StepGlyph({ state }: { state: StepState }) {
  return (
    <svg class="glyph" viewBox="-15 -18 30 21" aria-hidden="true">
      <path class={`mark ${state}`} d={SHAPES[state]} />
    </svg>
  );
}
