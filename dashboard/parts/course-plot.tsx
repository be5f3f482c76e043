/** mg per session over the days of a course: where the pump rate is the same every day, this is the staircase. */
import { amount } from '../format/index.ts';
import type { CourseDay } from '../validity/course.ts';
import { niceStep } from './plan-axes.ts';

const WIDTH = 520;
const HEIGHT = 180;
const LEFT = 42;
const BOTTOM = 24;
const TOP = 14;
const LINES = 4;
/** With more days than this only some of them have room for their number. */
const NUMBERED = 16;

export function CoursePlot({ days }: { days: readonly CourseDay[] }) {
  const largest = Math.max(
    ...days.map((day) => Math.max(day.plannedMg, day.givenAtMostMg ?? 0)),
    1,
  );
  const grid = niceStep(largest / LINES);
  const top = Math.ceil(largest / grid) * grid;
  const y = (mg: number) => HEIGHT - BOTTOM - (mg / top) * (HEIGHT - BOTTOM - TOP);
  const slot = (WIDTH - LEFT) / Math.max(1, days.length);
  const every = Math.ceil(days.length / NUMBERED);
  return (
    <svg
      class="courseplot"
      role="img"
      aria-label="Planned and given mg of each day; the numbers are in the table of days"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    >
      <defs>
        <pattern
          id="hatch-range"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="range-line" width="2" height="6" />
        </pattern>
      </defs>
      {Array.from({ length: Math.round(top / grid) + 1 }, (_, index) => index * grid).map((mg) => (
        <g key={mg}>
          <line class="grid" x1={LEFT} x2={WIDTH} y1={y(mg)} y2={y(mg)} />
          <text x={LEFT - 6} y={y(mg) + 5} text-anchor="end">
            {amount(mg)}
          </text>
        </g>
      ))}
      {days.map((day, index) => (
        <Bar
          key={day.day}
          day={day}
          x={LEFT + index * slot}
          slot={slot}
          y={y}
          isNumbered={index % every === 0}
        />
      ))}
    </svg>
  );
}

function Bar(input: {
  day: CourseDay;
  x: number;
  slot: number;
  y: (mg: number) => number;
  isNumbered: boolean;
}) {
  const { day, x, slot, y } = input;
  const width = slot * 0.72;
  const left = x + (slot - width) / 2;
  const given = day.givenMg;
  const most = day.givenAtMostMg;
  const middle = left + width / 2;
  return (
    <g>
      {given !== null && (
        <rect class="given" x={left} width={width} y={y(given)} height={y(0) - y(given)} />
      )}
      {given !== null && most !== null && most > given && (
        <rect
          class="range"
          x={left}
          width={width}
          y={y(most)}
          height={y(given) - y(most)}
          fill="url(#hatch-range)"
        />
      )}
      <rect
        class="planned"
        x={left}
        width={width}
        y={y(day.plannedMg)}
        height={y(0) - y(day.plannedMg)}
      />
      {day.state === 'missed' && (
        <path class="missed" d={`M${middle - 8} ${y(day.plannedMg / 2) - 8}l16 16m0-16l-16 16`} />
      )}
      {input.isNumbered && (
        <text
          class={day.state === 'today' || day.state === 'running' ? 'strong' : ''}
          x={middle}
          y={HEIGHT - 6}
          text-anchor="middle"
        >
          {day.day}
        </text>
      )}
    </g>
  );
}
