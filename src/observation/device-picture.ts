import { type Association, noAssociation, type Stranger, strangerOf } from './association.ts';
import type {
  CuffSeen,
  DeviceAlert,
  DeviceEvent,
  FactCode,
  FactSeen,
  IdentitySeen,
  MetricSeen,
  PumpStatus,
} from './device-event.ts';
import { EMPTY_TALLY, type LineTally, withRejected } from './line-advice.ts';
import { type GenerationMode, METRICS, type MetricCode, ZERO_IS_NO_VALUE } from './metrics.ts';
import type { WaveCode, WaveState } from './wave.ts';

/** All that is known of one device, as a value. Folded from what its port and its session said. */
export interface DevicePicture {
  readonly deviceId: string;
  readonly bedId: string;
  readonly role: 'pump' | 'monitor';
  readonly driverId: string;
  readonly freshness: { readonly staleMs: number; readonly lostMs: number };
  /** Metrics that the driver can deliver. What is not here, the device cannot tell. */
  readonly reports: readonly MetricCode[];
  /** The same of its facts, such as the drug. */
  readonly factsTold: readonly FactCode[];
  /** Which of the device's own alarms are read; short of `all`, no alert is not "no alarm". */
  readonly alertsDecoded: 'all' | 'some' | 'none';
  /** `demo` or `test` as soon as anything says so; never back to `real` while attached. */
  readonly mode: GenerationMode;
  readonly port: {
    readonly state: 'connecting' | 'open' | 'closed';
    readonly name: string;
    /** Monotonic ms since when it is so. */
    readonly sinceMs: number;
    readonly reason?: string;
  };
  /** Arrival (monotonic ms) of the last accepted frame; `null` = none since start. */
  readonly lastFrameAtMs: number | null;
  /** On a line with several devices: when anything valid came over it, of whichever device. */
  readonly lineHeardAtMs: number | null;
  /** Channels of the same line that talk and belong to no bed, such as a pump in another slot. */
  readonly unassigned: readonly string[];
  readonly metrics: ReadonlyMap<MetricCode, MetricSeen>;
  readonly pumpStatus: {
    readonly status: PumpStatus;
    readonly raw: string;
    readonly atMs: number;
  } | null;
  /** What it measured at any time since the line was opened: its absence now is news. */
  readonly measured: ReadonlySet<MetricCode>;
  /** The device's own clock against the gateway's monotonic one; `null` = it tells no time. */
  readonly clock: DeviceClock | null;
  readonly facts: ReadonlyMap<FactCode, FactSeen>;
  /** Of each waveform what its last block said; the samples go their own way. */
  readonly waves: ReadonlyMap<WaveCode, WaveState>;
  /** `null` = the device tells nothing of its cuff but readings. */
  readonly cuff: CuffSeen | null;
  /** `null` = the device has not said anything about alarms yet. */
  readonly alerts: { readonly list: readonly DeviceAlert[]; readonly atMs: number } | null;
  readonly identity: Pick<IdentitySeen, 'serial' | 'model' | 'firmware'>;
  readonly association: Association;
  /** While set, values, states and alarms of the device that answers are not taken for this bed. */
  readonly stranger: Stranger | null;
  readonly counters: DeviceCounters;
  /** What came since the port was opened: which trouble a silent line looks like. */
  readonly sinceOpen: LineTally;
}

export interface DeviceClock {
  /** Device wall time less arrival (monotonic), ms: constant as long as nobody sets the clock. */
  readonly offsetMs: number;
  /** The last step of the device's clock, and when it was seen (monotonic ms); `null` = none since it was opened. */
  readonly step: { readonly byMs: number; readonly atMs: number } | null;
}

export interface DeviceCounters {
  readonly framesAccepted: number;
  readonly framesRejected: number;
  readonly bytesIn: number;
  readonly bytesDropped: number;
  readonly repliesMissed: number;
  readonly connects: number;
  readonly writesRefused: number;
  readonly impossibleValues: number;
}

/** What the link layer reports beside the session's own events. */
export type LinkEvent =
  | {
      readonly kind: 'port-open';
      readonly name: string;
      readonly mode: GenerationMode;
      readonly atMs: number;
    }
  | { readonly kind: 'port-closed'; readonly reason: string; readonly atMs: number }
  | {
      readonly kind: 'link-counters';
      readonly bytesIn: number;
      readonly bytesDropped: number;
      readonly writesRefused: number;
    }
  | { readonly kind: 'line-heard'; readonly atMs: number }
  | { readonly kind: 'unassigned'; readonly channels: readonly string[] };

export type PictureEvent = DeviceEvent | LinkEvent;

/** How old what we know is, by the limits of the driver. */
export type Freshness = 'live' | 'stale' | 'lost' | 'never';

/**
 * Judges by the arrival of the last accepted frame (decision 10: a silent line is as dead as a
 * closed one). A closed port is lost at once.
 */
export function freshnessOf(picture: DevicePicture, nowMs: number): Freshness {
  if (picture.lastFrameAtMs === null) return 'never';
  if (picture.port.state !== 'open') return 'lost';
  return freshnessAt(nowMs - picture.lastFrameAtMs, picture.freshness);
}

