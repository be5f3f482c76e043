import { defineConfig } from 'vitest/config';

/**
 * `unit` is what one runs before a commit; `wire` needs pseudo-terminals, real sockets, SQLite and
 * (for test/browser) a Chromium. `npm test` runs both. `days` are regimens of five and ten days in virtual time, some
 * minutes long: `npm run test:days`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/wire/**', 'test/browser/**', 'test/days/**'],
          // Nothing is timed here; a busy machine must not fail a test.
          testTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'days',
          include: ['test/days/**/*.test.ts'],
          testTimeout: 900_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'wire',
          include: ['test/wire/**/*.test.ts', 'test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Mostly waiting for real lines and real clocks: two at a time on two cores, and no unit test beside them.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/browser/build-dashboard.ts'],
          pool: 'forks',
        },
      },
    ],
  },
});
