import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cancel, Timeline } from '../../src/time/timeline.ts';
import type { SimulatorKind } from '../kit/device.ts';
import { type SimulatedLink, simulatedLink } from '../kit/link.ts';
import type { Endpoint } from './endpoint.ts';
import { openPty } from './pty.ts';
import { openTcp } from './tcp-endpoint.ts';
import type { Ward, WardAction, WardDevice } from './ward.ts';

/** The answer to an action: what it says, or one sentence why it was not done. */
export type WardReply =
  | {
      readonly ok: true;
      readonly path?: string;
      readonly truth?: Readonly<Record<string, unknown>>;
    }
  | { readonly error: string };

export interface SimulatorHost {
  /** Device id to what the gateway opens: a path, or `tcp HOST:PORT`. */
  readonly ready: Readonly<Record<string, string>>;
  handle(action: WardAction): Promise<WardReply>;
  stop(): Promise<void>;
}

export interface HostOptions {
  readonly ward: Ward;
  readonly kinds: ReadonlyMap<string, SimulatorKind>;
  readonly timeline: Timeline;
  /** A step of the story that could not be done. */
  readonly onStoryFault: (sentence: string) => void;
}

/** Opens a port for each device of the ward and lets time run. */
export async function startHost(options: HostOptions): Promise<SimulatorHost> {
  const { ward, kinds, timeline } = options;
  const dir = ward.dir ?? mkdtempSync(join(tmpdir(), 'infusewatch-'));
  const devices = new Map<string, HostedDevice>();
  const stories = new Story(options, (action) => handle(action));

  const stop = async (): Promise<void> => {
    stories.stop();
    for (const device of devices.values()) await device.stop();
    if (ward.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  const handle = async (action: WardAction): Promise<WardReply> => {
    const device = devices.get(action.device);
    if (device === undefined) return { error: `no device ${action.device} in this ward` };
    try {
      return await device.handle(action);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };

  try {
    for (const [index, device] of ward.devices.entries()) {
      const kind = kinds.get(device.simulator);
      if (kind === undefined) throw new Error(`there is no simulator ${device.simulator}`);
      // Each line has faults of its own.
      const hosted = new HostedDevice(device, kind, timeline, dir, (ward.seed ?? 1) + index);
      devices.set(device.id, hosted);
      await hosted.open();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  stories.start();
  return {
    ready: Object.fromEntries([...devices].map(([id, device]) => [id, device.path])),
    handle,
    stop,
  };
}

/** One device with its line and the endpoint at which the gateway plugs in. */
class HostedDevice {
  readonly #device: WardDevice;
  readonly #dir: string;
  readonly #link: SimulatedLink;
  #endpoint: Endpoint | undefined;
  /** A free TCP port is taken once and kept. */
  #tcp: number | undefined;

  constructor(
    device: WardDevice,
    kind: SimulatorKind,
    timeline: Timeline,
    dir: string,
    seed: number,
  ) {
    this.#device = device;
    this.#dir = dir;
    this.#tcp = device.tcp;
    const baudRate = device.baudRate ?? kind.line.baudRate;
    this.#link = simulatedLink({
      kind: { ...kind, line: { ...kind.line, baudRate } },
      name: device.name ?? device.id,
      timeline,
      seed,
      options: device.options ?? {},
    });
  }

  get path(): string {
    return this.#endpoint?.path ?? '';
  }

  async open(): Promise<void> {
    let endpoint: Endpoint | undefined;
    const attachment = this.#link.attach({
      onBytes: (chunk) => endpoint?.write(chunk),
      onUnplugged: () => undefined,
    });
    const onBytes = (chunk: Uint8Array): void => attachment?.send(chunk);
    if (this.#tcp === undefined) {
      endpoint = openPty({ dir: this.#dir, name: this.#link.name, onBytes });
    } else {
      endpoint = await openTcp({ host: '127.0.0.1', port: this.#tcp, onBytes });
      this.#tcp = Number(endpoint.path.split(':').at(-1));
    }
    this.#endpoint = endpoint;
  }

  async handle(action: WardAction): Promise<WardReply> {
    if ('command' in action) this.#link.command(action.command, action.args);
    else if ('fault' in action) this.#link.fault(action.fault);
    else if ('unplug' in action) await this.#unplug();
    else if ('plug' in action) {
      await this.#plug(action.plug === true ? undefined : action.plug);
      return { ok: true, path: this.path };
    } else return { ok: true, truth: this.#truth() };
    return { ok: true };
  }

  async stop(): Promise<void> {
    this.#link.stop();
    await this.#endpoint?.close();
  }

  async #unplug(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    this.#link.unplug();
    await endpoint?.close();
  }

  async #plug(name: string | undefined): Promise<void> {
    if (this.#link.plugged)
      throw new Error(`${this.#device.id} is plugged in already: unplug it first`);
    this.#link.plug(name);
    await this.open();
  }

  /** The device's truth, and what happened on its line. */
  #truth(): Readonly<Record<string, unknown>> {
    return {
      ...this.#link.describe(),
      line: {
        plugged: this.#link.plugged,
        overrunBytes: this.#link.overrunBytes(),
        lostBytes: this.#endpoint?.lostBytes() ?? 0,
      },
    };
  }
}

/** What happens by itself. */
class Story {
  readonly #options: HostOptions;
  readonly #handle: (action: WardAction) => Promise<WardReply>;
  #cancels: Cancel[] = [];

  constructor(options: HostOptions, handle: (action: WardAction) => Promise<WardReply>) {
    this.#options = options;
    this.#handle = handle;
  }

  start(): void {
    const { ward, timeline, onStoryFault } = this.#options;
    this.stop();
    for (const { at, ...action } of ward.story ?? []) {
      const run = async (): Promise<void> => {
        const reply = await this.#handle(action);
        if ('error' in reply) onStoryFault(`story, ${at} s: ${reply.error}`);
      };
      this.#cancels.push(timeline.after(at * 1_000, () => void run()));
    }
    if (ward.story !== undefined && ward.loopSeconds !== undefined) {
      this.#cancels.push(timeline.after(ward.loopSeconds * 1_000, () => this.start()));
    }
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }
}
