/**
 * Tells the gateway, for each revision of an alarm, that it has arrived and that it has been drawn.
 * Without these the gateway must assume that nobody saw it.
 */
import type { AlarmView, ClientFrame } from '../wire.ts';

export interface Receipts {
  readonly received: (alarms: readonly AlarmView[]) => void;
  /** Takes all that is in the frame being prepared; call the result when that frame has been drawn. */
  readonly drawing: () => () => void;
}

export function createReceipts(send: (frame: ClientFrame) => void): Receipts {
  let undrawn: readonly AlarmView[] = [];
  const receipt = (stage: 'received' | 'displayed', alarms: readonly AlarmView[]) => {
    for (const { alarmId, rev } of alarms) send({ type: 'receipt', alarmId, rev, stage });
  };
  return {
    received: (alarms) => {
      const standing = alarms.filter((alarm) => alarm.phase !== 'ended');
      receipt('received', standing);
      undrawn = [...undrawn, ...standing];
    },
    drawing: () => {
      const drawn = undrawn;
      undrawn = [];
      return () => receipt('displayed', drawn);
    },
  };
}
