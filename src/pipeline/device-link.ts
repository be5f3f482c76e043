import { Observable } from 'rxjs';
import type { Driver, SessionInput } from '../driver/contract.ts';
import type { PictureEvent } from '../observation/device-picture.ts';
import { framerFor } from '../port/line-framer.ts';
import type { PortEvent } from '../port/port.ts';
import { connectForever } from '../port/reconnecting.ts';
import type { GuardedPort } from '../port/write-guard.ts';
import type { Cancel, Timeline } from '../time/timeline.ts';
import type { LineEvent } from './line.ts';

export interface LinkDeps {
  readonly driver: Driver;
  /** Checked by the driver's own schema. */
  readonly options: unknown;
  /** Of all configured devices on the line; empty where the line carries one device. */
  readonly channels: readonly string[];
  /** Guarded: nothing but the driver's closed list of queries reaches the line. */
  readonly port: GuardedPort;
  readonly timeline: Timeline;
  /** A session broke its contract and was started anew: a fault of ours, for the log. */
  readonly onFault?: (error: unknown) => void;
}

/** A trickle of bytes that become no frame is told so often. */
const COUNTERS_EVERY_MS = 1_000;

/** The events of the only device on a line. See {@link lineEvents}. */
export const deviceLink = (deps: Omit<LinkDeps, 'channels'>): Observable<readonly PictureEvent[]> =>
  lineEvents({ ...deps, channels: [] });

/**
 * Port → frames → session → events, for one line and for ever. Emits what one input led to as one
 * batch, in order. It never errors: a driver that throws is started anew with `opened`, its device's
 * branch goes on, and no other device notices.
 */
export function lineEvents(deps: LinkDeps): Observable<readonly LineEvent[]> {
  return new Observable((subscriber) => {
    const { driver, port, timeline } = deps;
    const framer = framerFor(driver.framing);
    const session = driver.session(deps.options, deps.channels);
    let state = session.initial;
    let write: Extract<PortEvent, { kind: 'opened' }>['write'] | undefined;
    /** On a port that was only found by search, until the device has said who it is. */
    let notMyDevice: (() => void) | undefined;
    let serial: string | undefined;
    let cancelWake: Cancel | undefined;
    let bytesIn = 0;
    let toldBytesIn = 0;
    let toldAtMs = Number.NEGATIVE_INFINITY;

    /** One input further; hands on what the session wants to send and when it wants to wake. */
    const advance = (input: SessionInput, out: LineEvent[]): void => {
      try {
        const step = session.step(state, input);
        state = step.state;
        for (const event of step.events) out.push(event);
        cancelWake?.();
        cancelWake = undefined;
        if (step.wakeAtMs !== undefined) {
          cancelWake = timeline.after(step.wakeAtMs - timeline.monotonicMs(), wake);
        }
        for (const bytes of step.send) write?.(bytes);
      } catch (error) {
        deps.onFault?.(error);
        cancelWake?.();
        state = session.initial;
        // At the next turn, not at once: a session that always throws must not spin.
        cancelWake = timeline.after(1_000, () => {
          if (write === undefined) return;
          const batch: LineEvent[] = [];
          advance({ kind: 'opened', atMs: timeline.monotonicMs() }, batch);
          emit(batch);
        });
      }
    };

    const wake = (): void => {
      const batch: LineEvent[] = [];
      advance({ kind: 'wake', atMs: timeline.monotonicMs() }, batch);
      emit(batch);
    };

    const emit = (batch: LineEvent[]): void => {
      if (batch.length > 0 && !isOfAnother(batch)) subscriber.next(batch);
    };

    /** A search may find the pump of the next bed: what that says is dropped, and the port given back. */
    const isOfAnother = (batch: readonly LineEvent[]): boolean => {
      const told = batch.findLast((event) => event.kind === 'identity')?.serial;
      if (told === undefined) return false;
      const leave = serial === undefined || serial === told ? undefined : notMyDevice;
      notMyDevice = undefined;
      if (leave === undefined) serial = told;
      else leave();
      return leave !== undefined;
    };

    /** A framer that fails begins anew: its line goes on, and what it held is lost. */
    const cut = (chunk: Uint8Array): readonly Uint8Array[] => {
      try {
        return framer.feed(chunk);
      } catch (error) {
        deps.onFault?.(error);
        framer.reset();
        return [];
      }
    };

    const counters = (atMs: number): LineEvent => {
      toldBytesIn = bytesIn;
      toldAtMs = atMs;
      return {
        kind: 'link-counters',
        bytesIn,
        bytesDropped: framer.droppedBytes(),
        writesRefused: port.refused(),
      };
    };

    const onPortEvent = (event: PortEvent): void => {
      const batch: LineEvent[] = [];
      switch (event.kind) {
        case 'opened':
          write = event.write;
          notMyDevice = event.notMyDevice;
          framer.reset();
          batch.push({ kind: 'port-open', name: event.name, mode: port.mode, atMs: event.atMs });
          advance({ kind: 'opened', atMs: event.atMs }, batch);
          break;
        case 'bytes': {
          bytesIn += event.chunk.length;
          const frames = cut(event.chunk);
          for (const frame of frames) advance({ kind: 'frame', atMs: event.atMs, frame }, batch);
          // With the frames, or for bytes that never become one: that is how noise gets seen.
          if (
            frames.length > 0 ||
            bytesIn - toldBytesIn > 1_024 ||
            event.atMs - toldAtMs > COUNTERS_EVERY_MS
          )
            batch.push(counters(event.atMs));
          break;
        }
        case 'closed':
          write = undefined;
          notMyDevice = undefined;
          framer.reset();
          batch.push({ kind: 'port-closed', reason: event.reason, atMs: event.atMs });
          advance({ kind: 'closed', atMs: event.atMs }, batch);
          break;
      }
      emit(batch);
    };

    const subscription = connectForever(port, timeline).subscribe(onPortEvent);
    return () => {
      if (write !== undefined) advance({ kind: 'closing', atMs: timeline.monotonicMs() }, []);
      cancelWake?.();
      write = undefined;
      subscription.unsubscribe();
    };
  });
}
