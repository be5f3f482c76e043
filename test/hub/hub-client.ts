import { WebSocket } from 'ws';
import { ServerFrame } from '../../src/hub/wire/index.ts';
import { emptyClient, reduce } from './reduce.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** An independent client: checks every frame against the contract and keeps the state that follows. */
export class HubClient {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly state = emptyClient();
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #fault: Error | undefined;
  #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.ws = new WebSocket(url, { headers, perMessageDeflate: false });
    this.ws.on('error', (error) => {
      this.#fault = error;
      this.#wake();
    });
    this.ws.on('message', (data) => this.#onMessage(String(data)));
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#fault ??= new Error(`closed ${code} ${reason}`);
        this.#wake();
      });
    });
  }

  /** The next frame of that type that was not taken yet; frames before it count as taken. */
  async next<T extends ServerFrame['type']>(type: T): Promise<FrameOf<T>> {
    for (;;) {
      while (this.#taken < this.frames.length) {
        const frame = this.frames[this.#taken];
        this.#taken += 1;
        if (frame?.type === type) return frame as FrameOf<T>;
      }
      await this.#more();
    }
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await this.#more();
  }

  /** Everything that was sent before this call has arrived when it resolves. */
  async inStep(): Promise<void> {
    const answered = new Promise((resolve) => this.ws.once('pong', resolve));
    this.ws.ping();
    await Promise.race([answered, this.closed]);
    if (this.#fault !== undefined) throw this.#fault;
  }

  send(frame: object): void {
    this.ws.send(JSON.stringify(frame));
  }

  end(): void {
    this.ws.terminate();
  }

  #onMessage(text: string): void {
    try {
      const frame = ServerFrame.parse(JSON.parse(text));
      reduce(this.state, frame);
      this.frames.push(frame);
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error));
    }
    this.#wake();
  }

  #more(): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => (this.#fault === undefined ? resolve() : reject(this.#fault)));
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}

export const aBeat = {
  type: 'beat',
  visible: true,
  audioState: 'running',
  lastPaintAgeMs: 12,
  wavesOk: true,
} as const;
