import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeNellcor } from './codec.ts';
import { KNOWN_ALERTS } from './status-codes.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode: (line) => {
    const decoded = decodeNellcor(line);
    return decoded.ok ? decoded.value : undefined;
  },
  vectors,
  integrity: 'none',
  alerts: KNOWN_ALERTS,
  paceMs: {},
};
