import type { Socket, SocketHandlers } from './control-link.ts';

/** The browser's WebSocket behind the few words that the link needs. */
export function openSocket(url: URL, handlers: SocketHandlers): Socket {
  const socket = new WebSocket(url);
  socket.onopen = handlers.onOpen;
  socket.onmessage = ({ data }) => handlers.onMessage(data);
  socket.onclose = ({ code }) => handlers.onClose(code);
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
}

/** The same for the binary blocks of waveforms. */
export function openWaveSocket(
  url: URL,
  handlers: {
    readonly onMessage: (data: ArrayBuffer) => void;
    readonly onClose: (code: number) => void;
  },
): { readonly close: () => void } {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) handlers.onMessage(data);
  };
  socket.onclose = ({ code }) => handlers.onClose(code);
  return { close: () => socket.close() };
}
