import { stat } from 'node:fs/promises';
import { Observable, type Subscriber } from 'rxjs';
import { SerialPort } from 'serialport';
import type { LineSettings } from '../driver/contract.ts';
import type { QueryBytes } from '../driver/query-bytes.ts';
import type { Cancel, Timeline } from '../time/timeline.ts';
import type { Port, PortEvent } from './port.ts';
import type { PortClaims } from './port-claims.ts';
import { type FoundNode, lookUpNode, openFailure, searchNodes } from './port-path.ts';

export interface SerialPortOptions {
  /** `/dev/serial/by-id/usb-...` or `/dev/ttyUSB0`; links are followed anew at each opening. */
  readonly path: string;
  /** Patterns (`*` in the last part only), tried in order while `path` does not exist. */
  readonly search?: readonly string[];
  readonly line: LineSettings;
  readonly claims: PortClaims;
  readonly timeline: Timeline;
  /** Who holds the claim; by default the path. */
  readonly owner?: string;
}

/** How often the node is looked at: a port that nobody writes to does not tell that it was pulled. */
const WATCH_MS = 1_000;
/** A port found by search that stays silent so long gives way to the next match. */
const SEARCH_PATIENCE_MS = 5_000;
/** Unsent query bytes; far more than any poll needs, so only a line that takes nothing gets there. */
const UNSENT_BYTES_MAX = 4_096;
/** A farewell is some short frames; more than that is a line that takes nothing. */
const FAREWELL_BYTES_MAX = 256;
/** Closing a line with unsent bytes can hang in the kernel for 30 s; then the gateway goes on without. */
const CLOSE_PATIENCE_MS = 1_000;

/** A serial line by `serialport` 13: opens on subscribe, closes on unsubscribe, never errors. */
export function serialPort(options: SerialPortOptions): Port {
  const owner = options.owner ?? options.path;
  options.claims.reserve(options.path, owner);
  const memory: SearchMemory = { avoid: new Set() };
  return {
    label: options.path,
    // A pseudo-terminal says nothing about its data (a network bridge may stand behind it): simulators
    // mark themselves in their own bytes.
    mode: 'real',
    connect: () =>
      new Observable<PortEvent>((subscriber) => {
        const connection = new SerialConnection(options, owner, memory, subscriber);
        return () => connection.close();
      }),
  };
}

/** What one port remembers from one connection to the next. */
interface SearchMemory {
  /** The node that was opened last. */
  opened?: string;
  /** Nodes found by search that proved silent or not to be the device; tried last. */
  readonly avoid: Set<string>;
}

class SerialConnection {
  readonly #options: SerialPortOptions;
  readonly #owner: string;
  readonly #memory: SearchMemory;
  readonly #subscriber: Subscriber<PortEvent>;
  #port: SerialPort | undefined;
  #node: FoundNode | undefined;
  #release: (() => void) | undefined;
  #cancelWatch: Cancel | undefined;
  #openedAtMs = 0;
  #bytesCame = false;
  #writes = 0;
  /** Set once, by whatever ends the connection first. */
  #reason: string | undefined;

  constructor(
    options: SerialPortOptions,
    owner: string,
    memory: SearchMemory,
    subscriber: Subscriber<PortEvent>,
  ) {
    this.#options = options;
    this.#owner = owner;
    this.#memory = memory;
    this.#subscriber = subscriber;
    void this.#open();
  }

  /** Closes from our side; nothing is emitted to a subscriber that has left. */
  close(): void {
    this.#end(`${this.#options.path} was closed by the gateway`);
  }

  async #open(): Promise<void> {
    const candidates = await this.#candidates();
    let reason = candidates.reason;
    for (const node of candidates.nodes) {
      const failure = await this.#tryNode(node);
      if (this.#reason !== undefined) return;
      if (failure === undefined) return this.#opened(node);
      reason = failure;
    }
    this.#end(reason);
  }

  /** The configured path; while it is missing, what the search finds. */
  async #candidates(): Promise<{ readonly nodes: readonly FoundNode[]; readonly reason: string }> {
    const { path, search = [], claims } = this.#options;
    const configured = await lookUpNode(path);
    if (configured.ok) return { nodes: [configured.node], reason: '' };
    if (!configured.missing || search.length === 0) return { nodes: [], reason: configured.reason };

    const found = await searchNodes(search, claims, this.#owner);
    const { avoid } = this.#memory;
    if (found.every((node) => avoid.has(node.realPath))) avoid.clear();
    const nodes = [
      ...found.filter((node) => !avoid.has(node.realPath)),
      ...found.filter((node) => avoid.has(node.realPath)),
    ];
    const reason = `${path} does not exist and no free port matches ${search.join(', ')}: plug the adapter in, or correct the path in the configuration`;
    return { nodes, reason };
  }

