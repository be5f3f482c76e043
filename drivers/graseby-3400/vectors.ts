import type { WireVector } from '../../src/driver/proof.ts';
import type { GrasebyReply } from './codec.ts';

/**
 * No recording of a real pump could be found. Words, states and the frame are those of the open program that
 * drove such pumps; the bytes were worked out by hand with its rule, apart from this code.
 */
const STANPUMP = 'STANPUMP GR_3400.C (frame, words and states); checksum worked out by hand';
const COMMANDS = 'STANPUMP GR_3400.C, table of command words; checksum worked out by hand';
const OWN = 'own: the same with a fault';

const said = (
  state: string,
  word: string,
  data = '',
  parts: Partial<GrasebyReply> = {},
): GrasebyReply => ({ isOk: true, word, state, data, isSimulated: false, ...parts });

export const vectors: readonly WireVector[] = [
  {
    name: 'state?',
    source: STANPUMP,
    hex: '3C 43 48 43 4B 3E 39 33 0D',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'rate?',
    source: STANPUMP,
    hex: '3C 47 45 54 52 3E 41 43 0D',
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'total?',
    source: STANPUMP,
    hex: '3C 54 4F 54 4C 3E 42 44 0D',
    from: 'host',
    mayBeSent: true,
  },
  forbidden('start', '<STRT>C7'),
  forbidden('stop', '<STOP>C0'),
  forbidden('change rate to 8.0 mL/h', '<CHGR80>06'),
  forbidden('zero the total', '<ZTOT>CB'),
  forbidden('keep a computer in control, rate 8.0 mL/h', '<CHKR80>0A'),
  forbidden('the same word without a rate', '<CHKR>A2'),
  {
    name: 'stopped',
    source: STANPUMP,
    text: '<OKCHCKSTBY>6F\r',
    from: 'device',
    decodes: said('STBY', 'CHCK'),
  },
  {
    name: 'rate, 8.0 mL/h by the presumed scale',
    source: STANPUMP,
    text: '<OKGETRINFS80>DE\r',
    from: 'device',
    decodes: said('INFS', 'GETR', '80'),
  },
  {
    name: 'total 12.4 mL',
    source: STANPUMP,
    text: '<OKTOTLINFS124>1E\r',
    from: 'device',
    decodes: said('INFS', 'TOTL', '124'),
  },
  {
    name: 'alarm',
    source: STANPUMP,
    text: '<OKCHCKALRM>59\r',
    from: 'device',
    decodes: said('ALRM', 'CHCK'),
  },
  {
    name: 'command error while infusing: a key was pressed',
    source: STANPUMP,
    text: '<CECHCKINFS>4B\r',
    from: 'device',
    decodes: said('INFS', 'CHCK', '', { isOk: false }),
  },
  {
    name: 'noise before the frame',
    source: 'own: the line was opened in the middle of a frame',
    text: 'FS80>DE<OKCHCKSTBY>6F\r',
    from: 'device',
    decodes: said('STBY', 'CHCK'),
  },
  {
    name: 'a simulated pump',
    source: 'own: the mark of PROTOCOL.md',
    text: '<OKTOTLINFS124SIM>07\r',
    from: 'device',
    decodes: said('INFS', 'TOTL', '124', { isSimulated: true }),
  },
  refused('wrong checksum', '<OKGETRINFS80>DF\r'),
  refused('90 for 80 with the checksum of 80', '<OKGETRINFS90>DE\r'),
  refused('checksum in lower case', '<OKGETRINFS80>de\r'),
  refused('no checksum', '<OKGETRINFS80>\r'),
  refused('cut in the checksum', '<OKGETRINFS80>D\r'),
  refused('no end', '<OKGETRINFS80\r'),
  refused('no start', 'OKGETRINFS80>DE\r'),
  refused('something behind the checksum', '<OKGETRINFS80>DE0\r'),
  refused('our own question on a cable that echoes', '<CHCK>93\r'),
  refused('no state', '<OKCHCK>2D\r'),
];

function forbidden(name: string, frame: string): WireVector {
  return { name, source: COMMANDS, text: `${frame}\r`, from: 'host', mayBeSent: false };
}

function refused(name: string, text: string): WireVector {
  return { name, source: OWN, text, from: 'device', refused: name };
}
