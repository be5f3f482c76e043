/** The way from a bed to what can be done there: one button, and a prompt when somebody is waited for. */
import { actionsAt, type BedsideAction, promptOf, stepToAct } from '../entry/bedside.ts';
import { hrefOf } from '../state/route.ts';
import { moment, ward } from '../state/store.ts';
import { baselineText } from '../validity/session.ts';
import type { Moment } from '../validity/value.ts';
import { countTo, whenText } from '../validity/when.ts';
import type { BedView, SessionView } from '../wire.ts';
import {
  AdjunctDialog,
  BaselineDialog,
  DischargeDialog,
  ObservationDialog,
} from './care-dialogs.tsx';
import { closeDialog, Modal, openDialog } from './dialogs.tsx';
import { BagDialog, ConcentrationDialog, PauseDialog, ResumeDialog } from './pause-dialogs.tsx';
import { PumpCheckDialog } from './pump-check.tsx';
import { StepDialog } from './step-dialog.tsx';
import { Said } from './text.tsx';

const DIALOGS: Readonly<Record<BedsideAction, (input: { bed: BedView }) => preact.JSX.Element>> = {
  'pump-check': ({ bed }) => <PumpCheckDialog bedId={bed.bedId} />,
  step: StepDialog,
  pause: PauseDialog,
  resume: ResumeDialog,
  bag: BagDialog,
  concentration: ConcentrationDialog,
  baseline: BaselineDialog,
  observation: ObservationDialog,
  adjunct: AdjunctDialog,
  discharge: DischargeDialog,
};

/** The bed as it is now, not as it was when the dialog opened. */
function AtBed({ bedId, action }: { bedId: string; action: BedsideAction }) {
  const bed = ward.value.beds.find((one) => one.bedId === bedId);
  const Dialog = DIALOGS[action];
  return bed === undefined ? null : <Dialog bed={bed} />;
}

export function openBedside(bedId: string, action: BedsideAction): void {
  openDialog({ kind: 'shown', show: () => <AtBed key={action} bedId={bedId} action={action} /> });
}

export function BedsideButton({ bed }: { bed: BedView }) {
  return (
    <button
      type="button"
      disabled={moment.value.link.phase === 'lost'}
      onClick={() => openDialog({ kind: 'shown', show: () => <BedsideMenu bedId={bed.bedId} /> })}
    >
      Actions
    </button>
  );
}

/** In the verdict of the infusion panel: who or what is waited for. */
export function BedsidePrompt({ bed, now }: { bed: BedView; now: Moment }) {
  const prompt = now.link.phase === 'lost' ? null : promptOf(bed);
  if (prompt === null) return null;
  const [action, word]: readonly [BedsideAction, string] =
    prompt.kind === 'paused'
      ? ['resume', 'End pause']
      : prompt.kind === 'step'
        ? [
            'step',
            prompt.step.state === 'held' ? 'Held: release' : `Step ${prompt.step.step}: decide`,
          ]
        : [
            'pump-check',
            prompt.different > 0 ? `Pump check: ${prompt.different} differ` : 'Pump check',
          ];
  return (
    <button type="button" class="prompt" onClick={() => openBedside(bed.bedId, action)}>
      {word}
    </button>
  );
}

const WORDS: Readonly<Record<BedsideAction, string>> = {
  'pump-check': 'Pump program check',
  step: 'Next step',
  pause: 'Pause the infusion',
  resume: 'End the pause',
  bag: 'Another bag hangs',
  concentration: 'Confirm concentration',
  baseline: 'Baseline',
  observation: 'Observation',
  adjunct: 'Given beside it',
  discharge: 'Discharge',
};

function BedsideMenu({ bedId }: { bedId: string }) {
  const bed = ward.value.beds.find((one) => one.bedId === bedId);
  const actions = bed === undefined ? [] : actionsAt(bed);
  const order = bed?.order;
  return (
    <Modal title={`At bed ${bedId}`} isWide>
      {actions.length === 0 && <p>No order runs here, and nobody recovers here.</p>}
      <div class="menu">
        {actions.map((action) => (
          <button key={action} class="big" type="button" onClick={() => openBedside(bedId, action)}>
            <span>
              {WORDS[action]}
              <br />
              <small>
                <Said>{bed?.session ? smallOf(action, bed.session, moment.value) : ''}</Said>
              </small>
            </span>
          </button>
        ))}
        <a
          class="button big"
          href={
            order
              ? hrefOf({ screen: 'order', orderId: order.orderId })
              : hrefOf({ screen: 'orders' })
          }
          onClick={closeDialog}
        >
          <span>
            {order ? 'Order' : 'Orders'}
            <br />
            <small>{order ? 'read, change, complete or stop it' : 'start one here'}</small>
          </span>
        </a>
      </div>
      <button class="wide" type="button" onClick={closeDialog}>
        Close
      </button>
    </Modal>
  );
}

/** Where it stands, under the name of the action. */
function smallOf(action: BedsideAction, session: SessionView, now: Moment): string {
  switch (action) {
    case 'pump-check': {
      const different = session.pumpCheck.filter(({ state }) => state === 'different').length;
      if (session.pumpCheck.length === 0) return 'nothing to compare yet';
      return different === 0 ? 'nothing differs' : `${different} differ`;
    }
    case 'step': {
      const step = stepToAct(session);
      return step === undefined ? '' : `step ${step.step}, due ${whenText(step.dueAt, now)}`;
    }
    case 'resume':
      return session.pause === null ? '' : `until ${whenText(session.pause.until, now)}`;
    case 'concentration':
      return session.concentration.confirmedBy.join(', ') || 'nobody yet';
    case 'baseline':
      return session.baseline.state === 'none'
        ? 'not taken'
        : `${baselineText(session.baseline)}, ${session.baseline.state}`;
    case 'observation':
      return observationDue(session, now);
    case 'adjunct':
      return session.adjuncts.length === 0 ? 'nothing yet' : `${session.adjuncts.length} noted`;
    case 'pause':
      return 'at most 10 min';
    case 'bag':
      return 'read its label';
    case 'discharge':
      return session.recovery === null
        ? ''
        : `watched until ${whenText(session.recovery.until, now)}`;
  }
}

function observationDue({ observationDueAt, observations }: SessionView, now: Moment): string {
  if (observationDueAt !== null) {
    const count = countTo(observationDueAt, now);
    return count.isLate ? count.text : `due in ${count.text}`;
  }
  return observations.length === 0 ? 'none yet' : `${observations.length} noted`;
}
