import type { DriverProof } from '../../src/driver/proof.ts';
import { KNOWN_ALERTS } from './alarms.ts';
import { decodeNe } from './codec.ts';
import { FLUSH_MS } from './conversation.ts';
import { neQueries } from './queries.ts';
import { GAP_MS } from './schedule.ts';
import {
  nlToMl,
  readDiameter,
  readDirection,
  readDispensed,
  readRate,
  readVolume,
} from './values.ts';
import { answerVectors, hostVectors, refusedVectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors: [...hostVectors, ...answerVectors, ...refusedVectors],
  // Basic mode has none. The packets of safe mode have a CRC, which the tests of the driver flip.
  integrity: 'none',
  alerts: KNOWN_ALERTS,
  paceMs: Object.fromEntries(
    neQueries.all.map(({ name }) => [name, name === 'CR' ? FLUSH_MS : GAP_MS]),
  ),
  twin: { channels: ['0', '7'], simulator: { addresses: [0, 7] } },
};

/** The answer, and what its data are by their form. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeNe(frame);
  if (!decoded.ok) return undefined;
  const { data } = decoded.value;
  return { ...decoded.value, ...meaning(data) };
}

function meaning(data: string): object {
  const mlPerHour = readRate(data);
  if (mlPerHour !== undefined) return { mlPerHour };
  const dispensed = readDispensed(data);
  if (dispensed !== undefined) {
    const { infusedNl, withdrawnNl } = dispensed;
    return { infusedMl: nlToMl(infusedNl), withdrawnMl: nlToMl(withdrawnNl) };
  }
  const volume = readVolume(data);
  if (volume !== undefined) return { volumeMl: nlToMl(volume) };
  const direction = readDirection(data);
  if (direction !== undefined) return { direction };
  const number = readDiameter(data);
  return number === undefined ? {} : { number };
}
