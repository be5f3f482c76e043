import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A serial port of this PC, as the kernel knows it. */
export interface SeenPort {
  /** `/dev/ttyUSB0` */
  readonly path: string;
  /** The name that stays the same after a replug, where there is one. */
  readonly byId?: string;
  /** Of a USB adapter. */
  readonly maker?: string;
  readonly product?: string;
  /** Of the adapter, not of the device behind it. */
  readonly serial?: string;
}

/** Serial ports by the names of their drivers; consoles and pseudo-terminals are none. */
const SERIAL = /^tty(?:USB|ACM|XRUSB|AMA|S|O|THS|mxc|SC)\d+$/;
/** A port that the kernel reserves a name for, without a chip behind it. */
const NO_CHIP = '0';

/**
 * Serial ports that are there, USB adapters first, `ttyUSB2` before `ttyUSB10`. Reads /sys and /dev/serial/by-id
 * and opens nothing.
 * @param root for tests: where /sys and /dev are
 */
export async function listPorts(root = '/'): Promise<readonly SeenPort[]> {
  const names = await namesIn(join(root, 'sys/class/tty'));
  const byId = await byIdNames(join(root, 'dev/serial/by-id'));
  const found = await Promise.all(
    names.filter((name) => SERIAL.test(name)).map((name) => portOf(root, name, byId.get(name))),
  );
  return found
    .filter((port) => port !== undefined)
    .sort(
      (a, b) =>
        Number(b.product !== undefined) - Number(a.product !== undefined) ||
        a.path.localeCompare(b.path, 'en', { numeric: true }),
    );
}

async function portOf(
  root: string,
  name: string,
  byId: string | undefined,
): Promise<SeenPort | undefined> {
  const folder = join(root, 'sys/class/tty', name);
  if ((await textOf(join(folder, 'type'))) === NO_CHIP) return undefined;
  const device = await realpath(join(folder, 'device')).catch(() => undefined);
  if (device === undefined) return undefined;
  const usb = await usbFolder(device, join(root, 'sys'));
  const [maker, product, serial] =
    usb === undefined
      ? []
      : await Promise.all(
          ['manufacturer', 'product', 'serial'].map((file) => textOf(join(usb, file))),
        );
  return {
    path: join('/dev', name),
    ...(byId === undefined ? {} : { byId: join('/dev/serial/by-id', byId) }),
    ...(maker === undefined ? {} : { maker }),
    ...(product === undefined ? {} : { product }),
    ...(serial === undefined ? {} : { serial }),
  };
}

/** The folder above the port that describes the USB adapter; `undefined` for a built-in port. */
async function usbFolder(device: string, top: string): Promise<string | undefined> {
  for (let folder = device; folder.length > top.length; folder = dirname(folder)) {
    if ((await textOf(join(folder, 'idVendor'))) !== undefined) return folder;
  }
  return undefined;
}

/** `ttyUSB0` to its name in by-id. */
async function byIdNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const target = await readlink(join(folder, name)).catch(() => undefined);
    const tty = target?.split('/').at(-1);
    if (tty !== undefined) names.set(tty, name);
  }
  return names;
}

const namesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).then(
    (names) => names.sort(),
    () => [],
  );

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (text) => text.trim() || undefined,
    () => undefined,
  );
