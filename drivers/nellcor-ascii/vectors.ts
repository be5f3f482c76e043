import type { WireVector } from '../../src/driver/proof.ts';
import type { NellcorNumber, NellcorValues } from './codec.ts';

const RECORDING = 'recording of an N-560 in an open program (29 December 2017)';
const LOG = 'log of another N-560 in a comment of an open program';
const MANUAL = 'form of the operator manuals, "Data Port Protocol", values of ours';
const N595 = 'form of mdpnp nellcor-n595.spec, values of ours';
const PROMPT = 'mdpnp nellcor-n595: commands of the interactive mode, which stops the values';
const OWN = 'own: the same with a fault';

const number = (value: number | null, isOutside = false): NellcorNumber => ({ value, isOutside });

const said = (
  deviceWallMs: number,
  numbers: readonly [NellcorNumber, NellcorNumber, number | null],
  codes: readonly string[] = [],
  isSimulated = false,
): NellcorValues => {
  const [spo2, pulse, amplitude] = numbers;
  return { kind: 'values', deviceWallMs, spo2, pulse, amplitude, codes, isSimulated };
};

const recorded = (minute: number, second: number): number =>
  Date.UTC(2017, 11, 29, 7, minute, second);
const NOVEMBER = Date.UTC(1998, 10, 12, 14, 0, 5);
const GOOD = '12-NOV-98 14:00:05   97   72   45';

export const vectors: readonly WireVector[] = [
  {
    name: 'values, blanks at the end',
    source: RECORDING,
    text: '29-Dec-17 07:18:43    99      66      12                     \r\n',
    from: 'device',
    decodes: said(recorded(18, 43), [number(99), number(66), 12]),
  },
  {
    name: 'three codes, below the limit',
    source: RECORDING,
    text: '29-Dec-17 07:19:01    79*     66      18    MO SL       AS   \r\n',
    from: 'device',
    decodes: said(recorded(19, 1), [number(79, true), number(66), 18], ['MO', 'SL', 'AS']),
  },
  {
    name: 'sensor disconnected, alarm silenced',
    source: RECORDING,
    text: '29-Dec-17 07:19:29   ---     ---     ---    SD          AS   \r\n',
    from: 'device',
    decodes: said(recorded(19, 29), [number(null), number(null), null], ['SD', 'AS']),
  },
  {
    name: 'sensor off',
    source: RECORDING,
    text: '29-Dec-17 07:19:59   ---     ---     ---    SO               \r\n',
    from: 'device',
    decodes: said(recorded(19, 59), [number(null), number(null), null], ['SO']),
  },
  {
    name: 'pulse search: zeros, which are no values',
    source: RECORDING,
    text: '29-Dec-17 07:20:27     0       0     ---    PS               \r\n',
    from: 'device',
    decodes: said(recorded(20, 27), [number(0), number(0), null], ['PS']),
  },
  {
    name: 'pulse search, the last numbers still there',
    source: RECORDING,
    text: '29-Dec-17 07:21:13    96      63     ---    PS                  \r\n',
    from: 'device',
    decodes: said(recorded(21, 13), [number(96), number(63), null], ['PS']),
  },
  {
    name: 'heading: model, firmware, limits',
    source: RECORDING,
    text: 'N-560    VERSION 1.56.00    CRC:XXXX  SpO2 Limit: 90-100%    PR Limit: 60-170BPM\r\n',
    from: 'device',
    decodes: { kind: 'model', model: 'N-560', version: '1.56.00' },
  },
  {
    name: 'heading: kind of limits',
    source: RECORDING,
    text: '                             ADULT            0SAT-S \r\n',
    from: 'device',
    decodes: { kind: 'text' },
  },
  {
    name: 'heading: titles',
    source: RECORDING,
    text: 'TIME                 %SpO2   BPM     PA     Status\r\n',
    from: 'device',
    decodes: { kind: 'text' },
  },
  {
    name: 'interference and alarm off',
    source: LOG,
    text: '07-Jan-04 11:24:56   100     101     104    MO             AO\r\n',
    from: 'device',
    decodes: said(Date.UTC(2004, 0, 7, 11, 24, 56), [number(100), number(101), 104], ['MO', 'AO']),
  },
  {
    name: 'values, month in capitals',
    source: MANUAL,
    text: `${GOOD}\r\n`,
    from: 'device',
    decodes: said(NOVEMBER, [number(97), number(72), 45]),
  },
  {
    name: 'outside the limits',
    source: MANUAL,
    text: '12-NOV-98 14:00:07   84*  72   40      SL\r\n',
    from: 'device',
    decodes: said(NOVEMBER + 2_000, [number(84, true), number(72), 40], ['SL']),
  },
  {
    name: 'two codes',
    source: MANUAL,
    text: '12-NOV-98 14:00:09  ---  ---  ---    SO AS\r\n',
    from: 'device',
    decodes: said(NOVEMBER + 4_000, [number(null), number(null), null], ['SO', 'AS']),
  },
  {
    name: 'heading of an N-595: kind of limits and response mode',
    source: N595,
    text: '                ADULT            0SAT-S   SPO2 RESP MODE: NORMAL\r\n',
    from: 'device',
    decodes: { kind: 'text' },
  },
  {
    name: 'a simulated oximeter',
    source: 'own: the mark of PROTOCOL.md',
    text: '12-NOV-98 14:00:07   84*  72   40      SL SIM\r\n',
    from: 'device',
    decodes: said(NOVEMBER + 2_000, [number(84, true), number(72), 40], ['SL'], true),
  },
  refused('the second half of a line', GOOD.slice(12)),
  refused('cut within the numbers', GOOD.slice(0, 26)),
  refused('a number too few', '12-NOV-98 14:00:05   97   72'),
  refused('a dash among the digits', GOOD.replace('97', '9-')),
  refused('a letter among the digits', GOOD.replace('97', '9O')),
  refused('four digits', GOOD.replace('  97', '9797')),
  refused('two dashes', '12-NOV-98 14:00:05   --   72   45'),
  refused('two lines that lost their end', GOOD + GOOD),
  refused('a code of one letter', `${GOOD} S`),
  refused('a month that is none', GOOD.replace('NOV', 'NUV')),
  refused('a time that is none', GOOD.replace('14:', '25:')),
  refused('the prompt of the interactive mode', '    Command?'),
  forbidden('enter the interactive mode', '03 03'),
  forbidden('instrument information', '31 0D 0A'),
  forbidden('leave the interactive mode', '30 0D 0A'),
  forbidden('XON', '11'),
];

function refused(name: string, text: string): WireVector {
  return { name, source: OWN, text: `${text}\r\n`, from: 'device', refused: name };
}

function forbidden(name: string, hex: string): WireVector {
  return { name, source: PROMPT, hex, from: 'host', mayBeSent: false };
}
