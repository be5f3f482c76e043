import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { map } from 'rxjs';
import type { LineSettings } from '../driver/contract.ts';
import type { Clock } from '../time/timeline.ts';
import { CAPTURE_FORMAT, type CaptureHeader, type CaptureRecord, toHex } from './capture-format.ts';
import type { Port, PortEvent } from './port.ts';

/** Takes what passed on a line. Must neither throw nor block. */
export interface CaptureSink {
  /** @param atMs arrival time (monotonic); without it the sink takes its own clock */
  record(direction: CaptureRecord['d'], content: string, atMs?: number): void;
}

export interface CaptureFile extends CaptureSink {
  readonly path: string;
  /** Bytes that came from the line so far, lost ones included. */
  receivedBytes(): number;
  /** Bytes of the device's line that are missing in the file so far. */
  lostBytes(): number;
  /** Why nothing is written any more (disk full ...). The data path does not care. */
  failure(): string | undefined;
  /** Writes what is held and closes. Never rejects. */
  close(): Promise<void>;
}

export interface CaptureFileOptions {
  readonly path: string;
  readonly deviceId: string;
  readonly driver: string;
  readonly line: LineSettings;
  readonly clock: Clock;
  /** Held in memory while the disk is slow; beyond it records are lost and counted. */
  readonly bufferBytesMax?: number;
}

const BUFFER_BYTES_MAX = 1_048_576;

/** The same port; everything that passes is told to the sink as well. */
export function captured(port: Port, sink: CaptureSink): Port {
  return {
    label: port.label,
    get mode() {
      return port.mode;
    },
    connect: () => port.connect().pipe(map((event) => tee(event, sink))),
  };
}

function tee(event: PortEvent, sink: CaptureSink): PortEvent {
  switch (event.kind) {
    case 'bytes':
      sink.record('rx', toHex(event.chunk), event.atMs);
      return event;
    case 'closed':
      sink.record('close', event.reason, event.atMs);
      return event;
    case 'opened':
      sink.record('open', event.name, event.atMs);
      return {
        ...event,
        write: (bytes) => {
          sink.record('tx', toHex(bytes));
          event.write(bytes);
        },
      };
  }
}

/**
 * A capture file. A disk that is slow or full never delays or breaks the line: what does not fit in the
 * buffer is counted, and the file says where and how many bytes are missing.
 */
export function captureFile(options: CaptureFileOptions): CaptureFile {
  const { clock, bufferBytesMax = BUFFER_BYTES_MAX } = options;
  const startMs = clock.monotonicMs();
  const stream = createWriteStream(options.path, { flags: 'wx', mode: 0o640 });
  let failure: string | undefined;
  let lostBytes = 0;
  let receivedBytes = 0;
  let lastT = 0;
  /** What is missing since the last `lost` record. */
  let untold = { records: 0, bytes: 0 };
  stream.on('error', (error) => {
    failure ??= `${options.path} cannot be written (${error.message}): check the disk and the folder`;
  });

  const put = (line: CaptureHeader | CaptureRecord): void => {
    stream.write(`${JSON.stringify(line)}\n`);
  };
  const tellLost = (): void => {
    if (untold.records === 0) return;
    put({ t: lastT, d: 'lost', x: String(untold.bytes) });
    untold = { records: 0, bytes: 0 };
  };
  put({
    format: CAPTURE_FORMAT,
    version: 1,
    deviceId: options.deviceId,
    driver: options.driver,
    startedAtWall: new Date(clock.wallMs()).toISOString(),
    line: options.line,
  });

  /** Microseconds are enough. Never back, or the file could not be replayed. */
  const sinceStart = (atMs: number): number =>
    Math.max(lastT, Math.round((atMs - startMs) * 1_000) / 1_000);

  return {
    path: options.path,
    record(d, x, atMs = clock.monotonicMs()) {
      if (d === 'rx') receivedBytes += x.length / 2;
      if (failure !== undefined || stream.writableEnded || stream.writableLength > bufferBytesMax) {
        const bytes = d === 'rx' || d === 'tx' ? x.length / 2 : 0;
        lostBytes += bytes;
        untold = { records: untold.records + 1, bytes: untold.bytes + bytes };
        return;
      }
      tellLost();
      lastT = sinceStart(atMs);
      put({ t: lastT, d, x });
    },
    receivedBytes: () => receivedBytes,
    lostBytes: () => lostBytes,
    failure: () => failure,
    async close() {
      if (failure === undefined && !stream.writableEnded) {
        tellLost();
        put({ t: sinceStart(clock.monotonicMs()), d: 'end', x: '' });
      }
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}
