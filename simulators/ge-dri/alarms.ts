import { record } from './wire.ts';

export const COLORS = ['none', 'white', 'yellow', 'red'] as const;
export type Color = (typeof COLORS)[number];

/** What the alarm line of the monitor shows and what was done to its sound. */
export interface AlarmFace {
  readonly isSoundOn: boolean;
  /** 0 none, 1 apnea, 2 asystole, 3 both, 4 all, 5 all 2 min, 6 all 5 min, 7 all 20 s. */
  readonly silence: number;
  /** By text. */
  readonly lines: ReadonlyMap<string, Color>;
}

export const QUIET: AlarmFace = { isSoundOn: true, silence: 0, lines: new Map() };

const LINES = 5;
const LINE_BYTES = 98;

/** An alarm record as a whole frame; red lines first, at most five. */
export function alarmFrame(face: AlarmFace, number: number, clockS: number): Uint8Array {
  const bytes = Buffer.alloc(10 + LINES * LINE_BYTES + 10);
  bytes.writeInt16LE(face.isSoundOn ? 1 : 0, 2);
  bytes.writeInt16LE(face.silence, 8);
  const lines = [...face.lines]
    .filter(([, color]) => color !== 'none')
    .sort(([, a], [, b]) => COLORS.indexOf(b) - COLORS.indexOf(a))
    .slice(0, LINES);
  lines.forEach(([text, color], index) => {
    const at = 10 + index * LINE_BYTES;
    bytes.write(text, at, 79, 'latin1');
    bytes.writeInt16LE(COLORS.indexOf(color), at + 82);
  });
  return record({ mainType: 4, number, clockS }, [{ type: 1, bytes }]);
}
