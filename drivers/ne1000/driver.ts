import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { neFraming } from './framer.ts';
import { neQueries } from './queries.ts';
import { neSession } from './session.ts';

/** New Era NE-1000 family of bench pumps. Facts and their evidence: PROTOCOL.md. */
export const ne1000 = defineDriver({
  id: 'ne1000',
  role: 'pump',
  manufacturer: 'New Era',
  models: [
    'NE-1000',
    'NE-1010',
    'NE-1600',
    'NE-1800',
    'NE-4000',
    'NE-500',
    'NE-501',
    'WPI Aladdin AL-1000',
    'Braintree BS-9000',
    'Next Advance SP500',
  ],
  evidence: 'document',
  line: { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [19_200, 9_600, 2_400, 1_200, 300],
  framing: neFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_FLOW_FLUID_PUMP',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDC_VOL_FLUID_TBI_REMAIN',
  ],
  facts: ['syringe', 'mode', 'direction'],
  statuses: ['infusing', 'stopped', 'paused', 'purge', 'unknown'],
  signals: ['PMP-01', 'PMP-04'],
  alerts: 'decoded',
  tellsSerial: false,
  benchOnly: true,
  channels: { option: 'address', title: 'address' },
  notice: 'Bench device: not for use on patients.',
  silenceHint: 'The speed is set in the menu of the pump and is often another one.',
  readingEffect: 'An alarm is cleared in the pump by the answer that tells it.',
  queries: neQueries,
  options: z.strictObject({
    address: z.int().min(0).max(99).default(0),
    framing: z.enum(['basic', 'safe', 'auto']).default('auto'),
    allowOnLiveBed: z.boolean().default(false),
  }),
  session: neSession,
});
