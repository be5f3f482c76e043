import { dirname, join, normalize } from 'node:path/posix';
import { EXCEPTIONS, KNOWS, MAY_READ_CLOCKS } from './architecture-table.ts';

export interface SourceFile {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Everything that breaks the table, one sentence each. */
export function violations(files: readonly SourceFile[]): readonly string[] {
  const found = files.flatMap((file) => [...importViolations(file), ...clockViolations(file)]);
  return [...found, ...cycles(files)];
}

/** Exceptions that no file needs any more. */
export function needlessExceptions(files: readonly SourceFile[]): readonly string[] {
  const used = files.flatMap((file) =>
    importsOf(file).flatMap((target) => {
      const index = exceptionFor(file.path, target);
      return index === -1 ? [] : [index];
    }),
  );
  return EXCEPTIONS.filter((_, index) => !used.includes(index)).map(
    ({ file, imports }) => `${file} -> ${imports}`,
  );
}

function importViolations(file: SourceFile): readonly string[] {
  const unit = unitOf(file.path);
  if (unit === undefined) return [`${file.path}: its folder is not in the table`];
  return importsOf(file).flatMap((target) => {
    if (exceptionFor(file.path, target) !== -1) return [];
    return isAllowed(unit, target) ? [] : [`${file.path} must not import ${target}`];
  });
}

const exceptionFor = (path: string, target: string): number =>
  EXCEPTIONS.findIndex(({ file, imports }) => within(path, file) && within(target, imports));

/** A unit is what the table speaks of: `src/check`, or one device such as `drivers/alaris-asena`. */
interface Unit {
  readonly name: string;
  readonly key: string;
}

function unitOf(path: string): Unit | undefined {
  let best: Unit | undefined;
  for (const key of Object.keys(KNOWS)) {
    const name = nameFor(path, key);
    if (name === undefined) continue;
    const isBetter =
      best === undefined ||
      name.length > best.name.length ||
      // Of two that fit the same folder, the one that names it.
      (name.length === best.name.length && best.key.includes('*'));
    if (isBetter) best = { name, key };
  }
  return best;
}

/** The part of the path that the key stands for. */
function nameFor(path: string, key: string): string | undefined {
  const parts = path.split('/');
  const wanted = key.split('/');
  if (!wanted.every((want, index) => want === parts[index] || (want === '*' && parts[index]))) {
    return undefined;
  }
  // `drivers/*` is a folder, so `drivers/index.ts` does not fit it.
  if (key.endsWith('*') && parts.length <= wanted.length) return undefined;
  return parts.slice(0, wanted.length).join('/');
}

function isAllowed(unit: Unit, target: string): boolean {
  const { folders, packages } = KNOWS[unit.key] ?? { folders: [], packages: [] };
  if (!isOurs(target)) {
    return packages.some(
      (name) =>
        name === '*' || within(target, name) || (name === 'node:*' && target.startsWith('node:')),
    );
  }
  const known = unitOf(target);
  if (known === undefined || known.name === unit.name) return known !== undefined;
  return folders.some(
    (name) => name === '*' || name === known.name || name === known.key || name === target,
  );
}

const within = (target: string, name: string): boolean =>
  target === name || target.startsWith(`${name}/`);
const isOurs = (target: string): boolean =>
  /^(src|drivers|simulators|dashboard|bench|test)\//.test(target);

const STATIC = /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^\s*import\s*['"]([^'"]+)['"]/gm;
const INLINE = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

/** Paths from the root for our own files, package names for the others. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const code = withoutComments(text);
  return [STATIC, BARE, INLINE]
    .flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
    .map((target) => (target.startsWith('.') ? normalize(join(dirname(path), target)) : target));
}

/** Comments as we write them: `/* ... *\/` that begin a line, and `//` after a blank. */
const withoutComments = (text: string): string =>
  text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const CLOCKS: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\b\s*(?:\(\s*\)|(?!\s*\())/, 'new Date()'],
  [/\bperformance\.now\b/, 'performance.now'],
  [/(?<![.#\w])setTimeout\s*\(/, 'setTimeout'],
  [/(?<![.#\w])setInterval\s*\((?!\w+\s*:)/, 'setInterval'],
  [/(?<![.#\w])setImmediate\s*\(/, 'setImmediate'],
  [/\bMath\.random\b/, 'Math.random'],
];

function clockViolations({ path, text }: SourceFile): readonly string[] {
  if (MAY_READ_CLOCKS.some((place) => path.startsWith(place))) return [];
  const code = withoutComments(text);
  return CLOCKS.filter(([pattern]) => pattern.test(code)).map(
    ([, name]) => `${path} must not use ${name}: time and chance are passed in`,
  );
}

/** Folders that know each other in a ring, whatever the table says. */
function cycles(files: readonly SourceFile[]): readonly string[] {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const from = unitOf(file.path)?.name;
    if (from === undefined) continue;
    const targets = edges.get(from) ?? new Set<string>();
    for (const target of importsOf(file)) {
      const to = isOurs(target) ? unitOf(target)?.name : undefined;
      if (to !== undefined && to !== from) targets.add(to);
    }
    edges.set(from, targets);
  }
  const rings = new Set<string>();
  const done = new Set<string>();
  const visit = (unit: string, way: readonly string[]): void => {
    const start = way.indexOf(unit);
    if (start !== -1) {
      rings.add(`import ring: ${[...way.slice(start), unit].join(' -> ')}`);
      return;
    }
    if (done.has(unit)) return;
    for (const next of edges.get(unit) ?? []) visit(next, [...way, unit]);
    done.add(unit);
  };
  for (const unit of edges.keys()) visit(unit, []);
  return [...rings];
}
