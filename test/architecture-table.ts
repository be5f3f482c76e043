/** What a folder may know: other folders of ours, and packages (`node:*` stands for all of Node). */
export interface Knowledge {
  readonly folders: readonly string[];
  readonly packages: readonly string[];
}

const EVERYBODY: Knowledge = { folders: ['*'], packages: ['*'] };

/**
 * Who may import whom. Read it as: the folder on the left knows itself and only the names on its
 * right. A `*` in a name stands for one folder, and each such folder is one of its own: no device
 * knows another device. The longest name that fits a file counts.
 */
export const KNOWS: Readonly<Record<string, Knowledge>> = {
  'src/time': { folders: [], packages: ['rxjs'] },
  'src/observation': { folders: [], packages: ['zod'] },
  'src/driver': { folders: ['src/observation'], packages: ['zod'] },

  drivers: { folders: ['drivers/*', 'src/driver'], packages: [] },
  'drivers/*': { folders: ['src/driver', 'src/observation'], packages: ['zod'] },

  // Reading YAML is as pure as reading JSON; files are opened by src/config.
  'src/order': { folders: ['src/observation'], packages: ['zod', 'yaml'] },
  'src/alarm': { folders: ['src/observation'], packages: ['zod'] },
  'src/check': {
    folders: ['src/observation', 'src/ecg/ecg-watch.ts', 'src/order', 'src/alarm'],
    packages: ['zod', 'yaml'],
  },

  /** Signal processing on waveforms; knows samples and times, nothing of beds. */
  'src/ecg': { folders: ['src/observation'], packages: [] },

  'src/port': {
    folders: ['src/driver', 'src/observation', 'src/time'],
    packages: ['serialport', '@serialport/parser-readline', 'rxjs', 'zod', 'node:*'],
  },
  // Of src/port it knows the interface and the framer, never a concrete port.
  'src/pipeline': {
    folders: [
      'src/driver',
      'src/observation',
      'src/order',
      'src/check',
      'src/ecg',
      'src/alarm',
      'src/time',
      'src/port/port.ts',
      'src/port/line-framer.ts',
    ],
    packages: ['rxjs'],
  },

  // Joins beds, alarms, orders and the log into what the hub serves, through the hub's own interface.
  'src/ward': {
    folders: [
      'src/pipeline',
      'src/driver',
      'src/observation',
      'src/order',
      'src/check',
      'src/alarm',
      'src/time',
      'src/hub/wire',
      'src/hub/ward.ts',
      'src/store/event-log.ts',
      'src/store/numerics.ts',
      'src/store/waves.ts',
    ],
    packages: ['rxjs', 'zod'],
  },

  'src/config': {
    folders: ['src/driver', 'src/observation', 'src/order', 'src/check', 'src/alarm'],
    packages: ['zod', 'yaml', 'node:*'],
  },
  'src/store': {
    folders: ['src/observation', 'src/order', 'src/alarm', 'src/time'],
    packages: ['zod', 'rxjs', 'node:*'],
  },
  'src/accounts': { folders: ['src/time'], packages: ['zod', 'node:*'] },
  // Shared with the browser, which has no Node.
  'src/hub/wire': { folders: ['src/observation'], packages: ['zod'] },
  'src/hub': {
    folders: [
      'src/hub/wire',
      'src/observation',
      'src/order',
      'src/alarm',
      'src/accounts',
      'src/time',
    ],
    packages: ['ws', 'rxjs', 'zod', 'node:*'],
  },
  'src/export': {
    folders: ['src/observation', 'src/order', 'src/alarm', 'src/store', 'src/time'],
    packages: ['zod', 'rxjs', 'node:*'],
  },
  /** Joins configuration, ports and drivers to what the ward runs on. */
  'src/assembly': EVERYBODY,
  'src/cli': EVERYBODY,
  'src/main.ts': EVERYBODY,

  // A simulator never imports a driver: a shared codec could not find a codec fault.
  simulators: { folders: ['simulators/*', 'simulators/kit'], packages: [] },
  'simulators/kit': { folders: ['src/time'], packages: [] },
  'simulators/*': { folders: ['simulators/kit', 'src/time'], packages: ['zod'] },
  // These two are processes of their own.
  'simulators/host': {
    folders: ['simulators', 'simulators/kit', 'src/time'],
    packages: ['zod', 'yaml', '@lydell/node-pty', 'node:*'],
  },
  'simulators/demo': { folders: ['simulators/host'], packages: ['node:*'] },

  // Another program for another machine.
  dashboard: {
    folders: ['src/hub/wire'],
    packages: ['preact', '@preact/signals', 'zod', '@fontsource/b612'],
  },
  'dashboard/vite.config.ts': { folders: [], packages: ['vite', 'node:*'] },
  bench: EVERYBODY,
};

/**
 * Imports that the table does not allow and that are there for a reason. One that is no longer
 * needed fails the test, so this list can only get shorter unnoticed, never longer.
 */
export const EXCEPTIONS: readonly {
  /** A file, or a folder with all of its files. */
  readonly file: string;
  readonly imports: string;
  readonly why: string;
}[] = [
  {
    file: 'bench/virtual.ts',
    imports: 'test/pipeline/virtual-ward.ts',
    why: 'measures the very session that the test runs',
  },
  {
    file: 'bench/traces.ts',
    imports: 'test/browser/chromium.ts',
    why: 'measures the page in the browser that the tests use',
  },
  {
    file: 'bench/traces.ts',
    imports: 'test/browser/dashboard-page.ts',
    why: 'measures the page against the gateway of fixtures that the tests use',
  },
  {
    file: 'bench/traces.ts',
    imports: 'test/browser/build-dashboard.ts',
    why: 'measures the page as the tests build it',
  },
  {
    file: 'src/pipeline/device-link.ts',
    imports: 'src/port/reconnecting.ts',
    why: 'reconnects any Port through the interface; knows no concrete one',
  },
  {
    file: 'src/pipeline/device-link.ts',
    imports: 'src/port/write-guard.ts',
    why: 'wraps any Port through the interface; knows no concrete one',
  },
];

/** Only these may read a clock, set a timer or draw a random number; to all others time is an input. */
export const MAY_READ_CLOCKS: readonly string[] = [
  'src/main.ts',
  'src/port/',
  'src/time/',
  'src/cli/',
  'simulators/host/main.ts',
  'simulators/host/client.ts',
  'simulators/demo/main.ts',
  'dashboard/',
  'bench/',
];
