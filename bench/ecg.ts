import { parseArgs } from 'node:util';
import { ecgRecords } from './ecg/records.ts';
import { beatScore, watchScore } from './ecg/score.ts';

/**
 * How good our own look at an ECG is, per record: `npm run bench:ecg [-- --data DIR]`. Without a folder the
 * records of test/fixtures/ecg are read; others of the same form (WFDB format 212 with annotations, Challenge 2015
 * .mat with .hea) can be put beside them.
 */
const { values } = parseArgs({
  options: { data: { type: 'string', default: 'test/fixtures/ecg' } },
});

const percent = (part: number | undefined): string =>
  part === undefined ? '-' : `${(100 * part).toFixed(2)} %`;
const cell = (text: string, width: number): string => text.padStart(width);
const HEAD = ['record', 'beats', 'sens.', 'pred.', 'HR error', 'pauses/h', 'asystoles/h', 'VF at'];
const WIDTHS = [10, 7, 9, 9, 9, 9, 12, 8];

const print = (cells: readonly string[]): void => {
  const line = cells.map((text, at) => cell(text, WIDTHS[at] ?? 8)).join(' ');
  process.stdout.write(`${line}\n`);
};

print(HEAD);
for (const record of ecgRecords(values.data)) {
  const beats = beatScore(record);
  const watch = watchScore(record);
  print([
    record.name,
    beats === null ? '-' : String(beats.beats),
    percent(beats?.sensitivity),
    percent(beats?.predictivity),
    watch.rateErrorBpm === null ? '-' : watch.rateErrorBpm.toFixed(2),
    watch.pausesPerHour.toFixed(1),
    record.pleth === undefined ? 'no pleth' : watch.asystolesPerHour.toFixed(1),
    watch.fibrillationAtS === null ? 'none' : `${watch.fibrillationAtS.toFixed(1)} s`,
  ]);
}
