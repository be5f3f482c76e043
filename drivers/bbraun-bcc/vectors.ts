import type { WireVector } from '../../src/driver/proof.ts';

const SPEC = 'I0022_000030 v4.0, 3.2.3: the one printed frame whose length and check fit its text';
/** Right by the rules of the maker's paper, worked out by hand; proof of nothing else. */
const OWN = 'own: rules of I0022_000030 v4.0, 3.2.3 to 3.2.6';
const STUFFED = 'own: rules of I0022_000030 v4.0, 3.2.3.1';
const ERRORS = 'own: rules of I0022_000030 v4.0, 3.3';

const fromHost = (name: string, text: string, source = OWN): WireVector => ({
  name,
  source,
  from: 'host',
  text,
  mayBeSent: true,
});

const never = (name: string, text: string): WireVector => ({
  name,
  source: OWN,
  from: 'host',
  text,
  mayBeSent: false,
});

type Row = readonly [timeS: number, address: string, parameter: string, value: string | null];

const fromDevice = (
  name: string,
  text: string,
  isLast: boolean,
  records: readonly Row[],
  source = OWN,
): WireVector => ({
  name,
  source,
  from: 'device',
  text,
  decodes: { bedId: 'BED07', isLast, records },
});

const refused = (name: string, text: string, why: string): WireVector => ({
  name,
  source: OWN,
  from: 'device',
  text,
  refused: why,
});

const ALIVE_ANSWER = '\x0100040\x02BED07/1/1>88,50100,GNACK,0\x0300168\x04';

/** The four questions, both ways of writing them, the answers, and what must never pass. */
export const vectors: readonly WireVector[] = [
  fromHost('ALIVE', '\x0100031\x021/1/1>ADMIN:ALIVE\x0300061\x04', SPEC),
  fromHost('ALIVE, stuffed', '\x0100031\x021/1/1>AEXMIN:ALIVEE\x0300061\x04', STUFFED),
  fromHost('ACK', '\x06'),
  fromHost('NAK', '\x15'),
  fromHost('VERSION', '\x0100037\x02BED07/1/1>ADMIN:VERSION\x0300249\x04'),
  fromHost('MEM:GET', '\x0100031\x02BED07/1/1>MEM:GET\x0300035\x04'),
  fromHost('MEM:GET, stuffed', '\x0100031\x02BEEEX07/1/1>MEEM:GEET\x0300035\x04', STUFFED),
  fromHost('VERSION, stuffed', '\x0100037\x02BEEEX07/1/1>AEXMIN:VEERSION\x0300249\x04', STUFFED),
  fromHost('GETSLOT, stuffed', '\x0100038\x02BEEEX07/1/1>MEEM:GEETSLOT#12\x0300242\x04', STUFFED),
  fromHost('GETSLOT', '\x0100038\x02BED07/1/1>MEM:GETSLOT#12\x0300242\x04'),
  never('a fourth pillar', '\x0100038\x02BED07/1/1>MEM:GETSLOT#42\x0300245\x04'),
  never('slot 10 does not exist', '\x0100038\x02BED07/1/1>MEM:GETSLOT#10\x0300240\x04'),
  never('a word that is no question of ours', '\x0100031\x02BED07/1/1>MEM:SET\x0300047\x04'),
  never('ALIVE to a bed', '\x0100035\x02BED07/1/1>ADMIN:ALIVE\x0300066\x04'),
  never('MEM:GET with a wrong check', '\x0100031\x02BED07/1/1>MEM:GET\x0300036\x04'),
  never('half stuffed', '\x0100031\x02BEEEX07/1/1>MEM:GET\x0300035\x04'),
  never('two ACKs in one', '\x06\x06'),
  fromDevice('ALIVE answered', ALIVE_ANSWER, true, [[88, '50100', 'GNACK', '0']]),
  fromDevice(
    'ALIVE answered, bed id stuffed',
    '\x0100040\x02BEEEX07/1/1>88,50100,GNACK,0\x0300168\x04',
    true,
    [[88, '50100', 'GNACK', '0']],
    STUFFED,
  ),
  fromDevice('VERSION, three fields', '\x0100038\x02BED07/1/1>89,50100,V3.36\x0300016\x04', true, [
    [89, '50100', 'V3.36', null],
  ]),
  fromDevice(
    'first block of two',
    '\x0100161\x02BED07/1/1>90,50100,FMNOR,1\x1e90,50100,FMSTAT,00051\x1e' +
      '90,50111,GNMODEL,688L030007\r\x1e90,50111,INRT,4.00\x1e90,50111,INVI,11.9\x1e' +
      '90,50111,INM3,1\x1e90,50111,INA3,0\x1700093\x04',
    false,
    [
      [90, '50100', 'FMNOR', '1'],
      [90, '50100', 'FMSTAT', '00051'],
      [90, '50111', 'GNMODEL', '688L030007'],
      [90, '50111', 'INRT', '4.00'],
      [90, '50111', 'INVI', '11.9'],
      [90, '50111', 'INM3', '1'],
      [90, '50111', 'INA3', '0'],
    ],
  ),
  fromDevice(
    'last block: stopped by a pressure alarm',
    '\x0100261\x02BED07/1/1>90,50112,GNMODEL,688L030007\r\x1e90,50112,INSOL,Ketamine\x1e' +
      '90,50112,INRT,8.00\x1e90,50112,INVI,12.4\x1e90,50112,INVTB,50.0\x1e90,50112,INDCON,5\x1e' +
      '90,50112,INDCONU,31\x1e90,50112,INDORT,40\x1e90,50112,INDORTU,48\x1e90,50112,INP2,100\x1e' +
      '90,50112,INM3,0\x1e90,50112,INA3,1\x0300189\x04',
    true,
    [
      [90, '50112', 'GNMODEL', '688L030007'],
      [90, '50112', 'INSOL', 'Ketamine'],
      [90, '50112', 'INRT', '8.00'],
      [90, '50112', 'INVI', '12.4'],
      [90, '50112', 'INVTB', '50.0'],
      [90, '50112', 'INDCON', '5'],
      [90, '50112', 'INDCONU', '31'],
      [90, '50112', 'INDORT', '40'],
      [90, '50112', 'INDORTU', '48'],
      [90, '50112', 'INP2', '100'],
      [90, '50112', 'INM3', '0'],
      [90, '50112', 'INA3', '1'],
    ],
  ),
  fromDevice(
    'pump taken out',
    '\x0100041\x02BED07/1/1>90,50112,GNERR,39\x0300251\x04',
    true,
    [[90, '50112', 'GNERR', '39']],
    ERRORS,
  ),
  fromDevice(
    'question not understood',
    '\x0100041\x02BED07/1/1>90,50100,GNERR,68\x0300250\x04',
    true,
    [[90, '50100', 'GNERR', '68']],
    ERRORS,
  ),
  refused('wrong check', ALIVE_ANSWER.replace('00168', '00169'), 'checksum'),
  refused('one character other', ALIVE_ANSWER.replace('BED', 'BEE'), 'checksum'),
  refused('length too small by one', ALIVE_ANSWER.replace('00040', '00039'), 'length'),
  refused('cut short', `${ALIVE_ANSWER.slice(0, -12)}\x04`, 'form'),
  refused('no bed id', '\x0100035\x02/1/1>88,50100,GNACK,0\x0300122\x04', 'records'),
  refused('a record without an address', '\x0100032\x02BED07/1/1>90,V3.36\x0300224\x04', 'records'),
];
