/**
 * `npm run bench`: last byte of a frame on a pseudo-terminal to the WebSocket client, for the whole
 * gateway and for a bare pipe (pty to ws: no parsing, no rule, no store) in the same run, because
 * only the ratio travels between machines. Also start to first `hello`, idle memory, frames decoded a second by
 * each driver, and what many ports cost. `--only latency|start|virtual|decode|ports|waves`
 * runs one part, `--only traces` the sweeps of the dashboard in a Chromium.
 *
 * Prints a table; writes JSON to bench/results/ (not committed).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureDecode } from './decode.ts';
import { type LatencyResult, measureLatency } from './latency.ts';
import { measurePorts, type PortsResult } from './ports.ts';
import { measureStart } from './start.ts';
import { measureTraces, type TracesResult } from './traces.ts';
import { measureVirtualSession } from './virtual.ts';
import { measurePacking, measureStored, measureWaves, type WavesResult } from './waves.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    only: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const LOADS = [
  { ports: 8, framesPerSecond: 10 },
  { ports: 32, framesPerSecond: 50 },
] as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const ms = (value: number): string => value.toFixed(2).padStart(8);

const results: Record<string, unknown> = { at: new Date().toISOString(), node: process.version };
if (values.only === undefined || values.only === 'latency') {
  print(`Last byte of a frame to WebSocket client, ${seconds} s each, ms`);
  print('load            what        p50      p99      max   CPU %  RSS MB  frames   lost');
  for (const load of LOADS) {
    const name = `${load.ports} x ${load.framesPerSecond}/s`;
    const rows: Partial<Record<'pipe' | 'gateway', LatencyResult>> = {};
    for (const what of ['pipe', 'gateway'] as const) {
      const row = await measureLatency({ ...load, what, seconds });
      rows[what] = row;
      print(
        `${name.padEnd(15)} ${what.padEnd(8)} ${ms(row.p50)} ${ms(row.p99)} ${ms(row.max)} ${ms(row.cpuPercent)} ${ms(row.rssMb)} ${String(row.frames).padStart(7)} ${String(row.lost).padStart(6)}`,
      );
    }
    const ratio = (rows.gateway?.p99 ?? Number.NaN) / (rows.pipe?.p99 ?? Number.NaN);
    print(
      `${name.padEnd(15)} p99 ratio to the bare pipe: ${ratio.toFixed(2)} (goal 2, and at most 5 ms)`,
    );
    results[name] = { ...rows, p99Ratio: ratio };
  }
}
if (values.only === undefined || values.only === 'start') {
  const start = await measureStart();
  print(`start to first hello: median ${start.helloMs.toFixed(0)} ms of ${start.runs} (goal 1000)`);
  print(`idle memory: ${start.idleRssMb.toFixed(1)} MB RSS (goal 90)`);
  results['start'] = start;
}
if (values.only === undefined || values.only === 'virtual') {
  const sessionMs = await measureVirtualSession();
  print(`four hours of one bed in virtual time: ${sessionMs.toFixed(0)} ms (goal 2000)`);
  results['virtualSessionMs'] = sessionMs;
}
if (values.only === undefined || values.only === 'decode') {
  print('driver           frames/s     MB/s  only cut/s  ratio   lost');
  const rows = measureDecode(Math.min(seconds, 3));
  for (const row of rows) {
    print(
      `${row.driver.padEnd(16)} ${row.framesPerSecond.toFixed(0).padStart(8)} ${ms(row.megabytesPerSecond)} ${row.cutPerSecond.toFixed(0).padStart(11)} ${row.ratio.toFixed(1).padStart(6)} ${String(row.lost).padStart(6)}`,
    );
  }
  print('goal: 200000 frames/s for alaris-asena, none lost');
  results['decode'] = rows;
}
if (values.only === undefined || values.only === 'ports') {
  print(`Gateway with pumps and monitors at their own pace, ${seconds} s each`);
  print('ports    CPU %   per port   RSS MB');
  const rows: PortsResult[] = [];
  for (const ports of [8, 16, 32, 64]) {
    const row = await measurePorts(ports, seconds);
    rows.push(row);
    print(
      `${String(ports).padEnd(5)} ${ms(row.cpuPercent)} ${row.cpuPercentPerPort.toFixed(3).padStart(10)} ${ms(row.rssMb)}`,
    );
  }
  const [few, many] = [rows[0], rows.at(-1)];
  const growth = (many?.cpuPercent ?? Number.NaN) / (few?.cpuPercent ?? Number.NaN);
  print(`64 ports cost ${growth.toFixed(1)} times what 8 cost (goal: at most 8)`);
  results['ports'] = { rows, growth };
}
if (values.only === undefined || values.only === 'waves') {
  print(`Gateway with monitors of three waveforms each, ${seconds} s each`);
  print('beds    CPU %   RSS MB  blocks/s  streams  arrival to client p50, p99 ms');
  const rows: WavesResult[] = [];
  for (const beds of [1, 4, 8, 16]) {
    const row = await measureWaves(beds, seconds);
    rows.push(row);
    print(
      `${String(beds).padEnd(4)} ${ms(row.cpuPercent)} ${ms(row.rssMb)} ${row.blocksPerSecond.toFixed(1).padStart(9)} ${String(row.streams).padStart(8)} ${ms(row.delayP50Ms)} ${ms(row.delayP99Ms)}`,
    );
  }
  print('record     bytes/sample  packed MS/s  unpacked MS/s');
  const packing = measurePacking();
  for (const row of packing) {
    print(
      `${row.record.padEnd(10)} ${row.bytesPerSample.toFixed(3).padStart(12)} ${row.megasamplesPerSecond.toFixed(1).padStart(12)} ${row.unpackedPerSecond.toFixed(1).padStart(14)}`,
    );
  }
  const storedMb = await measureStored();
  print(
    `stored: ${storedMb.toFixed(1)} MB a bed and day, ECG 500/s, pleth 125/s, resp 62/s (goal 50)`,
  );
  results['waves'] = { rows, packing, storedMb };
}
if (values.only === 'traces') {
  print(`Dashboard in Chromium, ${seconds} s each`);
  print('streams  drawn  main thread %   frames/s   frame p99 ms');
  const rows: TracesResult[] = [];
  for (const traces of [4, 24]) {
    const row = await measureTraces(traces, seconds);
    rows.push(row);
    print(
      `${String(row.traces).padEnd(7)} ${String(row.drawn).padStart(6)} ${row.mainThreadPercent.toFixed(1).padStart(14)} ${row.framesPerSecond.toFixed(1).padStart(10)} ${row.frameP99Ms.toFixed(1).padStart(14)}`,
    );
  }
  print('goal: at most 30 % of one core, 55 frames/s');
  results['traces'] = rows;
}
mkdirSync('bench/results', { recursive: true });
writeFileSync(`bench/results/bench-${Date.now()}.json`, `${JSON.stringify(results, null, 2)}\n`);
