import type { BedView, Delta, DeviceView, Numeric } from '../hub/wire/index.ts';
import type { DevicePicture, PictureEvent } from '../observation/device-picture.ts';
import type { MetricCode } from '../observation/metrics.ts';
import type { BedStep } from '../pipeline/bed.ts';
import type { BedState } from '../pipeline/bed-state.ts';
import type { BedDescription } from '../pipeline/bed-stream.ts';
import type { Moment } from '../pipeline/times.ts';
import { type BedSurroundings, bedView, infusionView, nibpView, rateView } from './bed-views.ts';
import { deviceState, deviceView, numericView, shownValidity } from './device-views.ts';
import { sessionView } from './session-views.ts';

type Parts = Omit<Delta, 'type' | 'seq'>;

interface ToldDevice {
  readonly picture: DevicePicture;
  readonly state: DeviceView['state'];
  readonly toldAtMs: number;
}

/** Device counters change with every frame; that is told at most so often. A new state at once. */
const DEVICE_EVERY_MS = 1_000;
/** What changes by itself in a session changes in minutes. */
const SESSION_EVERY_MS = 1_000;

const isIdentity = ({ kind }: PictureEvent): boolean => kind === 'identity';

/**
 * What changed on a bed, as clients need it. Compares with what was told last; holds nothing that
 * could not be made anew from the bed's state.
 */
export class BedDesk {
  readonly #bed: BedDescription;
  /** `device|code` → validity as last told, so that growing old is told without a new frame. */
  readonly #validity = new Map<string, string>();
  readonly #devices = new Map<string, ToldDevice>();
  #infusion = '';
  #waves = '';
  #sessionAtMs = Number.NEGATIVE_INFINITY;
  #session = '';
  #nibp = '';
  #rate: unknown;
  #isSimulated = false;

  constructor(bed: BedDescription) {
    this.#bed = bed;
  }

  view(state: BedState, moment: Moment, around: BedSurroundings): BedView {
    return bedView(state, moment, around);
  }