/** The same for one metric: a device may go on talking and leave one value out. */
export function metricFreshness(
  picture: DevicePicture,
  metric: MetricSeen,
  nowMs: number,
): Freshness {
  const device = freshnessOf(picture, nowMs);
  if (METRICS[metric.code].episodic || device === 'lost') return device;
  const own = freshnessAt(nowMs - metric.atMs, picture.freshness);
  return own === 'live' ? device : own;
}

function freshnessAt(ageMs: number, limits: DevicePicture['freshness']): Freshness {
  if (ageMs > limits.lostMs) return 'lost';
  return ageMs > limits.staleMs ? 'stale' : 'live';
}

export type DeviceDescription = Pick<
  DevicePicture,
  | 'deviceId'
  | 'bedId'
  | 'role'
  | 'driverId'
  | 'freshness'
  | 'reports'
  | 'factsTold'
  | 'alertsDecoded'
  | 'mode'
>;

export function newDevicePicture(about: DeviceDescription, nowMs: number): DevicePicture {
  return {
    ...about,
    port: { state: 'connecting', name: '', sinceMs: nowMs },
    lastFrameAtMs: null,
    lineHeardAtMs: null,
    unassigned: [],
    metrics: new Map(),
    measured: new Set(),
    clock: null,
    facts: new Map(),
    waves: new Map(),
    cuff: null,
    pumpStatus: null,
    alerts: null,
    identity: {},
    association: noAssociation,
    stranger: null,
    counters: {
      framesAccepted: 0,
      framesRejected: 0,
      bytesIn: 0,
      bytesDropped: 0,
      repliesMissed: 0,
      connects: 0,
      writesRefused: 0,
      impossibleValues: 0,
    },
    sinceOpen: EMPTY_TALLY,
  };
}

/** What a device says about the patient or the infusion, as against what is true of the line. */
const SAYINGS: ReadonlySet<PictureEvent['kind']> = new Set([
  'metric',
  'wave',
  'pump-status',
  'fact',
  'cuff',
  'alerts',
]);

/** One event further. Pure; the order of events is the order of arrival. */
export function nextDevicePicture(picture: DevicePicture, event: PictureEvent): DevicePicture {
  const { counters } = picture;
  if (SAYINGS.has(event.kind) && !isHeard(picture)) return picture;
  switch (event.kind) {
    case 'port-open':
      return {
        ...picture,
        // What was said before the line was lost is not said again by its return, and another device
        // may be at the other end. Single measurements keep their own time, so they may stay.
        metrics: new Map([...picture.metrics].filter(([code]) => METRICS[code].episodic)),
        measured: new Set(),
        clock: null,
        facts: new Map(),
        waves: new Map(),
        cuff: null,
        pumpStatus: null,
        alerts: null,
        // The device at the other end may be another one now, until it has said who it is.
        identity: {},
        stranger: null,
        mode: mergeMode(picture.mode, event.mode),
        port: { state: 'open', name: event.name, sinceMs: event.atMs },
        counters: { ...counters, connects: counters.connects + 1 },
        sinceOpen: EMPTY_TALLY,
      };
    case 'line-heard':
      return { ...picture, lineHeardAtMs: event.atMs };
    case 'unassigned':
      return { ...picture, unassigned: event.channels };
    case 'device-gone':
      return nextDevicePicture(picture, { ...event, kind: 'port-closed' });
    case 'port-closed':
      // Retries fail again and again: the moment of the loss is what counts.
      if (picture.port.state === 'closed') {
        return { ...picture, port: { ...picture.port, reason: event.reason } };
      }
      return {
        ...picture,
        port: {
          state: 'closed',
          name: picture.port.name,
          sinceMs: picture.port.state === 'connecting' ? picture.port.sinceMs : event.atMs,
          reason: event.reason,
        },
      };
    case 'link-counters':
      return {
        ...picture,
        counters: {
          ...counters,
          bytesIn: event.bytesIn,
          bytesDropped: event.bytesDropped,
          writesRefused: event.writesRefused,
        },
        sinceOpen: {
          ...picture.sinceOpen,
          bytes: picture.sinceOpen.bytes + event.bytesIn - counters.bytesIn,
        },
      };
    case 'frame-accepted':
      return {
        ...picture,
        lastFrameAtMs: event.atMs,
        counters: { ...counters, framesAccepted: counters.framesAccepted + 1 },
        sinceOpen: { ...picture.sinceOpen, accepted: picture.sinceOpen.accepted + 1 },
      };
    case 'frame-rejected':
      return {
        ...picture,
        counters: { ...counters, framesRejected: counters.framesRejected + 1 },
        sinceOpen: withRejected(picture.sinceOpen, event.reason),
      };
    case 'reply-missed':
      return { ...picture, counters: { ...counters, repliesMissed: counters.repliesMissed + 1 } };
    case 'metric':
      return withMetric(picture, event);
    case 'wave': {
      const { samples: _, firstIndex: __, kind: ___, ...wave } = event;
      return { ...picture, waves: new Map(picture.waves).set(event.code, wave) };
    }
    case 'pump-status':
      return {
        ...picture,
        pumpStatus: { status: event.status, raw: event.raw, atMs: event.atMs },
      };
    case 'fact':
      return { ...picture, facts: new Map(picture.facts).set(event.code, event) };
    case 'cuff':
      return { ...picture, cuff: event };
    case 'alerts':
      return { ...picture, alerts: { list: event.alerts, atMs: event.atMs } };
    case 'identity':
      return withIdentity(picture, event);
  }
}

