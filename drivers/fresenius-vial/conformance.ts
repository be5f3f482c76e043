import type { DriverProof } from '../../src/driver/proof.ts';
import { decodeVial } from './codec.ts';
import { KNOWN_ALERTS } from './observe.ts';
import { parsePresent, parseValues } from './values.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  // Messages have a checksum; ENQ, ACK and NAK are single bytes with nothing to protect them, so that a bit turned
  // over in a message can look like one. The tests of this driver turn every bit of every message.
  integrity: 'none',
  alerts: KNOWN_ALERTS,
  paceMs: {
    ACK: 0,
    NAK2: 0,
    DC4: 0,
    E: 0,
    M: 0,
    FC: 0,
    DC: 1_000,
    'LE;amder': 1_000,
    'LE;b': 2_000,
    LN: 1_000,
    'LF;b': 1_000,
    LP: 1_000,
  },
};

/** A frame, and of a message that brings values or modules, these. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeVial(frame);
  if (!decoded.ok) return undefined;
  const said = decoded.value;
  if (said.kind !== 'message' || said.status !== 'C') return said;
  const values = parseValues(said.data);
  const present = parsePresent(said.data);
  return {
    ...said,
    ...(values === undefined ? {} : { values }),
    ...(present === undefined ? {} : { present }),
  };
}
