import { ByteReader } from './byte-reader.ts';
import { clockFrom, type MonitorClock } from './clock.ts';
import type { MdsCreate } from './pdu.ts';

/** Attributes of the MDS create event (PROTOCOL.md, "Identity and simulated data"). */
const MODEL = 0x0928;
const PRODUCTION = 0x092d;
const WALL_TIME = 0x0987;
const TICKS = 0x098f;
const [SERIAL, SOFTWARE, FIRMWARE] = [1, 4, 5];
const SIMULATED = /^SIM/;
const WORD_MAX = 40;

export interface MonitorIdentity {
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
  readonly mode?: 'demo';
}

/** What the monitor says it is; what it does not tell is absent. */
export function identityOf({ attributes }: MdsCreate): MonitorIdentity {
  const models = new ByteReader(attributes.get(MODEL) ?? new Uint8Array(0));
  models.part();
  const model = word(models.part());
  const specs = productionOf(attributes.get(PRODUCTION));
  const serial = specs.get(SERIAL);
  const firmware = specs.get(FIRMWARE) ?? specs.get(SOFTWARE);
  const isSimulated = SIMULATED.test(model) || SIMULATED.test(serial ?? '');
  return {
    ...(model === '' ? {} : { model }),
    ...(serial === undefined ? {} : { serial }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(isSimulated ? { mode: 'demo' as const } : {}),
  };
}

export function clockOf({ attributes }: MdsCreate): MonitorClock | null {
  const ticks = attributes.get(TICKS);
  if (ticks?.length !== 4) return null;
  return clockFrom(attributes.get(WALL_TIME), new ByteReader(ticks).u32());
}

/** The first word of each kind: {kind, component, text} entries. */
function productionOf(bytes: Uint8Array | undefined): ReadonlyMap<number, string> {
  const specs = new Map<number, string>();
  const reader = new ByteReader(bytes ?? new Uint8Array(0));
  reader.u16();
  const list = reader.part();
  while (list.left > 0 && !list.isShort) {
    const kind = list.u16();
    list.u16();
    const text = word(list.part());
    if (!list.isShort && text !== '' && !specs.has(kind)) specs.set(kind, text);
  }
  return specs;
}

/** Eight-bit text, without the NULs and blanks that fill it up. */
function word(reader: ByteReader): string {
  const text = Buffer.from(reader.bytes(reader.left)).toString('latin1');
  return text
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, WORD_MAX);
}