  /** Opens one node; the answer is why not, or `undefined` when it is open. */
  async #tryNode(node: FoundNode): Promise<string | undefined> {
    const release = this.#options.claims.take(node.realPath, this.#owner);
    if (release === undefined) {
      const holder = this.#options.claims.holder(node.realPath);
      return `${node.name} is already used for ${holder} in this gateway: give each device its own port`;
    }
    const { line } = this.#options;
    const port = new SerialPort({
      path: node.realPath,
      baudRate: line.baudRate,
      dataBits: line.dataBits,
      parity: line.parity,
      stopBits: line.stopBits,
      rtscts: line.rtscts ?? false,
      autoOpen: false,
    });
    // There from the first moment to the last: an error without a listener would end the process.
    port.on('error', (error) => this.#end(lost(node.name, error)));
    const failure = await new Promise<Error | null>((resolve) => port.open(resolve));
    if (failure !== null) {
      release();
      return openFailure(node.name, failure);
    }
    this.#port = port;
    this.#node = node;
    this.#release = release;
    // Unsubscribed while it was opening.
    if (this.#reason !== undefined) this.#shutDown();
    return undefined;
  }

  #opened(node: FoundNode): void {
    const port = this.#port;
    if (port === undefined) return;
    this.#memory.opened = node.realPath;
    this.#openedAtMs = this.#nowMs();
    port.on('close', (error: unknown) => this.#end(lost(node.name, error)));
    port.on('end', () => this.#end(lost(node.name, undefined)));
    this.#subscriber.next({
      kind: 'opened',
      atMs: this.#openedAtMs,
      name: node.name,
      write: (bytes) => this.#write(bytes),
      ...(node.name === this.#options.path
        ? {}
        : { notMyDevice: () => this.#giveWay('it is another device') }),
    });
    // Always flowing: a paused port does not notice that it was pulled. The copy frees the driver's pool.
    port.on('data', (chunk: Buffer) => {
      if (this.#reason !== undefined) return;
      this.#bytesCame = true;
      this.#subscriber.next({ kind: 'bytes', atMs: this.#nowMs(), chunk: Uint8Array.from(chunk) });
    });
    this.#watchAgain();
  }

  #write(bytes: QueryBytes): void {
    const port = this.#port;
    if (this.#reason !== undefined || port === undefined) return;
    if (port.writableLength + bytes.length > UNSENT_BYTES_MAX) {
      this.#end(
        `${this.#name} takes no more bytes: check the cable and the flow control setting of the device`,
      );
      return;
    }
    this.#writes += 1;
    port.write(Buffer.from(bytes), (error) => {
      this.#writes -= 1;
      if (error) this.#end(lost(this.#name, error));
    });
  }

  #watchAgain(): void {
    if (this.#reason !== undefined) return;
    this.#cancelWatch = this.#options.timeline.after(WATCH_MS, () => {
      void this.#watch().then(() => this.#watchAgain());
    });
  }

  async #watch(): Promise<void> {
    const node = this.#node;
    if (node === undefined) return;
    const { path, search = [], claims } = this.#options;
    if (!(await stillTheSame(node))) {
      this.#end(`${node.name} has gone: plug the adapter in again`);
      return;
    }
    if (node.name === path || this.#bytesCame) return;
    // A silent port that was only found by search gives way to a better one.
    if ((await lookUpNode(path)).ok) return this.#giveWay(`${path} is back`);
    if (this.#nowMs() - this.#openedAtMs < SEARCH_PATIENCE_MS) return;
    const others = await searchNodes(search, claims, this.#owner);
    if (others.length > 1) this.#giveWay('nothing came from it');
  }

  #giveWay(why: string): void {
    if (this.#node !== undefined) this.#memory.avoid.add(this.#node.realPath);
    this.#end(`${this.#name} was left because ${why}: the next port is tried`);
  }

  /** Ends the connection once, however often it is called: a lost port says `error`, then `close` twice. */
  #end(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#cancelWatch?.();
    this.#shutDown();
  }

  /** Closes the handle, gives the claim back and only then says `closed`, so that a retry finds it free. */
  #shutDown(): void {
    const port = this.#port;
    const done = (): void => {
      cancelPatience();
      this.#release?.();
      this.#release = undefined;
      this.#subscriber.next({ kind: 'closed', atMs: this.#nowMs(), reason: this.#reason ?? '' });
      this.#subscriber.complete();
    };
    const cancelPatience = this.#options.timeline.after(CLOSE_PATIENCE_MS, () => {
      // Throwing the unsent bytes away frees a drain that hangs.
      if (port?.isOpen) port.flush(() => port.close(() => undefined));
      done();
    });
    const close = (): void => {
      if (port?.isOpen) port.close(() => done());
      else if (port?.closing) port.once('close', done);
      else done();
    };
    // What was said in the last moment (a session takes leave of its device) is let out; older bytes that
    // the line does not take would hold up the closing.
    if (!port?.isOpen) close();
    else if (this.#writes > 0 && port.writableLength < FAREWELL_BYTES_MAX) port.drain(close);
    else port.flush(close);
  }

  get #name(): string {
    return this.#node?.name ?? this.#options.path;
  }

  #nowMs(): number {
    return this.#options.timeline.monotonicMs();
  }
}

/** True while the name leads to the node that was opened and the node is the same device. */
async function stillTheSame(node: FoundNode): Promise<boolean> {
  try {
    const now = await stat(node.name);
    return `${now.rdev}:${now.ino}` === node.identity;
  } catch {
    return false;
  }
}

function lost(name: string, error: unknown): string {
  const detail = error instanceof Error ? ` (${error.message.replace(/^Error:?\s*/, '')})` : '';
  return `${name} was disconnected${detail}: check the cable and the adapter`;
}
