import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { driQueries, type NumericsQuery, type WaveName, waveQuery } from './codec.ts';
import { hear } from './records.ts';
import { CLOSED, type GeDriState, isAnswered, liveUntilMs, silenceMs } from './state.ts';

export interface GeDriOptions {
  /** Seconds between the displayed values that we ask for. */
  readonly interval: 1 | 5;
  /** Waves that we ask for; none: they are not asked for. */
  readonly waves: readonly WaveName[];
  /** Whether the monitor's own alarms are asked for. */
  readonly alarms: boolean;
}

/** A monitor that was held up for 2 s stops its waves and has to be asked anew. */
const WAVE_SILENCE_MS = 3_000;
/** Alarm records come with a change only: one that was lost, or a monitor that began anew, must show. */
const ALARMS_AGAIN_MS = 60_000;
const ALARMS_SOON_MS = 10_000;
/** Older monitors know no alarm records. */
const ALARM_LEVEL_MIN = 10;

/** Asks once, listens, and asks again whenever what it asked for stays away. */
export function geDriSession(options: GeDriOptions): Session<GeDriState> {
  const preferred: NumericsQuery = options.interval === 1 ? 'numerics-1s' : 'numerics-5s';
  const startWaves = options.waves.length === 0 ? null : waveQuery(options.waves);

  function step(state: GeDriState, input: SessionInput): Step<GeDriState> {
    const { atMs } = input;
    switch (input.kind) {
      case 'opened':
        return waiting(
          { ...CLOSED, isOpen: true, query: preferred, askedAtMs: atMs },
          [driQueries.get(preferred)],
          [],
          atMs,
        );
      case 'closing':
      case 'closed':
        return { state: CLOSED, send: [], events: [] };
      case 'wake':
        return state.isOpen ? afterWake(state, atMs) : { state, send: [], events: [] };
      case 'frame': {
        if (!state.isOpen) {
          const unexpected: DeviceEvent = { kind: 'frame-rejected', reason: 'unexpected', atMs };
          return { state, send: [], events: [unexpected] };
        }
        const heard = hear(state, input.frame, options.waves, atMs);
        return waiting(heard.state, [], heard.events, atMs);
      }
    }
  }

  function afterWake(before: GeDriState, atMs: number): Step<GeDriState> {
    const send: QueryBytes[] = [];
    const events: DeviceEvent[] = [];
    let state = before;
    if (atMs >= numericsDueMs(state)) {
      events.push({ kind: 'reply-missed', query: state.query, atMs });
      const query = isAnswered(state) ? preferred : other(state.query);
      send.push(driQueries.get(query));
      state = { ...state, query, askedAtMs: atMs, isAlarmDoubtful: true };
    }
    if (startWaves !== null && atMs >= wavesDueMs(state)) {
      const isAgain = state.wavesAskedAtMs !== null;
      if (isAgain) events.push({ kind: 'reply-missed', query: 'waves', atMs });
      send.push(startWaves);
      const { waveStream } = state;
      state = {
        ...state,
        wavesAskedAtMs: atMs,
        waveStream: waveStream && { ...waveStream, isCut: true },
      };
    }
    if (atMs >= alarmsDueMs(state)) {
      // In this order: should the one end the other, the changes go on.
      send.push(driQueries.get('alarm-status'), driQueries.get('alarm-changes'));
      state = { ...state, alarmsAskedAtMs: atMs };
    }
    return waiting(state, send, events, atMs);
  }

  /** Some monitors may know only the documented 5 s; one that was switched on late knows 1 s again. */
  const other = (query: NumericsQuery): NumericsQuery =>
    query === 'numerics-5s' ? preferred : 'numerics-5s';

  const numericsDueMs = (state: GeDriState): number =>
    Math.max(state.askedAtMs, state.valuesAtMs ?? state.askedAtMs) + silenceMs(state);

  /** Behind the first values, and again while values come: without them it is not the waves that are missing. */
  function wavesDueMs(state: GeDriState): number {
    const { wavesAskedAtMs, wavesAtMs, valuesAtMs } = state;
    if (startWaves === null || valuesAtMs === null) return Number.POSITIVE_INFINITY;
    if (wavesAskedAtMs === null) return valuesAtMs;
    return whileLive(state, Math.max(wavesAskedAtMs, wavesAtMs ?? 0) + WAVE_SILENCE_MS);
  }

  function alarmsDueMs(state: GeDriState): number {
    const isAble = options.alarms && (state.told?.level ?? 0) >= ALARM_LEVEL_MIN;
    if (!isAble || state.valuesAtMs === null) return Number.POSITIVE_INFINITY;
    if (state.alarmsAskedAtMs === null) return state.valuesAtMs;
    const pauseMs = state.isAlarmDoubtful ? ALARMS_SOON_MS : ALARMS_AGAIN_MS;
    return whileLive(state, state.alarmsAskedAtMs + pauseMs);
  }

  const whileLive = (state: GeDriState, dueMs: number): number =>
    isAnswered(state) && dueMs <= liveUntilMs(state) ? dueMs : Number.POSITIVE_INFINITY;

  /** At once when something became due while frames kept coming. */
  const waiting = (
    state: GeDriState,
    send: readonly QueryBytes[],
    events: readonly DeviceEvent[],
    atMs: number,
  ): Step<GeDriState> => ({
    state,
    send,
    events,
    wakeAtMs: Math.max(atMs, Math.min(numericsDueMs(state), wavesDueMs(state), alarmsDueMs(state))),
  });

  return { initial: CLOSED, step };
}
