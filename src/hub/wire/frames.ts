import * as z from 'zod/mini';
import { SessionView } from './session-view.ts';
import {
  AlarmView,
  BedView,
  DeviceView,
  InfusionView,
  Nibp,
  Numeric,
  OrderView,
  RatePoint,
  WaveView,
} from './views.ts';

/** Version of this contract; a client that does not know it must not show anything. */
export const PROTOCOL = 1;

/** Largest frame that a client may send. */
export const CLIENT_FRAME_MAX_BYTES = 64 * 1024;

/** Silence, in either direction, after which the link counts as lost. */
export const LINK_LOST_MS = 6_000;
export const BEAT_EVERY_MS = 2_000;

/** Close codes of /ws/control. */
export const CLOSE = {
  noSession: 4401,
  unknownFrame: 4400,
  tooSlow: 4408,
  tooBig: 1009,
} as const;

const IsoTime = z.iso.datetime();

export const Hello = z.strictObject({
  type: z.literal('hello'),
  protocol: z.int(),
  build: z.string(),
  gatewayId: z.string(),
  site: z.string(),
  unit: z.string(),
  wallTime: IsoTime,
  monotonicMs: z.number(),
  /** IANA name; all labels are in this zone. */
  timeZone: z.string(),
  /** Minutes east of UTC now. */
  utcOffsetMin: z.int(),
  /** `information`: a distributed information system, not to be relied on for alarms. */
  mode: z.enum(['information', 'alarm']),
  user: z.string(),
  roles: z.array(z.string()),
});

/** Everything needed to paint. Applied as a whole; the client forgets what it had. */
export const Snapshot = z.strictObject({
  type: z.literal('snapshot'),
  seq: z.int(),
  wallTime: IsoTime,
  monotonicMs: z.number(),
  beds: z.array(BedView),
  /** All alarms that are not ended, and those that ended in the last minute. */
  alarms: z.array(AlarmView),
  devices: z.array(DeviceView),
});

/**
 * Changed parts of one bed; what is absent did not change. `numerics` holds only the changed codes
 * (key: deviceId + code). `rateHistory` and `bed` replace what was there.
 */
export const Delta = z.strictObject({
  type: z.literal('delta'),
  seq: z.int(),
  bedId: z.string(),
  numerics: z.optional(z.array(Numeric)),
  infusion: z.optional(InfusionView),
  nibp: z.optional(Nibp),
  /** All waveforms of the bed, when one of them came, went or changed its state. */
  waves: z.optional(z.array(WaveView)),
  device: z.optional(DeviceView),
  order: z.optional(z.nullable(OrderView)),
  session: z.optional(z.nullable(SessionView)),
  rateHistory: z.optional(z.array(RatePoint)),
  /** The whole bed, when more than the parts above changed (patient, limits, audio pause). */
  bed: z.optional(BedView),
});
export type Delta = z.infer<typeof Delta>;

export const AlarmFrame = z.strictObject({
  type: z.literal('alarm'),
  seq: z.int(),
  alarm: AlarmView,
});

/** Every 2 s, and at once in answer to a client's beat, then with `echo`. Not part of the sequence. */
export const ServerBeat = z.strictObject({
  type: z.literal('beat'),
  wallTime: IsoTime,
  monotonicMs: z.number(),
  utcOffsetMin: z.int(),
  /** `sentAtMs` of the client's beat that this one answers. */
  echo: z.optional(z.number()),
  /** Last `seq` sent to this client: a client that has less has lost something. */
  lastSeq: z.int(),
});

/** `seq` of snapshot, delta and alarm frames of one connection has no gap. */
export const ServerFrame = z.discriminatedUnion('type', [
  Hello,
  Snapshot,
  Delta,
  AlarmFrame,
  ServerBeat,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
export type HelloFrame = z.infer<typeof Hello>;
export type SnapshotFrame = z.infer<typeof Snapshot>;

export const ClientBeat = z.strictObject({
  type: z.literal('beat'),
  visible: z.boolean(),
  audioState: z.enum(['blocked', 'running', 'faulty', 'unverified']),
  lastPaintAgeMs: z.nullable(z.number()),
  wavesOk: z.boolean(),
  wakeLock: z.optional(z.boolean()),
  station: z.optional(z.string().check(z.maxLength(40))),
  /** The client's own clock, sent back as `echo` to measure the round trip. */
  sentAtMs: z.optional(z.number()),
});
export type ClientBeat = z.infer<typeof ClientBeat>;

export const Receipt = z.strictObject({
  type: z.literal('receipt'),
  alarmId: z.string().check(z.maxLength(64)),
  rev: z.int(),
  stage: z.enum(['received', 'displayed']),
});

export const Resync = z.strictObject({ type: z.literal('resync') });

export const ClientFrame = z.discriminatedUnion('type', [ClientBeat, Receipt, Resync]);
export type ClientFrame = z.infer<typeof ClientFrame>;
