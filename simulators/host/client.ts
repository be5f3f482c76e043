import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { realTimeline } from '../../src/time/timeline.ts';
import type { WireFault } from '../kit/wire-faults.ts';
import type { Ward, WardAction } from './ward.ts';

/** Simulated devices in a process of their own, for tests, benchmarks and the demo. */
export interface SimulatorProcess {
  /** Device id to what the gateway opens: a path, or `tcp HOST:PORT`. Changes with `plug`. */
  readonly paths: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Physics and front panel; rejects with the device's own sentence. */
  command(device: string, name: string, args?: Readonly<Record<string, unknown>>): Promise<void>;
  fault(device: string, fault: WireFault): Promise<void>;
  unplug(device: string): Promise<void>;
  /** Plugs it in again, under another name if one is given; answers the path. */
  plug(device: string, name?: string): Promise<string>;
  /** What is true in the device now. */
  describe(device: string): Promise<Readonly<Record<string, unknown>>>;
  /** Ends the process and waits until it has gone. */
  stop(): Promise<void>;
}

/** An answer or a start that takes longer is a fault of the simulator. */
const ANSWER_MS = 10_000;
/** After this a process that was asked to end is killed. */
const END_MS = 3_000;

/** Forks the simulator process and waits until every device has its port. */
export async function startSimulators(ward: Ward): Promise<SimulatorProcess> {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    // Not the test runner's flags.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const talk = new Talk(child);
  try {
    const { ready } = await talk.ready(ward);
    return client(child, talk, ready);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function client(
  child: ChildProcess,
  talk: Talk,
  ready: Readonly<Record<string, string>>,
): SimulatorProcess {
  const paths: Record<string, string> = { ...ready };
  return {
    paths,
    pid: child.pid ?? 0,
    async command(device, command, args = {}) {
      await talk.ask({ device, command, args: { ...args } });
    },
    async fault(device, fault) {
      await talk.ask({ device, fault });
    },
    async unplug(device) {
      await talk.ask({ device, unplug: true });
    },
    async plug(device, name) {
      const path = String((await talk.ask({ device, plug: name ?? true }))['path']);
      paths[device] = path;
      return path;
    },
    async describe(device) {
      return (await talk.ask({ device, describe: true }))['truth'] as Readonly<
        Record<string, unknown>
      >;
    },
    stop: () => ended(child),
  };
}

type Message = Readonly<Record<string, unknown>>;

/** Questions and answers over IPC, in any order. */
class Talk {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #onReady: ((message: Message) => void) | undefined;
  #seq = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message) => this.#heard(message as Message));
    child.on('exit', (code, signal) => {
      const gone: Message = { error: `the simulator process ended (${signal ?? `code ${code}`})` };
      this.#onReady?.(gone);
      for (const settle of this.#waiting.values()) settle(gone);
      this.#waiting.clear();
    });
  }

  async ready(ward: Ward): Promise<{ readonly ready: Readonly<Record<string, string>> }> {
    const message = await this.#inTime('start', (settle) => {
      this.#onReady = settle;
      this.#child.send({ start: ward });
    });
    this.#onReady = undefined;
    return message as { readonly ready: Readonly<Record<string, string>> };
  }

  async ask(action: WardAction): Promise<Message> {
    const seq = ++this.#seq;
    try {
      return await this.#inTime('answer', (settle) => {
        if (!this.#child.connected) return settle({ error: 'the simulator process has ended' });
        this.#waiting.set(seq, settle);
        this.#child.send({ ...action, seq });
      });
    } finally {
      this.#waiting.delete(seq);
    }
  }

  #heard(message: Message): void {
    if (typeof message['seq'] === 'number') this.#waiting.get(message['seq'])?.(message);
    else this.#onReady?.(message);
  }

  #inTime(what: string, begin: (settle: (message: Message) => void) => void): Promise<Message> {
    return new Promise((resolve, reject) => {
      const cancel = realTimeline().after(ANSWER_MS, () =>
        reject(new Error(`the simulator process did not ${what} within ${ANSWER_MS / 1_000} s`)),
      );
      begin((message) => {
        cancel();
        if (typeof message['error'] === 'string') reject(new Error(message['error']));
        else resolve(message);
      });
    });
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = realTimeline().after(END_MS, () => child.kill('SIGKILL'));
    child.once('exit', () => {
      cancel();
      resolve();
    });
    child.kill('SIGTERM');
  });
}
