import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeGraseby } from './codec.ts';
import { ALARM } from './observe.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode: (line) => {
    const decoded = decodeGraseby(line);
    return decoded.ok ? decoded.value : undefined;
  },
  vectors,
  integrity: 'checksum',
  alerts: [ALARM],
  paceMs: { CHCK: 1_000, GETR: 2_000, TOTL: 2_000 },
};
