import type { DeviceAlert } from '../observation/device-event.ts';
import type { MetricCode } from '../observation/metrics.ts';

/**
 * What a driver shows of its codec so that the conformance suite (test/drivers/conformance) can judge
 * it without knowing the protocol. Exported as `proof` from `drivers/<id>/conformance.ts`; never
 * loaded by the gateway.
 */
export interface DriverProof {
  /**
   * What one frame, as the framer hands it over, says: plain data, values included. `undefined` when the
   * frame is refused. Must judge just as the session does.
   */
  readonly decode: (frame: Uint8Array) => unknown;
  /** Golden bytes, each with its source. Most should come from somewhere else than our own encoder. */
  readonly vectors: readonly WireVector[];
  /**
   * What protects a frame. With `checksum` a frame with any one bit flipped must be refused or mean the
   * same; with `none` that cannot be, and PROTOCOL.md says so.
   */
  readonly integrity: 'checksum' | 'none';
  /** The device's alarms that the driver knows, as the table "Alarms" of PROTOCOL.md has them. */
  readonly alerts: readonly Pick<DeviceAlert, 'code' | 'ruleId' | 'priority'>[];
  /**
   * Shortest time in ms between two sendings of one query (to one channel), by its name. What the
   * protocol page asks for, retries included; 0 where an answer at once is due (an ACK).
   */
  readonly paceMs: Readonly<Record<string, number>>;
  /** Options and channels for the twin, where `{}` and one channel would not show enough. */
  readonly twin?: {
    readonly channels: readonly string[];
    readonly simulator?: Readonly<Record<string, unknown>>;
  };
  /** Declared metrics that the twin, left to itself for an hour, gives no number of; each with the reason. */
  readonly notByTwin?: Readonly<Partial<Record<MetricCode, string>>>;
}

/** Bytes on the wire, framing included: `hex` (blanks allowed) or `text` (latin1). */
export type WireVector = (
  | { readonly hex: string; readonly text?: never }
  | { readonly text: string; readonly hex?: never }
) & {
  /** Where the bytes come from: document and section, program and file, recording. `own` for ours. */
  readonly source: string;
  readonly name: string;
} & (
    | { readonly from: 'device'; readonly decodes: unknown }
    /** From the device and to be refused, with the reason. */
    | { readonly from: 'device'; readonly refused: string }
    /** To the device: whether it is a question that the driver may ask. A command never is. */
    | { readonly from: 'host'; readonly mayBeSent: boolean }
  );

/** The bytes of a vector. */
export function vectorBytes({ hex, text }: WireVector): Uint8Array {
  return Uint8Array.from(
    hex === undefined ? Buffer.from(text, 'latin1') : Buffer.from(hex.replaceAll(' ', ''), 'hex'),
  );
}
