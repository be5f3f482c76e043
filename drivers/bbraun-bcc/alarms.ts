import type { DeviceAlert } from '../../src/observation/device-event.ts';
import {
  FLAG_ALARMS,
  GENERAL_BITS,
  type KnownAlarm,
  MAY_BE_ABSENT,
  NEEDED_FLAGS,
  SPARE_FLAGS,
  WORD_ALARMS,
  WORDS,
  type WordName,
} from './alarm-tables.ts';
import { type Bits, flagOf, hasBit, type Values, wordOf } from './values.ts';

/** Alarm flags and words that were last told to be set. What a block does not carry it takes not back. */
export type AlarmMemory = Readonly<Record<string, number>>;

const FLAGS: readonly string[] = [...FLAG_ALARMS.keys(), ...SPARE_FLAGS];
const isWord = (name: string): name is WordName => name in WORD_ALARMS;
const bitsOf = (values: Values, name: string): Bits =>
  isWord(name) ? wordOf(values, name) : flagOf(values, name);

/**
 * The device sends flags or words, never both: once the site has changed the coding, the other one is
 * not said any more and must not stand for ever.
 */
export function nextAlarmMemory(memory: AlarmMemory, values: Values): AlarmMemory {
  const hasWords = WORDS.some((name) => values.has(name));
  const hasFlags = FLAGS.some((name) => values.has(name));
  const next: Record<string, number> = {};
  for (const name of [...WORDS, ...FLAGS]) {
    const bits = bitsOf(values, name);
    const isReplaced = isWord(name) ? hasFlags && !hasWords : hasWords;
    const kept = isReplaced ? 0 : (memory[name] ?? 0);
    const now = bits.kind === 'told' ? bits.bits : kept;
    if (now !== 0) next[name] = now;
  }
  return next;
}

/** The complete list of what the pump signals, and of what it does not tell. */
export function alertsOf(memory: AlarmMemory, values: Values): readonly DeviceAlert[] {
  const named = Object.entries(memory).flatMap(([name, bits]) =>
    isWord(name) ? wordAlerts(name, bits) : [flagAlert(name)],
  );
  return [...onceEach(named), ...unnamed(named, values), ...notTold(values)];
}

function flagAlert(name: string): DeviceAlert {
  return { code: name, ...(FLAG_ALARMS.get(name) ?? unknown(name, 'high')) };
}

function wordAlerts(name: WordName, bits: number): readonly DeviceAlert[] {
  const alerts: DeviceAlert[] = [];
  for (let bit = 1; bit < 32; bit += 1) {
    if (!hasBit(bits, bit)) continue;
    const isSaidBetter =
      name === 'ALARM1' && (GENERAL_BITS[bit] ?? []).some((named) => hasBit(bits, named));
    if (isSaidBetter) continue;
    const spare = unknown(`${name} bit ${bit}`, name === 'PREALARM' ? 'medium' : 'high');
    alerts.push({ code: `${name}-${bit}`, ...(WORD_ALARMS[name].get(bit) ?? spare) });
  }
  return alerts;
}

const unknown = (text: string, priority: 'high' | 'medium'): KnownAlarm => ({
  text,
  ruleId: 'PMP-10',
  priority,
});

/** The same alarm in two places is one alert. */
const onceEach = (alerts: readonly DeviceAlert[]): readonly DeviceAlert[] =>
  alerts.filter(
    (alert, index) =>
      alerts.findIndex(({ text, ruleId }) => text === alert.text && ruleId === alert.ruleId) ===
      index,
  );

const isEarly = ({ code }: DeviceAlert): boolean =>
  code.startsWith('PREALARM') || code === 'INA11' || code === 'INA12';

/** RUNSTATE says that there is an alarm and nothing says which: it may be the worst one. */
function unnamed(named: readonly DeviceAlert[], values: Values): readonly DeviceAlert[] {
  const state = wordOf(values, 'RUNSTATE');
  if (state.kind !== 'told') return [];
  const alerts: DeviceAlert[] = [];
  if (hasBit(state.bits, 2) && named.every(isEarly)) {
    const text = 'Pump alarm, not named: look at the pump';
    alerts.push({ code: 'RUNSTATE-2', ...unknown(text, 'high') });
  }
  if (hasBit(state.bits, 5) && !named.some(isEarly)) {
    alerts.push({ code: 'RUNSTATE-5', ...unknown('Pump pre-alarm, not named', 'medium') });
  }
  return alerts;
}

/**
 * An alarm that the ComDevice was not set up to tell is never "no alarm": it is said, as long as it is
 * so. The same for one that stands there without a value.
 */
function notTold(values: Values): readonly DeviceAlert[] {
  const hasWords = WORDS.some((name) => values.has(name));
  const needed = hasWords ? WORDS : NEEDED_FLAGS;
  const missing = needed.filter((name) => !values.has(name));
  const alerts: DeviceAlert[] = [];
  if (missing.length > 0) {
    const isAll = missing.length === needed.length;
    const text = isAll
      ? 'Alarms are not provided by this ComDevice'
      : `Not provided by ComDevice: ${missing.join(' ')}`;
    alerts.push({ code: 'ALARMS-NOT-PROVIDED', ...unknown(clip(text), 'medium') });
  }
  const unreadable = [...needed, 'STATUS1', 'RUNSTATE'].filter((name) =>
    isUnreadable(name, values),
  );
  if (unreadable.length > 0) {
    const said = unreadable.map((name) => `${name}=${values.get(name) ?? ''}`).join(' ');
    alerts.push({ code: 'ALARMS-NOT-READABLE', ...unknown(clip(`Unreadable: ${said}`), 'medium') });
  }
  return alerts;
}

function isUnreadable(name: string, values: Values): boolean {
  if (name === 'STATUS1' || name === 'RUNSTATE') return wordOf(values, name).kind === 'unreadable';
  const { kind } = bitsOf(values, name);
  if (kind === 'not-available') return !MAY_BE_ABSENT.has(name);
  return kind === 'unreadable' || kind === 'not-now';
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

const STANDS_STILL: ReadonlySet<string> = new Set(['PMP-01', 'PMP-02', 'PMP-03', 'PMP-04']);

/** Why the set rate cannot be taken for the flow although the pump says that it delivers. */
export function flowDoubt(alerts: readonly DeviceAlert[]): string | undefined {
  const alert = alerts.find((one) => STANDS_STILL.has(one.ruleId) && !isEarly(one));
  return alert === undefined ? undefined : `delivering but alarm: ${alert.text}`;
}
