import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isBrowserMissing, openBrowser } from './chromium.ts';
import { pass, type Visit, visit } from './dashboard-page.ts';

describe.skipIf(isBrowserMissing)('the dashboard in a browser: is it live?', () => {
  let browser: Browser;
  let now: Visit | null = null;
  const enter = async (options: Parameters<typeof visit>[1] = {}): Promise<Visit> => {
    now = await visit(browser, options);
    return now;
  };

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await now?.leave();
    now = null;
  });
  afterAll(() => browser?.close());

  const tile = ({ page }: Visit, bedId: string) => page.locator(`[data-bed="${bedId}"]`);
  const hr = (here: Visit) => tile(here, 'B01').locator('.hr .num');

  it('loads everything from the gateway and obeys its content security policy', async () => {
    const here = await enter();
    await tile(here, 'B12').waitFor();
    expect(await tile(here, 'B01').textContent()).toContain('118/74');
    expect(here.foreign).toEqual([]);
    expect(here.faults).toEqual([]);
  });

  it('shows no number before the first snapshot', async () => {
    const here = await enter({ isLoggedIn: false });
    await here.page.getByText('This station is not watching').waitFor();
    expect(await here.page.locator('.num').count()).toBe(0);
  });

  it('a silent monitor goes from valid to stale to -?-, and its number leaves the page', async () => {
    const here = await enter({ hasOwnClock: true });
    await hr(here).waitFor();
    expect(await hr(here).textContent()).toBe('82');
    here.gateway.stopObserving();
    await pass(here, 5_500);
    expect(await hr(here).textContent()).toBe('82?');
    await pass(here, 5_000);
    await expect.poll(() => hr(here).textContent()).toBe('-?-');
    expect(await here.page.locator('[data-bed="B01"]').textContent()).not.toMatch(/\b82\b/);
  });

  it('a frozen socket that never closes: NOT LIVE after 6 s, every live value -?- after 10 s', async () => {
    const here = await enter({ hasOwnClock: true });
    await hr(here).waitFor();
    here.gateway.freeze();
    await here.page.waitForTimeout(200);
    await here.page.clock.runFor(4_300);
    await expect
      .poll(() => here.page.locator('[data-test="link"]').textContent())
      .toContain('delayed 4 s');
    expect(await here.page.getByText('NOT LIVE').count()).toBe(0);
    await here.page.clock.runFor(2_000);
    await here.page.getByText(/NOT LIVE: no connection to the gateway since 14:05:3/).waitFor();
    await here.page.clock.runFor(4_200);
    await expect.poll(() => hr(here).textContent()).toBe('-?-');
    const live = here.page.locator('.tile dd[data-state]');
    await expect
      .poll(async () => new Set(await live.allTextContents()))
      .toEqual(new Set(['-?-', '-?-/-?-']));
    expect(await tile(here, 'B01').locator('.num.plan').textContent()).toBe('20');
  });

  it('comes back by itself, with the length of the gap', async () => {
    const here = await enter({ hasOwnClock: true });
    await hr(here).waitFor();
    here.gateway.freeze();
    await pass(here, 12_000);
    await here.page.getByText('NOT LIVE').waitFor();
    here.gateway.thaw();
    await pass(here, 5_000);
    await here.page.getByText(/Live again, gap 00:00:/).waitFor();
    expect(await here.page.getByText('NOT LIVE').count()).toBe(0);
    await expect.poll(() => hr(here).textContent()).toBe('82');
  });

  it('a missing frame is noticed, asked for again and healed', async () => {
    const here = await enter();
    await hr(here).waitFor();
    here.gateway.changeBed('B01', (bed) => ({
      ...bed,
      patient: { id: 'x', label: 'Before', weightKg: 1 },
    }));
    await here.page.getByText('Before').waitFor();
    here.gateway.loseFrame();
    here.gateway.changeBed('B01', (bed) => ({
      ...bed,
      patient: { id: 'x', label: 'After', weightKg: 1 },
    }));
    await here.page.getByText('After').waitFor();
    expect(here.gateway.frames.filter((frame) => frame.type === 'resync').length).toBeGreaterThan(
      0,
    );
  });

  it('a frame that cannot be read is a missing frame, not an error', async () => {
    const here = await enter();
    await hr(here).waitFor();
    here.gateway.sendRaw('{"type":"delta","seq":1,"surprise":true}');
    await expect
      .poll(() => here.gateway.frames.some((frame) => frame.type === 'resync'))
      .toBe(true);
    await expect
      .poll(() => here.page.locator('[data-test="link"]').textContent())
      .toContain('live');
    expect(here.faults).toEqual([]);
  });

  it('shows nothing from a gateway that speaks another version', async () => {
    const here = await enter({ protocol: 2 });
    await here.page.getByText('this page does not fit the gateway').waitFor();
    expect(await here.page.locator('.tile').count()).toBe(0);
  });

  it('logs in with name and PIN, and says in one sentence when that fails', async () => {
    const here = await enter({ isLoggedIn: false });
    await here.page.getByLabel('Name').fill('nurse-a');
    await here.page.getByLabel(/PIN/).fill('9999');
    await here.page.getByRole('button', { name: 'Log in and watch' }).click();
    await here.page.getByText('Name or PIN is wrong.').waitFor();
    for (const digit of '1234')
      await here.page.getByRole('button', { name: digit, exact: true }).click();
    await here.page.getByRole('button', { name: 'Log in and watch' }).click();
    await tile(here, 'B01').waitFor();
  });

  it('an expired session is a station that does not watch, and says so', async () => {
    const here = await enter();
    await hr(here).waitFor();
    here.gateway.dropClients(4401);
    await here.page.getByText('This station is not watching').waitFor();
  });

  it('device text is text: no markup, no reordering, no broken layout', async () => {
    const here = await enter();
    await hr(here).waitFor();
    const hostile = `<img src=x onerror="document.title='owned'">\u202E\u0007${'W'.repeat(10_000)}`;
    here.gateway.changeBed('B01', (bed) => ({
      ...bed,
      patient: { id: hostile, label: hostile, weightKg: 71 },
    }));
    await here.page.getByText('<img src=x').first().waitFor();
    expect(await here.page.locator('.tile img').count()).toBe(0);
    expect(await here.page.title()).not.toBe('owned');
    expect(await tile(here, 'B01').textContent()).not.toContain('\u202E');
    const boxes = await Promise.all(['B01', 'B02'].map((bedId) => tile(here, bedId).boundingBox()));
    expect(boxes[0]?.width).toBeCloseTo(boxes[1]?.width ?? 0, 0);
    expect(boxes[0]?.height).toBeCloseTo(boxes[1]?.height ?? 0, 0);
    expect(here.faults).toEqual([]);
  });

  it("the browser's own clock and zone change nothing that is shown", async () => {
    const here = await enter();
    await expect.poll(() => here.page.locator('.clock').textContent()).toMatch(/^14:05:\d\d$/);
  });
});
