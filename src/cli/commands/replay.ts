import { setTimeout as wait } from 'node:timers/promises';
import { driverById } from '../../../drivers/index.ts';
import { type Folder, readFolder, recordedConfig } from '../../assembly/capture-folder.ts';
import { replayFolder } from '../../assembly/replay-run.ts';
import {
  type ConfigResult,
  type LoadedConfig,
  loadConfig,
  problemText,
} from '../../config/load-config.ts';
import { loadRuleFiles } from '../../config/rule-files.ts';
import { CaptureError } from '../../port/capture-format.ts';
import { CliError, type Command, text } from '../command.ts';
import { untilAsked } from '../until-asked.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Runs a recording through the same drivers, rules and alarms; alarms as JSON lines',
  usage: `infusewatch replay DIR [--speed N|max] [--config FILE]

DIR is a folder that "infusewatch capture" or a gateway with capture.dir has made. Every change of an alarm is one
JSON line on standard output, marked "mode":"test"; two replays of one folder give the same bytes.

  --speed N|max   times as fast as it was recorded (0.1 to 1000), or without waiting (max, the default)
  --config FILE   other beds, limits or drug library than those that were recorded with it`,
  options: { speed: { type: 'string' }, config: { type: 'string' } },
  positionals: ['DIR'],
  async run({ values, positionals: [dir = ''] }) {
    const speed = speedOf(text(values, 'speed') ?? 'max');
    const asked = untilAsked();
    try {
      const folder = readFolder(dir);
      const { loaded, rules } = configurationOf(folder, text(values, 'config'));
      const startedMs = performance.now();
      let faults = 0;
      const replayedMs = await replayFolder({
        folder,
        loaded,
        rules,
        until: async (elapsedMs) => {
          const aheadMs = speed === 'max' ? 0 : elapsedMs / speed - (performance.now() - startedMs);
          // Also at full speed the rest of the process gets its turn: Ctrl-C, and the output.
          await Promise.race([wait(Math.max(0, aheadMs)), asked.promise]);
          return !asked.isAsked();
        },
        onAlarm: (alarm) => process.stdout.write(`${JSON.stringify(alarm)}\n`),
        onFault: (where, error) => {
          faults += 1;
          process.stderr.write(`fault in ${where}: ${String(error)}\n`);
        },
      });
      const seconds = (replayedMs / 1_000).toFixed(1);
      process.stderr.write(
        asked.isAsked() ? `Stopped after ${seconds} s of it.\n` : `Replayed ${seconds} s.\n`,
      );
      return faults === 0 ? 0 : 1;
    } catch (error) {
      if (error instanceof CaptureError) throw new CliError(`${error.message}.`);
      throw error;
    } finally {
      asked.forget();
    }
  },
};

function speedOf(given: string): number | 'max' {
  if (given === 'max') return 'max';
  const speed = /^\d{1,4}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 1_000))
    throw new CliError(`--speed ${given} is neither a number from 0.1 to 1000 nor max.`, 2);
  return speed;
}

function configurationOf(folder: Folder, file: string | undefined) {
  const { manifest, dir } = folder;
  if (file === undefined && manifest === null)
    throw new CliError(`${dir} has no manifest.json; give the configuration with --config FILE.`);
  const loaded =
    file === undefined
      ? told(recordedConfig(folder, driverById), `${dir}/manifest.json`)
      : told(loadConfig(file, driverById), file);
  const rules = loadRuleFiles(loaded.files);
  if (!rules.ok) throw new CliError(rules.problems.join('\ninfusewatch: '));
  return { loaded, rules: rules.value };
}

function told(result: ConfigResult, file: string): LoadedConfig {
  if (result.ok) return result.value;
  throw new CliError(
    result.problems.map((problem) => problemText(file, problem)).join('\ninfusewatch: '),
  );
}
