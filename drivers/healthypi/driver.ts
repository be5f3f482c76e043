import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { healthyPiQueries } from './codec.ts';
import { healthyPiFraming } from './framer.ts';
import { healthyPiSession } from './session.ts';

/** ProtoCentral HealthyPi v4 and v5, an open board for teaching. Facts and their evidence: PROTOCOL.md. */
export const healthyPi = defineDriver({
  id: 'healthypi',
  role: 'monitor',
  manufacturer: 'ProtoCentral',
  models: ['HealthyPi v4', 'HealthyPi v5'],
  evidence: 'open-source',
  line: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [115_200],
  framing: healthyPiFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_ECG_HEART_RATE', 'MDC_RESP_RATE', 'MDC_PULS_OXIM_SAT_O2'],
  waves: ['MDC_ECG_ELEC_POTL', 'MDC_RESP', 'MDC_PULS_OXIM_PLETH'],
  facts: [],
  statuses: [],
  signals: [],
  alerts: 'partly-decoded',
  tellsSerial: false,
  benchOnly: true,
  notice: 'Open teaching board: not for use on patients. No alarm is judged by its numbers.',
  queries: healthyPiQueries,
  options: z.strictObject({ allowOnLiveBed: z.boolean().default(false) }),
  session: () => healthyPiSession,
});
