import type { DeviceAlert } from '../../src/observation/device-event.ts';
import { KNOWN_BY_CODE, NOT_READ } from './alert-codes.ts';
import { ByteReader } from './byte-reader.ts';
import type { PolledObject } from './pdu.ts';

/** Lists of an alert monitor object, and its summary (PROTOCOL.md, "Alarms"). */
const PATIENT_LIST = 0x0902;
const TECHNICAL_LIST = 0x0904;
const CONDITION = 0x0916;
/** Forms of the words that go with an entry: with a text, and without. */
const INFO_WITH_TEXT = 0x0204;
const [TEST, DEMO] = [0x0400, 0x0100];
const TEXT_MAX = 60;
const RANK = { low: 0, medium: 1, high: 2 } as const;

/** One list of one object, as it was last told. */
export interface AlertList {
  readonly key: string;
  readonly alerts: readonly DeviceAlert[];
}

export interface AlertsRead {
  /** Only lists that this reply speaks of. */
  readonly lists: readonly AlertList[];
  readonly mode: 'demo' | 'test' | null;
}

export function alertsRead(objects: readonly PolledObject[]): AlertsRead {
  const lists: AlertList[] = [];
  const states: number[] = [];
  for (const { context, handle, attributes } of objects) {
    const quiet = quietOf(attributes.get(CONDITION));
    for (const id of [PATIENT_LIST, TECHNICAL_LIST]) {
      const key = `${context}/${handle}/${id.toString(16)}`;
      const bytes = attributes.get(id);
      // A list that is not told says nothing, unless the summary says that it would be empty.
      if (bytes === undefined && !quiet.includes(id)) continue;
      lists.push({ key, alerts: bytes === undefined ? [] : entriesOf(bytes, states) });
    }
  }
  const has = (bit: number): boolean => states.some((state) => (state & bit) !== 0);
  return { lists, mode: has(DEMO) ? 'demo' : has(TEST) ? 'test' : null };
}

/** The lists that the summary calls empty: its words are state, changes, greatest P, greatest T, audible. */
function quietOf(bytes: Uint8Array | undefined): readonly number[] {
  const reader = new ByteReader(bytes ?? new Uint8Array(0));
  reader.u32();
  const [patient, technical] = [reader.u16(), reader.u16()];
  if (reader.isShort) return [];
  return [...(patient === 0 ? [PATIENT_LIST] : []), ...(technical === 0 ? [TECHNICAL_LIST] : [])];
}

function entriesOf(bytes: Uint8Array, states: number[]): readonly DeviceAlert[] {
  const reader = new ByteReader(bytes);
  const count = reader.u16();
  const list = reader.part();
  const alerts: DeviceAlert[] = [];
  for (let index = 0; index < count && !list.isShort; index += 1) {
    const [source, code, type, state] = [list.u16(), list.u16(), list.u16(), list.u16()];
    list.bytes(6);
    const infoId = list.u16();
    const info = list.part();
    if (list.isShort) break;
    states.push(state);
    alerts.push(alertOf(source, code, type, infoId === INFO_WITH_TEXT ? textOf(info) : ''));
  }
  // What could not be read may be an alarm.
  return list.isShort || reader.isShort ? [...alerts, NOT_READ] : alerts;
}

/** Never lower than the monitor says, nor than our rule for that code. */
function alertOf(source: number, code: number, type: number, told: string): DeviceAlert {
  const known = KNOWN_BY_CODE.get(String(code));
  const own = priorityOf(type);
  const least = known?.priority ?? 'medium';
  const priority = RANK[own] > RANK[least] ? own : least;
  if (known !== undefined) return { ...known, text: told === '' ? known.text : told, priority };
  // One code (a limit) can stand for several quantities at once: the source tells them apart.
  const raw = `${code}/${source}`;
  return { code: raw, text: told === '' ? raw : told, ruleId: 'PMP-10', priority };
}

/** Bits of the alarm type, patient and technical alike; a type that we do not know is not made small. */
function priorityOf(type: number): DeviceAlert['priority'] {
  if (type & 0x0404) return 'high';
  if (type & 0x0202) return 'medium';
  if (type & 0x0101) return 'low';
  return type === 0 ? 'medium' : 'high';
}

/** UTF-16, big endian, with NULs and blanks around it; empty when there is none. */
function textOf(info: ByteReader): string {
  info.bytes(10);
  const bytes = info.part();
  if (info.isShort) return '';
  const units: number[] = [];
  while (bytes.left >= 2) units.push(bytes.u16());
  return String.fromCharCode(...units.filter((unit) => unit >= 0x20))
    .trim()
    .slice(0, TEXT_MAX);
}
