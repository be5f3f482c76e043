import * as z from 'zod';
import { defineDriver } from '../../src/driver/contract.ts';
import { driQueries } from './codec.ts';
import { driFraming } from './framer.ts';
import { geDriSession } from './session.ts';

/** GE / Datex-Ohmeda monitors, S/5 Computer Interface (DRI). Facts and their evidence: PROTOCOL.md. */
export const geDri = defineDriver({
  id: 'ge-dri',
  role: 'monitor',
  manufacturer: 'GE HealthCare (Datex-Ohmeda)',
  models: [
    'CARESCAPE B450',
    'CARESCAPE B650',
    'CARESCAPE B850',
    'B20',
    'B30',
    'B40',
    'B105',
    'B125',
    'S/5',
    'AS/3',
    'CS/3',
    'Cardiocap/5',
  ],
  evidence: 'document-and-capture',
  /**
   * Without hardware handshake, although the monitor has it: with it a three-wire cable or a terminal
   * server would hold back every request for ever (PROTOCOL.md, "Line").
   */
  line: { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1, rtscts: false },
  baudRates: [19_200, 115_200],
  framing: driFraming,
  /** The documented interval is 5 s: a monitor that keeps to it must not be grey half of the time. */
  freshness: { staleMs: 6_000, lostMs: 10_000 },
  reports: [
    'MDCX_HEART_RATE_DISPLAYED',
    'MDC_ECG_HEART_RATE',
    'MDC_RESP_RATE',
    'MDC_PULS_OXIM_SAT_O2',
    'MDC_PULS_OXIM_PULS_RATE',
    'MDC_PULS_OXIM_PERF_REL',
    'MDC_CO2_RESP_RATE',
    'MDC_AWAY_CO2_ET',
    'MDC_PRESS_BLD_NONINV_SYS',
    'MDC_PRESS_BLD_NONINV_DIA',
    'MDC_PRESS_BLD_NONINV_MEAN',
  ],
  waves: [
    'MDC_ECG_ELEC_POTL',
    'MDC_ECG_ELEC_POTL_I',
    'MDC_ECG_ELEC_POTL_II',
    'MDC_ECG_ELEC_POTL_III',
    'MDC_PULS_OXIM_PLETH',
    'MDC_RESP',
    'MDC_AWAY_CO2',
  ],
  /**
   * Only in part: the status bits always; the alarm records come from a CARESCAPE alone, so an empty
   * list does not mean that another monitor is quiet (PROTOCOL.md, "Alarms").
   */
  alerts: 'partly-decoded',
  facts: [],
  statuses: [],
  signals: [],
  tellsSerial: false,
  queries: driQueries,
  options: z.strictObject({
    /** Seconds between values. The monitor's 10 s is not offered: data would be lost before each record. */
    interval: z.union([z.literal(1), z.literal(5)]).default(1),
    /** The monitor sends these and no others; none: it is not asked for any. The default fits 19200 baud. */
    waves: z
      .array(z.enum(['ecg1', 'pleth', 'resp', 'co2']))
      .max(4)
      .default(['ecg1', 'pleth', 'resp']),
    /** Asks a CARESCAPE for its own alarms. */
    alarms: z.boolean().default(true),
  }),
  session: geDriSession,
});
