/**
 * The least that anything could do: serial port to WebSocket, each chunk as it comes. Run as its own
 * process beside the gateway's, so that both are measured the same way. Arguments: port paths.
 */
import { SerialPort } from 'serialport';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) {
    process.stdout.write(`listening on ws://127.0.0.1:${address.port}\n`);
  }
});
process.argv.slice(2).forEach((path, index) => {
  const port = new SerialPort({ path, baudRate: 19_200 });
  port.on('error', (error) => process.stderr.write(`${path}: ${error.message}\n`));
  port.on('data', (chunk: Buffer) => {
    const message = Buffer.concat([Buffer.from([index]), chunk]);
    for (const client of server.clients) client.send(message);
  });
});
process.on('SIGTERM', () => process.exit(0));
