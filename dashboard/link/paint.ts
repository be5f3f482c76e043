/**
 * For use inside an animation frame callback: calls back once the browser has drawn that frame. The
 * callback itself runs before the drawing; a message posted from it is handled after.
 */
export function afterThisFrame(done: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    done();
  };
  channel.port2.postMessage(null);
}
