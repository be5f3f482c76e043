import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WaveView } from '../../dashboard/wire.ts';
import { isBrowserMissing, openBrowser } from './chromium.ts';
import { type Visit, visit } from './dashboard-page.ts';

const RATE = 250;
const BLOCK = 25;
/** 25 mm/s on a screen of 96 dpi. */
const PX_PER_S = (25 * 96) / 25.4;

const ecg: WaveView = {
  stream: 1,
  deviceId: 'B01-mon',
  code: 'MDC_ECG_ELEC_POTL_II',
  title: 'ECG II',
  unit: 'mV',
  samplesPerS: RATE,
  state: 'valid',
  reason: null,
};

/** Runs in the page, whose types this side does not know. */
const HEIGHTS_IN_PAGE = `(() => {
  const canvas = document.querySelector('.lane.ecg canvas');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const background = getComputedStyle(canvas).backgroundColor.match(/\\d+/g).map(Number);
  return Array.from({ length: width }, (_, x) => {
    let count = 0;
    for (let y = 0; y < height; y += 1) {
      const at = 4 * (y * width + x);
      if (background.some((value, part) => Math.abs(data[at + part] - value) > 8)) count += 1;
    }
    return count;
  });
})()`;

describe.skipIf(isBrowserMissing)('the dashboard in a browser: sweeps', () => {
  let browser: Browser;
  let now: Visit | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    clearInterval(timer);
    await now?.leave();
    now = null;
  });
  afterAll(() => browser?.close());

  /** A spike of 1 mV every second; `skip` leaves blocks out, as a bad line does. */
  async function enter(skip: (index: number) => boolean = () => false): Promise<Visit> {
    const here = await visit(browser, { hash: '#/bed/B01' });
    now = here;
    await here.page.locator('.vitals').waitFor();
    here.gateway.changeBed('B01', (bed) => ({ ...bed, waves: [ecg] }));
    const startMs = here.gateway.now().monotonicMs;
    let index = 0;
    timer = setInterval(() => {
      const dueSamples = ((here.gateway.now().monotonicMs - startMs) * RATE) / 1_000;
      for (; index + BLOCK <= dueSamples; index += BLOCK) {
        if (skip(index)) continue;
        const first = index;
        here.gateway.sendWave({
          stream: 1,
          validity: 'valid',
          firstIndex: first,
          endMonotonicMs: startMs + ((first + BLOCK) * 1_000) / RATE,
          samplesPerS: RATE,
          scale: 0.005,
          zero: 0,
          samples: Int16Array.from({ length: BLOCK }, (_, n) =>
            (first + n) % RATE === 0 ? 200 : 0,
          ),
        });
      }
    }, 20);
    return here;
  }

  /** Of each column of the lane: how many pixels are not background, from the left. */
  const heights = (page: Page): Promise<number[]> => page.evaluate(HEIGHTS_IN_PAGE);

  const spikesOf = (columns: readonly number[]): number[] =>
    columns.flatMap((height, x) => (height > 15 && (columns[x - 1] ?? 0) <= 15 ? [x] : []));

  it('draws 25 mm in a second, the whole way, with every spike', async () => {
    const here = await enter();
    await here.page.waitForTimeout(9_000);
    const columns = await heights(here.page);
    const gaps = spikesOf(columns)
      .map((x, at, all) => x - (all[at - 1] ?? Number.NaN))
      .filter((gap) => !Number.isNaN(gap));
    // One of them spans the erase bar, where the newest second meets the oldest.
    const even = gaps.filter((gap) => Math.abs(gap - PX_PER_S) <= 0.02 * PX_PER_S + 1);
    expect(even.length).toBeGreaterThanOrEqual(5);
    expect(gaps.length - even.length).toBeLessThanOrEqual(1);
    expect(here.faults).toEqual([]);
    expect(await here.page.locator('.lanelabel').first().textContent()).toMatch(
      /ECG II.*mm\/mV.*25 mm\/s/,
    );
  });

  it('leaves a missing second empty: no line across it, no old trace in it', async () => {
    const here = await enter(
      (index) => index % (4 * RATE) >= 2 * RATE && index % (4 * RATE) < 3 * RATE,
    );
    await here.page.waitForTimeout(7_500);
    const columns = await heights(here.page);
    let longest = 0;
    let run = 0;
    for (const height of columns) {
      run = height === 0 ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    expect(longest).toBeGreaterThan(PX_PER_S * 0.9);
  });

  it('says NO SIGNAL and LEADS OFF in place of a trace, and freezes beside the live one', async () => {
    const here = await enter();
    const { page, gateway } = here;
    const lane = page.locator('.lane.ecg');
    await page.waitForTimeout(3_000);
    await page.getByRole('button', { name: 'Freeze' }).click();
    expect(await page.locator('.lane canvas.frozen').count()).toBe(1);
    await page.getByRole('button', { name: /^Frozen/ }).click();
    expect(await page.locator('.lane canvas.frozen').count()).toBe(0);
    const state = (change: Partial<WaveView>) =>
      gateway.changeBed('B01', (bed) => ({ ...bed, waves: [{ ...ecg, ...change }] }));
    state({ state: 'lost' });
    await expect.poll(() => lane.textContent()).toContain('NO SIGNAL');
    expect(await lane.locator('canvas').first().isVisible()).toBe(false);
    state({ state: 'invalid', reason: 'leads off' });
    await expect.poll(() => lane.textContent()).toContain('LEADS OFF');
    state({});
    await expect.poll(() => lane.textContent()).not.toMatch(/LEADS OFF|NO SIGNAL/);
  });
});
