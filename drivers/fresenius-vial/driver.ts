import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { vialFraming } from './framer.ts';
import { vialQueries } from './queries.ts';
import { vialSession } from './session.ts';

/** Fresenius Vial / Kabi bases with syringe modules, not Agilia. Facts and their evidence: PROTOCOL.md. */
export const freseniusVial = defineDriver({
  id: 'fresenius-vial',
  role: 'pump',
  manufacturer: 'Fresenius Vial (Fresenius Kabi)',
  models: [
    'Base A with DPS modules',
    'Orchestra Base Intensive with DPS and MVP modules',
    'Module DPS',
    'Module MVP',
  ],
  evidence: 'open-source',
  line: { baudRate: 19_200, dataBits: 7, parity: 'even', stopBits: 1 },
  baudRates: [19_200],
  framing: vialFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_FLOW_FLUID_PUMP_CURRENT', 'MDC_FLOW_FLUID_PUMP', 'MDC_VOL_FLUID_DELIV_TOTAL'],
  facts: ['drug'],
  statuses: ['unknown'],
  signals: [],
  alerts: 'partly-decoded',
  // A number is told, but it can be written by anybody who is connected.
  tellsSerial: false,
  channels: { option: 'module', title: 'module' },
  notice: "InfuseWatch cannot read this pump's alarms, nor whether it runs: look at the pump.",
  silenceHint:
    'The base may have dropped the connection, or the module was taken out or switched off.',
  readingEffect:
    'A session is opened at the base and its modules; whether they show that is not known.',
  queries: vialQueries,
  options: z.strictObject({
    module: z.int().min(1).max(9).default(1),
  }),
  session: (_, channels) => vialSession(channels),
});
