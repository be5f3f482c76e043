import type { ChannelEvent, DeviceAlert } from '../../src/observation/device-event.ts';
import type { AlarmMemory } from './alarms.ts';
import type { BccFrame, BccRecord } from './codec.ts';
import { observe } from './observe.ts';
import { SLOT } from './queries.ts';
import { valuesOf } from './values.ts';

/** What is known of the pumps behind one ComDevice. At most one entry for each of its 72 slots. */
export interface Rack {
  readonly pumps: Readonly<Record<string, PumpMemory>>;
  /** The device's seconds, as last told; `null` = nothing told yet. */
  readonly timeS: number | null;
  /** When its seconds went back (monotonic ms). */
  readonly restartedAtMs: number | null;
}

interface PumpMemory {
  /** Why it is not there; `null` while it is, or is waited for. */
  readonly gone: string | null;
  /** Complete answers in a row without it. */
  readonly missed: number;
  readonly alarms: AlarmMemory;
}

const WAITED_FOR: PumpMemory = { gone: null, missed: 0, alarms: {} };
/** One answer without a pump may have been cut short by an error. */
const MISSED_MAX = 2;

export const newRack = (channels: readonly string[]): Rack => ({
  pumps: Object.fromEntries(channels.map((channel) => [channel, WAITED_FOR])),
  timeS: null,
  restartedAtMs: null,
});

export interface RackStep {
  readonly rack: Rack;
  readonly events: readonly ChannelEvent[];
  /** The slot whose values came, if any did. */
  readonly heard?: string;
}

export const COM_DEVICE = '50100';
const ERROR = 'GNERR';
/** The letters of a simulated ComDevice's bed id; it stands in every block. */
const SIMULATED = 'SIM';

export const errorOf = (records: readonly BccRecord[], address: string): string | undefined =>
  records.find((record) => record.address === address && record.parameter === ERROR)?.value ??
  undefined;

const slotOf = (address: string): string | undefined => {
  const slot = address.slice(3);
  return address.startsWith('501') && SLOT.test(slot) ? slot : undefined;
};

/** Of which pump a block brings values; `several` when of more than one, which no block does. */
export function pumpIn(records: readonly BccRecord[]): string | undefined | 'several' {
  const slots = new Set<string>();
  for (const { address, parameter } of records) {
    const slot = parameter === ERROR ? undefined : slotOf(address);
    if (slot !== undefined) slots.add(slot);
  }
  return slots.size > 1 ? 'several' : [...slots][0];
}

/** Simulated or not, as the bed id says. */
export const modeOf = (bedId: string): { readonly mode?: 'demo' } =>
  bedId.startsWith(SIMULATED) ? { mode: 'demo' } : {};

/**
 * One block of values or errors. The frame itself is told first: to a pump that was gone it means that
 * its values count again.
 * @param askedSlot the slot that was asked for alone, of which an error of the ComDevice then speaks
 */
export function readBlock(
  before: Rack,
  frame: BccFrame,
  firmware: string | null,
  askedSlot: string | undefined,
  atMs: number,
): RackStep {
  const slot = pumpIn(frame.records);
  if (slot === 'several') {
    return { rack: before, events: [{ kind: 'frame-rejected', reason: 'malformed', atMs }] };
  }
  const timed = withTime(before, frame.records[0]?.timeS ?? 0, atMs);
  const told =
    slot === undefined ? lineHeard(timed, atMs) : pumpHeard(timed, slot, frame, firmware, atMs);
  const failed = readErrors(told.rack, frame.records, askedSlot, atMs);
  return { ...told, rack: failed.rack, events: [...told.events, ...failed.events] };
}

function pumpHeard(
  rack: Rack,
  slot: string,
  { bedId, records }: BccFrame,
  firmware: string | null,
  atMs: number,
): RackStep {
  const own = records.filter(({ address }) => slotOf(address) === slot);
  const values = valuesOf(own.filter(({ parameter }) => parameter !== ERROR));
  const before = rack.pumps[slot]?.alarms ?? {};
  const seen = observe(values, before, restartNote(rack, atMs), atMs);
  const model = values.get('GNMODEL')?.trim().slice(0, 60) ?? '';
  const identity: ChannelEvent = {
    kind: 'identity',
    ...(model === '' || model.startsWith('_') ? {} : { model }),
    ...(firmware === null ? {} : { firmware }),
    ...modeOf(bedId),
    atMs,
  };
  const events: readonly ChannelEvent[] = [
    { kind: 'frame-accepted', atMs },
    identity,
    ...seen.events,
  ];
  return {
    rack: withPump(rack, slot, { gone: null, missed: 0, alarms: seen.alarms }),
    events: events.map((event) => ({ ...event, channel: slot })),
    heard: slot,
  };
}

