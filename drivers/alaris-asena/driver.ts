import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { asenaQueries } from './codec.ts';
import { asenaSession } from './session.ts';

/** Alaris / Asena / IVAC syringe pumps, Asena serial protocol. Facts and their evidence: PROTOCOL.md. */
export const alarisAsena = defineDriver({
  id: 'alaris-asena',
  role: 'pump',
  manufacturer: 'Alaris (CareFusion, BD)',
  models: ['Asena GH', 'Asena CC', 'Asena TIVA', 'Asena PK', 'GH plus', 'CC plus'],
  evidence: 'open-source',
  line: { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  framing: { kind: 'line', delimiter: '\r', maxBytes: 512 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDC_TIME_PD_REMAIN',
    'MDCX_PRESS_INFUS_LINE',
  ],
  alerts: 'decoded',
  tellsSerial: true,
  queries: asenaQueries,
  options: z.strictObject({}),
  session: () => asenaSession,
});
