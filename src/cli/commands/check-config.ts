import { driverById } from '../../../drivers/index.ts';
import { loadConfig, problemText } from '../../config/load-config.ts';
import { loadRuleFiles } from '../../config/rule-files.ts';
import type { Command } from '../command.ts';

export const checkConfigCommand: Command = {
  name: 'check-config',
  summary: 'Validates a configuration and prints what would run',
  usage: 'infusewatch check-config FILE',
  options: {},
  positionals: ['FILE'],
  async run({ positionals: [file = ''] }) {
    const loaded = loadConfig(file, driverById);
    if (!loaded.ok) {
      for (const problem of loaded.problems)
        process.stderr.write(`${problemText(file, problem)}\n`);
      return 1;
    }
    const rules = loadRuleFiles(loaded.value.files);
    if (!rules.ok) {
      for (const line of rules.problems) process.stderr.write(`${line}\n`);
      return 1;
    }
    const { config, files, devices } = loaded.value;
    const lines = [
      `gateway ${config.gateway.id}, ${config.gateway.site} ${config.gateway.unit}`.trim(),
      `listens on ${config.http.host}:${config.http.port}, TLS ${files.tls === null ? 'off' : 'on'}`,
      `data in ${files.dataDir}, numerics kept ${config.store.keepDays} days`,
      `alarm limits ${files.limits}`,
      `drug library ${files.drugLibrary}`,
      `regimens ${files.regimens}: ${[...rules.value.regimens.keys()].join(', ') || 'none'}`,
      ...config.beds.map((bed) => `bed ${bed.id}, ${bed.mode}, ${bed.devices.length} devices`),
      ...devices.map(
        ({ bed, device, driver }) =>
          `  ${bed.id} ${device.id}: ${driver.id} (${driver.manufacturer}) on ${portText(device.port)}`,
      ),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
};

function portText(port: { kind: string; path?: string; host?: string; port?: number }): string {
  return port.kind === 'tcp' ? `tcp ${port.host}:${port.port}` : `${port.kind} ${port.path}`;
}
