/** One animation loop for all sweeps of the page; it rests while there is none. */
type Paint = (nowMs: number) => void;

const painters = new Set<Paint>();
let running = 0;
let lastPaintAtMs = Number.NEGATIVE_INFINITY;

/** Calls `paint` with every frame until the returned function is called. */
export function paintEveryFrame(paint: Paint): () => void {
  painters.add(paint);
  if (running === 0) running = requestAnimationFrame(frame);
  return () => painters.delete(paint);
}

/** For the beat: sweeps are drawn, or there are none to draw. */
export function areSweepsAlive(nowMs: number): boolean {
  return painters.size === 0 || nowMs - lastPaintAtMs < 1_000;
}

function frame(nowMs: number): void {
  lastPaintAtMs = nowMs;
  for (const paint of painters) paint(nowMs);
  running = painters.size === 0 ? 0 : requestAnimationFrame(frame);
}
