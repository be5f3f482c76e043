import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type Accounts, AccountsError, openAccounts, type Role } from '../../accounts/accounts.ts';
import { realTimeline } from '../../time/timeline.ts';
import { CliError, type Command, type CommandArgs, required, text } from '../command.ts';

export const userCommand: Command = {
  name: 'user',
  summary: 'Accounts: add, list, disable, enable, pin',
  usage:
    'infusewatch user add NAME --role ROLE[,ROLE] [--pin-file FILE] --data DIR | list --data DIR | disable NAME --data DIR | enable NAME --data DIR | pin NAME [--pin-file FILE] --data DIR',
  options: { role: { type: 'string' }, 'pin-file': { type: 'string' }, data: { type: 'string' } },
  positionals: ['ACTION', '[NAME]'],
  async run({ values, positionals: [action = '', name] }) {
    const dir = required(
      values,
      'data',
      "give the gateway's data folder (store.dir of its configuration)",
    );
    const accounts = open(dir);
    try {
      return await act(accounts, action, name, values);
    } finally {
      accounts.close();
    }
  },
};

async function act(
  accounts: Accounts,
  action: string,
  name: string | undefined,
  values: CommandArgs['values'],
): Promise<number> {
  if (action === 'list') {
    for (const user of accounts.listUsers()) {
      process.stdout.write(
        `${user.name}\t${user.roles.join(',')}\t${user.disabled ? 'disabled' : 'enabled'}\n`,
      );
    }
    return 0;
  }
  if (name === undefined) throw new CliError(`Name the user: infusewatch user ${action} NAME`, 2);
  switch (action) {
    case 'add': {
      const roles = required(
        values,
        'role',
        'one or more of nurse, prescriber, pharmacist, biomed, admin',
      ).split(',');
      const pin = await readPin(text(values, 'pin-file'));
      told(
        await accounts.addUser({ name, roles: roles.map((role) => role.trim()) as Role[], pin }),
      );
      return 0;
    }
    case 'pin':
      told(await accounts.setPin(name, await readPin(text(values, 'pin-file'))));
      return 0;
    case 'disable':
    case 'enable':
      told(accounts.setDisabled(name, action === 'disable'));
      return 0;
    default:
      throw new CliError(
        `There is no "user ${action}"; there are add, list, disable, enable and pin.`,
        2,
      );
  }
}

function open(dir: string): Accounts {
  try {
    return openAccounts({ dir, clock: realTimeline() });
  } catch (error) {
    if (error instanceof AccountsError) throw new CliError(error.message);
    throw error;
  }
}

function told(
  change: { readonly ok: true } | { readonly ok: false; readonly problem: string },
): void {
  if (!change.ok) throw new CliError(change.problem);
}

/** Never from the command line, where everybody on the PC could read it. */
async function readPin(file: string | undefined): Promise<string> {
  if (file !== undefined) {
    try {
      return firstLine(readFileSync(file, 'utf8'));
    } catch {
      throw new CliError(`${file} cannot be read; give a file with the PIN in its first line.`);
    }
  }
  if (!process.stdin.isTTY) return firstLine(readFileSync(0, 'utf8'));
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const pin = await ask.question('PIN: ');
  ask.close();
  return pin.trim();
}

const firstLine = (content: string): string => (content.split('\n')[0] ?? '').trim();
