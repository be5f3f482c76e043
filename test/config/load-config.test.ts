import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { driverById } from '../../drivers/index.ts';
import { gatewayJsonSchema } from '../../src/config/gateway-config.ts';
import { checkConfig, problemText } from '../../src/config/load-config.ts';

const good = `
gateway: { id: gw-1, site: Pain unit, unit: 4W }
http: { host: 127.0.0.1, port: 8080, tls: off }
store: { dir: ./data, keepDays: 30 }
beds:
  - id: B01
    devices:
      - { id: B01-pump, driver: alaris-asena, port: { kind: serial, path: /dev/ttyUSB0 } }
      - id: B01-pump2
        driver: alaris-asena
        port: { kind: tcp, host: 127.0.0.1, port: 4001 }
        options: {}
`;

const check = (text: string) => checkConfig(text, '/nowhere', driverById);

function problemsOf(text: string): readonly string[] {
  const result = check(text);
  return result.ok ? [] : result.problems.map((problem) => problemText('gateway.yaml', problem));
}

test('a good configuration is accepted with its defaults', () => {
  const result = check(good);
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  expect(result.value.files.dataDir).toBe('/nowhere/data');
  expect(result.value.config.beds[0]?.mode).toBe('live');
  expect(result.value.devices.map(({ driver }) => driver.id)).toEqual([
    'alaris-asena',
    'alaris-asena',
  ]);
});

describe('each fault is one sentence with line, path and what to do', () => {
  test.each([
    {
      fault: 'an unknown driver',
      text: good.replace('driver: alaris-asena, port', 'driver: alaris, port'),
      says: /^gateway\.yaml:8 beds\[0\]\.devices\[0\]\.driver: There is no driver "alaris"; known drivers: .*alaris-asena/,
    },
    {
      fault: 'an unknown key',
      text: good.replace('site: Pain unit', 'sight: Pain unit'),
      says: /^gateway\.yaml:2 gateway\.sight: There is no setting "sight" here; check its spelling or remove it\.$/,
    },
    {
      fault: 'a wrong baud rate',
      text: good.replace('path: /dev/ttyUSB0', 'path: /dev/ttyUSB0, baudRate: fast'),
      says: /^gateway\.yaml:8 beds\[0\]\.devices\[0\]\.port\.baudRate: .*number/,
    },
    {
      fault: 'a port kind that does not exist',
      text: good.replace('kind: tcp', 'kind: udp'),
      says: /^gateway\.yaml:11 beds\[0\]\.devices\[1\]\.port/,
    },
    {
      fault: 'two devices with one id',
      text: good.replace('B01-pump2', 'B01-pump'),
      says: /^gateway\.yaml:9 .*Device B01-pump is there twice/,
    },
    {
      fault: 'one port for two devices',
      text: good.replace(
        '{ kind: tcp, host: 127.0.0.1, port: 4001 }',
        '{ kind: serial, path: /dev/ttyUSB0 }',
      ),
      says: /Port \/dev\/ttyUSB0 is already used by B01-pump; a port belongs to one device/,
    },
    {
      fault: 'two monitors without a serial number that could find each other',
      text: good
        .replaceAll('alaris-asena', 'ge-dri')
        .replace(
          '{ kind: tcp, host: 127.0.0.1, port: 4001 }',
          '{ kind: serial, path: /dev/ttyS9, search: [/dev/ttyUSB*] }',
        ),
      says: /B01-pump2 and B01-pump could find each other's device/,
    },
    {
      fault: 'an option that the driver does not have',
      text: good.replace('options: {}', 'options: { speed: 3 }'),
      says: /beds\[0\]\.devices\[1\]\.options.*driver alaris-asena/,
    },
    {
      fault: 'a limits file that is not there',
      text: `limits: nowhere.yaml\n${good}`,
      says: /^gateway\.yaml:1 limits: nowhere\.yaml does not exist; correct the path or create it\.$/,
    },
    {
      fault: 'tls: auto, which is not there yet',
      text: good.replace('tls: off', 'tls: auto'),
      says: /http\.tls: tls: auto is not available yet/,
    },
    {
      fault: 'a time zone of fantasy',
      text: good.replace('unit: 4W', 'unit: 4W, timeZone: Mars/Base'),
      says: /is not a time zone/,
    },
    {
      fault: 'text that is not YAML',
      text: 'gateway: [',
      says: /^gateway\.yaml:\d+: This is not valid YAML/,
    },
  ])('$fault', ({ text, says }) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toMatch(new RegExp(says.source, 'm'));
  });

  test('several faults are told at once', () => {
    const text = good.replace('port: 8080', 'port: 99999').replace('keepDays: 30', 'keepDays: 0');
    expect(problemsOf(text)).toHaveLength(2);
  });
});

describe('a bench device, not for use on patients', () => {
  const bench = good.replace('driver: alaris-asena, port', 'driver: ne1000, port');

  test('is refused on a live bed, with what to do', () => {
    expect(problemsOf(bench)).toEqual([
      expect.stringMatching(
        /^gateway\.yaml:8 beds\[0\]\.devices\[0\]\.driver: B01-pump \(ne1000\) is a bench device, not for use on patients; use a bed with mode: demo, or set options\.allowOnLiveBed: true/,
      ),
    ]);
  });

  test('also when the site only says no', () => {
    const text = bench.replace(
      '{ id: B01-pump,',
      '{ id: B01-pump, options: { allowOnLiveBed: false },',
    );
    expect(problemsOf(text)).toHaveLength(1);
  });

  test('is accepted on a demo bed, and on a live bed when the site has decided so', () => {
    expect(problemsOf(bench.replace('- id: B01\n', '- id: B01\n    mode: demo\n'))).toEqual([]);
    const allowed = bench.replace(
      '{ id: B01-pump,',
      '{ id: B01-pump, options: { allowOnLiveBed: true },',
    );
    expect(problemsOf(allowed)).toEqual([]);
  });

  test('the option is nothing for a pump that is made for patients', () => {
    const text = good.replace(
      '{ id: B01-pump,',
      '{ id: B01-pump, options: { allowOnLiveBed: true },',
    );
    expect(problemsOf(text).join()).toMatch(/options.*driver alaris-asena/);
  });
});

test('the published JSON Schema is the one that is checked', () => {
  const published: unknown = JSON.parse(readFileSync('config/gateway.schema.json', 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(gatewayJsonSchema())));
});