/**
 * Whether what the device says is taken (values, waves, states, alarms): not from another device than the one that belongs here, and after
 * the line was opened anew not before it has said again who it is.
 */
export function isHeard({ association, identity, stranger }: DevicePicture): boolean {
  return stranger === null && (association.serial === null || identity.serial !== undefined);
}

/** The place at the bed belongs to another device now, or to none yet. */
export function withAssociation(picture: DevicePicture, association: Association): DevicePicture {
  return judged({ ...picture, association });
}

function withIdentity(picture: DevicePicture, event: IdentitySeen): DevicePicture {
  const { serial, model, firmware } = { ...picture.identity, ...event };
  const isAnother = picture.identity.serial !== undefined && picture.identity.serial !== serial;
  return judged({
    // Another device on the same line: nothing that the first one said is true of it.
    ...(isAnother ? forgotten(picture) : picture),
    mode: mergeMode(picture.mode, event.mode ?? 'real'),
    identity: {
      ...(serial === undefined ? {} : { serial }),
      ...(model === undefined ? {} : { model }),
      ...(firmware === undefined ? {} : { firmware }),
    },
  });
}

function judged(picture: DevicePicture): DevicePicture {
  const stranger = strangerOf(picture.association, picture.identity.serial);
  return stranger === null ? { ...picture, stranger } : { ...forgotten(picture), stranger };
}

const forgotten = (picture: DevicePicture): DevicePicture => ({
  ...picture,
  metrics: new Map(),
  measured: new Set(),
  clock: null,
  facts: new Map(),
  waves: new Map(),
  cuff: null,
  pumpStatus: null,
  alerts: null,
});

/** All events of one input, in order. The same as one by one, with one copy of the metrics. */
export function pictureAfter(
  picture: DevicePicture,
  events: readonly PictureEvent[],
): DevicePicture {
  let next = picture;
  let metrics: Map<MetricCode, MetricSeen> | undefined;
  for (const event of events) {
    if (event.kind === 'metric') {
      if (!isHeard(next)) continue;
      metrics ??= new Map(next.metrics);
      const seen = checked(event);
      metrics.set(event.code, seen);
      next = noted(next, event, seen);
      continue;
    }
    if (metrics !== undefined) next = { ...next, metrics };
    metrics = undefined;
    next = nextDevicePicture(next, event);
  }
  return metrics === undefined ? next : { ...next, metrics };
}

function withMetric(picture: DevicePicture, event: MetricSeen): DevicePicture {
  const seen = checked(event);
  const metrics = new Map(picture.metrics).set(event.code, seen);
  return { ...noted(picture, event, seen), metrics };
}

/** An impossible value (rule MON-11) is counted and becomes `invalid`; its number goes no further. */
function checked(event: MetricSeen): MetricSeen {
  const { min, max } = METRICS[event.code];
  if (event.value === 0 && ZERO_IS_NO_VALUE.has(event.code))
    return { ...event, value: null, validity: 'not-available', reason: 'the monitor says 0' };
  if (event.value === null || (event.value >= min && event.value <= max)) return event;
  return { ...event, value: null, validity: 'invalid', reason: 'impossible value' };
}

/** What a reading says besides its value: that it is measured, what time the device has, that it was impossible. */
function noted(picture: DevicePicture, told: MetricSeen, seen: MetricSeen): DevicePicture {
  let next = picture;
  if (seen.validity === 'invalid' && seen !== told) next = withImpossible(next);
  if (seen.validity === 'valid' && !next.measured.has(seen.code))
    next = { ...next, measured: new Set(next.measured).add(seen.code) };
  if (told.deviceWallMs === undefined) return next;
  const clock = nextClock(next.clock, told.deviceWallMs - told.atMs, told.atMs);
  return clock === next.clock ? next : { ...next, clock };
}

/** Buffers and busy lines delay a frame by seconds, never by so much. */
const CLOCK_STEP_MS = 30_000;

function nextClock(clock: DeviceClock | null, offsetMs: number, atMs: number): DeviceClock {
  if (clock === null) return { offsetMs, step: null };
  const byMs = offsetMs - clock.offsetMs;
  return Math.abs(byMs) < CLOCK_STEP_MS ? clock : { offsetMs, step: { byMs, atMs } };
}

function withImpossible(picture: DevicePicture): DevicePicture {
  const { counters } = picture;
  return { ...picture, counters: { ...counters, impossibleValues: counters.impossibleValues + 1 } };
}

function mergeMode(known: GenerationMode, told: GenerationMode): GenerationMode {
  return known === 'real' ? told : known;
}
