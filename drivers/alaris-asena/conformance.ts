import type { DriverProof } from '../../src/driver/proof.ts';
import { KNOWN_ALERTS } from './alarm-codes.ts';
import { decodeAsena } from './codec.ts';
import { readingOf } from './readings.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  integrity: 'checksum',
  alerts: KNOWN_ALERTS,
  // An alarm, an event in the pump's log or another pump makes some urgent; so close may they follow then.
  paceMs: {
    INF: 250,
    ALARM: 250,
    INF_RATE: 1_000,
    INF_VTBI: 1_000,
    SYRINGE_STATUS: 1_000,
    COMMS_RESPONSE_MAX: 1_000,
    COMMS_PROTOCOL: 1_000,
    INF_RATE_MAX_SYRINGE: 1_000,
    INF_VI: 1_000,
    INST_SERIALNO: 1_000,
  },
  twin: { channels: [], simulator: { vtbiMl: 40 } },
};

/** What a reply says. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeAsena(frame);
  return decoded.ok ? readingOf(decoded.value) : undefined;
}
