import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegimen, type Regimen, type RegimenShelf } from '../order/regimen.ts';
import { problemText } from './load-config.ts';

/**
 * Reads every template (`*.yaml`, `*.yml`) of a folder. A fault in one of them is told with file, line
 * and key, and none is used then: an order could name the one that is missing.
 */
export function loadRegimens(
  dir: string,
):
  | { readonly ok: true; readonly value: RegimenShelf }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const shelf = new Map<string, Regimen>();
  const fileOf = new Map<string, string>();
  const problems: string[] = [];
  for (const name of namesIn(dir)) {
    const file = join(dir, name);
    const parsed = parse(file);
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((problem) => problemText(file, problem)));
      continue;
    }
    const { id } = parsed.value;
    const other = fileOf.get(id);
    if (other !== undefined) {
      const message = `Regimen ${id} is in ${other} too; give each regimen its own id.`;
      problems.push(problemText(file, { path: 'id', message }));
    }
    shelf.set(id, parsed.value);
    fileOf.set(id, name);
  }
  return problems.length === 0 ? { ok: true, value: shelf } : { ok: false, problems };
}

/** In the order of their names, which is the order on the screen. */
function namesIn(dir: string): readonly string[] {
  return readdirSync(dir)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

function parse(file: string): ReturnType<typeof parseRegimen> {
  try {
    return parseRegimen(readFileSync(file, 'utf8'));
  } catch {
    const message = 'The file cannot be read; correct its rights or remove it.';
    return { ok: false, problems: [{ path: '', message }] };
  }
}
