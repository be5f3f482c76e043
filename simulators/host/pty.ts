import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import type { Endpoint } from './endpoint.ts';

/**
 * The native part of @lydell/node-pty. Its JavaScript `open()` reads the slave as well and so eats
 * bytes that are meant for the driver; the native one only opens.
 */
interface NativePty {
  open(
    columns: number,
    rows: number,
  ): { readonly master: number; readonly slave: number; readonly pty: string };
}

function loadNative(): NativePty {
  const name = `@lydell/node-pty-${process.platform}-${process.arch}/pty.node`;
  // From the wrapper's place: the platform package is its dependency, not ours.
  const wrapper = createRequire(import.meta.url).resolve('@lydell/node-pty');
  try {
    return createRequire(wrapper)(name) as NativePty;
  } catch (error) {
    throw new Error(
      `no pseudo-terminals on ${process.platform}-${process.arch} (${String(error)}): give each device tcp instead`,
    );
  }
}

export interface PtyOptions {
  /** Folder of the stable names. */
  readonly dir: string;
  /** Name of the link that leads to the pseudo-terminal, as a by-id link leads to an adapter. */
  readonly name: string;
  readonly onBytes: (chunk: Uint8Array) => void;
}

/**
 * A pseudo-terminal behind a stable name. The slave stays open here and unread, so that a gateway
 * which closes and opens again does not end the master. `close` pulls the cable: link and both
 * ends go.
 */
export function openPty({ dir, name, onBytes }: PtyOptions): Endpoint {
  const { master, slave, pty } = loadNative().open(80, 24);
  // Without raw mode the terminal would echo what the device says back at it and change line ends.
  execFileSync('stty', ['raw', '-echo'], { stdio: [slave, 'ignore', 'pipe'] });
  const path = join(dir, name);
  mkdirSync(dir, { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  symlinkSync(pty, fresh);
  renameSync(fresh, path);

  const input = new ReadStream(master);
  input.on('data', (chunk: Buffer) => onBytes(Uint8Array.from(chunk)));
  // A slave that goes away ends in EIO; closing is our own business.
  input.on('error', () => undefined);
  let open = true;
  let lost = 0;
  return {
    path,
    write(bytes) {
      if (!open) return;
      // The master does not block: bytes that nobody reads are lost, as on a wire.
      try {
        lost += bytes.length - writeSync(master, bytes);
      } catch {
        lost += bytes.length;
      }
    },
    lostBytes: () => lost,
    async close() {
      if (!open) return;
      open = false;
      rmSync(path, { force: true });
      closeSync(slave);
      input.destroy();
    },
  };
}
