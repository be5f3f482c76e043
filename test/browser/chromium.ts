/** Finds the system's Chromium: the only file that knows where it may be. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));

/** In CI a missing browser is a failure: tests that silently do not run protect nobody. */
export const isBrowserMissing = executablePath === undefined && !process.env['CI'];

export function openBrowser(extra: readonly string[] = []): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error('No Chromium found: install it, or name it in the variable CHROMIUM.');
  }
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...extra] });
}
