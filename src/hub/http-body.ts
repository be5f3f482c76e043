import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  /** `isFlooding`: so much that it was not read to its end; the connection must go. */
  | { readonly kind: 'too-big'; readonly isFlooding: boolean }
  | { readonly kind: 'not-utf8' }
  | { readonly kind: 'broken-off' };

/**
 * A body that is somewhat too big is read to its end and thrown away, because a client that is still
 * writing would meet a reset connection instead of the answer that says why. Nobody is read further
 * than this.
 */
const DISCARD_BYTES_MAX = 8 * 1024 * 1024;

export function readBody(request: IncomingMessage, bytesMax: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > DISCARD_BYTES_MAX) {
        request.pause();
        resolve({ kind: 'too-big', isFlooding: true });
      }
    });
    request.on('end', () => {
      if (bytes > bytesMax) return resolve({ kind: 'too-big', isFlooding: false });
      try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
        return resolve({ kind: 'text', text });
      } catch {
        return resolve({ kind: 'not-utf8' });
      }
    });
    request.on('error', () => resolve({ kind: 'broken-off' }));
    request.on('close', () => resolve({ kind: 'broken-off' }));
  });
}

export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return (
    request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  );
}

/** Lower case, without parameters; empty when the client did not say. */
export function mediaType(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}
