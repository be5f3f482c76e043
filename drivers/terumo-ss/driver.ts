import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { terumoQueries } from './codec.ts';
import { terumoFraming } from './framer.ts';
import { terumoSession } from './session.ts';

/** Terumo Terufusion SS syringe pumps over their wireless network. Facts and their evidence: PROTOCOL.md. */
export const terumoSs = defineDriver({
  id: 'terumo-ss',
  role: 'pump',
  manufacturer: 'Terumo',
  models: ['Terufusion TE-SS730', 'Terufusion TE-SS830', 'Terufusion TE-SS830P'],
  evidence: 'document',
  /** Nominal: the pump speaks TCP and has no serial socket. */
  line: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [],
  framing: terumoFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_FLOW_FLUID_PUMP',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDCX_PRESS_INFUS_OF_LIMIT',
    'MDCX_RATE_DOSE_WEIGHT',
    'MDC_ATTR_PT_WEIGHT',
    'MDC_CONC_DRUG',
  ],
  facts: ['syringe', 'power', 'battery', 'mode'],
  statuses: ['infusing', 'stopped', 'standby', 'purge', 'bolus', 'unknown'],
  signals: ['PMP-01', 'PMP-03', 'PMP-04', 'PMP-05', 'PMP-06', 'PMP-07', 'PMP-08'],
  alerts: 'decoded',
  tellsSerial: true,
  silenceHint:
    'The wireless link of this pump is off while it sits in a rack: docked / not reachable.',
  queries: terumoQueries,
  options: z.strictObject({}),
  session: () => terumoSession,
});
