import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAlarm } from '../dashboard/ward-fixtures.ts';
import { isBrowserMissing, openBrowser } from './chromium.ts';
import { type Visit, visit } from './dashboard-page.ts';

/** What is left of a page between its margins, at 96 px an inch. */
const PAPERS = [
  ['A4', 703],
  ['Letter', 725],
] as const;

describe.skipIf(isBrowserMissing)('session, course and report in a browser', () => {
  let browser: Browser;
  let now: Visit | null = null;
  const enter = async (hash: string, options: Parameters<typeof visit>[1] = {}): Promise<Visit> => {
    now = await visit(browser, { scene: 'sessions', width: 1280, height: 800, hash, ...options });
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

  it('the session of a running order: staircase, steps in words, where it stands', async () => {
    const here = await enter('#/beds/B04/session');
    await here.page.locator('.stairs .plot svg').waitFor();
    const steps = await here.page.locator('.steps tbody tr').allTextContents();
    expect(steps.map((row) => /made late|made|held|planned/.exec(row)?.[0])).toEqual([
      'made',
      'made late',
      'held',
      'planned',
      'planned',
    ]);
    expect(await here.page.locator('.stairs .mark.held').count()).toBe(1);
    expect(await here.page.locator('.standing').textContent()).toContain('day 3 of 10');
    expect(here.faults).toEqual([]);
  });

  it('a session on a page that is not live counts nothing down', async () => {
    const here = await enter('#/beds/B05/session', { hasOwnClock: true });
    const count = here.page.locator('.standing .count');
    await expect.poll(() => count.textContent()).toMatch(/^00:0[56]:/);
    here.gateway.freeze();
    await here.page.clock.runFor(12_000);
    await expect.poll(() => count.textContent()).toBe('--:--:--');
  });

  it('prints on A4 and Letter with nothing cut, its head on every page; the alarm banner goes on', async () => {
    const here = await enter('#/orders/order-B04/report');
    await here.page.locator('.paper').waitFor();
    expect(await here.page.locator('.pagehead').textContent()).toContain(
      'INCOMPLETE: The session is not over. No data of the pump',
    );
    await here.page.emulateMedia({ media: 'print' });
    for (const [paper, width] of PAPERS) {
      await here.page.setViewportSize({ width, height: 1000 });
      const cut = await here.page.evaluate(`[...document.querySelectorAll('.paper *')]
        .filter((one) => one.getBoundingClientRect().right > ${width + 1})
        .map((one) => one.tagName + ' ' + one.textContent.slice(0, 40))`);
      expect(cut, paper).toEqual([]);
    }
    const around = here.page.locator('.top, .nav, .tools, .banner');
    expect(await around.filter({ visible: true }).count()).toBe(0);
    const styles = await here.page.evaluate(`({
      head: getComputedStyle(document.querySelector('.pages > thead')).display,
      row: getComputedStyle(document.querySelector('.part tbody tr')).breakInside,
    })`);
    expect(styles).toEqual({ head: 'table-header-group', row: 'avoid' });
    const pdf = await here.page.pdf({ format: 'A4' });
    expect(Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBeGreaterThanOrEqual(3);
    await here.page.emulateMedia({ media: 'screen' });
    await here.page.setViewportSize({ width: 1280, height: 800 });
    here.gateway.sendAlarm(makeAlarm({ alarmId: 'A9', bedId: 'B04' }, here.gateway.now()));
    await here.page.locator('.banner').getByText('Rate far above order').waitFor();
    expect(await here.page.locator('.paper').isVisible()).toBe(true);
  });

  it('a report that cannot be had says why', async () => {
    const here = await enter('#/orders/order-none/report');
    await here.page.getByText('There is no such order.').waitFor();
    expect(await here.page.getByRole('button', { name: 'Print' }).isDisabled()).toBe(true);
  });

  it('a day is moved by a person, with a date and a reason, and the note of the gateway is read', async () => {
    const here = await enter('#/courses');
    await here.page.getByRole('link', { name: 'Open the course of Patient 04' }).click();
    await here.page.getByRole('button', { name: 'Move day 10' }).click();
    const dialog = here.page.getByRole('dialog');
    const commit = dialog.getByRole('button', { name: /Move the day/ });
    await dialog.getByLabel('New date').fill('2026-11-28');
    await dialog.getByLabel('Your name').fill('dr-west');
    await dialog.getByLabel('Your PIN').fill('1234');
    expect(await commit.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('ward closed');
    await dialog.getByText('Sat 28 Nov').waitFor();
    await commit.click();
    await dialog.getByText('The date is on a weekend.').waitFor();
    const sent = here.gateway.calls.find(({ path }) => path === '/api/courses/course-1/move');
    expect(sent).toMatchObject({
      authorization: 'Bearer nurse-token',
      body: { day: 10, date: '2026-11-28', reason: 'ward closed' },
    });
  });

  it.each([
    ['session', '#/beds/B04/session', ''],
    ['session in recovery, night', '#/beds/B08/session', '?theme=night'],
    ['course, bright', '#/courses/course-1', '?theme=light'],
    ['report, night', '#/orders/order-B04/report', '?theme=night'],
  ])(
    '%s has no serious accessibility fault, and nothing scrolls sideways',
    async (_, hash, query) => {
      const here = await enter(hash, { query });
      await here.page.locator('main .panel, main .paper').first().waitFor();
      const { violations } = await new AxeBuilder({ page: here.page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
        .analyze();
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
        );
      expect(serious).toEqual([]);
      const wide = await here.page.evaluate(`[
      ...document.querySelectorAll('.page, .panel, .scroll, .patient'),
    ]
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.className)`);
      expect(wide).toEqual([]);
      expect(here.faults).toEqual([]);
    },
  );
});
