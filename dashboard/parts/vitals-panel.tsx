/** Vital signs of the bed view: numbers alone, or beside the sweeps that they come from. */
import { useRef, useState } from 'preact/hooks';
import { timeOfDay } from '../format/index.ts';
import { gatewayMsAt } from '../state/store.ts';
import type { Moment } from '../validity/value.ts';
import { SLOTS, type Slot } from '../validity/vital.ts';
import type { AlarmView, BedView, WaveView } from '../wire.ts';
import { VitalNumeric } from './numeric.tsx';
import { kindOf, WaveLane } from './wave-lane.tsx';

/** Large ones first; the order never depends on what a device sends, so that the eye finds them. */
const WIDE = [SLOTS.hr, SLOTS.spo2] as const;
const SMALL = [SLOTS.rr, SLOTS.co2, SLOTS.pr] as const;
/** Beside each lane its own number, and a smaller one that has no lane. */
const ROWS = [
  { kinds: ['ecg'], slots: [SLOTS.hr, SLOTS.pr] },
  { kinds: ['pleth'], slots: [SLOTS.spo2] },
  { kinds: ['resp', 'co2'], slots: [SLOTS.rr, SLOTS.co2] },
] as const;

interface VitalsInput {
  readonly bed: BedView;
  readonly now: Moment;
  readonly alarms: readonly AlarmView[];
}

export function VitalsPanel({ bed, now, alarms }: VitalsInput) {
  const numeric = (slot: Slot) => (
    <VitalNumeric key={slot.name} bed={bed} slot={slot} now={now} alarms={alarms} />
  );
  // A cable that is out for a moment must not move the numbers on the screen.
  const hadWaves = useRef<string | null>(null);
  if (bed.waves.length > 0) hadWaves.current = bed.bedId;
  if (hadWaves.current === bed.bedId) return <TracedVitals bed={bed} now={now} numeric={numeric} />;
  return (
    <section class="panel vitals" aria-label="Vital signs">
      <div class="wide">{WIDE.map(numeric)}</div>
      <div class="small">{SMALL.map(numeric)}</div>
    </section>
  );
}

function TracedVitals(input: {
  bed: BedView;
  now: Moment;
  numeric: (slot: Slot) => preact.JSX.Element;
}) {
  const { bed, now, numeric } = input;
  const [frozen, setFrozen] = useState<{ gatewayMs: number; wallMs: number } | null>(null);
  const freeze = () =>
    setFrozen(
      frozen === null ? { gatewayMs: gatewayMsAt(performance.now()), wallMs: now.wallMs } : null,
    );
  return (
    <section class="panel vitals traced" aria-label="Vital signs and waveforms">
      {ROWS.map(({ kinds, slots }, row) => {
        const wave = bestWave(bed.waves, kinds);
        return (
          <div class="tracerow" key={kinds[0]}>
            {wave === undefined ? (
              <div class="lane none" />
            ) : (
              <WaveLane
                key={wave.stream}
                wave={wave}
                now={now}
                frozenAtMs={frozen?.gatewayMs ?? null}
              />
            )}
            <div class="readings">{slots.map(numeric)}</div>
            {row === 0 && (
              <button class="freeze" type="button" aria-pressed={frozen !== null} onClick={freeze}>
                {frozen === null
                  ? 'Freeze'
                  : `Frozen ${timeOfDay(frozen.wallMs, now.utcOffsetMin, true)}: release`}
              </button>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Lead II before the others; one that has a signal before one that has none. */
function bestWave(waves: readonly WaveView[], kinds: readonly string[]): WaveView | undefined {
  const rank = (wave: WaveView): number =>
    (wave.state === 'lost' ? 10 : 0) + (wave.code === 'MDC_ECG_ELEC_POTL_II' ? 0 : 1);
  return waves
    .filter((wave) => kinds.includes(kindOf(wave)))
    .toSorted((a, b) => rank(a) - rank(b) || a.stream - b.stream)[0];
}
