import type { DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import { asenaAlert, contradiction, powerFact, unnamedAlarm } from './alarm-codes.ts';
import { isFlagged, type KnownPump, type Outcome } from './known-pump.ts';
import type { Reading } from './readings.ts';

export function afterAlarm(
  known: KnownPump,
  { code, texts }: Extract<Reading, { word: 'ALARM' }>,
  atMs: number,
): Outcome {
  const alert = asenaAlert(code, texts);
  if (alert !== undefined) {
    return {
      known: { ...known, contradictions: 0, alarmCode: alert.code, isAlerting: true },
      events: alerts([alert], alert.code, atMs),
      askNow: [],
    };
  }
  if (!isFlagged(known)) {
    return {
      known: { ...known, contradictions: 0, alarmCode: null, isAlerting: false },
      events: alerts([], null, atMs),
      askNow: [],
    };
  }
  const contradictions = known.contradictions + 1;
  if (contradictions === 1) {
    // The alarm may have ended between the two replies: ask both once more before saying so.
    return { known: { ...known, contradictions }, events: [], askNow: ['INF', 'ALARM'] };
  }
  return {
    known: { ...known, contradictions, alarmCode: null, isAlerting: true },
    events: alerts([contradiction(known.notice)], null, atMs),
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
    events: alerts([unnamedAlarm(known.notice)], null, atMs),
  };
}

/** All that the pump signals now, and what it says of its power by that. */
export const alerts = (
  list: readonly DeviceAlert[],
  code: string | null,
  atMs: number,
): readonly DeviceEvent[] => [{ kind: 'alerts', alerts: list, atMs }, powerFact(code, atMs)];
