/**
 * Frames from the gateway to what the page knows. Pure: no clock, no socket. The number of every
 * snapshot, delta and alarm frame follows the one before; a hole means that something was missed, and
 * then nothing new is believed until a snapshot has replaced everything.
 */
import type {
  AlarmView,
  BedView,
  Delta,
  DeviceView,
  HelloFrame,
  Numeric,
  ServerFrame,
  SnapshotFrame,
} from '../wire.ts';
import { PROTOCOL } from '../wire.ts';

export interface Ward {
  readonly hello: HelloFrame | null;
  /** The gateway speaks another version of the contract: nothing may be shown. */
  readonly isForeign: boolean;
  /** Number of the last frame that was applied; `null` before the first snapshot. */
  readonly seq: number | null;
  /** False from a hole, or a new connection, until the next snapshot. */
  readonly inSync: boolean;
  /** In the gateway's order, which is the order on the screen. */
  readonly beds: readonly BedView[];
  readonly alarms: ReadonlyMap<string, AlarmView>;
  readonly devices: ReadonlyMap<string, DeviceView>;
}

export const EMPTY_WARD: Ward = {
  hello: null,
  isForeign: false,
  seq: null,
  inSync: false,
  beds: [],
  alarms: new Map(),
  devices: new Map(),
};

/** Ended alarms stay as "last alarm" and as grey rows; more than this are history. */
const ENDED_KEPT = 20;

export interface Step {
  readonly ward: Ward;
  /** Something was missed: ask for a snapshot. */
  readonly needsSnapshot: boolean;
}

export function applyFrame(ward: Ward, frame: ServerFrame): Step {
  switch (frame.type) {
    case 'hello':
      return step({
        ...ward,
        hello: frame,
        isForeign: frame.protocol !== PROTOCOL,
        seq: null,
        inSync: false,
      });
    case 'snapshot':
      return step(fromSnapshot(ward, frame));
    case 'beat':
      if (ward.seq === null || !ward.inSync || frame.lastSeq === ward.seq) return step(ward);
      return lost(ward);
    case 'delta':
      return applyNumbered(ward, frame.seq, () => withDelta(ward, frame));
    case 'alarm':
      return applyNumbered(ward, frame.seq, () => withAlarm(ward, frame.alarm));
  }
}

/** Call when a frame could not be read: its content is missing, so what is shown has a hole. */
export function lost(ward: Ward): Step {
  return { ward: { ...ward, inSync: false }, needsSnapshot: true };
}

function step(ward: Ward): Step {
  return { ward, needsSnapshot: false };
}

function applyNumbered(ward: Ward, seq: number, apply: () => Ward | null): Step {
  // Between a hole and its snapshot the numbers mean nothing; the snapshot will hold their content.
  if (ward.seq === null || !ward.inSync) return step(ward);
  if (seq !== ward.seq + 1) return lost(ward);
  const next = apply();
  return next === null ? lost(ward) : step({ ...next, seq });
}

function fromSnapshot(ward: Ward, frame: SnapshotFrame): Ward {
  if (ward.isForeign) return ward;
  return {
    hello: ward.hello,
    isForeign: false,
    seq: frame.seq,
    inSync: true,
    beds: frame.beds,
    alarms: new Map(frame.alarms.map((alarm) => [alarm.alarmId, alarm])),
    devices: new Map(frame.devices.map((device) => [device.deviceId, device])),
  };
}

/** `null` for a bed that is not known: a snapshot must have been missed. */
function withDelta(ward: Ward, delta: Delta): Ward | null {
  const known = ward.beds.find((bed) => bed.bedId === delta.bedId);
  const before = delta.bed ?? known;
  if (before === undefined) return null;
  const bed: BedView = {
    ...before,
    ...(delta.numerics && { numerics: mergeNumerics(before.numerics, delta.numerics) }),
    ...(delta.infusion && { infusion: delta.infusion }),
    ...(delta.nibp && { nibp: delta.nibp }),
    ...(delta.waves && { waves: delta.waves }),
    ...(delta.order !== undefined && { order: delta.order }),
    ...(delta.session !== undefined && { session: delta.session }),
    ...(delta.rateHistory && { rateHistory: delta.rateHistory }),
  };
  const beds = known
    ? ward.beds.map((other) => (other.bedId === bed.bedId ? bed : other))
    : [...ward.beds, bed];
  return { ...ward, beds, devices: withDevice(ward.devices, delta.device) };
}

function withDevice(
  devices: ReadonlyMap<string, DeviceView>,
  device: DeviceView | undefined,
): ReadonlyMap<string, DeviceView> {
  return device === undefined ? devices : new Map(devices).set(device.deviceId, device);
}

function mergeNumerics(before: readonly Numeric[], changed: readonly Numeric[]): Numeric[] {
  const isSame = (a: Numeric, b: Numeric) => a.deviceId === b.deviceId && a.code === b.code;
  const kept = before.map((old) => changed.find((now) => isSame(old, now)) ?? old);
  const added = changed.filter((now) => !before.some((old) => isSame(old, now)));
  return [...kept, ...added];
}

function withAlarm(ward: Ward, alarm: AlarmView): Ward {
  const known = ward.alarms.get(alarm.alarmId);
  if (known !== undefined && known.rev > alarm.rev) return ward;
  const alarms = new Map(ward.alarms).set(alarm.alarmId, alarm);
  const ended = [...alarms.values()].filter((one) => one.phase === 'ended');
  ended.sort((a, b) => (a.changedAt < b.changedAt ? 1 : -1));
  for (const old of ended.slice(ENDED_KEPT)) alarms.delete(old.alarmId);
  return { ...ward, alarms };
}
