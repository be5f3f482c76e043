import type { Call } from './call.ts';
import { done } from './http-reply.ts';
import type { Ward } from './ward.ts';
import { RegimensReply } from './wire/index.ts';

export function regimenCalls(ward: Ward): readonly Call[] {
  return [
    {
      method: 'GET',
      path: '/api/regimens',
      who: 'any',
      summary: 'The templates that an order may name. They propose; a prescriber decides.',
      reply: RegimensReply,
      handle: () => done({ regimens: ward.regimens() }),
    },
  ];
}
