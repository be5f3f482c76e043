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
  baudRates: [38_400],
  framing: { kind: 'line', delimiter: '\r', maxBytes: 512 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDC_TIME_PD_REMAIN',
    'MDCX_PRESS_INFUS_LINE',
  ],
  facts: [],
  statuses: ['infusing', 'stopped', 'unknown'],
  signals: ['PMP-01', 'PMP-03', 'PMP-04', 'PMP-05', 'PMP-06', 'PMP-07', 'PMP-08'],
  alerts: 'decoded',
  tellsSerial: true,
  queries: asenaQueries,
  options: z.strictObject({}),
  session: () => asenaSession,
});
