import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { type DriRecord, HEADER_BYTES } from './codec.ts';

/** One alarm record: what the monitor's alarm line shows, and what was done to its sound. */
export interface AlarmRecord {
  readonly isSoundOn: boolean;
  /** See {@link SILENCE}. */
  readonly silence: number;
  readonly lines: readonly AlarmLine[];
}

export interface AlarmLine {
  /** As the monitor shows it, in its own language. */
  readonly text: string;
  readonly color: number;
}

const STATUS = 1;
const SOUND_AT = 2;
const SILENCE_AT = 8;
const LINES_AT = 10;
const LINE_BYTES = 98;
const LINES = 5;
const TEXT_BYTES = 80;
const COLOR_AT = 82;

/**
 * The alarm state of a record (DRI specification 12th ed., alarm record); `null` when it has none,
 * `undefined` when that does not lie within the record.
 */
export function alarmRecord({ bytes, view, parts }: DriRecord): AlarmRecord | null | undefined {
  const part = parts.find(({ type }) => type === STATUS);
  if (part === undefined) return null;
  const { at } = part;
  if (at < HEADER_BYTES || at + LINES_AT + LINES * LINE_BYTES > bytes.length) return undefined;
  const lines: AlarmLine[] = [];
  for (let index = 0; index < LINES; index += 1) {
    const line = at + LINES_AT + index * LINE_BYTES;
    const color = view.getInt16(line + COLOR_AT, true);
    // Without a colour it is no alarm, whatever is left of its text.
    if (color !== 0) lines.push({ text: textOf(bytes.subarray(line, line + TEXT_BYTES)), color });
  }
  return {
    isSoundOn: view.getInt16(at + SOUND_AT, true) !== 0,
    silence: view.getInt16(at + SILENCE_AT, true),
    lines,
  };
}

/** In which letters is not told: UTF-8 where it is that, else the letters of western Europe. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const told = end === -1 ? bytes : bytes.subarray(0, end);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(told);
  } catch {
    text = new TextDecoder('latin1').decode(told);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a wire may carry, and a screen may not
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

const WHITE = 1;
const YELLOW = 2;

const colorWord = (color: number): string => ['', 'white', 'yellow', 'red'][color] ?? `${color}`;

/** A colour that we do not know counts as red. White is raised: what its text means, we cannot tell. */
const priorityOf = (color: number): DeviceAlert['priority'] =>
  color === WHITE || color === YELLOW ? 'medium' : 'high';

const paused = (code: string, text: string): DeviceAlert => ({
  code,
  text,
  ruleId: 'MON-10',
  priority: 'medium',
});
export const APNEA_ALARM_OFF = paused('APNEA_ALARM_OFF', 'apnea alarm is off there');
const ASYSTOLE_ALARM_OFF = paused('ASYSTOLE_ALARM_OFF', 'asystole alarm is off there');
const ALARMS_SILENCED = paused('ALARMS_SILENCED', 'alarms are silenced there');
const ALARMS_PAUSED = paused('ALARMS_PAUSED', 'alarms are paused there');
const SOUND_OFF = paused('SOUND_OFF', 'alarm sound is off there');

/** What is known of alarms that are off there. Others of the record are words in the monitor's language. */
export const SILENCE_ALERTS: readonly DeviceAlert[] = [
  APNEA_ALARM_OFF,
  ASYSTOLE_ALARM_OFF,
  ALARMS_SILENCED,
  ALARMS_PAUSED,
  SOUND_OFF,
];

/** By the silence word: 1 apnea, 2 asystole, 3 both, 4 all, 5 ... 7 all for 2 min, 5 min, 20 s. */
const SILENCE: readonly (readonly DeviceAlert[])[] = [
  [],
  [APNEA_ALARM_OFF],
  [ASYSTOLE_ALARM_OFF],
  [APNEA_ALARM_OFF, ASYSTOLE_ALARM_OFF],
  [ALARMS_SILENCED],
  [ALARMS_PAUSED],
  [ALARMS_PAUSED],
  [ALARMS_PAUSED],
];

/**
 * The alarms of a record. The text is in the monitor's language, so nothing is concluded from it: it is passed
 * on as it is, by the rule for what we do not know.
 */
export function recordAlerts({ isSoundOn, silence, lines }: AlarmRecord): readonly DeviceAlert[] {
  const shown = lines.map(({ text, color }): DeviceAlert => {
    const word = colorWord(color);
    const words = text === '' ? 'alarm without a text' : text;
    return {
      code: `${word}: ${words}`,
      text: words,
      ruleId: 'PMP-10',
      priority: priorityOf(color),
    };
  });
  const silenced = SILENCE[silence] ?? [ALARMS_SILENCED];
  // Whether "sound" is the switch or the noise is not told: without an alarm that should sound, off is quiet.
  const isMute = !isSoundOn && silenced.length === 0 && lines.some(({ color }) => color !== WHITE);
  return [...shown, ...silenced, ...(isMute ? [SOUND_OFF] : [])];
}

const RANK = { low: 0, medium: 1, high: 2 } as const;

/**
 * Bits and record in one list. The same words are one alarm, with the higher of the two priorities;
 * everything else stays.
 */
export function merged(
  bits: readonly DeviceAlert[],
  record: readonly DeviceAlert[],
): readonly DeviceAlert[] {
  const all: DeviceAlert[] = [];
  for (const alert of [...bits, ...record]) {
    const at = all.findIndex((known) => isSame(known, alert));
    const known = all[at];
    if (known === undefined) all.push(alert);
    else if (RANK[alert.priority] > RANK[known.priority]) {
      all[at] = { ...known, priority: alert.priority };
    }
  }
  return all;
}

const isSame = (a: DeviceAlert, b: DeviceAlert): boolean =>
  a.text.toLowerCase() === b.text.toLowerCase();
