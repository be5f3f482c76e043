import { readFileSync } from 'node:fs';
import { root } from './conformance-case.ts';

/** One row of a table of PROTOCOL.md that begins with codes in back quotes; they share the other cells. */
export interface PageRow {
  readonly code: string;
  /** The cells behind the code, without the marks of emphasis. */
  readonly cells: readonly string[];
}

export interface PageSection {
  readonly rows: readonly PageRow[];
  readonly text: string;
}

/** What stands under a heading of the second level; `undefined` when there is no such heading. */
export function sectionOf(page: string, title: string): PageSection | undefined {
  const text = page
    .split(/^## /m)
    .slice(1)
    .find((part) => part.split('\n', 1)[0]?.trim() === title);
  return text === undefined ? undefined : { text, rows: text.split('\n').flatMap(rowsOf) };
}

export const protocolPage = (id: string): string =>
  readFileSync(new URL(`drivers/${id}/PROTOCOL.md`, root), 'utf8');

function rowsOf(line: string): readonly PageRow[] {
  if (!line.startsWith('|')) return [];
  const [first = '', ...rest] = line.split(/(?<!\\)\|/).slice(1, -1);
  if (!first.trim().startsWith('`')) return [];
  const cells = rest.map((cell) => cell.replaceAll(/[`*_]/g, '').trim());
  const codes = [...first.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return codes.map((code) => ({ code: code.replaceAll('\\|', '|'), cells }));
}
