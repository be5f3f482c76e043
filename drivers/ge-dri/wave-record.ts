import { type DriRecord, HEADER_BYTES, WAVE_NAMES, WAVES_ON_WIRE, type WaveName } from './codec.ts';

/** The samples of one wave in one record, as on the wire. */
export interface WavePart {
  readonly name: WaveName;
  /** Something is missing between this block and the one before. */
  readonly isGap: boolean;
  /** A pacemaker beat was detected in it. */
  readonly isPaced: boolean;
  readonly isLeadOff: boolean;
  readonly samples: Int16Array;
}

/** Number of samples, status, label. */
const PART_HEADER_BYTES = 6;
/** The other bits of the status are reserved and are not 0 in the captures. */
const GAP = 0x0001;
const PACED = 0x0004;
const LEAD_OFF = 0x0008;

const NAME_OF: ReadonlyMap<number, WaveName> = new Map(
  WAVE_NAMES.map((name) => [WAVES_ON_WIRE[name].type, name]),
);

/**
 * The waves of a record that we know; others, such as the entropy, are passed over. `undefined` when one that
 * we would read does not lie within the record (DRI specification 12th ed., waveform record).
 */
export function waveRecord({ bytes, view, parts }: DriRecord): readonly WavePart[] | undefined {
  const found: WavePart[] = [];
  for (const { type, at } of parts) {
    const name = NAME_OF.get(type);
    if (name === undefined) continue;
    if (at < HEADER_BYTES || at + PART_HEADER_BYTES > bytes.length) return undefined;
    const count = view.getInt16(at, true);
    const from = at + PART_HEADER_BYTES;
    if (count < 0 || from + 2 * count > bytes.length) return undefined;
    const status = view.getUint16(at + 2, true);
    const samples = new Int16Array(count);
    for (let index = 0; index < count; index += 1) {
      samples[index] = view.getInt16(from + 2 * index, true);
    }
    found.push({
      name,
      isGap: (status & GAP) !== 0,
      isPaced: (status & PACED) !== 0,
      isLeadOff: (status & LEAD_OFF) !== 0,
      samples,
    });
  }
  return found;
}
