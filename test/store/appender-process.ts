import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./appender.ts', import.meta.url));

/** `appender.ts` running, with the lines that it wrote. */
export class AppenderProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown>;
  #wake: () => void = () => undefined;

  /** @param fileKiB the largest file that the process may write, which is how a disk gets full */
  constructor(dir: string, mode: 'stream' | 'until-full', fileKiB?: number) {
    const limit = fileKiB === undefined ? '' : `ulimit -S -f ${fileKiB}; `;
    const line = `${limit}exec "$0" "$@"`;
    this.#child = spawn('bash', ['-c', line, process.execPath, SCRIPT, dir, mode], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // `close` comes after the last byte of the pipe.
    this.#ended = once(this.#child, 'close');
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      this.lines.push(text);
      this.#wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the first line from `fromLine` on that begins so. */
  async line(start: string, fromLine = 0): Promise<string> {
    let over = false;
    const ended = this.#ended.then(() => {
      over = true;
    });
    for (;;) {
      const found = this.lines.slice(fromLine).find((line) => line.startsWith(start));
      if (found !== undefined) return found;
      if (over) throw new Error(`the appender ended after: ${this.lines.slice(-3).join(' | ')}`);
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([more, ended]);
    }
  }

  /** Resolves when there are so many lines. */
  async count(lines: number): Promise<void> {
    while (this.lines.length < lines) await this.line('', this.lines.length);
  }

  say(word: string): void {
    this.#child.stdin.write(`${word}\n`);
  }

  /** SIGKILL; resolves when everything it ever wrote has been read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async end(): Promise<void> {
    await this.#ended;
  }
}
