import { readdirSync } from 'node:fs';
import type { Observable, Subscription } from 'rxjs';
import { framerFor } from '../../src/port/line-framer.ts';
import type { PortEvent } from '../../src/port/port.ts';
import { realTimeline } from '../../src/time/timeline.ts';
import { textOf } from './support.ts';

type Opened = Extract<PortEvent, { kind: 'opened' }>;
type Closed = Extract<PortEvent, { kind: 'closed' }>;

/** Listens to a port and lets a test wait for what it says: never for luck, always with a limit. */
export class Listener {
  readonly events: PortEvent[] = [];
  readonly lines: { readonly text: string; readonly atMs: number }[] = [];
  readonly #framer = framerFor({ kind: 'line', delimiter: '\r\n', maxBytes: 200 });
  readonly #subscription: Subscription;
  readonly #waiting = new Set<() => void>();

  constructor(events: Observable<PortEvent>) {
    this.#subscription = events.subscribe((event) => {
      this.events.push(event);
      if (event.kind === 'closed') this.#framer.reset();
      if (event.kind === 'bytes') {
        for (const line of this.#framer.feed(event.chunk))
          this.lines.push({ text: textOf(line), atMs: event.atMs });
      }
      for (const look of this.#waiting) look();
    });
  }

  get opened(): readonly Opened[] {
    return this.events.filter((event) => event.kind === 'opened');
  }

  get closed(): readonly Closed[] {
    return this.events.filter((event) => event.kind === 'closed');
  }

  /** Waits until `find` answers something. */
  until<T>(what: string, find: () => T | undefined | false, limitMs = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined || found === false) return;
        cancel();
        this.#waiting.delete(look);
        resolve(found);
      };
      const cancel = realTimeline().after(limitMs, () => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `no ${what} within ${limitMs} ms; heard ${JSON.stringify(this.events.slice(-5).map((e) => e.kind))}`,
          ),
        );
      });
      this.#waiting.add(look);
      look();
    });
  }

  /** The next line from now on. */
  nextLine(what = 'line', match = /./, limitMs = 5_000) {
    const from = this.lines.length;
    return this.until(
      what,
      () => this.lines.slice(from).find(({ text }) => match.test(text)),
      limitMs,
    );
  }

  /** Waits for a chunk that ends inside a line: the wire is paced, and frames really come split. */
  split(): Promise<true> {
    const inside = (event: PortEvent): boolean =>
      event.kind === 'bytes' && event.chunk.at(-1) !== 0x0a;
    return this.until('split line', () => (this.events.some(inside) ? true : undefined));
  }

  nextClosed(limitMs = 5_000): Promise<Closed> {
    const from = this.closed.length;
    return this.until('closed', () => this.closed[from], limitMs);
  }

  nextOpened(limitMs = 5_000): Promise<Opened> {
    const from = this.opened.length;
    return this.until('opened', () => this.opened[from], limitMs);
  }

  leave(): void {
    this.#subscription.unsubscribe();
  }
}

export const openFiles = (): number => readdirSync('/proc/self/fd').length;
