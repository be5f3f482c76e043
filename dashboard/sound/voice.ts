/** Plays pulses with Web Audio. The only file that knows the browser's audio. */
import { PARTIALS, RAMP_MS } from './bursts.ts';
import type { PlannedPulse } from './scheduler.ts';

/** 40 to 100 %; there is no zero, because a station without sound is a fault and not a setting. */
const MASTER_GAIN = 0.8;

export interface Voice {
  readonly state: () => 'suspended' | 'running' | 'closed' | 'interrupted';
  /** The audio clock. */
  readonly nowMs: () => number;
  readonly play: (pulse: PlannedPulse) => void;
  /** Silences what has been handed out and has not started. */
  readonly cut: () => void;
  readonly resume: () => Promise<void>;
}

export function openVoice(): Voice {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const master = context.createGain();
  master.gain.value = MASTER_GAIN;
  master.connect(context.destination);
  // Five partials in phase would add up above full scale; the wave is normalised by the browser.
  const imaginary = new Float32Array([0, ...PARTIALS]);
  const wave = context.createPeriodicWave(new Float32Array(imaginary.length), imaginary);
  let waiting: { oscillator: OscillatorNode; atMs: number }[] = [];

  return {
    state: () => context.state,
    nowMs: () => context.currentTime * 1000,
    resume: () => context.resume(),
    play: (pulse) => {
      const at = pulse.atMs / 1000;
      const end = (pulse.atMs + pulse.lengthMs) / 1000;
      const envelope = context.createGain();
      envelope.gain.setValueAtTime(0, at);
      envelope.gain.linearRampToValueAtTime(pulse.gain, at + RAMP_MS / 1000);
      envelope.gain.setValueAtTime(pulse.gain, end - RAMP_MS / 1000);
      envelope.gain.linearRampToValueAtTime(0, end);
      const oscillator = context.createOscillator();
      oscillator.setPeriodicWave(wave);
      oscillator.frequency.value = pulse.hz;
      oscillator.connect(envelope).connect(master);
      oscillator.start(at);
      oscillator.stop(end);
      oscillator.onended = () => envelope.disconnect();
      waiting = [
        ...waiting.filter((one) => one.atMs > context.currentTime * 1000),
        { oscillator, atMs: pulse.atMs },
      ];
    },
    cut: () => {
      const nowMs = context.currentTime * 1000;
      for (const { oscillator, atMs } of waiting) if (atMs > nowMs) oscillator.disconnect();
      waiting = [];
    },
  };
}
