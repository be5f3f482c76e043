/** Inline symbols: the fonts have none, and an icon font would be one more thing to load. */
import type { Priority } from '../wire.ts';

const TRIANGLE = 'M20 1 39 35H1z';
const MARKS: Readonly<Record<Priority, string>> = {
  high: 'M18 11h4l-.8 13h-2.4zM18 27h4v4h-4zM10.5 20h3.4l-.6 6h-2.2zM10.6 28h3.2v3.2h-3.2zM26.1 20h3.4l-.6 6h-2.2zM26.2 28h3.2v3.2h-3.2z',
  medium: 'M13.4 14h4.2l-.9 11h-2.4zM13.5 27.5h4v4h-4zM22.4 14h4.2l-.9 11h-2.4zM22.5 27.5h4v4h-4z',
  low: 'M17.6 7h4.8l-1 14h-2.8zM17.6 24h4.8v4.8h-4.8z',
};

/** Three marks in a triangle, two in a triangle, one in a circle: told apart without colour. */
export function PrioritySymbol({ priority }: { priority: Priority }) {
  return (
    <svg class="sym" viewBox="0 0 40 36" aria-hidden="true">
      {priority === 'low' ? (
        <circle cx="20" cy="18" r="17" fill="currentColor" />
      ) : (
        <path d={TRIANGLE} fill="currentColor" />
      )}
      <path class="mark" d={MARKS[priority]} />
    </svg>
  );
}

const SHAPES = {
  bell: 'M12 2a2 2 0 0 1 2 2c3 1 4 3.5 4 7v4l2 3H4l2-3v-4c0-3.5 1-6 4-7a2 2 0 0 1 2-2zM9.5 20h5a2.5 2.5 0 0 1-5 0z',
  check: 'M9.5 19 3 12.5l2.4-2.4 4.1 4.1L18.6 5 21 7.4z',
  cross: 'M4 6.5 6.5 4 12 9.5 17.5 4 20 6.5 14.5 12l5.5 5.5-2.5 2.5-5.5-5.5L6.5 20 4 17.5 9.5 12z',
  back: 'M15 3 6 12l9 9 2.4-2.4L10.8 12l6.6-6.6z',
  cut: 'M2 10h6v4H2zM16 10h6v4h-6zM9 5h2v4H9zM13 15h2v4h-2zM8 18l7-13 2 1-7 13z',
} as const;

export function Icon({ shape }: { shape: keyof typeof SHAPES | 'belloff' }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[shape === 'belloff' ? 'bell' : shape]} />
      {shape === 'belloff' && <path d="M3 3l18 18" stroke="currentColor" stroke-width="3" />}
    </svg>
  );
}
