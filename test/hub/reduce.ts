import type { DeltaParts } from '../../src/hub/bed-changes.ts';
import type {
  AlarmView,
  BedView,
  DeviceView,
  Numeric,
  ServerFrame,
} from '../../src/hub/wire/index.ts';

/** What a client that follows docs/interfaces.md holds. Written from that page, not from the hub. */
export interface ClientState {
  seq: number;
  readonly beds: Map<string, BedView>;
  readonly devices: Map<string, DeviceView>;
  readonly alarms: Map<string, AlarmView>;
  /** Each alarm revision as it came, `id rev`. */
  readonly revisions: string[];
}

export function emptyClient(): ClientState {
  return { seq: 0, beds: new Map(), devices: new Map(), alarms: new Map(), revisions: [] };
}

export function reduce(state: ClientState, frame: ServerFrame): void {
  if (frame.type === 'hello' || frame.type === 'beat') return;
  const isFirst = frame.type === 'snapshot' && state.seq === 0;
  if (!isFirst && frame.seq !== state.seq + 1)
    throw new Error(`gap: ${frame.type} ${frame.seq} after ${state.seq}`);
  state.seq = frame.seq;
  if (frame.type === 'alarm') {
    state.alarms.set(frame.alarm.alarmId, frame.alarm);
    state.revisions.push(`${frame.alarm.alarmId} ${frame.alarm.rev}`);
  } else if (frame.type === 'snapshot') {
    fill(state.beds, frame.beds, ({ bedId }) => bedId);
    fill(state.devices, frame.devices, ({ deviceId }) => deviceId);
    fill(state.alarms, frame.alarms, ({ alarmId }) => alarmId);
  } else applyParts(state.beds, state.devices, frame);
}

/** `bed` first, the other parts over it. */
export function applyParts(
  beds: Map<string, BedView>,
  devices: Map<string, DeviceView>,
  parts: DeltaParts,
): void {
  const before = parts.bed ?? beds.get(parts.bedId);
  if (before === undefined) throw new Error(`delta of unknown bed ${parts.bedId}`);
  const { numerics, infusion, nibp, waves, order, rateHistory, device } = parts;
  beds.set(parts.bedId, {
    ...before,
    ...(numerics && { numerics: mergeNumerics(before.numerics, numerics) }),
    ...(infusion && { infusion }),
    ...(nibp && { nibp }),
    ...(waves && { waves }),
    ...(order !== undefined && { order }),
    ...(rateHistory && { rateHistory }),
  });
  if (device !== undefined) devices.set(device.deviceId, device);
}

/** Sorted, so that states compare whatever the order in which codes were first seen. */
function mergeNumerics(before: readonly Numeric[], changed: readonly Numeric[]): Numeric[] {
  const key = ({ deviceId, code }: Numeric) => `${deviceId} ${code}`;
  const merged = new Map([...before, ...changed].map((numeric) => [key(numeric), numeric]));
  return [...merged.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function fill<T>(map: Map<string, T>, values: readonly T[], key: (value: T) => string): void {
  map.clear();
  for (const value of values) map.set(key(value), value);
}
