import type { DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { afterAlarm, alarmUnanswered, alerts } from './alarm-replies.ts';
import type { AsenaFrame, AsenaQuery } from './codec.ts';
import { type Inf, infEvents, infNotUnderstood, nextVolumeWatch } from './inf.ts';
import { isFlagged, type KnownPump, NOTHING_KNOWN, type Outcome } from './known-pump.ts';
import { modelOf } from './model.ts';
import { type Amount, type Reading, readingOf } from './readings.ts';
import { afterInf, afterVi, isVolumeDoubtful } from './volume-check.ts';

/** What the reply to an open question says. */
export function readReply(known: KnownPump, frame: AsenaFrame, atMs: number): Outcome {
  const reading = readingOf(frame);
  if (reading === undefined) return notUnderstood(known, frame.name as AsenaQuery, atMs);
  const { known: next, events, ...rest } = outcomeOf(known, reading, atMs);
  return { known: next, events: [{ kind: 'frame-accepted', atMs }, ...events], ...rest };
}

function outcomeOf(known: KnownPump, reading: Reading, atMs: number): Outcome {
  const told = (events: readonly DeviceEvent[], news: Partial<KnownPump> = {}): Outcome => ({
    known: { ...known, ...news },
    events,
    askNow: [],
  });
  switch (reading.word) {
    case 'INF':
      return afterStatus(known, reading.inf, atMs);
    case 'ALARM':
      return afterAlarm(known, reading, atMs);
    case 'INF_RATE':
      return told([amountSeen('MDC_FLOW_FLUID_PUMP', programmedRate(known, reading), atMs)]);
    case 'INF_VTBI':
      return told([amountSeen('MDC_VOL_FLUID_TBI', reading.volume, atMs)]);
    case 'SYRINGE_STATUS':
      return afterSyringe(known, reading, atMs);
    case 'COMMS_RESPONSE_MAX':
      return told([], { responseMaxMs: reading.ms ?? null });
    case 'COMMS_PROTOCOL':
      return told([{ kind: 'identity', firmware: reading.protocol.slice(0, 60), atMs }]);
    case 'INF_RATE_MAX_SYRINGE':
      return told([], { rateMaxMlPerHour: reading.mlPerHour ?? null });
    case 'INF_VI':
      return told([], { volumeCheck: afterVi(known.volumeCheck, reading.ml) });
    case 'INST_SERIALNO':
      return meet(known, reading.serial, atMs);
  }
}

/** A value that was asked for and cannot be read must not leave the old one standing. */
function notUnderstood(known: KnownPump, word: AsenaQuery, atMs: number): Outcome {
  const rejected: DeviceEvent = { kind: 'frame-rejected', reason: 'malformed', atMs };
  if (word === 'ALARM') {
    const unnamed = alarmUnanswered(known, atMs);
    return { known: unnamed.known, events: [rejected, ...unnamed.events], askNow: [] };
  }
  return { known, events: [rejected, ...lostValues(word, atMs)], askNow: [] };
}

function lostValues(word: AsenaQuery, atMs: number): readonly DeviceEvent[] {
  const lost: Amount = { value: null, validity: 'invalid', reason: 'reply not understood' };
  switch (word) {
    case 'INF':
      return infNotUnderstood(atMs);
    case 'INF_RATE':
      return [amountSeen('MDC_FLOW_FLUID_PUMP', lost, atMs)];
    case 'INF_VTBI':
      return [amountSeen('MDC_VOL_FLUID_TBI', lost, atMs)];
    case 'SYRINGE_STATUS':
      return [{ kind: 'fact', code: 'syringe', text: null, validity: 'invalid', atMs }];
    default:
      return [];
  }
}

/** The pump's log has grown: what a person can change at the pump is asked for at once. */
const AFTER_AN_EVENT: readonly AsenaQuery[] = ['ALARM', 'INF_RATE', 'INF_VTBI', 'SYRINGE_STATUS'];

function afterStatus(before: KnownPump, inf: Inf, atMs: number): Outcome {
  const met = meet(before, inf.serial, atMs);
  const { notice, logEntry } = inf;
  const isNews = isFlagged({ ...met.known, notice }) !== isFlagged(met.known);
  const isOver = isNews && notice === '-';
  // An alert without a name came from INF alone, so INF may end it; a named one waits for ALARM.
  const isOursOver = isOver && met.known.isAlerting && met.known.alarmCode === null;
  const isLogged = met.known.logEntry !== null && met.known.logEntry !== logEntry;
  const known: KnownPump = {
    ...met.known,
    notice,
    logEntry,
    volume: nextVolumeWatch(met.known.volume, inf, atMs),
    volumeCheck: afterInf(met.known.volumeCheck, inf.volumeMl),
    contradictions: isNews ? 0 : met.known.contradictions,
    alarmCode: isOver ? null : met.known.alarmCode,
    isAlerting: met.known.isAlerting && !isOursOver,
  };
  const context = {
    watch: known.volume,
    alarmCode: known.alarmCode,
    isVolumeDoubtful: isVolumeDoubtful(known.volumeCheck),
  };
  return {
    known,
    events: [
      ...met.events,
      ...infEvents(inf, context, atMs),
      ...(isOursOver ? alerts([], null, atMs) : []),
    ],
    askNow: [
      ...met.askNow,
      ...(isNews ? (['ALARM'] as const) : []),
      ...(isLogged ? AFTER_AN_EVENT : []),
    ],
    isSwapped: met.isSwapped ?? false,
  };
}

/** Everything that a swapped pump has to be asked anew; its INF reply is mostly what gave it away. */
const ASK_THE_NEW_PUMP: readonly AsenaQuery[] = [
  ...AFTER_AN_EVENT,
  'COMMS_RESPONSE_MAX',
  'COMMS_PROTOCOL',
  'INF_RATE_MAX_SYRINGE',
];

/**
 * The serial number is in every INF reply, so a swapped pump is known with its first frame, before
 * its values: nothing of a simulator (its serial begins with SIM) may be shown as real, not even once.
 */
function meet(known: KnownPump, serial: string, atMs: number): Outcome {
  if (serial === '' || serial === known.serial) return { known, events: [], askNow: [] };
  const model = modelOf(serial);
  const identity: DeviceEvent = {
    kind: 'identity',
    serial: serial.slice(0, 40),
    atMs,
    ...(model === undefined ? {} : { model }),
    ...(serial.startsWith('SIM') ? { mode: 'demo' as const } : {}),
  };
  if (known.serial === null) return { known: { ...known, serial }, events: [identity], askNow: [] };
  return {
    known: { ...NOTHING_KNOWN, serial },
    events: [identity],
    askNow: ASK_THE_NEW_PUMP,
    isSwapped: true,
  };
}

/** By its name the rate that was set; nobody has published that it is, so it is never `valid`. */
function programmedRate(
  { rateMaxMlPerHour }: KnownPump,
  { mlPerHour }: { readonly mlPerHour: number | undefined },
): Amount {
  if (mlPerHour === undefined) return { value: null, validity: 'invalid' };
  const isTooHigh = rateMaxMlPerHour !== null && mlPerHour > rateMaxMlPerHour;
  const reason = isTooHigh
    ? 'above the highest rate of this syringe'
    : 'set rate by its name: not confirmed';
  return { value: mlPerHour, validity: 'questionable', reason };
}

function afterSyringe(
  known: KnownPump,
  { syringe, isConfirmed }: Extract<Reading, { word: 'SYRINGE_STATUS' }>,
  atMs: number,
): Outcome {
  const fact = { kind: 'fact', code: 'syringe', atMs } as const;
  const isChanged = known.syringe !== null && known.syringe !== syringe;
  return {
    known: {
      ...known,
      syringe,
      rateMaxMlPerHour: isChanged ? null : known.rateMaxMlPerHour,
    },
    events: [
      syringe === ''
        ? { ...fact, text: null, validity: 'not-available' }
        : {
            ...fact,
            text: syringe.slice(0, 60),
            validity: isConfirmed ? 'valid' : 'questionable',
          },
    ],
    askNow: isChanged ? ['INF_RATE_MAX_SYRINGE'] : [],
  };
}

const amountSeen = (code: MetricCode, amount: Amount, atMs: number): DeviceEvent => ({
  kind: 'metric',
  code,
  ...amount,
  atMs,
});
