import { catchError, EMPTY, interval, map, merge, type Observable, scan, share } from 'rxjs';
import { type EvaluationMemory, emptyMemory } from '../check/evaluate.ts';
import type { AlarmLimits } from '../check/limits.ts';
import type { Driver } from '../driver/contract.ts';
import { EcgWatch, NO_ECG_LOOK } from '../ecg/ecg-watch.ts';
import {
  type DevicePicture,
  newDevicePicture,
  type PictureEvent,
} from '../observation/device-picture.ts';
import type { ActiveOrder } from '../order/active-order.ts';
import type { KnownDoses } from '../order/dose-book.ts';
import type { OrderRecord } from '../order/order-book.ts';
import type { Timeline } from '../time/timeline.ts';
import { type BedStep, bringsOnlyWaves, nextBed, withWaves } from './bed.ts';
import { emptyBedHistory } from './bed-history.ts';
import type { BedInput, BedState } from './bed-state.ts';
import type { Moment } from './times.ts';

/** How often a bed looks at its clock: the precision of every delay and of "no data since". */
export const TICK_MS = 500;

/** One device of a bed and where its events come from. */
export interface BedDevice {
  readonly deviceId: string;
  readonly driver: Driver;
  readonly portLabel: string;
  readonly events: Observable<readonly PictureEvent[]>;
}

export interface BedDescription {
  readonly bedId: string;
  readonly bedMode: 'live' | 'demo';
  readonly devices: readonly BedDevice[];
}

/** What runs on a bed, or whose infusion there is over. */
export type BedOrder = Pick<OrderRecord, 'active' | 'recovery'>;

export interface BedStreamDeps {
  readonly bed: BedDescription;
  readonly orders: Observable<BedOrder>;
  /** What the log knows of the amounts given in an order and in the patient's former ones. */
  readonly doses?: (order: ActiveOrder, moment: Moment) => KnownDoses;
  /** Device id → serial number of the device that belongs there. */
  readonly associations: Observable<ReadonlyMap<string, string>>;
  /** What stood before a restart. */
  readonly memory?: EvaluationMemory;
  readonly limits: AlarmLimits;
  readonly timeline: Timeline;
  /** How often it looks at its clock, ms; `TICK_MS` where it is left out. */
  readonly tickMs?: number;
  /** A fault of ours on this bed; it costs one input, never the stream. */
  readonly onFault: (where: string, error: unknown) => void;
}

/** Devices, orders and the clock of one bed, joined in the order in which they happen. */
export function bedStream(deps: BedStreamDeps): Observable<BedStep> {
  const { bed, limits, timeline, onFault } = deps;
  const fromDevices = bed.devices.map(({ deviceId, events }) =>
    events.pipe(
      map((batch): BedInput => ({ kind: 'device', deviceId, events: batch })),
      // Ends with its device: the others go on, and the silence raises MON-02.
      catchError((error: unknown) => {
        onFault(deviceId, error);
        return EMPTY;
      }),
    ),
  );
  const { tickMs = TICK_MS } = deps;
  const ticks = interval(tickMs, timeline.scheduler).pipe(map((): BedInput => ({ kind: 'tick' })));
  const orders = deps.orders.pipe(
    map(({ active: order, recovery }): BedInput => {
      const doses = order === null ? undefined : deps.doses?.(order, momentOf(timeline));
      return { kind: 'order', order, recovery, ...(doses === undefined ? {} : { doses }) };
    }),
  );
  const associations = deps.associations.pipe(
    map((of): BedInput => ({ kind: 'associations', of })),
  );
  const first: BedStep = {
    state: newBedState(bed, deps.memory ?? emptyMemory, momentOf(timeline).nowMs),
    moment: momentOf(timeline),
    input: { kind: 'tick' },
    findings: [],
    waves: [],
    flowStarted: null,
    doseNotes: [],
    sessionNote: null,
  };
  const ecgWatch = new EcgWatch();
  /** What came of the waveforms is judged with the next value or tick. */
  const looked = (step: BedStep): BedStep => {
    let { ecg } = step.state;
    for (const { deviceId, block } of step.waves) ecg = ecgWatch.take(deviceId, block);
    return step.waves.length === 0 ? step : { ...step, state: { ...step.state, ecg } };
  };
  let judgedAtMs = Number.NEGATIVE_INFINITY;
  // The order comes first: a look without it would end what stood before a restart.
  return merge(orders, associations, ...fromDevices, ticks).pipe(
    scan((before, input) => {
      const moment = momentOf(timeline);
      // A frame has just looked at everything; the clock need not do it again.
      if (input.kind === 'tick' && moment.nowMs - judgedAtMs < tickMs / 2) {
        return { ...before, moment, input, ...NO_NEWS };
      }
      if (bringsOnlyWaves(input)) return looked(withWaves(before.state, input, moment));
      judgedAtMs = moment.nowMs;
      try {
        return looked(nextBed(before.state, input, moment, limits));
      } catch (error) {
        onFault(bed.bedId, error);
        return { ...before, moment, input, findings: [], ...NO_NEWS };
      }
    }, first),
    share(),
  );
}

/** A step that brought nothing to write down. */
const NO_NEWS = { waves: [], flowStarted: null, doseNotes: [], sessionNote: null } as const;

const ALERTS = { decoded: 'all', 'partly-decoded': 'some', 'not-decoded': 'none' } as const;

export function newBedState(
  bed: BedDescription,
  memory: EvaluationMemory,
  nowMs: number,
): BedState {
  const pictures = bed.devices.map(({ deviceId, driver }): readonly [string, DevicePicture] => [
    deviceId,
    newDevicePicture(
      {
        deviceId,
        bedId: bed.bedId,
        role: driver.role,
        driverId: driver.id,
        freshness: driver.freshness,
        reports: driver.reports,
        factsTold: driver.facts,
        alertsDecoded: ALERTS[driver.alerts],
        mode: 'real',
      },
      nowMs,
    ),
  ]);
  return {
    bedId: bed.bedId,
    bedMode: bed.bedMode,
    pictures: new Map(pictures),
    order: null,
    recovery: null,
    leftEarly: null,
    patientId: null,
    anchor: null,
    history: emptyBedHistory,
    ecg: NO_ECG_LOOK,
    memory,
    ownLimits: null,
    stepWatch: null,
  };
}

export const momentOf = (timeline: Timeline): Moment => ({
  nowMs: timeline.monotonicMs(),
  wallMs: timeline.wallMs(),
});
