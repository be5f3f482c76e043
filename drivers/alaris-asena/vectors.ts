/**
 * Golden frames: text as it stands on the wire, without the CR that ends it, each with its source.
 * `own` marks lines that we composed ourselves: right by the rules that we know, proof of nothing.
 */
export interface AsenaVector {
  readonly source: string;
  readonly wire: string;
  readonly name: string;
  readonly fields: readonly string[];
}

const ASENA = 'OpenICE devices/alaris/Asena.java';
const SIM = 'OpenICE testapp/alaris/SingleSimAlaris.java';
const MITM = 'OpenICE AlarisMITM.java, captured line';
const INFUPY = 'infupy backends/alaris.py, word; checksum recomputed';
const OWN = 'own, fictitious serial number; form of OpenICE Asena.java and captured lines';

/** Every question of the read-only list; the driver asks five of them, the simulator answers all. */
export const queryVectors: readonly AsenaVector[] = [
  { source: ASENA, wire: '!INF|4961', name: 'INF', fields: [] },
  { source: ASENA, wire: '!INST_SERIALNO|457D', name: 'INST_SERIALNO', fields: [] },
  { source: ASENA, wire: '!COMMS_PROTOCOL|E8DA', name: 'COMMS_PROTOCOL', fields: [] },
  { source: ASENA, wire: '!INF_VTBI|8456', name: 'INF_VTBI', fields: [] },
  { source: MITM, wire: '!ALARM|50B2', name: 'ALARM', fields: [] },
  { source: MITM, wire: '!COMMS_RESPONSE_MAX|7E29', name: 'COMMS_RESPONSE_MAX', fields: [] },
  { source: MITM, wire: '!SYRINGE_STATUS|4102', name: 'SYRINGE_STATUS', fields: [] },
  { source: MITM, wire: '!INF_RATE_MAX_SYRINGE|8F30', name: 'INF_RATE_MAX_SYRINGE', fields: [] },
  { source: INFUPY, wire: '!INF_VI|B42C', name: 'INF_VI', fields: [] },
  { source: INFUPY, wire: '!INF_RATE|8E6D', name: 'INF_RATE', fields: [] },
];

const inf = (...fields: readonly string[]) => ({ name: 'INF', fields });

export const replyVectors: readonly AsenaVector[] = [
  {
    source: SIM,
    wire: '!ALARM^AL_NOALM^ ^ |C73B',
    name: 'ALARM',
    fields: ['AL_NOALM', ' ', ' '],
  },
  {
    source: SIM,
    wire: '!COMMS_RESPONSE_MAX^4000^ms|DFDF',
    name: 'COMMS_RESPONSE_MAX',
    fields: ['4000', 'ms'],
  },
  {
    source: SIM,
    wire: '!COMMS_PROTOCOL^Asena Rev 2.1.5|661A',
    name: 'COMMS_PROTOCOL',
    fields: ['Asena Rev 2.1.5'],
  },
  {
    source: OWN,
    wire: '!INST_SERIALNO^8003-20417|7A48',
    name: 'INST_SERIALNO',
    fields: ['8003-20417'],
  },
  {
    source: OWN,
    wire: '!INF^8003-20417^-^SET^8.00^ml/h^^12.430^ml^35.20^mmHg^05:11:40^EVENT^100231|E23E',
    // biome-ignore format: one line a frame.
    ...inf('8003-20417', '-', 'SET', '8.00', 'ml/h', '', '12.430', 'ml', '35.20', 'mmHg', '05:11:40', 'EVENT', '100231'),
  },
  {
    source: OWN,
    wire: '!INF_VTBI^ACTIV^37.570^ml^STOP|A86E',
    name: 'INF_VTBI',
    fields: ['ACTIV', '37.570', 'ml', 'STOP'],
  },
  {
    source: `${OWN}; form without a VTBI is a guess`,
    wire: '!INF_VTBI^DEACT^^^|F6D0',
    name: 'INF_VTBI',
    fields: ['DEACT', '', '', ''],
  },
  {
    source: `${OWN}; occlusion`,
    wire: '!INF^8003-20417^A^HLD^0.00^ml/h^^12.980^ml^498.75^mmHg^00:41:07^EVENT^100245|C828',
    // biome-ignore format: one line a frame.
    ...inf('8003-20417', 'A', 'HLD', '0.00', 'ml/h', '', '12.980', 'ml', '498.75', 'mmHg', '00:41:07', 'EVENT', '100245'),
  },
  {
    source: `${OWN}; occlusion`,
    wire: '!ALARM^AL_OCCLU^^|2F3B',
    name: 'ALARM',
    fields: ['AL_OCCLU', '', ''],
  },
  {
    source: `${OWN}; more than a day left, pressure below zero`,
    wire: '!INF^8003-20417^-^SET^0.50^ml/h^^0.120^ml^-3.10^mmHg^24+^EVENT^100232|0D32',
    // biome-ignore format: one line a frame.
    ...inf('8003-20417', '-', 'SET', '0.50', 'ml/h', '', '0.120', 'ml', '-3.10', 'mmHg', '24+', 'EVENT', '100232'),
  },
];

/** Lines that must never be accepted. */
export const rejectVectors = [
  {
    why: 'wrong checksum',
    source: OWN,
    wire: '!INF^8003-20417^-^SET^8.00^ml/h^^12.430^ml^35.20^mmHg^05:11:40^EVENT^100231|0000',
    kind: 'checksum',
  },
  { why: 'one bit flipped in the body', source: OWN, wire: '!INE|4961', kind: 'checksum' },
  {
    why: 'one bit flipped in the rate (8.00 for 9.00)',
    source: OWN,
    wire: '!INF^8003-20417^-^SET^9.00^ml/h^^12.430^ml^35.20^mmHg^05:11:40^EVENT^100231|E23E',
    kind: 'checksum',
  },
  {
    why: 'checksum in lower case',
    source: OWN,
    wire: '!INF_VTBI^ACTIV^37.570^ml^STOP|a86e',
    kind: 'malformed',
  },
  { why: 'cut off in the checksum', source: OWN, wire: '!INF|49', kind: 'malformed' },
  { why: 'no checksum', source: OWN, wire: '!INF_VTBI^ACTIV^37.570^ml', kind: 'malformed' },
  { why: 'no `!` at the start', source: OWN, wire: 'INF|4961', kind: 'malformed' },
  { why: 'something after the checksum', source: OWN, wire: '!INF|49610', kind: 'malformed' },
  { why: 'empty line', source: OWN, wire: '', kind: 'malformed' },
  { why: 'ESC cancels what came before it', source: OWN, wire: '!INF|4961\x1b', kind: 'malformed' },
  { why: 'ESC in the middle', source: OWN, wire: '!INF_V\x1bTBI|8456', kind: 'malformed' },
] as const;
