/** The report of one session, on the screen as it comes out of the printer. Alarms and their sound go on. */

import { readReport } from '../link/record-api.ts';
import { useFetched } from '../parts/fetched.ts';
import { Icon } from '../parts/icons.tsx';
import { Said } from '../parts/text.tsx';
import { Paper } from '../report/paper.tsx';
import { hrefOf } from '../state/route.ts';
import { moment, ward } from '../state/store.ts';
import { stampText } from '../validity/when.ts';
import type { NibpReading } from '../wire.ts';

const EVERY_MS = 60_000;

export function ReportScreen({ orderId }: { orderId: string }) {
  const { value, sentence, again } = useFetched(
    `report ${orderId}`,
    () => readReport(orderId),
    EVERY_MS,
  );
  const isLost = moment.value.link.phase === 'lost';
  const bedId = value?.bedId ?? null;
  return (
    <main class="page reportpage">
      <h1 class="unseen">Session report</h1>
      <section class="tools" aria-label="Report">
        <a
          class="button big"
          href={hrefOf(bedId === null ? { screen: 'overview' } : { screen: 'session', bedId })}
        >
          <Icon shape="back" />
          {bedId === null ? 'All beds' : `Back to ${bedId}`}
        </a>
        <button
          class="big primary"
          type="button"
          disabled={value === null}
          onClick={() => window.print()}
        >
          Print
        </button>
        <button type="button" onClick={again}>
          Ask again
        </button>
        <p class="muted">
          {value && `As of ${stampText(value.madeAt, value.utcOffsetMin)}. `}
          A4 or Letter, black on white. Alarms and sound go on while you print.
        </p>
        {(sentence !== '' || isLost) && (
          <p class="outcome" role="status">
            {isLost ? 'Not live: nothing newer can be read.' : <Said>{sentence}</Said>}
          </p>
        )}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling report must be reachable by keyboard. */}
      <section class="scroll desk" tabIndex={0} aria-label="The report">
        {value !== null && <Paper report={value} lastCuff={isLost ? null : lastCuffOf(orderId)} />}
        {value === null && sentence === '' && <p>Waiting for the gateway.</p>}
      </section>
    </main>
  );
}

/** `null` once another order, or nobody, lies in the bed. */
function lastCuffOf(orderId: string): NibpReading | null {
  const bed = ward.value.beds.find(({ session }) => session?.orderId === orderId);
  return bed?.nibp.history[0] ?? null;
}
