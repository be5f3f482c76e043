import { answer, type Call } from './call.ts';
import type { Ward } from './ward.ts';
import { ReportView } from './wire/index.ts';

export function reportCalls(ward: Ward): readonly Call[] {
  return [
    {
      method: 'GET',
      path: '/api/orders/{id}/report',
      who: ['nurse', 'prescriber', 'pharmacist', 'admin'],
      summary: 'The session of an order for paper, also after it is over: what is missing is said.',
      reply: ReportView,
      handle: async ({ params }) =>
        answer(await ward.report(params['id'] ?? ''), (report) => report),
    },
  ];
}
