import type * as z from 'zod';
import type { ChannelEvent, FactCode, PumpStatus } from '../observation/device-event.ts';
import type { MetricCode } from '../observation/metrics.ts';
import type { WaveCode } from '../observation/wave.ts';
import type { QueryBytes, QueryList } from './query-bytes.ts';

/** Where the facts of a driver come from, best first. Shown in the README and on the devices page. */
export type Evidence = 'hardware' | 'document-and-capture' | 'document' | 'open-source' | 'guess';

export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly rtscts?: boolean;
}

/** Text lines, cut by @serialport/parser-readline in src/port (decision 9). */
export interface LineFraming {
  readonly kind: 'line';
  readonly delimiter: string;
  /** Longer lines are dropped whole and counted. */
  readonly maxBytes: number;
}

/** Binary frames, cut by the driver's own pure, bounded framer. */
export interface BinaryFraming<F = unknown> {
  readonly kind: 'binary';
  readonly initial: F;
  push(state: F, chunk: Uint8Array): FramerStep<F>;
}

export interface FramerStep<F> {
  readonly state: F;
  readonly frames: readonly Uint8Array[];
  /** Bytes given up since the last step: noise, over-long frames. */
  readonly droppedBytes: number;
}

/**
 * A device protocol. Everything a biomedical engineer wants to know about the cable stands here;
 * the talking is in the session.
 */
export interface Driver<O = unknown, S = unknown> {
  /** As written in the configuration: `driver: alaris-asena`. */
  readonly id: string;
  readonly role: 'pump' | 'monitor';
  readonly manufacturer: string;
  readonly models: readonly string[];
  readonly evidence: Evidence;
  /** As the device leaves the factory. */
  readonly line: LineSettings;
  /** Baud rates that can be set at the device, likeliest first; `infusewatch devices` tries them. */
  readonly baudRates: readonly number[];
  readonly framing: LineFraming | BinaryFraming;
  /** Age of the last accepted frame at which values are shown as stale, and as lost (rule MON-02). */
  readonly freshness: { readonly staleMs: number; readonly lostMs: number };
  /** Metrics that this driver can deliver; what is not listed is "this device cannot tell". */
  readonly reports: readonly MetricCode[];
  /** Waveforms that it can deliver; absent: none. */
  readonly waves?: readonly WaveCode[];
  readonly facts: readonly FactCode[];
  /** Words of the pump's state that it can tell apart, `unknown` always among them; none for a monitor. */
  readonly statuses: readonly PumpStatus[];
  /**
   * Rules (PMP-01 to PMP-08 for a pump) whose condition the device signals by itself and the driver
   * decodes. Of what is not here it cannot tell, and its silence about it means nothing.
   */
  readonly signals: readonly string[];
  /**
   * Which of the device's own alarms are decoded. Where it is not all, that is shown: an empty list is
   * then not "no alarm".
   */
  readonly alerts: 'decoded' | 'partly-decoded' | 'not-decoded';
  /**
   * Whether the device tells a serial number. One that does not cannot be told from its neighbour, so it
   * may only be looked for where no other of its kind can be.
   */
  readonly tellsSerial: boolean;
  /** Only where one line carries several devices (a rack, addresses on one cable). */
  readonly channels?: Channels;
  /**
   * The manufacturer forbids use on patients. The configuration refuses such a device on a bed with
   * `mode: live`, unless its option `allowOnLiveBed` is true; the driver has that option in its schema.
   */
  readonly benchOnly?: true;
  /** One plain sentence for the nurse beside the values: bench use only, a state that is normal here. */
  readonly notice?: string;
  /** What a lost or silent line may also mean with this device; one sentence, shown with the advice. */
  readonly silenceHint?: string;
  /**
   * What reading alone changes at the device (an alarm that is forgotten once it was read); one sentence.
   * `infusewatch devices` asks such a device only when a person says so.
   */
  readonly readingEffect?: string;
  /** Everything that may ever be written to the device. */
  readonly queries: QueryList;
  /** The part of it that these options leave; the port guards with it. Absent: all of it. */
  queriesWith?(options: O): QueryList;
  /** Schema of `options:` in the configuration; strict, with defaults. */
  readonly options: z.ZodType<O>;
  /**
   * @param options of the line; where several devices share it, those of the first
   * @param channels of all configured devices on the line; empty for a line with one device
   */
  session(options: O, channels: readonly string[]): Session<S>;
}

/** How the devices of one line are told apart. Events carry the channel that they are about. */
export interface Channels {
  /** The option that says which one a configured device is: `slot`, `address`. All others belong to the line. */
  readonly option: string;
  /** What a person calls it: `slot`. */
  readonly title: string;
}

/** A pure state machine (decision 2). No timer, port, logger or clock inside. */
export interface Session<S = unknown> {
  readonly initial: S;
  step(state: S, input: SessionInput): Step<S>;
}

/** `atMs` is monotonic gateway time in ms and never goes back. */
export type SessionInput =
  | { readonly kind: 'opened'; readonly atMs: number }
  | { readonly kind: 'frame'; readonly atMs: number; readonly frame: Uint8Array }
  | { readonly kind: 'wake'; readonly atMs: number }
  /** The gateway is about to close the line: the last chance to take leave of the device. */
  | { readonly kind: 'closing'; readonly atMs: number }
  | { readonly kind: 'closed'; readonly atMs: number };

export interface Step<S> {
  readonly state: S;
  readonly send: readonly QueryBytes[];
  readonly events: readonly ChannelEvent[];
  /** When to be woken next (monotonic ms). Absent: not at all. Each step replaces the last answer. */
  readonly wakeAtMs?: number;
}

/** Only gives the literal its types; a driver is plain data and functions. */
export function defineDriver<O, S>(driver: Driver<O, S>): Driver<O, S> {
  return driver;
}
