import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeNonin } from './codec.ts';
import { KNOWN_ALERTS } from './status.ts';
import { vectors } from './vectors.ts';

/** With the options left out, which take the two formats that have a checksum. */
export const proof: DriverProof = {
  decode: (frame) => {
    const decoded = decodeNonin(frame);
    return decoded.ok && decoded.value.format !== 8 ? decoded.value : undefined;
  },
  vectors,
  integrity: 'checksum',
  alerts: KNOWN_ALERTS,
  paceMs: {},
};
