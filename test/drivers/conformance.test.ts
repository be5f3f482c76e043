import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRIC_CODES } from '../../src/observation/metrics.ts';
import { cases, exists, proofOf, root, twinOf } from './conformance-case.ts';
import { isRuleOf } from './conformance-checks.ts';

describe.each(cases)('$id is complete', (one) => {
  const { id, driver } = one;

  test.each([
    `drivers/${id}/PROTOCOL.md`,
    `drivers/${id}/vectors.ts`,
    `drivers/${id}/conformance.ts`,
    `drivers/${id}/driver.ts`,
    `simulators/${id}/index.ts`,
    `docs/devices/${id}.md`,
    `test/drivers/${id}.test.ts`,
  ])('%s is there', (path) => {
    expect(exists(path)).toBe(true);
  });

  test('the README lists it, with the page for the person with the cable', () => {
    const readme = readFileSync(new URL('README.md', root), 'utf8');
    const entry = `[\`${id}\`](docs/devices/${id}.md)`;
    expect(readme.includes(entry), `README.md has ${entry}`).toBe(true);
  });

  test('declares how long it may be silent', () => {
    const { staleMs, lostMs } = driver.freshness;
    expect(staleMs).toBeGreaterThan(0);
    expect(lostMs).toBeGreaterThan(staleMs);
    expect(lostMs).toBeLessThanOrEqual(30_000);
  });

  test('declares metrics that exist, each once, and how long a line may be', () => {
    expect(driver.reports.length).toBeGreaterThan(0);
    for (const code of driver.reports) expect(METRIC_CODES).toContain(code);
    expect(new Set(driver.reports).size).toBe(driver.reports.length);
    if (driver.framing.kind === 'line') expect(driver.framing.maxBytes).toBeLessThan(65_536);
  });

  test('declares the states of a pump, and none for a monitor', () => {
    if (driver.role === 'pump') expect(driver.statuses).toContain('unknown');
    else expect(driver.statuses).toEqual([]);
  });

  test('the rules that it signals are those of the alarms that it knows', () => {
    const { alerts } = proofOf(one);
    const rules = alerts.map(({ ruleId }) => ruleId);
    expect(driver.signals.filter((rule) => !rules.includes(rule))).toEqual([]);
    expect(rules.filter((rule) => !isRuleOf(driver, rule))).toEqual([]);
    expect(new Set(alerts.map(({ code }) => code)).size).toBe(alerts.length);
    if (driver.alerts === 'not-decoded') expect(alerts).toEqual([]);
    else expect(alerts.length).toBeGreaterThan(0);
  });

  test('has options with defaults and refuses unknown ones', () => {
    expect(() => driver.options.parse({})).not.toThrow();
    expect(() => driver.options.parse({ noSuchOption: 1 })).toThrow();
  });

  test('several devices on a line are told apart by an option of it', () => {
    if (driver.channels === undefined) return;
    expect(driver.options.parse({})).toHaveProperty(driver.channels.option);
    expect(one.channels.length).toBeGreaterThan(0);
  });

  test('searches at the speed of the factory too, unless it is never searched for', () => {
    if (driver.baudRates.length > 0) expect(driver.baudRates).toContain(driver.line.baudRate);
  });

  test('its twin has the same line settings', () => {
    const { baudRate, dataBits, parity, stopBits } = driver.line;
    expect(twinOf(one).line).toEqual({
      baudRate,
      bitsPerByte: 1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits,
    });
  });
});
