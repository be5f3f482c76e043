import { driverById, drivers } from '../../../drivers/index.ts';
import { candidatesOf, lineText } from '../../assembly/probe-plan.ts';
import { type ProbeDeps, type ProbeResult, probePort } from '../../assembly/probe-port.ts';
import type { Driver, LineSettings } from '../../driver/contract.ts';
import { listPorts, type SeenPort } from '../../port/list-ports.ts';
import { oneClaim } from '../../port/one-claim.ts';
import type { Port } from '../../port/port.ts';
import { serialPort } from '../../port/serial-port.ts';
import { tcpPort } from '../../port/tcp-port.ts';
import { realTimeline } from '../../time/timeline.ts';
import { CliError, type Command, type CommandArgs, text, wholeNumber } from '../command.ts';
import { untilAsked } from '../until-asked.ts';

/** A device that sends once a second is heard twice in this time. */
const LISTEN_MS = 2_200;
const ASK_S = 4;

export const devicesCommand: Command = {
  name: 'devices',
  summary: 'Serial ports, and which driver recognises what answers there',
  usage: `infusewatch devices [--driver ID] [--port PATH] [--list] [--all] [--json] [--seconds N]

Listens on each free port, then asks with the questions of each driver, at each speed that its devices can have; stops
at the first whose frames are accepted. Only questions are sent, never a command; but they go to whatever is there:
do it while the device is not connected to a patient. A port that another program uses (a running gateway too) is left alone.

  --port PATH     only this one: /dev/ttyUSB0, or "tcp HOST:PORT" for a terminal server
  --driver ID     only this driver
  --list          only what the kernel knows; no port is opened
  --all           also drivers whose reading changes something at the device (said in words when it is asked)
  --seconds N     how long each driver waits for an answer (1 to 60; 4)
  --json          one JSON object a port
Exit code 1 when --port is given and nothing is recognised there.`,
  options: {
    driver: { type: 'string' },
    port: { type: 'string' },
    list: { type: 'boolean' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
    seconds: { type: 'string' },
  },
  positionals: [],
  async run({ values }) {
    const asked = chosenDrivers(values);
    const askMs = (wholeNumber(values, 'seconds', 1, 60) ?? ASK_S) * 1_000;
    const wanted = text(values, 'port');
    const ports = await portsToTry(wanted);
    const print = values['json'] === true ? jsonText : plainText;
    if (ports.length === 0) say('No serial port is seen: plug the adapter in.');
    if (values['list'] === true) {
      for (const port of ports) process.stdout.write(print(port, undefined));
      return 0;
    }
    if (ports.length > 0) announce(asked);
    const stop = untilAsked();
    const results = await Promise.all(
      ports.map(async (port) => {
        const result = await tryPort(port, asked, askMs, stop.promise);
        return { port, result };
      }),
    );
    stop.forget();
    for (const { port, result } of results) process.stdout.write(print(port, result));
    const isMissed = results.some(({ result }) => result.kind !== 'recognised');
    return wanted !== undefined && isMissed ? 1 : 0;
  },
};

interface Chosen {
  readonly drivers: readonly Driver[];
  /** Drivers that change something at the device take part. */
  readonly all: boolean;
}

function chosenDrivers(values: CommandArgs['values']): Chosen {
  const id = text(values, 'driver');
  if (id === undefined) return { drivers, all: values['all'] === true };
  const driver = driverById.get(id);
  if (driver !== undefined) return { drivers: [driver], all: true };
  throw new CliError(`There is no driver "${id}"; known: ${[...driverById.keys()].join(', ')}.`, 2);
}

function announce({ drivers: chosen, all }: Chosen): void {
  say('Asks whatever is on the ports; do this while no device is connected to a patient.');
  for (const { id, readingEffect } of chosen) {
    if (readingEffect === undefined) continue;
    say(
      all ? `${id}: ${readingEffect}` : `${id} is left out (${readingEffect}) --all asks it too.`,
    );
  }
}

type TriedPort = SeenPort & { readonly tcp?: { readonly host: string; readonly port: number } };

async function portsToTry(wanted: string | undefined): Promise<readonly TriedPort[]> {
  const seen = await listPorts();
  if (wanted === undefined) return seen;
  const tcp = /^tcp[ :]+(.+):(\d{1,5})$/.exec(wanted);
  if (tcp !== null) {
    const [, host = '', port = ''] = tcp;
    if (Number(port) < 1 || Number(port) > 65_535)
      throw new CliError(`--port ${wanted}: ${port} is no port number from 1 to 65535.`, 2);
    return [{ path: `tcp ${host}:${port}`, tcp: { host, port: Number(port) } }];
  }
  if (wanted === '' || wanted.startsWith('tcp '))
    throw new CliError('--port is a path such as /dev/ttyUSB0, or "tcp HOST:PORT".', 2);
  const known = seen.find(({ path, byId }) => path === wanted || byId === wanted);
  return [known ?? { path: wanted }];
}

function tryPort(
  port: TriedPort,
  { drivers: chosen, all }: Chosen,
  askMs: number,
  stopped: Promise<void>,
): Promise<ProbeResult> {
  const timeline = realTimeline();
  const { claims, free } = oneClaim();
  const open = (line: LineSettings): Port =>
    port.tcp === undefined
      ? serialPort({ path: port.path, line, claims, timeline })
      : tcpPort({ ...port.tcp, timeline });
  const deps: ProbeDeps = {
    candidates: candidatesOf(chosen, all),
    timeline,
    open,
    free,
    // The speed of the line is set at the terminal server: one is as good as another.
    hasSpeed: port.tcp === undefined,
    listenMs: LISTEN_MS,
    askMs,
    stopped,
    onTry: (what) => say(`${port.path}: ${what}`),
  };
  return probePort(deps);
}

function plainText(port: TriedPort, result: ProbeResult | undefined): string {
  const adapter = [port.maker, port.product, port.serial && `(${port.serial})`]
    .filter((part) => part !== undefined)
    .join(' ');
  const lines = [
    `${port.path}${adapter === '' ? '' : `  ${adapter}`}`,
    ...(port.byId === undefined ? [] : [`  ${port.byId}`]),
    ...(result === undefined ? [] : resultLines(port, result)),
  ];
  return `${lines.join('\n')}\n`;
}

function resultLines(port: TriedPort, result: ProbeResult): readonly string[] {
  switch (result.kind) {
    case 'stopped':
      return ['  stopped before anything was recognised'];
    case 'not-open':
      return [`  ${result.reason}`];
    case 'not-recognised':
      return [`  not recognised by any driver that was tried. ${result.advice}`];
    case 'recognised': {
      const { driver, line, findings, talksByItself } = result;
      const { serial, model, firmware, mode } = findings.identity;
      const parts = [
        model ?? driver.manufacturer,
        serial === undefined ? undefined : `serial ${serial}`,
        firmware,
        findings.channels.length === 0
          ? undefined
          : `${driver.channels?.title ?? 'place'} ${findings.channels.join(', ')}`,
        `${findings.tally.accepted} frames${talksByItself ? ', without being asked' : ''}`,
        mode === 'demo' ? 'SIMULATED' : undefined,
      ].filter((part) => part !== undefined);
      return [
        `  ${driver.id} at ${lineText(line)}: ${parts.join(', ')}`,
        `  driver: ${driver.id}, port: ${configuredPort(port, driver, line)}`,
      ];
    }
  }
}

/** As the configuration wants it; the speed only where it is not the driver's own. */
function configuredPort(
  { path, byId, tcp }: TriedPort,
  driver: Driver,
  line: LineSettings,
): string {
  if (tcp !== undefined) return `{ kind: tcp, host: ${tcp.host}, port: ${tcp.port} }`;
  const speed = line.baudRate === driver.line.baudRate ? '' : `, baudRate: ${line.baudRate}`;
  return `{ kind: serial, path: ${byId ?? path}${speed} }`;
}

function jsonText({ tcp: _, ...port }: TriedPort, result: ProbeResult | undefined): string {
  if (result === undefined) return `${JSON.stringify(port)}\n`;
  if (result.kind !== 'recognised') return `${JSON.stringify({ ...port, ...result })}\n`;
  const { driver, findings, ...rest } = result;
  const { identity, tally, channels } = findings;
  const told = { ...port, ...rest, driver: driver.id, identity, channels, frames: tally.accepted };
  return `${JSON.stringify(told)}\n`;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
