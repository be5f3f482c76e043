/**
 * Bytes of a real monitor, through a pseudo-terminal, serialport, driver, rules and socket, to what a
 * nurse sees. `UPDATE_IMAGES=1` writes the picture in docs/images anew.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { openPty } from '../../simulators/host/pty.ts';
import { Closers, copyAccounts, Gateway, tempDir } from '../wire/gateway-kit.ts';
import { isBrowserMissing, openBrowser } from './chromium.ts';

const SHORT = readFileSync('test/fixtures/ge-dri/b450-short.raw');
const NIBP = readFileSync('test/fixtures/ge-dri/b450-nibp-complete-14s.raw');
/** 19200 8E1: eleven bits a byte. */
const BYTES_PER_S = 19_200 / 11;

const closers = new Closers();
afterEach(() => closers.close());

/** One bed, one monitor on a pseudo-terminal that this test speaks for. */
async function bedside() {
  const dir = tempDir(closers);
  const plug = () => {
    const pty = openPty({ dir: join(dir, 'ports'), name: 'mon', onBytes: () => undefined });
    closers.add(() => pty.close());
    return pty;
  };
  const first = plug();
  const config = join(dir, 'gateway.yaml');
  writeFileSync(
    config,
    `gateway: { id: gw-test, site: Pain unit, unit: 4W }
http: { port: 0 }
store: { dir: ./data }
beds: [{ id: B01, devices: [{ id: B01-mon, driver: ge-dri, port: { kind: serial, path: ${join(dir, 'ports/mon')} } }] }]
`,
  );
  await copyAccounts(join(dir, 'data'));
  const gateway = await Gateway.start(config, closers);
  return { gateway, first, plug };
}

/** At the speed of the line, in small pieces, so that frames come split as they do on a wire. */
async function play(pty: { write(bytes: Uint8Array): void }, bytes: Uint8Array): Promise<void> {
  const startedAt = performance.now();
  let sent = 0;
  while (sent < bytes.length) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * BYTES_PER_S) + 1;
    pty.write(bytes.subarray(sent, due));
    sent = Math.max(sent, Math.min(due, bytes.length));
    await wait(16);
  }
}

async function watch(gateway: Gateway): Promise<Page> {
  const browser = await openBrowser();
  closers.add(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(gateway.url);
  await page.fill('input[name="user"]', 'nurse-a');
  await page.fill('input[name="pin"]', '2581');
  await page.click('button[type="submit"]');
  await page.waitForSelector('[data-bed="B01"]');
  return page;
}

const cell = (page: Page, name: string) =>
  page.locator(`[data-bed="B01"] .cell.${name} .num`).textContent();
const cuff = async (page: Page) => {
  const field = page.locator('[data-bed="B01"] dd:has(.nibp)');
  return { text: (await field.textContent()) ?? '', state: await field.getAttribute('data-state') };
};

test.skipIf(isBrowserMissing)(
  'the values of a real monitor appear, and an old cuff reading never looks new',
  async () => {
    const { gateway, first, plug } = await bedside();
    const page = await watch(gateway);

    const playing = play(first, SHORT);
    await expect.poll(() => cell(page, 'hr'), { timeout: 15_000 }).toBe('80');
    await expect.poll(() => cell(page, 'spo2')).toBe('97');
    await expect.poll(async () => (await cuff(page)).text).toBe('93/48');
    expect(await page.getByText('SIMULATED').count()).toBe(0);
    await page.goto(`${gateway.url}/#/bed/B01`);
    await page.getByText('EtCO').first().waitFor();
    if (process.env['UPDATE_IMAGES']) {
      mkdirSync('docs/images', { recursive: true });
      await page.screenshot({ path: 'docs/images/real-capture.png' });
    }
    await page.goto(`${gateway.url}/#/`);
    await playing;

    // The line was closed and comes back in the middle of a frame, while the cuff is inflating.
    await first.close();
    const states: { text: string; state: string | null }[] = [];
    let isOver = false;
    const looking = (async () => {
      while (!isOver) {
        states.push(await cuff(page));
        await wait(100);
      }
    })();
    const second = plug();
    await wait(1_500);
    await play(second, NIBP);
    await expect.poll(async () => (await cuff(page)).text, { timeout: 10_000 }).toBe('86/58');
    isOver = true;
    await looking;
    // 87/61 was measured before anybody watched: its age is not known, so it is no reading to show.
    expect(states.some(({ state }) => state !== 'valid')).toBe(true);
    expect(
      states.filter(({ text, state }) => text.startsWith('87/61') && state === 'valid'),
    ).toEqual([]);
    expect((await cuff(page)).state).toBe('valid');
  },
  90_000,
);
