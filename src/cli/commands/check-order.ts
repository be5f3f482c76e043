import { readFileSync } from 'node:fs';
import { doseRate, pumpRate } from '../../observation/format.ts';
import { parseOrderDocument } from '../../order/order-document.ts';
import { concentrationOf, planOf } from '../../order/ordered-rate.ts';
import { CliError, type Command } from '../command.ts';

export const checkOrderCommand: Command = {
  name: 'check-order',
  summary: 'Validates an order document (YAML or JSON) and prints its steps',
  usage: 'infusewatch check-order FILE',
  options: {},
  positionals: ['FILE'],
  async run({ positionals: [file = ''] }) {
    let content: string;
    try {
      content = readFileSync(file, 'utf8');
    } catch {
      throw new CliError(`${file} cannot be read; give the path of an order document.`);
    }
    const parsed = parseOrderDocument(content);
    if (!parsed.ok) {
      for (const { line, message } of parsed.problems) {
        process.stderr.write(`${line === undefined ? file : `${file}:${line}`}: ${message}\n`);
      }
      return 1;
    }
    const concentration = concentrationOf(parsed.document.bag);
    for (const { step, fromMs, mgPerH } of planOf(parsed.document)) {
      process.stdout.write(
        `step ${step} after ${fromMs / 60_000} min: ${doseRate(mgPerH)} mg/h = ${pumpRate(mgPerH / concentration)} mL/h\n`,
      );
    }
    return 0;
  },
};
