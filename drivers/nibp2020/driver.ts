import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { nibpQueries, nibpQuestions } from './codec.ts';
import { nibpSession } from './session.ts';

/** PAR / Medlab NIBP2010 and NIBP2020 UP cuff modules. Facts and their evidence: PROTOCOL.md. */
export const nibp2020 = defineDriver({
  id: 'nibp2020',
  role: 'monitor',
  manufacturer: 'PAR Medizintechnik / Medlab',
  models: ['NIBP2020 UP', 'NIBP2010', 'SINNOR N6', 'ABATON NIBP'],
  evidence: 'open-source',
  line: { baudRate: 4_800, dataBits: 8, parity: 'none', stopBits: 1 },
  baudRates: [4_800],
  // The board with SpO2 sends other bytes between two frames: a short limit would drop the frame with them.
  framing: { kind: 'line', delimiter: '\r', maxBytes: 4_096 },
  freshness: { staleMs: 5_000, lostMs: 10_000 },
  reports: ['MDC_PRESS_BLD_NONINV_SYS', 'MDC_PRESS_BLD_NONINV_DIA', 'MDC_PRESS_BLD_NONINV_MEAN'],
  facts: ['mode'],
  statuses: [],
  signals: [],
  alerts: 'decoded',
  tellsSerial: false,
  silenceHint:
    'The module may have no power, or be a board with SpO2: that one needs board: combi.',
  queries: nibpQueries,
  queriesWith: ({ measure }) => (measure === 'off' ? nibpQuestions : nibpQueries),
  options: z.strictObject({
    /** The only thing that InfuseWatch ever asks a device to do, and only when the site says so here. */
    measure: z.enum(['off', 'cycle', 'timed']).default('off'),
    board: z.enum(['nibp', 'combi']).default('nibp'),
  }),
  session: nibpSession,
});
