/**
 * The wave socket: opens it, reopens it forever, hands every block on. Losing it loses waveforms only; alarms
 * and values come over the control socket.
 */
import { CLOSE, decodeWaveFrame, type WaveFrame } from '../wire.ts';
import { reconnectDelayMs } from './backoff.ts';

export interface WaveLinkHooks {
  /** Binary frames as `ArrayBuffer`. */
  readonly open: (handlers: {
    readonly onMessage: (data: ArrayBuffer) => void;
    readonly onClose: (code: number) => void;
  }) => { readonly close: () => void };
  readonly random: () => number;
  readonly onFrame: (frame: WaveFrame) => void;
}

export function startWaveLink(hooks: WaveLinkHooks): { readonly stop: () => void } {
  let attempt = 0;
  let isStopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let socket: { readonly close: () => void } | null = null;

  const connect = (): void => {
    socket = hooks.open({
      onMessage: (data) => {
        attempt = 0;
        const frame = decodeWaveFrame(data);
        if (frame !== undefined && !isStopped) hooks.onFrame(frame);
      },
      onClose: (code) => {
        socket = null;
        // Without a session the control link says so; a new log-in starts a new wave link.
        if (isStopped || code === CLOSE.noSession) return;
        retry = setTimeout(connect, reconnectDelayMs(attempt, hooks.random()));
        attempt += 1;
      },
    });
  };

  connect();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(retry);
      socket?.close();
    },
  };
}
