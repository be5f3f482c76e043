/** One waveform as a sweep: label, gain and state above, the trace on a canvas that Preact does not touch. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { gatewayMsAt } from '../state/store.ts';
import { ringOf } from '../state/waves.ts';
import { station } from '../station.ts';
import { paintEveryFrame } from '../sweep/loop.ts';
import { type LaneLook, LanePainter, PX_PER_MM } from '../sweep/painter.ts';
import type { Moment } from '../validity/value.ts';
import type { WaveView } from '../wire.ts';
import { Said } from './text.tsx';

export const MM_PER_S = 25;

interface LaneInput {
  readonly wave: WaveView;
  readonly now: Moment;
  /** A strip on a tile: no words but the state. */
  readonly isSmall?: boolean;
  /** Gateway time at which a still picture was asked for; the live sweep goes on above it. */
  readonly frozenAtMs?: number | null;
}

export function WaveLane({ wave, now, isSmall = false, frozenAtMs = null }: LaneInput) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [gain, setGain] = useState<number | null>(null);
  const theme = station.current.theme.value;
  const word = stateWord(wave, now);
  useEffect(() => {
    const element = canvas.current;
    return element === null ? undefined : runSweep(element, wave, setGain);
  }, [wave.stream, wave.code, theme]);
  return (
    <div
      class={`lane ${kindOf(wave)} ${isSmall ? 'strip' : ''}`}
      data-state={word === '' ? 'live' : wave.state}
    >
      {!isSmall && (
        <div class="lanelabel">
          <b>
            <Said>{wave.title}</Said>
          </b>
          <span class="muted">
            {gain !== null && `${gain} mm/mV, `}
            {MM_PER_S} mm/s*
            {kindOf(wave) === 'ecg' &&
              ', for rhythm overview, not diagnosis; *screen not calibrated'}
          </span>
        </div>
      )}
      <canvas ref={canvas} aria-label={`${wave.title}, live trace`} />
      {frozenAtMs !== null && <FrozenTrace key={frozenAtMs} wave={wave} atMs={frozenAtMs} />}
      {gain !== null && !isSmall && (
        <span class="millivolt" style={{ height: `${gain * PX_PER_MM}px` }} title="1 mV" />
      )}
      {word !== '' && (
        <span class="lanestate">
          <Said>{word}</Said>
        </span>
      )}
    </div>
  );
}

/** The last seconds before a moment, drawn once. */
function FrozenTrace({ wave, atMs }: { wave: WaveView; atMs: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const ring = ringOf(wave.stream);
    if (element === null || ring === undefined) return;
    const dpr = devicePixelRatio;
    element.width = Math.max(1, Math.round(element.clientWidth * dpr));
    element.height = Math.max(1, Math.round(element.clientHeight * dpr));
    const painter = new LanePainter(element, wave.code, MM_PER_S);
    painter.still(ring, atMs - ring.playoutDelayMs, lookOf(element), dpr);
  }, [wave.stream, wave.code, atMs]);
  return <canvas class="frozen" ref={canvas} aria-label={`${wave.title}, frozen`} />;
}

function lookOf(canvas: HTMLCanvasElement): LaneLook {
  const { color, backgroundColor } = getComputedStyle(canvas);
  return { color, background: backgroundColor };
}

/** In place of a trace: why there is none. */
function stateWord(wave: WaveView, { link }: Moment): string {
  if (link.valuesLost || wave.state === 'lost') return 'NO SIGNAL';
  if (wave.state === 'invalid') return (wave.reason ?? 'not valid').toUpperCase();
  return wave.state === 'questionable' ? (wave.reason ?? 'noisy') : '';
}

export function kindOf({ code }: WaveView): 'ecg' | 'pleth' | 'resp' | 'co2' {
  if (code.startsWith('MDC_ECG')) return 'ecg';
  if (code === 'MDC_PULS_OXIM_PLETH') return 'pleth';
  return code === 'MDC_AWAY_CO2' ? 'co2' : 'resp';
}

/** Draws until the returned function is called; follows the size of the canvas. */
function runSweep(
  canvas: HTMLCanvasElement,
  wave: WaveView,
  onGain: (mmPerMv: number | null) => void,
): () => void {
  const painter = new LanePainter(canvas, wave.code, MM_PER_S);
  const look = lookOf(canvas);
  let dpr = 1;
  let gain: number | null = null;
  const resize = (): void => {
    dpr = devicePixelRatio;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * dpr));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * dpr));
    painter.clear(look.background);
  };
  resize();
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  const stop = paintEveryFrame((nowMs) => {
    const ring = ringOf(wave.stream);
    if (ring === undefined) return;
    painter.paint(ring, gatewayMsAt(nowMs) - ring.playoutDelayMs, look, dpr);
    const now = painter.scale?.mmPerMv ?? null;
    if (now === gain) return;
    gain = now;
    onGain(now);
  });
  return () => {
    stop();
    observer.disconnect();
  };
}
