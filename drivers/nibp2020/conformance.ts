import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeNibp } from './codec.ts';
import { COMMAND_EVERY_MS } from './commands.ts';
import { KNOWN_ALERTS } from './observe.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode: (line) => {
    const decoded = decodeNibp(line);
    return decoded.ok ? decoded.value : undefined;
  },
  vectors,
  // A status has a checksum, the pressures in between have none: test/drivers/nibp2020.test.ts flips both.
  integrity: 'none',
  alerts: KNOWN_ALERTS,
  paceMs: {
    status: 2_000,
    'status-combi': 2_000,
    start: COMMAND_EVERY_MS,
    'start-combi': COMMAND_EVERY_MS,
    'cycle-15': COMMAND_EVERY_MS,
    'cycle-15-combi': COMMAND_EVERY_MS,
    abort: COMMAND_EVERY_MS,
  },
};
