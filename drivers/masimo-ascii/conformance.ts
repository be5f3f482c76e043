import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeMasimo } from './codec.ts';
import { KNOWN_ALERTS } from './exceptions.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode: (line) => {
    const decoded = decodeMasimo(line);
    return decoded.ok ? decoded.value : undefined;
  },
  vectors,
  integrity: 'none',
  alerts: KNOWN_ALERTS,
  paceMs: {},
};
