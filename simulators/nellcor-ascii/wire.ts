/** What one line of values carries; `null` = dashes. */
export interface Shown {
  readonly wallMs: number;
  readonly spo2: number | null;
  readonly pulse: number | null;
  readonly amplitude: number | null;
  readonly isSpo2Outside: boolean;
  readonly isPulseOutside: boolean;
  readonly codes: readonly string[];
}

export interface Limits {
  readonly spo2: readonly [low: number, high: number];
  readonly pulse: readonly [low: number, high: number];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** Stands behind the codes, which have two letters: the mark by which the gateway knows that it is simulated. */
const MARK = 'SIM';

const two = (value: number): string => String(value).padStart(2, '0');
const line = (text: string): Uint8Array => Uint8Array.from(Buffer.from(`${text}\r\n`, 'latin1'));

function column(value: number | null, isOutside: boolean): string {
  return `${value === null ? '---' : String(value).padStart(3)}${isOutside ? '*' : ' '}`;
}

export function valuesLine(shown: Shown): Uint8Array {
  const at = new Date(shown.wallMs);
  const month = MONTHS[at.getUTCMonth()] ?? '';
  const date = `${two(at.getUTCDate())}-${month}-${two(at.getUTCFullYear() % 100)}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const numbers = [
    column(shown.spo2, shown.isSpo2Outside),
    column(shown.pulse, shown.isPulseOutside),
    column(shown.amplitude, false),
  ];
  return line([`${date} ${time}`, ...numbers, ...shown.codes, MARK].join('   '));
}

/** Three lines: model and limits, kind of limits, titles. */
export function headingLines({ spo2, pulse }: Limits): readonly Uint8Array[] {
  return [
    line(
      `N-595    VERSION 2.00.00    CRC:XXXX  SpO2 Limit: ${spo2.join('-')}%    PR Limit: ${pulse.join('-')}BPM`,
    ),
    line('                             ADULT            0SAT-S   SPO2 RESP MODE: NORMAL'),
    line('TIME                 %SpO2   BPM     PA     Status'),
  ];
}
