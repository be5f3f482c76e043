import { serialize } from 'node:v8';
import type { Driver, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DriverProof } from '../../src/driver/proof.ts';
import type { ChannelEvent, DeviceAlert, MetricSeen } from '../../src/observation/device-event.ts';
import { METRICS, Validity } from '../../src/observation/metrics.ts';
import { type Case, proofOf } from './conformance-case.ts';

/** Rules that forward an alarm without a declared signal: what has no rule of its own, and the monitor's. */
const UNDECLARED = /^(PMP-09|PMP-10|PMP-11|VIT-\d\d|MON-\d\d)$/;
const RANK = { low: 0, medium: 1, high: 2 } as const;
const FACT_TEXT_MAX = 60;

/** A session and a framer are a few numbers and at most some frames. */
export const STATE_BYTES_MAX = 256 * 1024;

/** In words, when a state is larger than any that does not grow. */
export function growthOf(state: unknown): string | undefined {
  const bytes = serialize(state).length;
  return bytes > STATE_BYTES_MAX ? `the state has ${bytes} bytes` : undefined;
}

/** Whether an alarm of this driver may go to that rule. */
export const isRuleOf = ({ signals }: Driver, ruleId: string): boolean =>
  signals.includes(ruleId) || UNDECLARED.test(ruleId);

/**
 * What each step of every session must keep, whatever came: the first breach in words, or `undefined`.
 * Plain code, because the fuzzer asks it millions of times.
 */
export function breachOf(one: Case, input: SessionInput, step: Step<unknown>): string | undefined {
  const { driver } = one;
  const accepted = step.events.filter(({ kind }) => kind === 'frame-accepted').length;
  const rejected = step.events.filter(({ kind }) => kind === 'frame-rejected').length;
  const wanted = input.kind === 'frame' ? 1 : 0;
  if (accepted + rejected !== wanted) {
    return `${accepted + rejected} verdicts for ${wanted} frames`;
  }
  for (const bytes of step.send) {
    if (!driver.queries.has(bytes)) return `sends ${hex(bytes)}, which is not on the list`;
  }
  const { wakeAtMs } = step;
  if (wakeAtMs !== undefined && !(Number.isFinite(wakeAtMs) && wakeAtMs >= input.atMs)) {
    return `wants to be woken at ${wakeAtMs}, at ${input.atMs}`;
  }
  if (input.kind === 'frame') {
    const verdict = verdictBreach(proofOf(one), input.frame, step);
    if (verdict !== undefined) return verdict;
  }
  for (const event of step.events) {
    const breach = eventBreach(one, event, input.atMs);
    if (breach !== undefined) return `${breach}: ${JSON.stringify(event)}`;
  }
  return undefined;
}

/** `proof.decode` must judge as the session does, or what the suite does to it proves nothing. */
function verdictBreach(
  { decode }: DriverProof,
  frame: Uint8Array,
  step: Step<unknown>,
): string | undefined {
  const isDecoded = decode(frame) !== undefined;
  for (const event of step.events) {
    if (event.kind === 'frame-accepted' && !isDecoded) {
      return `the session accepts what decode refuses: ${hex(frame)}`;
    }
    if (event.kind === 'frame-rejected' && event.reason === 'checksum' && isDecoded) {
      return `decode takes what the session calls a wrong checksum: ${hex(frame)}`;
    }
  }
  return undefined;
}

function eventBreach(one: Case, event: ChannelEvent, atMs: number): string | undefined {
  const { driver } = one;
  if (!(event.atMs <= atMs)) return 'is of a later moment';
  const breach = channelBreach(driver, event);
  if (breach !== undefined) return breach;
  switch (event.kind) {
    case 'metric':
      return metricBreach(driver, event);
    case 'pump-status':
      return driver.statuses.includes(event.status) ? undefined : 'is not in statuses';
    case 'fact':
      if (!driver.facts.includes(event.code)) return 'is not in facts';
      if ((event.text?.length ?? 0) > FACT_TEXT_MAX) return 'is too long';
      return event.validity === 'not-available' && event.text !== null ? 'has a text' : undefined;
    case 'alerts':
      if (driver.alerts === 'not-decoded') return 'the driver decodes no alarms';
      return event.alerts
        .map((alert) => alertBreach(driver, proofOf(one), alert))
        .find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** What a device says of itself names the device, where the line carries several. */
function channelBreach({ channels }: Driver, event: ChannelEvent): string | undefined {
  if (channels === undefined) {
    if (event.channel !== undefined) return 'has a channel, and the driver declares none';
    return event.kind === 'device-gone' ? 'needs channels' : undefined;
  }
  if (event.channel === '') return 'has an empty channel';
  const isOfDevice = ['metric', 'pump-status', 'fact', 'alerts', 'device-gone'];
  return isOfDevice.includes(event.kind) && event.channel === undefined
    ? 'has no channel'
    : undefined;
}

function metricBreach(driver: Driver, event: MetricSeen): string | undefined {
  const { code, value, validity, episode } = event;
  if (!driver.reports.includes(code)) return 'is not in reports';
  const known = METRICS[code];
  if (typeof known?.unit !== 'string') return 'has no unit';
  if (!Validity.options.includes(validity)) return 'has an unknown validity';
  if (value !== null && !Number.isFinite(value)) return 'is no number';
  if (validity === 'valid' && value === null) return 'is valid without a number';
  const isWithout = validity === 'not-available' || validity === 'not-provided';
  if (isWithout && value !== null) return 'has a number that is not there';
  return (episode !== undefined) === known.episodic ? undefined : 'episode: all cuffs, only cuffs';
}

function alertBreach(
  driver: Driver,
  { alerts }: DriverProof,
  alert: DeviceAlert,
): string | undefined {
  if (alert.text === '' || alert.code === '') return 'an alarm without a word';
  if (!isRuleOf(driver, alert.ruleId)) return `${alert.ruleId} is not in signals`;
  const known = alerts.find(({ code }) => code === alert.code);
  if (known === undefined) {
    if (alert.ruleId !== 'PMP-10') return `${alert.code} is not in proof.alerts`;
    return alert.priority === 'low' ? 'an unknown alarm below medium' : undefined;
  }
  if (known.ruleId !== alert.ruleId) return `${alert.code} is of ${known.ruleId} in proof.alerts`;
  return RANK[alert.priority] < RANK[known.priority] ? `${alert.code} is lowered` : undefined;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
