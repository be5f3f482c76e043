import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** `npm run demo` without the build: what a visitor sees on the terminal. */
function demo(args: readonly string[]) {
  const child = spawn(process.execPath, ['simulators/demo/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  const heard = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const look of heard) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = what.exec(text);
        if (found !== null) resolve(found);
      };
      heard.add(look);
      look();
      void ended.then(() => reject(new Error(`the demo ended without ${what}:\n${text}`)));
    });
  return { child, ended, says, text: () => text };
}

const leftovers = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('infusewatch-demo-'));

test('the demo tells its address and logins, shows the wards live, and leaves nothing behind', async () => {
  const before = leftovers();
  const { child, ended, says } = demo(['--port', '0']);
  const [, url = ''] = await says(/Open\s+(http\S+)/);
  const [, user = '', pin = ''] = await says(/Log in\s+(nurse-a)\s+PIN (\d+)/);
  await says(/All is well/);
  const session = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, pin }),
  });
  const { token } = (await session.json()) as { token: string };
  const beds = async () => {
    const reply = await fetch(`${url}/api/beds`, { headers: { authorization: `Bearer ${token}` } });
    const { beds: list } = (await reply.json()) as {
      beds: { bedId: string; simulated: boolean; infusion: { liveMgPerH: number | null } }[];
    };
    return list.map(({ bedId, simulated, infusion }) => [bedId, simulated, infusion.liveMgPerH]);
  };
  await expect.poll(beds, { timeout: 15_000 }).toEqual([
    ['B01', true, 10],
    ['B02', true, 20],
  ]);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(leftovers()).toEqual(before);
  await expect(fetch(url)).rejects.toThrow();
});

test('a port that is taken is said in one sentence, with the way out', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { ended, text } = demo(['--port', String(port)]);
  expect(await ended).toBe(1);
  expect(text()).toBe(
    `demo: port ${port} of this PC is in use by another program: stop that, or run  npm run demo -- --port ${port + 1}\n`,
  );
  server.close();
});
