import { StartRefused, startGateway } from '../../main.ts';
import { CliError, type Command, required, text, wholeNumber } from '../command.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Runs the gateway',
  usage: 'infusewatch serve --config FILE [--data DIR] [--port N]',
  options: { config: { type: 'string' }, data: { type: 'string' }, port: { type: 'string' } },
  positionals: [],
  async run({ values }) {
    const configFile = required(
      values,
      'config',
      'give the gateway configuration (see docs/configuration.md)',
    );
    const dataDir = text(values, 'data');
    const port = wholeNumber(values, 'port', 0, 65_535);
    // Before anybody can know that it runs: whoever reads the line below may end it at once.
    const asked = new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    const gateway = await start({
      configFile,
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(port === undefined ? {} : { port }),
    });
    process.stdout.write(`listening on ${gateway.url}\n`);
    await asked;
    await gateway.stop();
    return 0;
  },
};

async function start(options: Parameters<typeof startGateway>[0]) {
  try {
    return await startGateway(options);
  } catch (error) {
    if (error instanceof StartRefused) throw new CliError(error.problems.join('\ninfusewatch: '));
    const { code, port, address } = error as { code?: string; port?: number; address?: string };
    if (code === 'EADDRINUSE') {
      throw new CliError(
        `Port ${port} on ${address} is in use by another program; stop that, or choose another with --port N.`,
      );
    }
    if (code === 'EACCES' && port !== undefined) {
      throw new CliError(
        `Port ${port} may not be opened by this user; choose one above 1023 with --port N.`,
      );
    }
    throw error;
  }
}
