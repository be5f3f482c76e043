import type { Call } from './call.ts';
import { refused } from './http-reply.ts';

/** Calls of the contract that this build does not have yet: they say so instead of "not found". */
const PENDING: readonly Pick<Call, 'method' | 'path' | 'who' | 'summary'>[] = [
  { method: 'GET', path: '/api/trends', who: 'any', summary: 'Trends in min/mean/max buckets.' },
  { method: 'GET', path: '/api/audit', who: ['admin'], summary: 'Audit log.' },
];

export function pendingCalls(): readonly Call[] {
  return PENDING.map((call) => ({
    ...call,
    summary: `${call.summary} Not available yet: answers 501.`,
    replyStatus: 501,
    handle: () =>
      refused(
        501,
        'not-available-yet',
        `${call.method} ${call.path} is not available in this version; docs/interfaces.md lists what is.`,
      ),
  }));
}
