import type { WireVector } from '../../src/driver/proof.ts';
import type { Inf } from './inf.ts';

const ASENA = 'OpenICE (mdpnp/mdpnp) devices/alaris/Asena.java';
const SIM = 'OpenICE testapp/alaris/SingleSimAlaris.java';
const SIM_CAPTURED = `${SIM}, comment: a line to or from a real pump`;
const MITM = 'OpenICE AlarisMITM.java, captured line';
const NEUROWAVE = 'OpenICE AlarisToNeurowave.java';
const INFUPY = 'infupy (jaj42/infupy) backends/alaris.py, word; checksum recomputed';
const OWN = 'own, fictitious serial number; form of OpenICE Asena.java and captured lines';

const question = (source: string, name: string, text: string): WireVector => ({
  source,
  name,
  text: `${text}\r`,
  from: 'host',
  mayBeSent: true,
});
const command = (source: string, name: string, text: string): WireVector => ({
  source,
  name,
  text,
  from: 'host',
  mayBeSent: false,
});
const reply = (source: string, name: string, text: string, decodes: unknown): WireVector => ({
  source,
  name,
  text: `${text}\r`,
  from: 'device',
  decodes,
});
const refused = (source: string, name: string, text: string, why: string): WireVector => ({
  source,
  name,
  text: `${text}\r`,
  from: 'device',
  refused: why,
});

/** Every question of the read-only list. */
export const queryVectors: readonly WireVector[] = [
  question(ASENA, 'INF', '!INF|4961'),
  question(ASENA, 'INST_SERIALNO', '!INST_SERIALNO|457D'),
  question(ASENA, 'COMMS_PROTOCOL', '!COMMS_PROTOCOL|E8DA'),
  question(ASENA, 'INF_VTBI', '!INF_VTBI|8456'),
  question(MITM, 'ALARM', '!ALARM|50B2'),
  question(MITM, 'COMMS_RESPONSE_MAX', '!COMMS_RESPONSE_MAX|7E29'),
  question(MITM, 'SYRINGE_STATUS', '!SYRINGE_STATUS|4102'),
  question(MITM, 'INF_RATE_MAX_SYRINGE', '!INF_RATE_MAX_SYRINGE|8F30'),
  question(INFUPY, 'INF_VI', '!INF_VI|B42C'),
  question(INFUPY, 'INF_RATE', '!INF_RATE|8E6D'),
];

/** What must never be sent: everything that acts on the pump or sets something, and odd forms. */
export const commandVectors: readonly WireVector[] = [
  command(SIM_CAPTURED, 'takes remote control', '!REMOTE_CTRL^ENABLED^3CC1|B1F1\r'),
  command(ASENA, 'gives remote control back', '!REMOTE_CTRL^DISABLED|EF95\r'),
  command(INFUPY, 'takes remote configuration', '!REMOTE_CFG^ENABLED^3CC1|EE4F\r'),
  command(ASENA, 'REMQUERY', '!REMQUERY^DEACT|F295\r'),
  command(ASENA, 'starts', '!INF_START|38F3\r'),
  command(ASENA, 'stops', '!INF_STOP|CD57\r'),
  command(SIM, 'clears the volume infused', '!INF_VI_CLEAR|A706\r'),
  command(ASENA, 'allows a bolus', '!INF_BOLUS^ENABLED|E288\r'),
  command(ASENA, 'sets a VTBI', '!INF_VTBI^ACTIV^11.000^ml^STOP|4433\r'),
  command(ASENA, 'takes the VTBI away', '!INF_VTBI^DEACT|D8C5\r'),
  command(SIM_CAPTURED, 'sets the rate', '!INF_RATE^0.1^ml/h|B775\r'),
  command('own', 'a question with an empty field behind it', '!INF_VTBI^|3C37\r'),
  command('own', 'INF with an empty field behind it', '!INF^|03D6\r'),
  command('own', 'a question with a wrong checksum', '!INF|0000\r'),
  command('own', 'a question without its end', '!INF|4961'),
  command('own', 'a question and a command behind it', '!INF|4961\r!INF_STOP|CD57\r'),
  command('own', 'nothing but the end', '\r'),
];

