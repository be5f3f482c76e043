import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { asenaQueries } from './codec.ts';
import { asenaSession } from './session.ts';

/** Alaris / Asena / IVAC syringe pumps, Asena serial protocol. Facts and their evidence: PROTOCOL.md. */
export const alarisAsena = defineDriver({
  id: 'alaris-asena',
  role: 'pump',
  manufacturer: 'Alaris (CareFusion, BD)',
  models: [
    'Asena / Alaris GH',
    'Asena / Alaris CC',
    'Asena / Alaris TIVA',
    'Asena / Alaris PK',
    'Alaris GH plus',
    'Alaris CC plus',
  ],
  evidence: 'open-source',
  line: { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  /** No other speed is named anywhere. */
  baudRates: [38_400],
  framing: { kind: 'line', delimiter: '\r', maxBytes: 512 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_FLOW_FLUID_PUMP',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDC_TIME_PD_REMAIN',
    'MDCX_PRESS_INFUS_LINE',
  ],
  facts: ['syringe', 'power'],
  /** "On hold" is the only word for a pump that stands; KVO and bolus have no word that is known. */
  statuses: ['infusing', 'stopped', 'unknown'],
  signals: ['PMP-01', 'PMP-03', 'PMP-04', 'PMP-05', 'PMP-06', 'PMP-07', 'PMP-08'],
  alerts: 'decoded',
  tellsSerial: true,
  silenceHint:
    'The RS-232 interface of this pump is an option that can be switched off, or replaced by infrared.',
  queries: asenaQueries,
  options: z.strictObject({}),
  session: () => asenaSession,
});
