import type { DeviceAlert } from '../../src/observation/device-event.ts';
import type { NoninDisplayFrame } from './codec.ts';
import type { PacketReading } from './packet.ts';

/** What the status bits of any format say. */
export interface Flags {
  readonly isDisconnected: boolean;
  readonly isSensorAlarm: boolean;
  readonly isOutOfTrack: boolean;
  readonly isLowPerfusion: boolean;
  readonly isArtifact: boolean;
  readonly isBatteryLow: boolean;
}

const has = (bits: number, bit: number): boolean => (bits & (1 << bit)) !== 0;

/** Colours of a pulse: bit 2 red, bit 1 green, both yellow. */
const RED = 0x04;

/** What a packet does not tell stays as it was. */
export interface Lasting {
  /** Colour bits of the last pulse; 0 = none seen. A slow pulse is not in every packet. */
  readonly perfusion: number;
  readonly isBatteryLow: boolean;
}

export const NOTHING_LASTING: Lasting = { perfusion: 0, isBatteryLow: false };

export function nextLasting(
  before: Lasting,
  { anyStatus, perfusion, isBatteryLow }: PacketReading,
): Lasting {
  // Without a finger the last colour is of no pulse.
  const held = has(anyStatus, 3) || has(anyStatus, 6) ? 0 : before.perfusion;
  return {
    perfusion: perfusion === 0 ? held : perfusion,
    isBatteryLow: isBatteryLow ?? before.isBatteryLow,
  };
}

/** Formats 2 and 7: the bits of all frames of a packet together. */
export const packetFlags = ({ anyStatus }: PacketReading, lasting: Lasting): Flags => ({
  isDisconnected: has(anyStatus, 6),
  isSensorAlarm: has(anyStatus, 3),
  isOutOfTrack: has(anyStatus, 4),
  isLowPerfusion: lasting.perfusion === RED,
  isArtifact: has(anyStatus, 5),
  isBatteryLow: lasting.isBatteryLow,
});

/** Format 8 has its bits in other places. */
export const displayFlags = ({ status, status2 }: NoninDisplayFrame): Flags => ({
  isDisconnected: has(status, 6),
  isSensorAlarm: has(status2, 3),
  isOutOfTrack: has(status, 5),
  isLowPerfusion: has(status, 4),
  isArtifact: has(status, 2),
  isBatteryLow: has(status2, 0),
});

type Flag = keyof Flags;

const alert = (
  code: string,
  ruleId: string,
  priority: DeviceAlert['priority'],
  text: string,
): DeviceAlert => ({ code, text, ruleId, priority });

const ALERTS: readonly (readonly [Flag, DeviceAlert])[] = [
  ['isDisconnected', alert('SENSOR_DISCONNECTED', 'MON-04', 'medium', 'SpO2 sensor disconnected')],
  ['isSensorAlarm', alert('SENSOR_ALARM', 'MON-04', 'medium', 'No finger in the SpO2 sensor')],
  ['isOutOfTrack', alert('OUT_OF_TRACK', 'MON-04', 'medium', 'No good pulse signal')],
  ['isLowPerfusion', alert('LOW_PERFUSION', 'MON-04', 'low', 'Low perfusion')],
  ['isArtifact', alert('ARTIFACT', 'MON-05', 'low', 'Artifact')],
  ['isBatteryLow', alert('LOW_BATTERY', 'PMP-10', 'medium', 'Oximeter battery low')],
];

/** Every alarm that the driver knows. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = ALERTS.map(([, known]) => known);

export const alertsOf = (flags: Flags): readonly DeviceAlert[] =>
  ALERTS.filter(([flag]) => flags[flag]).map(([, known]) => known);

/** What the flags do to values and waveform; `null` = nothing. */
export function doubtOf(
  flags: Flags,
): { readonly validity: 'invalid' | 'questionable'; readonly reason: string } | null {
  if (flags.isDisconnected) return { validity: 'invalid', reason: 'sensor disconnected' };
  // The device may repeat the last number for 10 s after the finger is gone.
  if (flags.isSensorAlarm) return { validity: 'invalid', reason: 'no finger in the sensor' };
  if (flags.isOutOfTrack) return { validity: 'questionable', reason: 'no good pulse signal' };
  if (flags.isArtifact) return { validity: 'questionable', reason: 'artifact' };
  return flags.isLowPerfusion ? { validity: 'questionable', reason: 'low perfusion' } : null;
}
