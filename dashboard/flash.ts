/**
 * One phase for everything that flashes, from the gateway's clock: all stations of a ward flash
 * together, and no two flashes can add up above three a second. High 2 Hz, medium 0.5 Hz.
 */
const HIGH_HALF_MS = 250;
const MEDIUM_HALF_MS = 1000;

export function flashPhase(monotonicMs: number): {
  readonly high: '0' | '1';
  readonly medium: '0' | '1';
} {
  return { high: bright(monotonicMs, HIGH_HALF_MS), medium: bright(monotonicMs, MEDIUM_HALF_MS) };
}

function bright(monotonicMs: number, halfMs: number): '0' | '1' {
  return Math.floor(monotonicMs / halfMs) % 2 === 0 ? '1' : '0';
}

export function startFlash(input: {
  readonly root: HTMLElement;
  readonly monotonicMs: () => number;
  /** Called with every frame that the browser draws. */
  readonly onFrame: () => void;
}): void {
  const { dataset } = input.root;
  const draw = (): void => {
    input.onFrame();
    const phase = flashPhase(input.monotonicMs());
    if (dataset['flashH'] !== phase.high) dataset['flashH'] = phase.high;
    if (dataset['flashM'] !== phase.medium) dataset['flashM'] = phase.medium;
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}
