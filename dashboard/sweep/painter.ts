import type { WaveView } from '../wire.ts';
import { type Column, columnBetween } from './columns.ts';
import { type Scale, scaleFor } from './scale.ts';
import type { WaveRing } from './wave-ring.ts';

/** CSS pixels per mm, until a station is calibrated. */
export const PX_PER_MM = 96 / 25.4;
const ERASE_PX = 16;
const LINE_PX = 2;
/** After a hidden tab or a jump nothing older than this is drawn anew. */
const CATCH_UP_MS_MAX = 4_000;

export interface LaneLook {
  readonly color: string;
  readonly background: string;
}

/**
 * Draws one waveform as an erase bar sweep: the newest piece from left to right over the oldest. A place on the
 * screen is a moment of the patient's time, so a missing piece stays empty and nothing ever slides.
 */
export class LanePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #code: WaveView['code'];
  readonly #mmPerS: number;
  #drawnMs = Number.NaN;
  #scale: Scale | null = null;

  constructor(canvas: HTMLCanvasElement, code: WaveView['code'], mmPerS: number) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser cannot draw on a canvas.');
    this.#context = context;
    this.#code = code;
    this.#mmPerS = mmPerS;
  }

  get scale(): Scale | null {
    return this.#scale;
  }

  /** Everything anew with the next frame, as after a change of size or theme. */
  clear(background: string): void {
    const { canvas } = this.#context;
    this.#context.fillStyle = background;
    this.#context.fillRect(0, 0, canvas.width, canvas.height);
    this.#drawnMs = Number.NaN;
  }

  /** @param playMs gateway time that the right edge of the sweep shows now */
  paint(ring: WaveRing, playMs: number, look: LaneLook, dpr: number): void {
    const { canvas } = this.#context;
    // Not shown: one pixel stands for a canvas without a place.
    if (canvas.width <= 1) return;
    const pxPerMs = (this.#mmPerS * PX_PER_MM * dpr) / 1_000;
    const behindMs = playMs - this.#drawnMs;
    if (Number.isNaN(behindMs) || behindMs < 0 || behindMs > CATCH_UP_MS_MAX) {
      this.#drawnMs = playMs - Math.min(CATCH_UP_MS_MAX, canvas.width / pxPerMs);
    }
    const first = Math.floor(this.#drawnMs * pxPerMs);
    const end = Math.floor(playMs * pxPerMs);
    if (end <= first) return;
    for (let column = first; column < end; column++) {
      const x = ((column % canvas.width) + canvas.width) % canvas.width;
      if (x === 0 || this.#scale === null) this.#rescale(ring, column / pxPerMs, dpr);
      this.#erase((x + ERASE_PX * dpr) % canvas.width, look.background);
      this.#column(x, columnBetween(ring, column / pxPerMs, (column + 1) / pxPerMs), look, dpr);
    }
    this.#drawnMs = end / pxPerMs;
  }

  /** A still picture of the time up to `untilMs`, as wide as the canvas. */
  still(ring: WaveRing, untilMs: number, look: LaneLook, dpr: number): void {
    this.clear(look.background);
    const pxPerMs = (this.#mmPerS * PX_PER_MM * dpr) / 1_000;
    const { width } = this.#context.canvas;
    const fromMs = untilMs - width / pxPerMs;
    this.#rescale(ring, untilMs, dpr);
    for (let x = 0; x < width; x++) {
      const atMs = fromMs + x / pxPerMs;
      this.#column(x, columnBetween(ring, atMs, atMs + 1 / pxPerMs), look, dpr);
    }
  }

  #rescale(ring: WaveRing, untilMs: number, dpr: number): void {
    const { height } = this.#context.canvas;
    this.#scale = scaleFor(this.#code, ring, {
      heightPx: height,
      pxPerMm: PX_PER_MM * dpr,
      untilMs,
    });
  }

  #erase(x: number, background: string): void {
    this.#context.fillStyle = background;
    this.#context.fillRect(x, 0, 1, this.#context.canvas.height);
  }

  #column(x: number, column: Column | null, { color }: LaneLook, dpr: number): void {
    if (column === null || this.#scale === null) return;
    const { height } = this.#context.canvas;
    const line = LINE_PX * dpr;
    const y = (value: number): number =>
      height / 2 - (value - (this.#scale?.centre ?? 0)) * (this.#scale?.pxPerUnit ?? 0);
    const top = y(column.max) - line / 2;
    const bottom = y(column.min) + line / 2;
    this.#context.fillStyle = color;
    const from = Math.min(Math.max(top, 0), height - line);
    const to = Math.max(Math.min(bottom, height), line);
    this.#context.fillRect(x, from, 1, Math.max(to - from, line));
  }
}
