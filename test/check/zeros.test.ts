import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { EMPTY } from 'rxjs';
import { expect, test } from 'vitest';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { emptyMemory } from '../../src/check/evaluate.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { PictureEvent } from '../../src/observation/device-picture.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import { nextBed } from '../../src/pipeline/bed.ts';
import { newBedState } from '../../src/pipeline/bed-stream.ts';
import { shippedLimits } from '../pipeline/virtual-ward.ts';

const lines = gunzipSync(readFileSync('test/fixtures/numerics/s00001.csv.gz'))
  .toString('latin1')
  .trim()
  .split(/\r?\n/);
const heads = lines[0]?.split(',') ?? [];
const rows = lines.slice(1).map((line) => line.split(','));
const CODES: Readonly<Record<string, MetricCode>> = {
  'HR[bpm]': 'MDC_ECG_HEART_RATE',
  'PULSE[bpm]': 'MDC_PULS_OXIM_PULS_RATE',
  'RESP[pm]': 'MDC_RESP_RATE',
  'SpO2[%]': 'MDC_PULS_OXIM_SAT_O2',
};
const column = (name: string): number => heads.indexOf(name);
const STEP_S = 5;

interface Episode {
  readonly ruleId: string;
  readonly priority: string;
  readonly fromMin: number;
  toMin: number;
}

/** Each row stands for its minute, told every 5 s, as a monitor repeats what it shows. */
function episodes(): readonly Episode[] {
  const device = {
    deviceId: 'mon',
    driver: geDri as Driver,
    portLabel: 'recording',
    events: EMPTY,
  };
  let state = newBedState({ bedId: 'B01', bedMode: 'live', devices: [device] }, emptyMemory, 0);
  const open = new Map<string, Episode>();
  const all: Episode[] = [];
  for (const [minute, row] of rows.entries()) {
    for (let second = 0; second < 60; second += STEP_S) {
      const atMs = (minute * 60 + second) * 1_000;
      const moment = { nowMs: atMs, wallMs: Date.UTC(2026, 0, 5) + atMs };
      const step = nextBed(
        state,
        { kind: 'device', deviceId: 'mon', events: eventsOf(row, atMs, minute + second === 0) },
        moment,
        shippedLimits,
      );
      state = step.state;
      for (const { ruleId, verdict } of step.findings) {
        const known = open.get(ruleId);
        if (verdict.presence === 'absent') open.delete(ruleId);
        if (known !== undefined) known.toMin = minute;
        if (verdict.presence !== 'present' || known !== undefined) continue;
        const episode = { ruleId, priority: verdict.priority, fromMin: minute, toMin: minute };
        open.set(ruleId, episode);
        all.push(episode);
      }
    }
  }
  return all;
}

function eventsOf(row: readonly string[], atMs: number, isFirst: boolean): PictureEvent[] {
  const events: PictureEvent[] = isFirst
    ? [{ kind: 'port-open', name: 'recording', mode: 'real', atMs }]
    : [];
  events.push({ kind: 'frame-accepted', atMs });
  for (const [name, code] of Object.entries(CODES)) {
    const text = row[column(name)] ?? '';
    const value = text === '' ? null : Number(text);
    events.push({
      kind: 'metric',
      code,
      value,
      validity: value === null ? 'not-available' : 'valid',
      atMs,
    });
  }
  return events;
}

const found = episodes();
const at = (minute: number, name: string): number =>
  Number(rows[minute]?.[column(name)] || Number.NaN);
const of = (ruleId: string) => found.filter((episode) => episode.ruleId === ruleId);

test('32 hours, 363 minutes of SpO2 0: nothing is raised that no number above 0 explains', () => {
  expect(rows).toHaveLength(1_936);
  expect(rows.filter((row) => Number(row[column('SpO2[%]')]) === 0)).toHaveLength(363);
  for (const { ruleId, fromMin } of found) {
    const spo2 = at(fromMin, 'SpO2[%]');
    const hr = at(fromMin, 'HR[bpm]');
    if (ruleId === 'VIT-01') expect(spo2 > 0 && spo2 < 93, `${ruleId} ${fromMin}`).toBe(true);
    else if (ruleId === 'VIT-02') expect(spo2 > 0, `${ruleId} ${fromMin}`).toBe(true);
    else if (ruleId === 'VIT-04') expect(hr > 0 && (hr < 50 || hr > 120), `${fromMin}`).toBe(true);
    else if (ruleId === 'VIT-15')
      expect(hr > 0 && Math.abs(hr - at(fromMin, 'PULSE[bpm]')) > 20, `${fromMin}`).toBe(true);
    else if (ruleId === 'MON-13')
      expect(
        ['HR[bpm]', 'SpO2[%]', 'RESP[pm]'].some((name) => !(at(fromMin, name) > 0)),
        `${ruleId} ${fromMin}`,
      ).toBe(true);
    else expect.unreachable(`${ruleId} at minute ${fromMin}`);
  }
});

test('every true episode is raised', () => {
  const isCovered = (ruleId: string, minute: number): boolean =>
    of(ruleId).some(({ fromMin, toMin }) => minute >= fromMin && minute <= toMin);
  for (const [minute] of rows.entries()) {
    const spo2 = at(minute, 'SpO2[%]');
    const hr = at(minute, 'HR[bpm]');
    if (spo2 > 0 && spo2 < 93)
      expect(isCovered('VIT-01', minute), `SpO2 ${spo2} at ${minute}`).toBe(true);
    if (hr > 0 && hr < 50) expect(isCovered('VIT-04', minute), `HR ${hr} at ${minute}`).toBe(true);
  }
});

test('the list in the documentation is what is raised', () => {
  const list = found.map(
    ({ ruleId, priority, fromMin, toMin }) => `| ${ruleId} | ${priority} | ${fromMin} | ${toMin} |`,
  );
  const page = readFileSync('docs/zero-is-not-a-value.md', 'utf8');
  const told = page.split('\n').filter((line) => /^\| (VIT|MON|ORD)-/.test(line));
  expect(told.map((line) => `${line.split('|').slice(0, 5).join('|')}|`)).toEqual(list);
});
