import { setTimeout as wait } from 'node:timers/promises';
import { driverById } from '../../../drivers/index.ts';
import { makeFolder } from '../../assembly/capture-folder.ts';
import { type DeviceSource, deviceSources } from '../../assembly/lines.ts';
import { type LoadedConfig, loadConfig, problemText } from '../../config/load-config.ts';
import type { CaptureFile } from '../../port/capture.ts';
import { CaptureError } from '../../port/capture-format.ts';
import { realTimeline } from '../../time/timeline.ts';
import { CliError, type Command, required, wholeNumber } from '../command.ts';
import { untilAsked } from '../until-asked.ts';

export const captureCommand: Command = {
  name: 'capture',
  summary: 'Records every byte of every configured device, with times, into a new folder',
  usage: `infusewatch capture --config FILE --out DIR [--seconds N]

Talks to the devices as the gateway does (questions only) and records both directions; no order, no alarm, no
dashboard. Not beside a running gateway: the ports are its own; set capture.dir there instead, which also records
what people do. Ctrl-C ends it. "infusewatch replay DIR" and "infusewatch decode" read what it wrote.

  --out DIR       must not exist yet, or be empty
  --seconds N     ends by itself after so many seconds (1 to 864000)`,
  options: { config: { type: 'string' }, out: { type: 'string' }, seconds: { type: 'string' } },
  positionals: [],
  async run({ values }) {
    const config = required(values, 'config', 'give the gateway configuration');
    const out = required(values, 'out', 'give a new folder for the recording');
    const seconds = wholeNumber(values, 'seconds', 1, 864_000);
    const loaded = loadConfig(config, driverById);
    if (!loaded.ok)
      throw new CliError(
        loaded.problems.map((problem) => problemText(config, problem)).join('\ninfusewatch: '),
      );
    if (loaded.value.devices.length === 0)
      throw new CliError(`${config} has no device; there is nothing to record.`);
    try {
      return await record(loaded.value, out, seconds);
    } catch (error) {
      if (error instanceof CaptureError) throw new CliError(`${error.message}.`);
      throw error;
    }
  },
};

async function record(
  loaded: LoadedConfig,
  out: string,
  seconds: number | undefined,
): Promise<number> {
  const timeline = realTimeline();
  const asked = untilAsked();
  const folder = makeFolder(out, loaded, [], timeline);
  const captures: CaptureFile[] = [];
  const sources = deviceSources(loaded, {
    timeline,
    captureDir: out,
    captures,
    onFault: (device, error) => say(`fault in the driver of ${device}: ${String(error)}`),
  });
  const running = [...sources].map(([id, source]) => listen(id, source));
  say(`Recording ${sources.size} devices into ${out}; Ctrl-C ends it.`);
  const limit = new AbortController();
  await Promise.race([
    asked.promise,
    ...(seconds === undefined
      ? []
      : [wait(seconds * 1_000, undefined, { signal: limit.signal }).catch(() => undefined)]),
  ]);
  limit.abort();
  for (const { stop } of running) stop();
  await Promise.all([...captures.map((file) => file.close()), folder.close()]);
  asked.forget();
  for (const { id, frames } of running) process.stdout.write(`${id}: ${frames()} valid frames\n`);
  for (const file of captures) {
    const lost = file.lostBytes() === 0 ? '' : `, ${file.lostBytes()} of them lost`;
    process.stdout.write(`${file.path}: ${file.receivedBytes()} bytes${lost}\n`);
  }
  const failures = captures.flatMap((file) => file.failure() ?? []);
  for (const failure of failures) say(failure);
  return failures.length === 0 ? 0 : 1;
}

/** Runs one line and tells when its port is lost or back. */
function listen(id: string, { events, portLabel }: DeviceSource) {
  let frames = 0;
  const subscription = events.subscribe((batch) => {
    for (const event of batch) {
      if (event.kind === 'frame-accepted') frames += 1;
      else if (event.kind === 'port-open') say(`${id}: ${event.name} is open`);
      else if (event.kind === 'port-closed' || event.kind === 'device-gone')
        say(`${id} on ${portLabel}: ${event.reason}`);
    }
  });
  return { id, frames: () => frames, stop: () => subscription.unsubscribe() };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
