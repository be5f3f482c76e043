/**
 * The simulator process: `node simulators/host/main.ts WARD.yaml`, or forked by host/client.ts. Apart
 * from the gateway's process, as the devices are: a full pseudo-terminal or a fault in a simulator
 * must not touch what is being tested.
 *
 * The first line on standard output (or the first IPC message) is `{"ready": {"DEVICE": "PATH"}}`. Then
 * each JSON line on standard input (or each IPC message) is an action and gets one answer; `seq` comes
 * back as it was sent.
 */
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { realTimeline } from '../../src/time/timeline.ts';
import { type SimulatorHost, startHost, type WardReply } from './host.ts';
import { loadKinds } from './kinds.ts';
import { checkWard, readWard, type Ward, WardAction } from './ward.ts';

const Start = z.object({ start: z.unknown() });
const Sequence = z.object({ seq: z.union([z.number(), z.string()]) });

let host: SimulatorHost | undefined;
let ending = false;

function tell(message: object): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else if (process.connected) process.send(message);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await host?.stop();
  process.exit(code);
}

async function run(ward: Ward): Promise<void> {
  const kinds = await loadKinds(ward);
  const started = await startHost({
    ward,
    kinds,
    timeline: realTimeline(),
    onStoryFault: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  host = started;
  // Told to end while it was starting.
  if (ending) return void (await started.stop());
  tell({ ready: started.ready });
}

async function answer(message: unknown): Promise<void> {
  const sequence = Sequence.safeParse(message);
  const seq = sequence.success ? sequence.data.seq : undefined;
  tell({ ...(seq === undefined ? {} : { seq }), ...(await reply(message)) });
}

async function reply(message: unknown): Promise<WardReply> {
  if (host === undefined) return { error: 'the ward is not running yet' };
  const { seq: _seq, ...rest } = z.looseObject({}).catch({}).parse(message);
  const action = WardAction.safeParse(rest);
  if (action.success) return host.handle(action.data);
  return {
    error:
      'not an action: {device, command, args}, {device, fault}, {device, unplug: true}, {device, plug: NAME} or {device, describe: true}',
  };
}

/** Starts a ward; when that fails, one sentence and exit code 1. */
async function start(ward: () => Ward): Promise<void> {
  try {
    await run(ward());
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    if (process.send === undefined) process.stderr.write(`simulators: ${sentence}\n`);
    else tell({ error: sentence });
    await end(1);
  }
}

function listenOnInput(): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return tell({ error: 'not JSON' });
    }
    void answer(message);
  });
}

process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
// Whoever forked us has died: no orphans.
process.on('disconnect', () => void end(0));

const file = process.argv[2];
if (process.send !== undefined) {
  process.on('message', (message) => {
    const first = Start.safeParse(message);
    if (first.success) void start(() => checkWard(first.data.start, 'ward'));
    else void answer(message);
  });
  if (file !== undefined) void start(() => readWard(file));
} else if (file === undefined || file.startsWith('-')) {
  process.stderr.write('usage: node simulators/host/main.ts WARD.yaml\n');
  process.exit(file === '--help' ? 0 : 2);
} else {
  listenOnInput();
  void start(() => readWard(file));
}