  devices(state: BedState, moment: Moment): DeviceView[] {
    return this.#bed.devices.flatMap(({ deviceId, driver, portLabel }) => {
      const picture = state.pictures.get(deviceId);
      return picture === undefined ? [] : [deviceView(picture, driver, portLabel, moment)];
    });
  }

  /** Parts to tell after a step; several devices give several parts. */
  changes(step: BedStep, around: BedSurroundings): readonly Parts[] {
    const { state, moment, input } = step;
    const { bedId } = this.#bed;
    if (input.kind === 'order') return [{ bedId, bed: bedView(state, moment, around) }];
    const parts: Parts[] = [];
    // A device that turns out to be another takes its values with it.
    const isOtherDevice = input.kind === 'device' && input.events.some(isIdentity);
    if (input.kind === 'associations' || (isOtherDevice && this.#hasLostValues(state)))
      parts.push({ bedId, bed: bedView(state, moment, around) });
    const numerics = input.kind === 'tick' ? this.#aged(state, moment) : this.#seen(step);
    const infusion = this.#infusionPart(step, around);
    const nibp = this.#nibpPart(step, around);
    const session = this.#sessionPart(step, around);
    const waves = this.#wavesPart(step, around);
    const { rate } = state.history;
    const changed: Omit<Parts, 'bedId'> = {
      ...(numerics.length > 0 ? { numerics: [...numerics] } : {}),
      ...(infusion === undefined ? {} : { infusion }),
      ...(nibp === undefined ? {} : { nibp }),
      ...(waves === undefined ? {} : { waves }),
      ...(session === undefined ? {} : { session }),
      ...(rate === this.#rate ? {} : { rateHistory: rateView(state, moment) }),
    };
    this.#rate = rate;
    if (Object.keys(changed).length > 0) parts.push({ bedId, ...changed });
    for (const device of this.#changedDevices(state, moment)) parts.push({ bedId, device });
    const isSimulated = [...state.pictures.values()].some(({ mode }) => mode !== 'real');
    if (isSimulated !== this.#isSimulated) {
      this.#isSimulated = isSimulated;
      parts.push({ bedId, bed: bedView(state, moment, around) });
    }
    return parts;
  }

  #hasLostValues(state: BedState): boolean {
    let hasLost = false;
    for (const key of this.#validity.keys()) {
      const [deviceId = '', code] = key.split('|');
      if (state.pictures.get(deviceId)?.metrics.has(code as MetricCode)) continue;
      this.#validity.delete(key);
      hasLost = true;
    }
    return hasLost;
  }

  /** Every reading that came, also an unchanged one: its time is news. */
  #seen({ state, moment, input }: BedStep): readonly Numeric[] {
    if (input.kind !== 'device') return [];
    const picture = state.pictures.get(input.deviceId);
    if (picture === undefined) return [];
    const codes = new Set<MetricCode>();
    let hasPortNews = false;
    for (const event of input.events) {
      if (event.kind === 'metric') codes.add(event.code);
      else if (event.kind === 'port-open' || event.kind === 'port-closed') hasPortNews = true;
    }
    // A port that closed takes every number of its device away at once.
    const told = hasPortNews ? [...picture.metrics.keys()] : [...codes];
    return told.flatMap((code) => {
      const metric = picture.metrics.get(code);
      if (metric === undefined) return [];
      const view = numericView(picture, metric, moment);
      this.#validity.set(`${picture.deviceId}|${code}`, view.validity);
      return [view];
    });
  }

  #aged(state: BedState, moment: Moment): readonly Numeric[] {
    const changed: Numeric[] = [];
    for (const picture of state.pictures.values()) {
      for (const metric of picture.metrics.values()) {
        const key = `${picture.deviceId}|${metric.code}`;
        const validity = shownValidity(picture, metric, moment.nowMs);
        if (this.#validity.get(key) === validity) continue;
        this.#validity.set(key, validity);
        changed.push(numericView(picture, metric, moment));
      }
    }
    return changed;
  }

  #infusionPart(step: BedStep, around: BedSurroundings): Parts['infusion'] {
    const { state, moment, input } = step;
    const isOfPump = input.kind === 'device' && state.pictures.get(input.deviceId)?.role === 'pump';
    if (input.kind === 'device' && !isOfPump) return undefined;
    const view = infusionView(state, moment, around.limits);
    // A reading is told also when it is unchanged, because its time is news; the clock alone only
    // when it changed something.
    const { orderedMgPerH, liveMlPerH, liveValidity, nextStepAt, hint } = view;
    // While a counter is silent its bound grows: that is told in steps that can be seen.
    const atMost = view.givenComplete ? '' : view.givenAtMostMg?.toFixed(1);
    const told = `${view.state} ${orderedMgPerH} ${liveMlPerH} ${liveValidity} ${view.step} ${nextStepAt} ${hint} ${atMost}`;
    if (input.kind === 'tick' && told === this.#infusion) return undefined;
    this.#infusion = told;
    return view;
  }

  #nibpPart({ state, moment, input }: BedStep, { limits }: BedSurroundings): Parts['nibp'] {
    const { nibp, cuffFailures } = state.history;
    const isOfMonitor =
      input.kind !== 'device' || state.pictures.get(input.deviceId)?.role === 'monitor';
    if (!isOfMonitor) return undefined;
    const view = nibpView(state, moment, limits);
    const told = `${view.state} ${view.cycleMin} ${view.cycleDiffers} ${cuffFailures.count} ${nibp[0]?.atMs}`;
    if (told === this.#nibp) return undefined;
    this.#nibp = told;
    return view;
  }

  /** Looked at with the clock, like everything in it that changes by itself. */
  #sessionPart({ state, moment, input }: BedStep, { limits }: BedSurroundings): Parts['session'] {
    if (input.kind !== 'tick' || moment.nowMs - this.#sessionAtMs < SESSION_EVERY_MS)
      return undefined;
    this.#sessionAtMs = moment.nowMs;
    const view = sessionView(state, moment, limits);
    const told = JSON.stringify(view);
    if (told === this.#session) return undefined;
    this.#session = told;
    return view;
  }

  /** Told when a waveform came, went or changed its state; its samples go their own way. */
  #wavesPart({ state, moment }: BedStep, { waveStreams }: BedSurroundings): Parts['waves'] {
    const views = waveStreams.views(state.pictures.values(), moment.nowMs);
    const told = views.map(({ stream, state: word, reason }) => `${stream} ${word} ${reason}`);
    const now = told.join('|');
    if (now === this.#waves) return undefined;
    this.#waves = now;
    return views;
  }

  #changedDevices(state: BedState, moment: Moment): readonly DeviceView[] {
    const changed: DeviceView[] = [];
    for (const { deviceId, driver, portLabel } of this.#bed.devices) {
      const picture = state.pictures.get(deviceId);
      const told = this.#devices.get(deviceId);
      const isRecent = told !== undefined && moment.nowMs - told.toldAtMs < DEVICE_EVERY_MS;
      if (picture === undefined) continue;
      const isSame =
        told?.state === deviceState(picture, moment.nowMs) &&
        told.picture.identity.serial === picture.identity.serial;
      if (isRecent && isSame) continue;
      const view = deviceView(picture, driver, portLabel, moment);
      if (told !== undefined && told.picture === picture && told.state === view.state) continue;
      this.#devices.set(deviceId, { picture, state: view.state, toldAtMs: moment.nowMs });
      changed.push(view);
    }
    return changed;
  }
}
