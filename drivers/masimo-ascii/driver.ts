import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { masimoQueries } from './codec.ts';
import { masimoSession } from './session.ts';

/** Masimo Rad-8 and Radical-7, serial output "ASCII 1". Facts and their evidence: PROTOCOL.md. */
export const masimoAscii = defineDriver({
  id: 'masimo-ascii',
  role: 'monitor',
  manufacturer: 'Masimo',
  models: ['Rad-8', 'Radical-7 (not confirmed)'],
  evidence: 'document-and-capture',
  line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [9_600],
  /** The monitor ends a line with LF CR: the CR then stands in front of the next one. */
  framing: { kind: 'line', delimiter: '\n', maxBytes: 320 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE', 'MDC_PULS_OXIM_PERF_REL'],
  facts: [],
  statuses: [],
  signals: [],
  /** The exceptions; of the alarm word only that it is not 0. */
  alerts: 'partly-decoded',
  /** A Rad-8 does; the Radical-7 in the only sample sends dashes, so one may not be searched for. */
  tellsSerial: false,
  silenceHint:
    'The monitor may be set to "ASCII 2", which is silent until it is asked: set the serial output to "ASCII 1".',
  queries: masimoQueries,
  options: z.strictObject({}),
  session: () => masimoSession,
});
