import { wireDecimal } from '../../src/driver/kit/decimal.ts';
import type { DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import type { Validity } from '../../src/observation/metrics.ts';
import { asenaAlert, contradiction, unnamedAlarm } from './alarm-codes.ts';
import type { AsenaFrame, AsenaQuery } from './codec.ts';
import { infEvents, infNotUnderstood, nextVolumeWatch, parseInf, type VolumeWatch } from './inf.ts';

/** What is known of the pump at the other end. All of it belongs to one serial number. */
export interface KnownPump {
  readonly serial: string | null;
  /** The alarm letter of the last INF reply; `-` is none. */
  readonly notice: string;
  /** Replies "no alarm" in a row although INF shows one. */
  readonly contradictions: number;
  /** The alarm that the pump named last, while it stands. */
  readonly alarmCode: string | null;
  /** The last list of alerts that was told is not empty. */
  readonly isAlerting: boolean;
  readonly volume: VolumeWatch | null;
}

export const NOTHING_KNOWN: KnownPump = {
  serial: null,
  notice: '-',
  contradictions: 0,
  alarmCode: null,
  isAlerting: false,
  volume: null,
};

/** The pump shows an alarm, or a letter that we do not know and therefore treat as one. */
export const isFlagged = ({ notice }: KnownPump): boolean => notice !== '-';

export interface Reading {
  readonly known: KnownPump;
  readonly events: readonly DeviceEvent[];
  /** Questions that became urgent by this reply. */
  readonly askNow: readonly AsenaQuery[];
  /** Another pump answers: nothing that was learnt of the old one's habits holds. */
  readonly isSwapped?: boolean;
}

/** What the reply to an open question says. */
export function readReply(known: KnownPump, frame: AsenaFrame, atMs: number): Reading {
  switch (frame.name as AsenaQuery) {
    case 'INF':
      return readStatus(known, frame, atMs);
    case 'ALARM':
      return readAlarm(known, frame, atMs);
    case 'INF_VTBI':
      return { known, events: readVtbi(frame, atMs), askNow: [] };
    case 'INST_SERIALNO':
      return readSerial(known, frame, atMs);
    case 'COMMS_PROTOCOL':
      return { known, events: readProtocol(frame, atMs), askNow: [] };
  }
}

function readStatus(before: KnownPump, frame: AsenaFrame, atMs: number): Reading {
  const inf = parseInf(frame);
  if (inf === undefined) {
    return { known: before, events: [rejected(atMs), ...infNotUnderstood(atMs)], askNow: [] };
  }
  const met = meet(before, inf.serial, atMs);
  const { notice } = inf;
  const isNews = isFlagged({ ...met.known, notice }) !== isFlagged(met.known);
  const isOver = isNews && notice === '-';
  // An alert without a name came from INF alone, so INF may end it; a named one waits for ALARM.
  const isOursOver = isOver && met.known.isAlerting && met.known.alarmCode === null;
  const known: KnownPump = {
    ...met.known,
    notice,
    volume: nextVolumeWatch(met.known.volume, inf, atMs),
    contradictions: isNews ? 0 : met.known.contradictions,
    alarmCode: isOver ? null : met.known.alarmCode,
    isAlerting: met.known.isAlerting && !isOursOver,
  };
  return {
    known,
    events: [
      accepted(atMs),
      ...met.events,
      ...infEvents(inf, known.volume, known.alarmCode, atMs),
      ...(isOursOver ? [alerts([], atMs)] : []),
    ],
    askNow: isNews ? [...met.askNow, 'ALARM'] : met.askNow,
    isSwapped: met.isSwapped ?? false,
  };
}

function readSerial(known: KnownPump, { fields }: AsenaFrame, atMs: number): Reading {
  const serial = fields[0]?.trim() ?? '';
  if (fields.length !== 1 || serial === '') return { known, events: [rejected(atMs)], askNow: [] };
  const met = meet(known, serial, atMs);
  return { ...met, events: [accepted(atMs), ...met.events] };
}

/** Everything that a swapped pump has to be asked anew; its INF reply is mostly what gave it away. */
const ASK_THE_NEW_PUMP: readonly AsenaQuery[] = ['ALARM', 'INF_VTBI', 'COMMS_PROTOCOL'];

/**
 * The serial number is in every INF reply, so a swapped pump is known with its first frame, before
 * its values: nothing of a simulator (its serial begins with SIM) may be shown as real, not even once.
 */
function meet(known: KnownPump, serial: string, atMs: number): Reading {
  if (serial === '' || serial === known.serial) return { known, events: [], askNow: [] };
  const identity: DeviceEvent = {
    kind: 'identity',
    serial: serial.slice(0, 40),
    atMs,
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

function readAlarm(known: KnownPump, { fields }: AsenaFrame, atMs: number): Reading {
  const [code = '', ...texts] = fields;
  if (code.trim() === '') {
    const unnamed = alarmUnanswered(known, atMs);
    return {
      known: unnamed.known,
      events: [rejected(atMs), ...unnamed.events],
      askNow: [],
    };
  }
  const alert = asenaAlert(code, texts);
  if (alert !== undefined) {
    return {
      known: { ...known, contradictions: 0, alarmCode: alert.code, isAlerting: true },
      events: [accepted(atMs), alerts([alert], atMs)],
      askNow: [],
    };
  }
  if (!isFlagged(known)) {
    return {
      known: { ...known, contradictions: 0, alarmCode: null, isAlerting: false },
      events: [accepted(atMs), alerts([], atMs)],
      askNow: [],
    };
  }
  const contradictions = known.contradictions + 1;
  if (contradictions === 1) {
    // The alarm may have ended between the two replies: ask both once more before saying so.
    return {
      known: { ...known, contradictions },
      events: [accepted(atMs)],
      askNow: ['INF', 'ALARM'],
    };
  }
  return {
    known: { ...known, contradictions, alarmCode: null, isAlerting: true },
    events: [accepted(atMs), alerts([contradiction(known.notice)], atMs)],
    askNow: [],
  };
}

/**
 * No usable reply to ALARM. While INF shows an alarm, that it cannot be named must not keep it from
 * the nurse; an alarm that has been named stays as it was.
 */
export function alarmUnanswered(
  known: KnownPump,
  atMs: number,
): { readonly known: KnownPump; readonly events: readonly DeviceEvent[] } {
  if (!isFlagged(known) || known.isAlerting) return { known, events: [] };
  return {
    known: { ...known, isAlerting: true },
    events: [alerts([unnamedAlarm(known.notice)], atMs)],
  };
}

/** `ACTIV^37.570^ml^STOP`; without a VTBI the volume is empty, which is "none", never 0. */
function readVtbi({ fields }: AsenaFrame, atMs: number): readonly DeviceEvent[] {
  const [active = '', text = '', unit = ''] = fields.map((field) => field.trim());
  const seen = (value: number | null, validity: Validity, reason?: string): DeviceEvent => ({
    kind: 'metric',
    code: 'MDC_VOL_FLUID_TBI',
    value,
    validity,
    atMs,
    ...(reason === undefined ? {} : { reason }),
  });
  if (fields.length !== 4) return [rejected(atMs), seen(null, 'invalid', 'reply not understood')];
  if (active === 'DEACT') return [accepted(atMs), seen(null, 'not-available', 'no VTBI set')];
  if (active !== 'ACTIV') return [accepted(atMs), seen(null, 'invalid')];
  if (text === '') return [accepted(atMs), seen(null, 'not-available')];
  const value = unit === 'ml' ? wireDecimal(text) : undefined;
  if (value === undefined || value < 0) return [accepted(atMs), seen(null, 'invalid')];
  // Nobody outside of the manufacturer knows which of the two it is (PROTOCOL.md).
  return [accepted(atMs), seen(value, 'questionable', 'programmed or left: not known')];
}

function readProtocol({ fields }: AsenaFrame, atMs: number): readonly DeviceEvent[] {
  const firmware = fields[0]?.trim() ?? '';
  if (firmware === '') return [rejected(atMs)];
  return [accepted(atMs), { kind: 'identity', firmware: firmware.slice(0, 60), atMs }];
}

const accepted = (atMs: number): DeviceEvent => ({ kind: 'frame-accepted', atMs });
const rejected = (atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason: 'malformed',
  atMs,
});
const alerts = (list: readonly DeviceAlert[], atMs: number): DeviceEvent => ({
  kind: 'alerts',
  alerts: list,
  atMs,
});
