/** What the pump says beside what the order says. This software programs no pump: a person does. */
import { moment, ward } from '../state/store.ts';
import type { PumpCheckLine } from '../wire.ts';
import { closeDialog, Modal } from './dialogs.tsx';
import { Icon } from './icons.tsx';
import { Said } from './text.tsx';

const WHAT_WORDS: Readonly<Record<PumpCheckLine['what'], string>> = {
  drug: 'Drug',
  concentration: 'Concentration',
  rate: 'Rate',
  volume: 'Volume',
  weight: 'Weight',
};

function stateText({ state, pump }: PumpCheckLine): string {
  switch (state) {
    case 'same':
      return 'the same';
    case 'different':
      return 'DIFFERENT';
    case 'cannot-tell':
      return 'this pump cannot tell';
    case 'unknown':
      return pump === null ? 'not told yet' : 'not certain: look at the pump';
  }
}

export function PumpCheckDialog({ bedId }: { bedId: string }) {
  const session = ward.value.beds.find((bed) => bed.bedId === bedId)?.session ?? null;
  const isLost = moment.value.link.phase === 'lost';
  const lines = session?.pumpCheck ?? [];
  return (
    <Modal title={`Pump program check ${bedId}`} isWide>
      <p>
        Look at the pump itself for each line that is not "the same". This software never programs
        the pump.
      </p>
      {lines.length === 0 || isLost ? (
        <p class="told">
          {isLost
            ? 'No connection: nothing can be compared.'
            : 'Nothing can be compared: no order runs here, or the pump tells nothing.'}
        </p>
      ) : (
        <PumpCheckTable lines={lines} />
      )}
      <button class="wide big" type="button" onClick={closeDialog}>
        Close
      </button>
    </Modal>
  );
}

function PumpCheckTable({ lines }: { lines: readonly PumpCheckLine[] }) {
  return (
    <table class="pumpcheck">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Order</th>
          <th scope="col">Pump</th>
          <th scope="col">Check</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.what} data-check={line.state}>
            <th scope="row">{WHAT_WORDS[line.what]}</th>
            <td class="num plan">
              <Said>{line.order}</Said>
            </td>
            <td class="num">{line.pump === null ? '--' : <Said>{line.pump}</Said>}</td>
            <td class="verdictcell">
              {line.state === 'same' && <Icon shape="check" />}
              {line.state === 'different' && <Icon shape="cross" />}
              <b>{stateText(line)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
