import { type DeliveryWatch, nextDelivery } from '../../src/check/delivery-watch.ts';
import type { Scene } from '../../src/check/scene.ts';
import { NOW, order, pump, scene } from './scene-kit.ts';

export const GAP_MS = 10_000;
/** 50 mg/h of 0.08 mg/mL. */
export const UNKNOWN_ML_PER_H = 625;

const ORDER = order();

/** A pump as it is, and what it tells of itself: its counter has steps, and may be set back or stand at its end. */
export class WatchedPump {
  watch: DeliveryWatch | undefined;
  nowMs = NOW;
  /** What it says. */
  mlPerH = 125;
  isRateKnown = true;
  isRateDoubted = false;
  isCounterTold = true;
  /** What flows, in parts of what it says, and beside it. */
  factor = 1;
  strayMlPerH = 0;
  counterMl = 0;
  stepMl = 0.001;
  endMl = 9_999.9;
  isWrapping = true;
  serial = 'SN1';
  isPlugged = true;
  pollS = 1;

  /** Whole seconds, with a poll at each. */
  run(seconds: number): this {
    for (let s = 0; s < seconds; s += this.pollS) {
      this.nowMs += this.pollS * 1_000;
      const flow = Math.max(0, this.mlPerH * this.factor + this.strayMlPerH);
      const ml = this.counterMl + (flow * this.pollS) / 3_600;
      this.counterMl = ml < this.endMl ? ml : this.isWrapping ? ml - this.endMl : this.endMl;
      if (this.isPlugged) this.tell();
    }
    return this;
  }

  tell(): this {
    const told = Math.floor(this.counterMl / this.stepMl + 1e-6) * this.stepMl;
    this.watch = nextDelivery(this.watch, {
      atMs: this.nowMs,
      serial: this.serial,
      counterMl: this.isCounterTold ? Math.round(told * 1_000) / 1_000 : null,
      known: this.isRateKnown && !this.isRateDoubted ? this.mlPerH : null,
      told: this.isRateKnown ? this.mlPerH : null,
      gapMs: GAP_MS,
      unknownMlPerH: UNKNOWN_ML_PER_H,
    });
    return this;
  }

  /** What a rule sees of it now, in the order of 10 mg/h. */
  scene(parts: Partial<Scene> = {}): Scene {
    const { watch } = this;
    return scene({
      nowMs: this.nowMs,
      order: ORDER,
      pumps: [pump(this.mlPerH)],
      deliveries: new Map(watch === undefined ? [] : [['B01-pump', watch]]),
      ...parts,
    });
  }
}
