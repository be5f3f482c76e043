import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeHealthyPi } from './codec.ts';
import { LEADS_OFF } from './session.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode: (frame) => {
    const decoded = decodeHealthyPi(frame);
    return decoded.ok ? decoded.value : undefined;
  },
  vectors,
  integrity: 'none',
  alerts: [LEADS_OFF],
  paceMs: {},
};
