/** The four stages of an order before it runs, and which one waits for somebody. */
import type { OrderListItem } from '../wire.ts';
import { Said } from './text.tsx';

type Stage = 'entered' | 'checking' | 'start' | 'runs';

const STAGE_OF: Readonly<Record<OrderListItem['status'], Stage>> = {
  draft: 'entered',
  signed: 'checking',
  verified: 'start',
  active: 'runs',
  completed: 'runs',
  discontinued: 'runs',
  expired: 'runs',
};
const ORDER: readonly Stage[] = ['entered', 'checking', 'start', 'runs'];

export function OrderTrack({ row }: { row: OrderListItem }) {
  const { pendingVersion } = row;
  const now = STAGE_OF[pendingVersion?.status ?? row.status];
  // Who signed and checked the version that holds says nothing of the one that waits.
  const { signedBy, verifiedBy, bedId } =
    pendingVersion === null ? row : { signedBy: null, verifiedBy: null, bedId: row.bedId };
  const version = pendingVersion === null ? '' : `, version ${pendingVersion.version}`;
  const stages: readonly (readonly [Stage, string, string])[] = [
    [
      'entered',
      `1 First entry${version}`,
      signedBy ? `signed by ${signedBy}` : 'by the prescriber',
    ],
    ['checking', '2 Blind second entry', verifiedBy ? `by ${verifiedBy}` : 'by another person'],
    ['start', '3 Bag and start', bedId ? `bed ${bedId}` : 'with the label of the bag'],
    ['runs', '4 Pump program check', 'beside the bed'],
  ];
  return (
    <ol class="track">
      {stages.map(([stage, title, small]) => (
        <li
          key={stage}
          class={stage === now ? 'now' : ORDER.indexOf(stage) < ORDER.indexOf(now) ? 'done' : ''}
          aria-current={stage === now ? 'step' : undefined}
        >
          <b>{title}</b>
          <br />
          <span class="muted">
            <Said>{small}</Said>
          </span>
        </li>
      ))}
    </ol>
  );
}
