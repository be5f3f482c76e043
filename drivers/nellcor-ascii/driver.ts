import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { nellcorQueries } from './codec.ts';
import { nellcorSession } from './session.ts';

/** Nellcor oximeters, real-time text output. Facts and their evidence: PROTOCOL.md. */
export const nellcorAscii = defineDriver({
  id: 'nellcor-ascii',
  role: 'monitor',
  manufacturer: 'Nellcor (Covidien, Medtronic)',
  models: ['N-560', 'N-595', 'N-395', 'NPB-290', 'NPB-295', 'N-600x (not confirmed)'],
  evidence: 'document-and-capture',
  line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [9_600],
  framing: { kind: 'line', delimiter: '\n', maxBytes: 160 },
  /** One line every 2 s: one that is lost makes 4 s, two 6 s. */
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'],
  facts: [],
  statuses: [],
  signals: [],
  /** The codes come from one open program; a code that is not in it is shown as it is. */
  alerts: 'partly-decoded',
  tellsSerial: false,
  silenceHint:
    'An NPB-290 on its battery sends nothing. An oximeter that was held back (XOFF) goes on when it is switched off and on.',
  queries: nellcorQueries,
  options: z.strictObject({}),
  session: () => nellcorSession,
});