const INF: Inf = {
  serial: '8003-20417',
  notice: '-',
  mode: 'SET',
  rateMlPerHour: 8,
  volumeMl: 12.43,
  pressureMmHg: 35.2,
  remaining: '05:11:40',
  logEntry: '100231',
};

const RUNNING =
  'INF^8003-20417^-^SET^8.00^ml/h^^12.430^ml^35.20^mmHg^05:11:40^EVENT^100231' as const;

export const replyVectors: readonly WireVector[] = [
  reply(
    MITM,
    'occlusion, on hold',
    '!INF^8002-51733^A^HLD^0.00^ml/h^^0.969^ml^530.15^mmHg^00:04:09^EVENT^214725|DB9D',
    {
      word: 'INF',
      inf: {
        serial: '8002-51733',
        notice: 'A',
        mode: 'HLD',
        rateMlPerHour: 0,
        volumeMl: 0.969,
        pressureMmHg: 530.15,
        remaining: '00:04:09',
        logEntry: '214725',
      },
    },
  ),
  reply(SIM, 'no alarm', '!ALARM^AL_NOALM^ ^ |C73B', {
    word: 'ALARM',
    code: 'AL_NOALM',
    texts: ['', ''],
  }),
  reply(SIM, 'slowest reply', '!COMMS_RESPONSE_MAX^4000^ms|DFDF', {
    word: 'COMMS_RESPONSE_MAX',
    ms: 4_000,
  }),
  reply(SIM_CAPTURED, 'protocol version', '!COMMS_PROTOCOL^Asena Rev 2.1.5|661A', {
    word: 'COMMS_PROTOCOL',
    protocol: 'Asena Rev 2.1.5',
  }),
  reply(SIM_CAPTURED, 'serial number of a GH', '!INST_SERIALNO^8002-51740|050B', {
    word: 'INST_SERIALNO',
    serial: '8002-51740',
  }),
  reply(NEUROWAVE, 'serial number of another', '!INST_SERIALNO^8002-51733|ACFF', {
    word: 'INST_SERIALNO',
    serial: '8002-51733',
  }),
  reply(SIM, 'syringe, size padded', '!SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF|1CF8', {
    word: 'SYRINGE_STATUS',
    syringe: 'BD PLASTIPAK 50',
    isConfirmed: true,
  }),
  reply(SIM, 'another syringe', '!SYRINGE_STATUS^BD PERFUSOR^ 50^CONF|4567', {
    word: 'SYRINGE_STATUS',
    syringe: 'BD PERFUSOR 50',
    isConfirmed: true,
  }),
  reply(SIM, 'highest rate', '!INF_RATE_MAX_SYRINGE^1200.00^ml/h|8575', {
    word: 'INF_RATE_MAX_SYRINGE',
    mlPerHour: 1_200,
  }),
  reply(SIM_CAPTURED, 'rate (reply to setting it)', '!INF_RATE^0.10^ml/h|D407', {
    word: 'INF_RATE',
    mlPerHour: 0.1,
  }),
  reply(OWN, 'serial number', '!INST_SERIALNO^8003-20417|7A48', {
    word: 'INST_SERIALNO',
    serial: '8003-20417',
  }),
  reply(OWN, 'infusing', `!${RUNNING}|E23E`, { word: 'INF', inf: INF }),
  reply(OWN, 'VTBI', '!INF_VTBI^ACTIV^37.570^ml^STOP|A86E', {
    word: 'INF_VTBI',
    volume: {
      value: 37.57,
      validity: 'questionable',
      reason: 'programmed or left: not known',
    },
    atEnd: 'STOP',
  }),
  reply(`${OWN}; form without a VTBI is a guess`, 'no VTBI', '!INF_VTBI^DEACT^^^|F6D0', {
    word: 'INF_VTBI',
    volume: { value: null, validity: 'not-available', reason: 'no VTBI set' },
    atEnd: '',
  }),
  reply(
    `${OWN}; occlusion`,
    'occlusion, its INF',
    '!INF^8003-20417^A^HLD^0.00^ml/h^^12.980^ml^498.75^mmHg^00:41:07^EVENT^100245|C828',
    {
      word: 'INF',
      inf: {
        ...INF,
        notice: 'A',
        mode: 'HLD',
        rateMlPerHour: 0,
        volumeMl: 12.98,
        pressureMmHg: 498.75,
        remaining: '00:41:07',
        logEntry: '100245',
      },
    },
  ),
  reply(`${OWN}; occlusion`, 'occlusion, its ALARM', '!ALARM^AL_OCCLU^^|2F3B', {
    word: 'ALARM',
    code: 'AL_OCCLU',
    texts: ['', ''],
  }),
  reply(
    `${OWN}; more than a day left, pressure below zero`,
    'long infusion',
    '!INF^8003-20417^-^SET^0.50^ml/h^^0.120^ml^-3.10^mmHg^24+^EVENT^100232|0D32',
    {
      word: 'INF',
      inf: {
        ...INF,
        rateMlPerHour: 0.5,
        volumeMl: 0.12,
        pressureMmHg: -3.1,
        remaining: '24+',
        logEntry: '100232',
      },
    },
  ),
  reply(
    `${OWN}; form without pressure is a guess`,
    'no pressure',
    '!INF^8003-20417^-^SET^8.00^ml/h^^12.430^ml^^^05:11:40^EVENT^100231|D6A3',
    { word: 'INF', inf: { ...INF, pressureMmHg: null } },
  ),
  reply(`${OWN}; order is a guess`, 'volume infused', '!INF_VI^12.430^ml|D140', {
    word: 'INF_VI',
    ml: 12.43,
  }),
  reply(`${OWN}; the other order`, 'volume infused', '!INF_VI^ml^12.430|03AD', {
    word: 'INF_VI',
    ml: 12.43,
  }),
  reply(`${OWN}; form of AlarisMITM.java, blank`, 'drive disengaged', '!ALARM^AL DRDIS^^|3BCF', {
    word: 'ALARM',
    code: 'AL DRDIS',
    texts: ['', ''],
  }),
  reply(
    'infupy (jaj42/infupy) backends/alaris.py, what ESC does; frames OpenICE',
    'a frame that ESC cancelled, and its repetition',
    '!INST_SER\x1b!INST_SERIALNO^8002-51740|050B',
    { word: 'INST_SERIALNO', serial: '8002-51740' },
  ),
];

