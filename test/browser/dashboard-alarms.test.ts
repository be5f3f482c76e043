import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mixedAlarms } from '../dashboard/scenes.ts';
import { makeAlarm } from '../dashboard/ward-fixtures.ts';
import { isBrowserMissing, openBrowser } from './chromium.ts';
import { pass, type Visit, visit } from './dashboard-page.ts';

describe.skipIf(isBrowserMissing)('the dashboard in a browser: alarms', () => {
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

  const banner = ({ page }: Visit) => page.locator('.banner');
  const row = (here: Visit, bedId: string) => here.page.locator(`[data-row="${bedId}"]`);
  const openBed = async (here: Visit, bedId: string) => {
    await here.page.locator(`[data-bed="${bedId}"]`).click();
    await here.page.locator('h1', { hasText: bedId }).waitFor();
  };
  const identify = async (here: Visit) => {
    await here.page.getByLabel('Name').fill('nurse-a');
    await here.page.getByLabel(/PIN/).fill('1234');
    await here.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Acknowledge/ })
      .click();
  };

  it('paints a new alarm in banner, rail and tile, and confirms both receipts', async () => {
    const here = await enter();
    await here.page.getByText('No active alarms').waitFor();
    here.gateway.sendAlarm(makeAlarm({ alarmId: 'N1', bedId: 'B05', rev: 4 }, here.gateway.now()));
    await expect.poll(() => banner(here).getAttribute('data-alarm')).toBe('high');
    expect(await banner(here).textContent()).toContain('Rate far above order ×10');
    await row(here, 'B05').waitFor();
    expect(await here.page.locator('[data-bed="B05"]').getAttribute('data-alarm')).toBe('high');
    expect(await here.page.getByRole('alert').textContent()).toContain('B05 Rate far above order');
    const stages = () =>
      here.gateway.frames.flatMap((frame) =>
        frame.type === 'receipt' && frame.alarmId === 'N1' && frame.rev === 4 ? [frame.stage] : [],
      );
    await expect.poll(stages).toEqual(['received', 'displayed']);
  });

  it('the banner keeps to the highest priority, counts the rest and takes turns among equals', async () => {
    const here = await enter({ scene: 'alarmed', hasOwnClock: true });
    await banner(here).locator('.more').waitFor();
    expect(await banner(here).locator('.more').textContent()).toBe('+3 more');
    const seen = new Set<string | null>();
    for (let turn = 0; turn < 6; turn += 1) {
      await pass(here, 2_000);
      expect(await banner(here).getAttribute('data-alarm')).toBe('high');
      seen.add(await banner(here).getAttribute('data-alarm-id'));
    }
    expect(seen).toEqual(new Set(['A1', 'A2']));
    const rows = await here.page.locator('[data-row]').all();
    expect(await Promise.all(rows.map((one) => one.getAttribute('data-row')))).toEqual([
      'B04',
      'B07',
      'B02',
    ]);
  });

  it('acknowledging needs a person, sends exactly what was listed, and hides nothing', async () => {
    const here = await enter({ scene: 'alarmed' });
    await openBed(here, 'B04');
    await here.page.getByRole('button', { name: /Acknowledge 2 alarms/ }).click();
    await here.page.getByRole('dialog').getByText('Above hard limit 60 mg/h').waitFor();
    expect(await here.page.getByRole('dialog').locator('.rows li').count()).toBe(2);
    await identify(here);
    await expect.poll(() => banner(here).getAttribute('class')).toContain('steady');
    expect(await here.page.getByRole('dialog').count()).toBe(0);
    const call = here.gateway.calls.find((one) => one.path === '/api/alarms/acknowledge');
    expect(call?.authorization).toBe('Bearer nurse-token');
    expect(call?.body).toMatchObject({
      alarms: [
        { alarmId: 'A1', rev: 1 },
        { alarmId: 'A2', rev: 1 },
      ],
    });
    expect(await here.page.locator('.bed .rows').textContent()).toContain('ack nurse-a');
    // The two of them take turns.
    expect(await banner(here).textContent()).toMatch(/Rate far above order|Above hard limit/);
  });

  it('an alarm that changes while the dialog is open must be looked at again', async () => {
    const here = await enter({ scene: 'alarmed' });
    await openBed(here, 'B07');
    await here.page.getByRole('button', { name: /Acknowledge 1 alarm/ }).click();
    const spo2 = mixedAlarms(here.gateway.now()).find((alarm) => alarm.alarmId === 'A3');
    if (spo2 === undefined) throw new Error('fixture A3 is missing');
    here.gateway.sendAlarm({ ...spo2, rev: 2, priority: 'high', text: 'SpO2 85, severe limit 88' });
    await here.page.getByRole('button', { name: 'Look again' }).click();
    await here.page.getByRole('dialog').getByText('85, severe limit 88').waitFor();
    await identify(here);
    await expect.poll(() => here.page.getByRole('dialog').count()).toBe(0);
    const call = here.gateway.calls.find((one) => one.path === '/api/alarms/acknowledge');
    expect(call?.body).toMatchObject({ alarms: [{ alarmId: 'A3', rev: 2 }] });
  });

  it('a refusal by the gateway is shown and nothing looks acknowledged', async () => {
    const here = await enter({ scene: 'alarmed' });
    await openBed(here, 'B04');
    here.gateway.refuseNextAcknowledge();
    await here.page.keyboard.press('F4');
    await identify(here);
    await here.page
      .getByRole('dialog')
      .getByText(/Look at the list again/)
      .waitFor();
    expect(await banner(here).getAttribute('class')).not.toContain('steady');
  });

  it('Escape closes the dialog and acknowledges nothing', async () => {
    const here = await enter({ scene: 'alarmed' });
    await banner(here).locator('.more').waitFor();
    await here.page.keyboard.press('F4');
    await here.page.getByRole('dialog').waitFor();
    await here.page.keyboard.press('Escape');
    await expect.poll(() => here.page.getByRole('dialog').count()).toBe(0);
    expect(here.gateway.calls).toEqual([]);
  });

  it('pauses the sound of one bed and counts the time that the gateway gives', async () => {
    const here = await enter({ scene: 'alarmed', hash: '#/bed/B04' });
    await here.page
      .locator('main.bed')
      .getByRole('button', { name: /Pause sound B04/ })
      .click();
    await here.page
      .locator('main.bed')
      .getByText(/Sound paused/)
      .waitFor();
    expect(await here.page.locator('main.bed').textContent()).toMatch(/B04 0(2:00|1:5\d)/);
    expect(here.gateway.calls.map((call) => call.path)).toContain('/api/beds/B04/audio-pause');
  });

  it('without a connection nothing can be acknowledged or paused, and the button says why', async () => {
    const here = await enter({ scene: 'alarmed', hash: '#/bed/B04', hasOwnClock: true });
    await here.page.getByRole('button', { name: /Acknowledge 2/ }).waitFor();
    here.gateway.freeze();
    await here.page.clock.runFor(7_000);
    const button = here.page.getByRole('button', { name: /Acknowledge/ });
    await expect.poll(() => button.isDisabled()).toBe(true);
    expect(await button.textContent()).toContain('because there is no connection');
    const pause = here.page.getByRole('button', { name: /Pause sound/ });
    expect(await pause.isDisabled()).toBe(true);
    expect(await pause.textContent()).toContain('because there is no connection');
  });

  it('a latched alarm stays until somebody says that it was seen', async () => {
    const here = await enter({ scene: 'noted', hash: '#/bed/B01' });
    await here.page
      .locator('.bed .rows')
      .getByText(/86, severe limit 88/)
      .waitFor();
    await here.page.getByRole('button', { name: 'Seen' }).click();
    await expect
      .poll(() => here.gateway.calls.map((call) => call.path))
      .toContain('/api/alarms/seen');
    expect(await here.page.locator('.bed .rows li').count()).toBe(1);
  });

  it('says that sound is off until somebody touches the bar', async () => {
    const here = await enter();
    await here.page.getByText('SOUND IS OFF ON THIS STATION – TOUCH TO ENABLE').waitFor();
    const states = () =>
      here.gateway.frames.flatMap((frame) => (frame.type === 'beat' ? [frame.audioState] : []));
    await expect.poll(() => states().at(-1)).toBe('blocked');
    await here.page.getByText('TOUCH TO ENABLE').click();
    await expect.poll(() => states().at(-1)).toBe('unverified');
    await here.page.getByRole('button', { name: 'I heard it' }).click();
    await expect.poll(() => states().at(-1)).toBe('running');
    expect(await here.page.getByText('TOUCH TO ENABLE').count()).toBe(0);
  });

  it('simulated data say so on tile, bed and device', async () => {
    const here = await enter({ scene: 'simulated' });
    await here.page.locator('[data-bed="B05"]').getByText('SIMULATED').waitFor();
    await openBed(here, 'B05');
    await here.page.locator('.patient').getByText('SIMULATED').waitFor();
    await here.page.keyboard.press('d');
    await expect.poll(() => here.page.locator('.devices .sim').count()).toBe(22);
  });

  it.each([
    ['overview', '#/', 'alarmed', ''],
    ['overview, bright', '#/', 'alarmed', '?theme=light'],
    ['overview, night', '#/', 'noted', '?theme=night'],
    ['bed', '#/bed/B04', 'alarmed', ''],
    ['bed, bright', '#/bed/B04', 'noted', '?theme=light'],
    ['bed, night', '#/bed/B04', 'calm', '?theme=night'],
    ['alarms', '#/alarms', 'alarmed', ''],
    ['devices', '#/devices', 'simulated', ''],
  ] as const)('%s has no serious accessibility fault', async (_, hash, scene, query) => {
    const here = await enter({ hash, scene, query });
    await here.page.locator('main').waitFor();
    await here.page.waitForTimeout(400);
    expect(await faultsOf(here)).toEqual([]);
    expect(here.faults).toEqual([]);
  });

  it('neither has the NOT LIVE page, the log-in nor the acknowledge dialog', async () => {
    const lost = await enter({ hasOwnClock: true, scene: 'alarmed' });
    await banner(lost).locator('.more').waitFor();
    await lost.page.keyboard.press('F4');
    expect(await faultsOf(lost)).toEqual([]);
    await lost.page.keyboard.press('Escape');
    lost.gateway.freeze();
    await lost.page.clock.runFor(12_000);
    expect(await faultsOf(lost)).toEqual([]);
    await lost.leave();
    const login = await enter({ isLoggedIn: false });
    await login.page.getByLabel('Name').waitFor();
    expect(await faultsOf(login)).toEqual([]);
  });

  it.each([
    [1920, 1080],
    [1280, 800],
  ])(
    'at %d x %d every target is at least 48 px, alarm actions 76, and nothing scrolls sideways',
    async (width, height) => {
      const here = await enter({ scene: 'alarmed', hash: '#/bed/B04', width, height });
      await here.page.getByRole('button', { name: /Acknowledge 2/ }).waitFor();
      for (const target of await here.page.locator('button:visible, a:visible').all()) {
        const box = await target.boundingBox();
        const least = (await target.getAttribute('class'))?.includes('big') ? 76 : 48;
        expect(box?.height, (await target.textContent()) ?? '').toBeGreaterThanOrEqual(least - 0.5);
        expect(box?.width, (await target.textContent()) ?? '').toBeGreaterThanOrEqual(48 - 0.5);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      }
    },
  );

  async function faultsOf({ page }: Visit): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
      .analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }
});
