import { describe, expect, test } from 'vitest';
import { cases, proofOf } from './conformance-case.ts';
import { type PageSection, protocolPage, sectionOf } from './conformance-page.ts';

const sorted = (words: readonly string[]): readonly string[] => [...words].sort();

describe.each(cases)('$id: PROTOCOL.md says what the code does', (one) => {
  const { id, driver } = one;
  const section = (title: string): PageSection => {
    const found = sectionOf(protocolPage(id), title);
    if (found === undefined) throw new Error(`drivers/${id}/PROTOCOL.md has no "## ${title}"`);
    return found;
  };
  const codesOf = (title: string): readonly string[] =>
    sorted(section(title).rows.map(({ code }) => code));

  test('Line', () => {
    const { baudRate, dataBits, parity, stopBits } = driver.line;
    expect(section('Line').rows.map(({ code, cells }) => [code, cells[0]])).toEqual([
      ['baud', String(baudRate)],
      ['data bits', String(dataBits)],
      ['parity', parity],
      ['stop bits', String(stopBits)],
    ]);
  });

  test('Queries', () => {
    expect(codesOf('Queries')).toEqual(sorted(driver.queries.all.map(({ name }) => name)));
  });

  test('Metrics', () => {
    expect(codesOf('Metrics')).toEqual(sorted(driver.reports));
  });

  test('Alarms', () => {
    const { alerts } = proofOf(one);
    const { rows, text } = section('Alarms');
    const line = (...words: readonly (string | undefined)[]): string => words.join(' ');
    expect(sorted(rows.map(({ code, cells }) => line(code, cells[0], cells[1])))).toEqual(
      sorted(alerts.map(({ code, ruleId, priority }) => line(code, ruleId, priority))),
    );
    if (alerts.length === 0) expect(text).toContain('None decoded.');
  });
});

test('a row may name several codes, and a table without codes is no table of them', () => {
  const page =
    '# x\n## Line\n| a | b |\n|---|---|\n| `baud`, `rate` | **9600** | x |\n## Queries\n';
  expect(sectionOf(page, 'Line')?.rows).toEqual([
    { code: 'baud', cells: ['9600', 'x'] },
    { code: 'rate', cells: ['9600', 'x'] },
  ]);
  expect(sectionOf(page, 'Queries')?.rows).toEqual([]);
  expect(sectionOf(page, 'Alarms')).toBeUndefined();
});
