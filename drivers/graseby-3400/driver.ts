import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { grasebyQueries } from './codec.ts';
import { grasebySession } from './session.ts';

/** Graseby 3400 syringe pump. Facts and their evidence: PROTOCOL.md. */
export const graseby3400 = defineDriver({
  id: 'graseby-3400',
  role: 'pump',
  manufacturer: 'Graseby (SIMS Graseby, Smiths Medical)',
  models: ['Graseby 3400', 'Graseby 3500 (not confirmed)'],
  evidence: 'open-source',
  // The pump is known with RTS/CTS on; our own end holds nothing back, see PROTOCOL.md.
  line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [9_600],
  framing: { kind: 'line', delimiter: '\r', maxBytes: 80 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_FLOW_FLUID_PUMP_CURRENT', 'MDC_FLOW_FLUID_PUMP', 'MDC_VOL_FLUID_DELIV_TOTAL'],
  facts: [],
  statuses: ['infusing', 'stopped', 'unknown'],
  signals: [],
  alerts: 'partly-decoded',
  tellsSerial: false,
  notice:
    'InfuseWatch sees only that this pump alarms, not why, and nothing after START is pressed on it.',
  silenceHint:
    'START was pressed on the pump: that switches its computer line off. Look at the pump, it may be infusing.',
  queries: grasebyQueries,
  options: z.strictObject({}),
  session: () => grasebySession,
});
