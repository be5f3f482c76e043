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