const lineHeard = (rack: Rack, atMs: number): RackStep => ({
  rack,
  events: [{ kind: 'frame-accepted', atMs }],
});

/** Blocks of one answer may be a moment apart; more than this is a restart. */
const BACK_S = 5;
/** Long enough for every pump of a slow line to be asked and for the alarm to be raised. */
const NOTE_MS = 60_000;

function withTime(rack: Rack, timeS: number, atMs: number): Rack {
  const isBack = rack.timeS !== null && timeS + BACK_S < rack.timeS;
  return { ...rack, timeS, restartedAtMs: isBack ? atMs : rack.restartedAtMs };
}

function restartNote({ restartedAtMs }: Rack, atMs: number): readonly DeviceAlert[] {
  if (restartedAtMs === null || atMs - restartedAtMs > NOTE_MS) return [];
  const text = 'ComDevice was restarted';
  return [{ code: 'TIME-BACK', text, ruleId: 'PMP-11', priority: 'low', latches: true }];
}

function readErrors(
  before: Rack,
  records: readonly BccRecord[],
  askedSlot: string | undefined,
  atMs: number,
): RackStep {
  let step: RackStep = { rack: before, events: [] };
  for (const { address, parameter, value } of records) {
    if (parameter !== ERROR || value === null) continue;
    const slot = slotOf(address) ?? askedSlot;
    const next =
      slot === undefined
        ? readLineError(step.rack, value, atMs)
        : gone(step.rack, slot, slotError(value, slot), atMs);
    step = { rack: next.rack, events: [...step.events, ...next.events] };
  }
  return step;
}

function slotError(code: string, slot: string): string {
  if (code === '39') return `Pump was taken out of slot ${slot} or cannot be reached`;
  if (code === '11') return `No pump in slot ${slot}`;
  if (code === '811') return `ComDevice has no slot ${slot}`;
  if (/^4\d$/.test(code)) return `ComDevice cannot talk to the pump in slot ${slot} (${code})`;
  return `ComDevice reports error ${code.slice(0, 10)} for slot ${slot}`;
}

/** An error about the whole: without data, or in a way that we do not know, nothing is known of any pump. */
function readLineError(rack: Rack, code: string, atMs: number): RackStep {
  // No (more) data: the answer is complete, and what it left out is counted there. 39 names no pump.
  if (code === '11' || code === '39') return { rack, events: [] };
  const words = /^5\d$/.test(code) ? 'that the rack is not valid' : 'an error';
  return allGone(rack, `ComDevice reports ${words} (${code.slice(0, 10)})`, atMs);
}

/** A complete answer to MEM:GET has come: what was not in it twice is not there. */
export function afterAnswer(before: Rack, heard: readonly string[], atMs: number): RackStep {
  let step: RackStep = { rack: before, events: [] };
  for (const [slot, memory] of Object.entries(before.pumps)) {
    if (memory.gone !== null || heard.includes(slot)) continue;
    const missed = memory.missed + 1;
    const next =
      missed < MISSED_MAX
        ? { rack: withPump(step.rack, slot, { ...memory, missed }), events: [] }
        : gone(step.rack, slot, `No pump in slot ${slot}`, atMs);
    step = { rack: next.rack, events: [...step.events, ...next.events] };
  }
  return step;
}

export function allGone(before: Rack, reason: string, atMs: number): RackStep {
  let step: RackStep = { rack: before, events: [] };
  for (const slot of Object.keys(before.pumps)) {
    const next = gone(step.rack, slot, reason, atMs);
    step = { rack: next.rack, events: [...step.events, ...next.events] };
  }
  return step;
}

function gone(rack: Rack, slot: string, reason: string, atMs: number): RackStep {
  if (rack.pumps[slot]?.gone === reason) return { rack, events: [] };
  // Put back, or another one in its place, it tells its alarms anew.
  return {
    rack: withPump(rack, slot, { gone: reason, missed: 0, alarms: {} }),
    events: [{ kind: 'device-gone', reason, atMs, channel: slot }],
  };
}

const withPump = (rack: Rack, slot: string, memory: PumpMemory): Rack => ({
  ...rack,
  pumps: { ...rack.pumps, [slot]: memory },
});
