import { join } from 'node:path';
import { verifyLog } from '../../store/verify-log.ts';
import { type Command, required } from '../command.ts';

export const verifyLogCommand: Command = {
  name: 'verify-log',
  summary: 'Checks the hash chain of the event log; exit code 1 where it is broken',
  usage: 'infusewatch verify-log --data DIR',
  options: { data: { type: 'string' } },
  positionals: [],
  async run({ values }) {
    const dir = required(values, 'data', "give the gateway's data folder");
    const verdict = verifyLog(join(dir, 'events.db'));
    if (verdict.ok) {
      process.stdout.write(
        `The chain is whole: ${verdict.entries} entries, last hash ${verdict.lastHash}\n`,
      );
      return 0;
    }
    process.stderr.write(
      verdict.seq === 0
        ? `${verdict.reason}\n`
        : `The chain is broken at entry ${verdict.seq}: ${verdict.reason}. Keep the file as it is and call whoever audits it.\n`,
    );
    return 1;
  },
};
