import type { DeviceAlert, FactSeen } from '../../src/observation/device-event.ts';

type Known = Omit<DeviceAlert, 'code'>;

/**
 * The alarm codes known from open source, without "no alarm"; the words are our reading of the
 * abbreviations except AL_OCCLU. Syringe pump: there is no air-in-line and no door alarm.
 */
const KNOWN: ReadonlyMap<string, Known> = new Map(
  Object.entries<Known>({
    AL_OCCLU: { text: 'Occlusion', ruleId: 'PMP-01', priority: 'high' },
    AL_VTBIS: { text: 'VTBI done, stopped', ruleId: 'PMP-06', priority: 'medium' },
    AL_VTBIC: { text: 'VTBI done, continues', ruleId: 'PMP-06', priority: 'medium' },
    AL_VTBIK: { text: 'VTBI done, KVO', ruleId: 'PMP-06', priority: 'medium' },
    AL_NEOIN: { text: 'Near end of infusion', ruleId: 'PMP-05', priority: 'low' },
    AL_EOIKV: { text: 'End of infusion, KVO', ruleId: 'PMP-06', priority: 'medium' },
    AL_EOIST: { text: 'End of infusion, stopped', ruleId: 'PMP-06', priority: 'medium' },
    AL_LWBAT: { text: 'Battery low', ruleId: 'PMP-07', priority: 'medium' },
    AL_EMBAT: { text: 'Battery empty', ruleId: 'PMP-07', priority: 'high' },
    AL_LBTAC: { text: 'Battery low on mains', ruleId: 'PMP-07', priority: 'medium' },
    AL_ACDIS: { text: 'Mains disconnected', ruleId: 'PMP-08', priority: 'low' },
    AL_DRDIS: { text: 'Drive disengaged', ruleId: 'PMP-03', priority: 'high' },
    AL_SYRCO: { text: 'Syringe not confirmed or changed', ruleId: 'PMP-03', priority: 'high' },
    AL_PRDSC: { text: 'Pressure disc', ruleId: 'PMP-04', priority: 'high' },
    AL_RHIGH: { text: 'Rate high', ruleId: 'PMP-04', priority: 'high' },
    AL_COMTO: { text: 'Communication time-out', ruleId: 'PMP-04', priority: 'medium' },
    AL_CALLB: { text: 'Call back: left unattended', ruleId: 'PMP-06', priority: 'medium' },
    AL_LDSCN: { text: 'Loading dose', ruleId: 'PMP-11', priority: 'medium' },
    AL_FAULT: { text: 'Internal fault', ruleId: 'PMP-04', priority: 'high' },
    AL_TCITG: { text: 'TCI or titration (TCITG)', ruleId: 'PMP-11', priority: 'medium' },
    AL_TITCA: { text: 'TCI or titration (TITCA)', ruleId: 'PMP-11', priority: 'medium' },
    AL_TITNC: { text: 'TCI or titration (TITNC)', ruleId: 'PMP-11', priority: 'medium' },
  }),
);

export const NO_ALARM = 'AL_NOALM';
export const KNOWN_ALARM_CODES: readonly string[] = [NO_ALARM, ...KNOWN.keys()];

/** Every alarm of the list, for the table in PROTOCOL.md. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [...KNOWN].map(([code, known]) => ({
  code,
  ...known,
}));

const TEXT_MAX = 60;

/**
 * What an ALARM reply means: `undefined` for "no alarm", else the alert. A code that we do not know
 * is shown as received, with the reply's texts, at high priority.
 */
export function asenaAlert(
  received: string,
  texts: readonly string[] = [],
): DeviceAlert | undefined {
  // One public list prints AL_DRDIS with a blank for the underscore: both are accepted.
  const code = received.trim() === 'AL DRDIS' ? 'AL_DRDIS' : received.trim();
  if (code === NO_ALARM) return undefined;
  const known = KNOWN.get(code);
  if (known !== undefined) return { code, ...known };
  const words = [code, ...texts.map((text) => text.trim())].filter((word) => word !== '');
  return {
    code: code.slice(0, TEXT_MAX),
    text: words.join(' ').slice(0, TEXT_MAX),
    ruleId: 'PMP-10',
    priority: 'high',
  };
}

/** The pump shows an alarm and then twice names none: it contradicts itself. */
export const contradiction = (notice: string): DeviceAlert => ({
  code: `INF-${notice}/${NO_ALARM}`,
  text: 'Pump shows an alarm but names none',
  ruleId: 'PMP-10',
  priority: 'medium',
});

/** The pump shows an alarm and does not answer which: it may be the worst one. */
export const unnamedAlarm = (notice: string): DeviceAlert => ({
  code: `INF-${notice}`,
  text: 'Pump alarm, not named: look at the pump',
  ruleId: 'PMP-10',
  priority: 'high',
});

/** With these the pump no longer delivers the rate that was set, whatever the rate field says. */
const HALTING: ReadonlySet<string> = new Set([
  'AL_OCCLU',
  'AL_VTBIS',
  'AL_EOIST',
  'AL_DRDIS',
  'AL_FAULT',
]);
/** What the rate field says while the vein is kept open is not known: neither a rate nor 0 is trusted. */
const KEEPING_VEIN_OPEN: ReadonlySet<string> = new Set(['AL_VTBIK', 'AL_EOIKV']);

/** Why the rate field cannot be taken for the flow while this alarm stands; `undefined` when it can. */
export function flowDoubt(code: string | null, rateMlPerHour: number): string | undefined {
  if (code === null) return undefined;
  if (KEEPING_VEIN_OPEN.has(code)) return 'rate during KVO is not known';
  if (HALTING.has(code) && rateMlPerHour > 0) {
    return `rate set but alarm: ${KNOWN.get(code)?.text ?? code}`;
  }
  return undefined;
}

/**
 * Mains or battery, as far as an alarm tells it. No alarm tells nothing: one that was silenced at the
 * pump, or that a more urgent one hides, is not named, and the mains may still be off.
 */
export function powerFact(code: string | null, atMs: number): FactSeen {
  const text = code === null ? undefined : POWER.get(code);
  if (text === undefined) {
    return { kind: 'fact', code: 'power', text: null, validity: 'not-available', atMs };
  }
  return { kind: 'fact', code: 'power', text, validity: 'questionable', atMs };
}

const POWER: ReadonlyMap<string, 'mains' | 'battery'> = new Map([
  ['AL_ACDIS', 'battery'],
  ['AL_LBTAC', 'mains'],
]);
