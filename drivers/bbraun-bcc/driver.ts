import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { bccFraming } from './framer.ts';
import { bccQueries, SLOT } from './queries.ts';
import { bccSession } from './session.ts';

/** B. Braun Space and Compact Plus racks through SpaceCom or ComDevice. Facts and their evidence: PROTOCOL.md. */
export const bbraunBcc = defineDriver({
  id: 'bbraun-bcc',
  role: 'pump',
  manufacturer: 'B. Braun',
  models: [
    'Perfusor Space',
    'Infusomat Space',
    'Perfusor Compact plus',
    'Infusomat Compact plus',
    'SpaceStation with SpaceCom',
    'SpaceCom2',
    'Compact plus ComDevice',
  ],
  evidence: 'document',
  line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [9_600, 57_600, 115_200, 38_400, 19_200],
  framing: bccFraming,
  // Six pumps at 9600 baud take 8.5 s a round, one spoilt block more than a second on top.
  freshness: { staleMs: 12_000, lostMs: 30_000 },
  reports: [
    'MDC_FLOW_FLUID_PUMP_CURRENT',
    'MDC_FLOW_FLUID_PUMP',
    'MDC_VOL_FLUID_DELIV_TOTAL',
    'MDC_VOL_FLUID_TBI',
    'MDC_VOL_FLUID_TBI_REMAIN',
    'MDCX_VOL_FLUID_CONTAINER_REMAIN',
    'MDC_TIME_PD_REMAIN',
    'MDCX_PRESS_INFUS_OF_LIMIT',
    'MDC_CONC_DRUG',
    'MDCX_RATE_DOSE_MASS',
    'MDCX_RATE_DOSE_WEIGHT',
    'MDC_ATTR_PT_WEIGHT',
    'MDC_TIME_BATT_REMAIN',
  ],
  facts: ['drug', 'power', 'mode'],
  statuses: ['infusing', 'stopped', 'kvo', 'bolus', 'purge', 'standby', 'unknown'],
  signals: ['PMP-01', 'PMP-02', 'PMP-03', 'PMP-04', 'PMP-05', 'PMP-06', 'PMP-07'],
  alerts: 'decoded',
  tellsSerial: false,
  channels: { option: 'slot', title: 'slot' },
  silenceHint:
    'The pump may have been taken out of its rack, or the ComDevice is set to TCP and the serial plug is off.',
  queries: bccQueries,
  options: z.strictObject({
    // `slot: 12` without quotes is a number in YAML.
    slot: z
      .preprocess(
        (slot) => (typeof slot === 'number' ? String(slot) : slot),
        z.string().regex(SLOT, 'pillar 1 to 3, then place 1 to 9 or A to O, such as 11'),
      )
      .default('11'),
    stuffing: z.enum(['auto', 'on', 'off']).default('auto'),
    mode: z.enum(['request', 'cyclic']).default('request'),
  }),
  session: bccSession,
});
