/** A plot for the size that its box really has: SVG text must not be stretched. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { timeOfDay } from '../format/index.ts';
import type { Moment } from '../validity/value.ts';
import { PlanPlot } from './plan-plot.tsx';
import type { PlanShape } from './plan-shape.ts';

export function MeasuredPlot({ shape, now }: { shape: PlanShape; now: Moment }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: current.clientWidth, height: current.clientHeight }),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const label =
    now.link.phase === 'lost' ? 'not live' : `now ${timeOfDay(now.wallMs, now.utcOffsetMin)}`;
  return (
    <div class="plot" ref={box}>
      {size !== null && size.width > 0 && (
        <PlanPlot
          shape={shape}
          width={size.width}
          height={size.height}
          nowMs={now.wallMs}
          nowLabel={label}
          utcOffsetMin={now.utcOffsetMin}
        />
      )}
    </div>
  );
}
