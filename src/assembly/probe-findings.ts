import type { Driver } from '../driver/contract.ts';
import type { IdentitySeen } from '../observation/device-event.ts';
import { EMPTY_TALLY, type LineTally, withRejected } from '../observation/line-advice.ts';
import type { LineEvent } from '../pipeline/line.ts';
import { type Framer, framerFor } from '../port/line-framer.ts';

/** What one driver made of what came over a port. */
export interface Findings {
  readonly tally: LineTally;
  readonly identity: Pick<IdentitySeen, 'serial' | 'model' | 'firmware' | 'mode'>;
  /** On a shared line: the places that talk. */
  readonly channels: readonly string[];
}

export const NOTHING_FOUND: Findings = { tally: EMPTY_TALLY, identity: {}, channels: [] };

export function withEvents(findings: Findings, events: readonly LineEvent[]): Findings {
  let { tally, identity, channels } = findings;
  for (const event of events) {
    if (event.channel !== undefined && !channels.includes(event.channel))
      channels = [...channels, event.channel].sort();
    if (event.kind === 'frame-accepted') tally = { ...tally, accepted: tally.accepted + 1 };
    if (event.kind === 'frame-rejected') tally = withRejected(tally, event.reason);
    if (event.kind === 'link-counters') tally = { ...tally, bytes: event.bytesIn };
    if (event.kind === 'identity') {
      const { serial, model, firmware, mode } = { ...identity, ...event };
      identity = {
        ...(serial === undefined ? {} : { serial }),
        ...(model === undefined ? {} : { model }),
        ...(firmware === undefined ? {} : { firmware }),
        ...(mode === undefined ? {} : { mode }),
      };
    }
  }
  return { tally, identity, channels };
}

/** Accepted frames outweigh what was refused: a driver without a checksum may take some noise for frames. */
export function isRecognised({ tally }: Findings, framesMin: number): boolean {
  const { checksum, malformed } = tally.rejected;
  return tally.accepted >= framesMin && tally.accepted > checksum + malformed;
}

/** How much speaks for a driver that was not recognised: whole frames, then any bytes. */
export function scoreOf({ tally }: Findings): number {
  const { checksum, unexpected } = tally.rejected;
  return (tally.accepted + unexpected) * 10 + checksum * 5 + (tally.bytes > 0 ? 1 : 0);
}

/** A driver that listens and says nothing: what its session would send is dropped. */
export class Listener {
  readonly driver: Driver;
  findings: Findings = NOTHING_FOUND;
  readonly #framer: Framer;
  readonly #session: ReturnType<Driver['session']>;
  #state: unknown;

  constructor(driver: Driver, atMs: number) {
    this.driver = driver;
    this.#framer = framerFor(driver.framing);
    this.#session = driver.session(defaultOptions(driver), defaultChannels(driver));
    this.#state = this.#session.step(this.#session.initial, { kind: 'opened', atMs }).state;
  }

  take(chunk: Uint8Array, atMs: number): void {
    const { tally } = this.findings;
    this.findings = { ...this.findings, tally: { ...tally, bytes: tally.bytes + chunk.length } };
    for (const frame of this.#framer.feed(chunk)) {
      const step = this.#session.step(this.#state, { kind: 'frame', atMs, frame });
      this.#state = step.state;
      this.findings = withEvents(this.findings, step.events);
    }
  }
}

export function defaultOptions({ options }: Driver): unknown {
  const parsed = options.safeParse({});
  return parsed.success ? parsed.data : {};
}

/** The place that a device of a shared line has as it leaves the factory. */
export function defaultChannels(driver: Driver): readonly string[] {
  if (driver.channels === undefined) return [];
  const options = defaultOptions(driver) as Readonly<Record<string, unknown>>;
  const channel = options[driver.channels.option];
  return channel === undefined ? [] : [String(channel)];
}
