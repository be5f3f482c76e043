import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { intellivueFraming } from './framer.ts';
import { REPORTS } from './observe.ts';
import { intellivueQueries } from './queries.ts';
import { intellivueSession } from './session.ts';
import { WAVE_REPORTS } from './wave-observe.ts';

/** Philips IntelliVue monitors, Data Export over RS-232. Facts and their evidence: PROTOCOL.md. */
export const philipsIntellivue = defineDriver({
  id: 'philips-intellivue',
  role: 'monitor',
  manufacturer: 'Philips',
  models: ['IntelliVue MP2 to MP90', 'IntelliVue X2, X3', 'IntelliVue MX400 to MX800'],
  evidence: 'open-source',
  line: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [115_200],
  framing: intellivueFraming,
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: REPORTS,
  waves: WAVE_REPORTS,
  alerts: 'decoded',
  facts: [],
  statuses: [],
  signals: [],
  /** Some programs read one from the MDS create event; nothing says that every monitor tells it. */
  tellsSerial: false,
  silenceHint: 'The port may not be set to Data Export, or another program holds the association.',
  queries: intellivueQueries,
  options: z.strictObject({
    /** Which waves the monitor itself decides. Beside them the numerics still have room (PROTOCOL.md, "Timing"). */
    waves: z.boolean().default(true),
  }),
  session: intellivueSession,
});
