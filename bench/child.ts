import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCH = fileURLToPath(new URL('../src/cli/launch.mjs', import.meta.url));

/** As the first line of src/cli/launch.mjs has it. */
const NODE_FLAGS = ['--max-semi-space-size=2'];

export interface Child {
  readonly process: ChildProcess;
  readonly url: string;
  /** Wall-free time from spawn to the line that says where it listens, ms. */
  readonly listeningAfterMs: number;
  stop(): Promise<void>;
}

/** Starts a process of ours and waits until it says where it listens. */
export async function startChild(script: string, args: readonly string[]): Promise<Child> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...NODE_FLAGS, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, INFUSEWATCH_LOG: 'warn' },
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^listening on (\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    process: child,
    url,
    listeningAfterMs: performance.now() - startedAt,
    async stop() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

export const startGateway = (config: string): Promise<Child> =>
  startChild(LAUNCH, ['serve', '--config', config]);

/** Runs a command of ours to its end, with a text on its standard input. */
export async function runCommand(args: readonly string[], input = ''): Promise<void> {
  const child = spawn(process.execPath, [LAUNCH, ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`infusewatch ${args.join(' ')} ended with ${code}`);
}

/** CPU time (s) and resident memory (MB) of a process, from /proc. */
export function usage(pid: number): { readonly cpuS: number; readonly rssMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuS: ticks / 100, rssMb: Number(rssKb) / 1024 };
}

/** An account for the benchmark in a data directory that no gateway runs on. */
export const addAccount = (dataDir: string): Promise<void> =>
  runCommand(['user', 'add', 'bench', '--role', 'nurse', '--data', dataDir], '2581\n');

/** Logs the benchmark's account in; its token. */
export async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'bench', pin: '2581' }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