/** Lines that must never be accepted. */
export const refusedVectors: readonly WireVector[] = [
  refused(OWN, 'checksum 0000', `!${RUNNING}|0000`, 'wrong checksum'),
  refused(SIM, 'REMQUERY of the simulator', '!REMQUERY^DEACT^^^|E5C9', 'wrong checksum'),
  refused(OWN, 'one bit flipped in the body', '!INE|4961', 'wrong checksum'),
  refused(
    OWN,
    'one bit flipped in the rate (8.00 for 9.00)',
    `!${RUNNING.replace('8.00', '9.00')}|E23E`,
    'wrong checksum',
  ),
  refused(OWN, 'checksum in lower case', '!INF_VTBI^ACTIV^37.570^ml^STOP|a86e', 'malformed'),
  refused(OWN, 'cut off in the checksum', '!INF|49', 'malformed'),
  refused(OWN, 'no checksum', '!INF_VTBI^ACTIV^37.570^ml', 'malformed'),
  refused(OWN, 'no `!` at the start', 'INF|4961', 'malformed'),
  refused(OWN, 'something after the checksum', '!INF|49610', 'malformed'),
  refused(OWN, 'empty line', '', 'malformed'),
  refused(OWN, 'ESC cancels what came before it', '!INF|4961\x1b', 'malformed'),
  refused(OWN, 'ESC in the middle', '!INF_V\x1bTBI|8456', 'malformed'),
  refused(ASENA, 'our own question, echoed', '!INF|4961', 'not a reply'),
  refused(
    SIM,
    'reply to taking remote control',
    '!REMOTE_CTRL^ENABLED^****^PERMIT^0^ms|7BB0',
    'a word that is never asked',
  ),
  refused(SIM, 'reply to a start', '!INF_START|38F3', 'a word that is never asked'),
  refused(OWN, 'VTBI with a field too few', '!INF_VTBI^ACTIV^37.570^ml|6FBF', 'form not known'),
  refused(OWN, 'rate without a unit', '!INF_RATE^8.00|509D', 'form not known'),
];

export const vectors: readonly WireVector[] = [
  ...queryVectors,
  ...commandVectors,
  ...replyVectors,
  ...refusedVectors,
];
