import type { Driver } from '../driver/contract.ts';
import { lineEvents } from '../pipeline/device-link.ts';
import type { LineEvent } from '../pipeline/line.ts';
import type { Capture } from '../port/capture-format.ts';
import { pacedBySent } from '../port/paced-by-sent.ts';
import type { Port } from '../port/port.ts';
import { replayPort } from '../port/replay-port.ts';
import { guarded } from '../port/write-guard.ts';
import { VirtualTimeline } from '../time/timeline.ts';
import { defaultChannels, defaultOptions } from './probe-findings.ts';

/** What came, and what it led to, at one moment of a capture. */
export interface DecodedMoment {
  /** Milliseconds since the start of the capture. */
  readonly t: number;
  readonly events: readonly LineEvent[];
}

/** Runs a driver on a capture file, with its times, questions and gaps, without waiting. */
export function decodeCapture(
  driver: Driver,
  path: string,
  capture: Capture,
  tell: (moment: DecodedMoment) => void,
): void {
  const sent: number[] = [];
  let endMs = 0;
  for (const { t, d } of capture.records) {
    endMs = t;
    if (d === 'tx') sent.push(t);
  }
  const timeline = new VirtualTimeline();
  const port: Port = replayPort({ path, line: driver.line, timeline });
  const subscription = lineEvents({
    driver,
    options: defaultOptions(driver),
    channels: defaultChannels(driver),
    port: guarded(port, driver.queries),
    timeline: pacedBySent(timeline, sent),
  }).subscribe((events) => tell({ t: Math.round(timeline.monotonicMs()), events }));
  timeline.runUntil(endMs);
  subscription.unsubscribe();
}
