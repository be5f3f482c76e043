import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { noninQueries } from './codec.ts';
import { noninFraming } from './framer.ts';
import { noninSession } from './session.ts';

/** Nonin oximeters, serial data formats 2, 7 and 8. Facts and their evidence: PROTOCOL.md. */
export const nonin = defineDriver({
  id: 'nonin',
  role: 'monitor',
  manufacturer: 'Nonin Medical',
  models: ['9560 (Bluetooth)', 'OEM III', 'Xpod', '3150', '2500 PalmSAT'],
  evidence: 'document',
  line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [9_600],
  framing: noninFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_PULS_OXIM_SAT_O2', 'MDC_PULS_OXIM_PULS_RATE'],
  /** In formats 2 and 7. */
  waves: ['MDC_PULS_OXIM_PLETH'],
  facts: [],
  statuses: [],
  signals: [],
  alerts: 'decoded',
  tellsSerial: false,
  notice: 'This oximeter has no alarm limits of its own.',
  silenceHint:
    'The device may send another format: set it to 2 or 7, or name format 8 in the options.',
  queries: noninQueries,
  options: z.strictObject({
    /** `auto` = 2 or 7, told apart by their form. Format 8 has no checksum and must be named. */
    format: z.union([z.literal('auto'), z.literal(2), z.literal(7), z.literal(8)]).default('auto'),
  }),
  session: noninSession,
});
