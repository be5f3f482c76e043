import type { ChannelEvent, DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import { alarmOf, SAFE_MODE_ARMED, SET_TO_WITHDRAW, STOPPED_UNSEEN, WITHDRAWS } from './alarms.ts';
import type { NeFrame } from './codec.ts';
import { NEW_PUMP, NO_VERSION, type Pump } from './known.ts';
import { identityOf, stateEvents, valueEvents } from './observe.ts';
import type { NeWord } from './queries.ts';
import { askSoon, heardAnswer } from './schedule.ts';
import {
  readCount,
  readDiameter,
  readDirection,
  readDispensed,
  readRate,
  readVolume,
} from './values.ts';

export interface PumpStep {
  readonly pump: Pump;
  readonly events: readonly ChannelEvent[];
}

/** Whether the data can be the answer to this word: in basic mode nothing else binds the two. */
export function isAnswerTo(word: NeWord, { alarm, error, data }: NeFrame): boolean {
  if (alarm !== null || error !== null) return true;
  switch (word) {
    case 'status':
      return data === '';
    case 'VER':
      return data !== '';
    case 'RAT':
      return readRate(data) !== undefined;
    case 'DIS':
      return readDispensed(data) !== undefined;
    case 'VOL':
      return readVolume(data) !== undefined;
    case 'DIR':
      return readDirection(data) !== undefined;
    case 'DIA':
      return readDiameter(data) !== undefined;
    case 'PHN':
    case 'SAF':
      return readCount(data) !== undefined;
  }
}

/**
 * An answer that was taken. What it says of the state counts before its data.
 * @param word what was asked; `null` when only its head counts
 */
export function heard(before: Pump, frame: NeFrame, word: NeWord | null, atMs: number): PumpStep {
  const known = before.isHere ? before : backAgain(before, atMs);
  const met = withFraming({ ...known, schedule: heardAnswer(known.schedule, atMs) }, frame, atMs);
  const seen = frame.alarm === null ? withState(met, frame, atMs) : withAlarm(met, frame, atMs);
  const isData = word !== null && frame.alarm === null;
  const read = isData ? withData(seen, frame, word, atMs) : seen;
  const isTold = read.version !== null && read.version !== known.version;
  const pump = isTold ? { ...read, schedule: askSoon(read.schedule, EVERYTHING, atMs) } : read;
  const events: readonly DeviceEvent[] = [
    { kind: 'frame-accepted', atMs },
    ...(isTold && pump.version !== null ? [identityOf(pump.version, atMs)] : []),
    { kind: 'alerts', alerts: alertsOf(pump), atMs },
    ...stateEvents(pump, frame, atMs),
    ...(isData ? valueEvents(pump, frame, word, atMs) : []),
  ];
  return { pump, events: events.map((event) => ({ ...event, channel: frame.address })) };
}

const EVERYTHING: readonly NeWord[] = ['PHN', 'RAT', 'DIS', 'VOL', 'DIR', 'DIA'];

/** Another one may hang there now: only the alarms of the last one stay. */
const backAgain = ({ schedule, latched, isAlarmMissed }: Pump, atMs: number): Pump => ({
  ...NEW_PUMP,
  isHere: true,
  schedule: askSoon(schedule, ['VER', 'SAF'], atMs),
  latched,
  isAlarmMissed,
});

function withFraming(pump: Pump, { framing }: NeFrame, atMs: number): Pump {
  const safeAtMs = framing === 'safe' ? atMs : pump.safeAtMs;
  const next: Pump = { ...pump, misses: 0, buffer: 'clean', framing, safeAtMs };
  if (framing === pump.framing) return next;
  return { ...next, safeSeconds: null, schedule: askSoon(next.schedule, ['SAF'], atMs) };
}

function withAlarm(pump: Pump, { alarm }: NeFrame, atMs: number): Pump {
  // After power-up it may be set up differently, or be another pump.
  const isRestart = alarm === 'R';
  const words: readonly NeWord[] = isRestart ? ['status', 'VER', 'SAF'] : ['status'];
  return {
    ...pump,
    latched: latch(pump, alarmOf(alarm ?? '')),
    state: null,
    rate: null,
    ...(isRestart ? { toldVersion: null, version: null, phase: null } : {}),
    isAlarmMissed: false,
    schedule: askSoon(pump.schedule, words, atMs),
  };
}

/** Letters that nobody knows are latched too; a line full of noise must not fill memory. */
const LATCHED_MAX = 20;

const latch = ({ latched }: Pump, alert: DeviceAlert): readonly DeviceAlert[] =>
  [...latched.filter(({ code }) => code !== alert.code), alert].slice(-LATCHED_MAX);

function withState(pump: Pump, { state }: NeFrame, atMs: number): Pump {
  if (state === pump.state) return { ...pump, isAlarmMissed: false };
  const isInfusing = state === 'I';
  const isMissed = pump.isAlarmMissed && !isInfusing;
  return {
    ...pump,
    state,
    rate: null,
    latched: isInfusing ? [] : isMissed ? latch(pump, STOPPED_UNSEEN) : pump.latched,
    isAlarmMissed: false,
    schedule: askSoon(pump.schedule, ['PHN', 'RAT'], atMs),
  };
}

/** `undefined` cannot be here but for an error: {@link isAnswerTo} has judged the form. */
function withData(pump: Pump, frame: NeFrame, word: NeWord, atMs: number): Pump {
  const { error, data } = frame;
  switch (word) {
    case 'VER':
      return withVersion(pump, frame, atMs);
    case 'RAT': {
      const mlPerHour = error === null ? readRate(data) : undefined;
      return { ...pump, rate: mlPerHour === undefined ? null : { mlPerHour, atMs } };
    }
    case 'PHN': {
      const phase = readCount(data) ?? null;
      if (phase === pump.phase) return pump;
      const schedule = askSoon(pump.schedule, ['RAT', 'VOL', 'DIR'], atMs);
      return { ...pump, phase, rate: null, targetNl: null, schedule };
    }
    case 'DIS':
      return { ...pump, infusedNl: readDispensed(data)?.infusedNl ?? null };
    case 'VOL':
      return { ...pump, targetNl: readVolume(data) ?? null };
    case 'DIR':
      return { ...pump, direction: readDirection(data) ?? null };
    case 'SAF':
      return { ...pump, safeSeconds: readCount(data) ?? null };
    case 'status':
    case 'DIA':
      return pump;
  }
}

/** In basic mode no checksum protects the mark of a simulated pump, so it has to be told twice. */
function withVersion(pump: Pump, { framing, error, data }: NeFrame, atMs: number): Pump {
  const told = error === null ? data : NO_VERSION;
  const isSure = framing === 'safe' || told === pump.toldVersion;
  if (!isSure) {
    const schedule = askSoon(pump.schedule, ['VER'], atMs);
    return { ...pump, toldVersion: told, schedule };
  }
  const isAnother = pump.version !== null && pump.version !== told;
  const kept = isAnother ? ofAnother(pump, atMs) : pump;
  return { ...kept, toldVersion: told, version: told };
}

/** Of a pump that was put in the place of this one: what the answer itself says is true of it. */
const ofAnother = ({ schedule, framing, safeAtMs, state }: Pump, atMs: number): Pump => ({
  ...NEW_PUMP,
  isHere: true,
  buffer: 'clean',
  schedule: askSoon(schedule, ['SAF'], atMs),
  framing,
  safeAtMs,
  state,
});

/** An answer of it never came, or damaged: the pump may have told an alarm there, and forgotten it. */
export const withLostAnswer = (pump: Pump): Pump =>
  pump.state === 'I' ? { ...pump, isAlarmMissed: true } : pump;

function alertsOf({
  latched,
  state,
  direction,
  safeSeconds,
  framing,
}: Pump): readonly DeviceAlert[] {
  const isArmed = safeSeconds === null ? framing === 'safe' : safeSeconds > 0;
  return [
    ...latched,
    ...(state === 'W' ? [WITHDRAWS] : []),
    ...(direction === 'withdraw' ? [SET_TO_WITHDRAW] : []),
    ...(isArmed ? [SAFE_MODE_ARMED] : []),
  ];
}
