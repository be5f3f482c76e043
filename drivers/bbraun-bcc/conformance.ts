import type { DriverProof } from '../../src/driver/proof.ts';
import { FLAG_ALARMS, WORD_ALARMS } from './alarm-tables.ts';
import { decodeBcc } from './codec.ts';
import { pumpIn } from './rack.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  integrity: 'checksum',
  alerts: [
    ...[...FLAG_ALARMS].map(([code, { ruleId, priority }]) => ({ code, ruleId, priority })),
    ...Object.entries(WORD_ALARMS).flatMap(([word, bits]) =>
      [...bits].map(([bit, { ruleId, priority }]) => ({
        code: `${word}-${bit}`,
        ruleId,
        priority,
      })),
    ),
    { code: 'RUNSTATE-2', ruleId: 'PMP-10', priority: 'high' },
    { code: 'RUNSTATE-5', ruleId: 'PMP-10', priority: 'medium' },
    { code: 'ALARMS-NOT-PROVIDED', ruleId: 'PMP-10', priority: 'medium' },
    { code: 'ALARMS-NOT-READABLE', ruleId: 'PMP-10', priority: 'medium' },
    { code: 'UNIT-UNKNOWN', ruleId: 'PMP-10', priority: 'medium' },
    { code: 'TIME-BACK', ruleId: 'PMP-11', priority: 'low' },
  ],
  // The pause that the maker asks for; ALIVE opens a session and may be tried again after a second.
  paceMs: {
    'ADMIN:ALIVE': 1_000,
    'ADMIN:ALIVE stuffed': 1_000,
    'ADMIN:VERSION': 500,
    'ADMIN:VERSION stuffed': 500,
    'MEM:GET': 500,
    'MEM:GET stuffed': 500,
    'MEM:GETSLOT': 500,
    'MEM:GETSLOT stuffed': 500,
    ACK: 0,
    NAK: 0,
  },
  twin: { channels: ['11', '12'] },
};

/** Bed id, end of answer and records of one block, whichever way it is written. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeBcc(frame, 'auto');
  if (!decoded.ok) return undefined;
  const { bedId, isLast, records } = decoded.value;
  if (pumpIn(records) === 'several') return undefined;
  return {
    bedId,
    isLast,
    records: records.map(({ timeS, address, parameter, value }) => [
      timeS,
      address,
      parameter,
      value,
    ]),
  };
}
