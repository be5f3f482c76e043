/** Opens the built dashboard in Chromium against a gateway of fixtures. */
import type { Browser, Page } from 'playwright-core';
import { type FakeGateway, startFakeGateway } from '../dashboard/fake-gateway.ts';

export interface Visit {
  readonly page: Page;
  readonly gateway: FakeGateway;
  /** Addresses asked for that are not the gateway's. */
  readonly foreign: string[];
  /** Uncaught errors and refusals of the content security policy. */
  readonly faults: string[];
  readonly leave: () => Promise<void>;
}

/** Lets time pass on both sides, in steps that leave the network time to answer. */
export async function pass({ page, gateway }: Visit, ms: number): Promise<void> {
  const stepMs = 500;
  for (let passed = 0; passed < ms; passed += stepMs) {
    gateway.advance(stepMs);
    await page.clock.runFor(stepMs);
    await page.waitForTimeout(30);
  }
}

export async function visit(
  browser: Browser,
  options: Parameters<typeof startFakeGateway>[0] & {
    readonly hash?: string;
    readonly query?: string;
    readonly width?: number;
    readonly height?: number;
    /** The test owns the page's clock: `page.clock.runFor` instead of waiting. */
    readonly hasOwnClock?: boolean;
  } = {},
): Promise<Visit> {
  const gateway = await startFakeGateway(options);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1920, height: options.height ?? 1080 },
  });
  const page = await context.newPage();
  const foreign: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!isOwn(request.url(), gateway.url)) foreign.push(request.url());
  });
  page.on('websocket', (socket) => {
    if (!isOwn(socket.url(), gateway.url)) foreign.push(socket.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/40[19]/.test(message.text())) faults.push(message.text());
  });
  if (options.hasOwnClock) await page.clock.install();
  await page.goto(`${gateway.url}${options.query ?? ''}${options.hash ?? ''}`);
  return {
    page,
    gateway,
    foreign,
    faults,
    leave: async () => {
      await context.close();
      await gateway.close();
    },
  };
}

function isOwn(address: string, gatewayUrl: string): boolean {
  return address.startsWith('data:') || new URL(address).host === new URL(gatewayUrl).host;
}
