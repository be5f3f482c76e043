/** What one line of a Rad-8 or Radical-7 on "ASCII 1" carries; `null` = dashes. */
export interface Shown {
  readonly wallMs: number;
  readonly serial: string;
  readonly spo2: number | null;
  readonly pulse: number | null;
  readonly perfusion: number | null;
  readonly alarm: number;
  readonly exceptions: number;
}

export type Form = 'rad-8' | 'radical-7';

const two = (value: number): string => String(value).padStart(2, '0');
const three = (value: number | null): string =>
  value === null ? '---' : String(value).padStart(3, '0');
const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');

/** One line with its end, LF CR. */
export function lineOf(shown: Shown, form: Form): Uint8Array {
  const at = new Date(shown.wallMs);
  const date = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCFullYear() % 100].map(two);
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two);
  const perfusion =
    shown.perfusion === null ? '--.--' : shown.perfusion.toFixed(2).padStart(5, '0');
  const head = `${date.join('/')} ${time.join(':')} SN=${shown.serial} SPO2=${three(shown.spo2)}%`;
  const words =
    form === 'rad-8'
      ? [
          `BPM=${three(shown.pulse)} PI=${perfusion}% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+--`,
          `ALARM=${hex(shown.alarm, 4)} EXC=${hex(shown.exceptions, 6)}`,
        ]
      : [
          `BPM=${three(shown.pulse)} PI=${perfusion} SPCO=--% SPMET=--.-% SPHB=--.- SPOC=-- RESVD=---`,
          `DESAT=-- PIDELTA=+-- PVI=--- ALARM=${hex(shown.alarm, 6)}`,
          `EXC=${hex(shown.exceptions, 7)} EXC1=00000000`,
        ];
  return Uint8Array.from(Buffer.from(`${[head, ...words].join(' ')}\n\r`, 'latin1'));
}
