/**
 * The control socket: opens it, keeps it alive, reopens it forever, and hands every readable frame on.
 * Knows nothing about beds. Time, timers and the socket itself are given, so that a test can own them.
 */
import {
  BEAT_EVERY_MS,
  CLOSE,
  type ClientFrame,
  LINK_LOST_MS,
  type ServerFrame,
  ServerFrameSchema,
} from '../wire.ts';
import { reconnectDelayMs } from './backoff.ts';

export interface SocketHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (data: unknown) => void;
  readonly onClose: (code: number) => void;
}

export interface Socket {
  readonly isOpen: () => boolean;
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface LinkHooks {
  readonly open: (handlers: SocketHandlers) => Socket;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly onFrame: (frame: ServerFrame) => void;
  /** A frame that the contract does not know: its content is missing now. */
  readonly onUnreadable: () => void;
  readonly onNoSession: () => void;
  readonly beat: () => Omit<Extract<ClientFrame, { type: 'beat' }>, 'type' | 'sentAtMs'>;
}

export interface ControlLink {
  readonly send: (frame: ClientFrame) => void;
  /** Beat at once, for example when the page is hidden. */
  readonly beatNow: () => void;
  readonly retryNow: () => void;
  readonly stop: () => void;
}

export function startControlLink(hooks: LinkHooks): ControlLink {
  let socket: Socket | null = null;
  /** What a dropped socket still says is not for the one that followed it. */
  let generation = 0;
  let attempt = 0;
  let heardAtMs = hooks.nowMs();
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  const send = (frame: ClientFrame): void => {
    if (socket?.isOpen()) socket.send(JSON.stringify(frame));
  };
  const beatNow = (): void => send({ type: 'beat', ...hooks.beat(), sentAtMs: hooks.nowMs() });

  const drop = (): void => {
    generation += 1;
    socket?.close();
    socket = null;
  };

  const retryLater = (): void => {
    if (isStopped) return;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connect, reconnectDelayMs(attempt, hooks.random()));
    attempt += 1;
  };

  function connect(): void {
    drop();
    clearTimeout(retryTimer);
    heardAtMs = hooks.nowMs();
    const mine = generation;
    const ifMine =
      <T>(handle: (value: T) => void) =>
      (value: T) => {
        if (mine === generation) handle(value);
      };
    socket = hooks.open({
      onOpen: () => ifMine(beatNow)(undefined),
      onMessage: ifMine(receive),
      onClose: ifMine((code: number) => {
        socket = null;
        if (code === CLOSE.noSession) hooks.onNoSession();
        else retryLater();
      }),
    });
  }

  function receive(data: unknown): void {
    heardAtMs = hooks.nowMs();
    const frame = read(data);
    if (frame === null) {
      hooks.onUnreadable();
      return;
    }
    if (frame.type === 'snapshot') attempt = 0;
    hooks.onFrame(frame);
  }

  const watch = setInterval(() => {
    beatNow();
    // A half-open connection never closes by itself: missing frames do it.
    if (socket !== null && hooks.nowMs() - heardAtMs > LINK_LOST_MS) {
      drop();
      retryLater();
    }
  }, BEAT_EVERY_MS);

  connect();
  return {
    send,
    beatNow,
    retryNow: () => {
      if (socket === null && !isStopped) connect();
    },
    stop: () => {
      isStopped = true;
      clearInterval(watch);
      clearTimeout(retryTimer);
      drop();
    },
  };
}

/** `null` for anything that is not exactly a frame of the contract. */
function read(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = ServerFrameSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
