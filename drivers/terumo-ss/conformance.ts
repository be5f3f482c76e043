import type { DriverProof } from '../../src/driver/proof.ts';
import { KNOWN_ALERTS } from './alarm-bits.ts';
import { decodeTerumo, STATUS_COMMAND, STATUS_SUBCOMMAND } from './codec.ts';
import { parseStatus } from './status.ts';
import { hostVectors, refusedVectors, replyVectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors: [...hostVectors, ...replyVectors, ...refusedVectors],
  integrity: 'checksum',
  alerts: KNOWN_ALERTS,
  paceMs: { id: 2_000, status: 2_000 },
  twin: {
    channels: [],
    simulator: { vtbiMl: 40, doseMode: 'mg/kg/h', doseRate: 1, weightKg: 70, dilution: 10 },
  },
};

/** A pump's id or its status; a reply with another result or to another command carries neither. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeTerumo(frame);
  if (!decoded.ok) return undefined;
  const { devid, command } = decoded.value;
  if (command === null) return { devid };
  const isStatus = command.command === STATUS_COMMAND && command.subcommand === STATUS_SUBCOMMAND;
  if (!isStatus || command.result !== 0) return undefined;
  const status = parseStatus(command.bytes);
  return status === undefined ? undefined : { devid, sequence: command.sequence, status };
}
