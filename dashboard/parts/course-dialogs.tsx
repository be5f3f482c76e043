/** A day of a course is put on another date, or marked as missed: with a reason, by a person. */
import { useState } from 'preact/hooks';
import type { FieldSpec } from '../entry/fields.ts';
import { readTyped } from '../entry/typed.ts';
import type { By } from '../link/order-api.ts';
import { changeCourse } from '../link/record-api.ts';
import { type CourseDay, canMove, isOpen } from '../validity/course.ts';
import { calendarDate } from '../validity/when.ts';
import type { CourseView } from '../wire.ts';
import { closeDialog, Modal, openDialog } from './dialogs.tsx';
import { Field } from './field.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { Said } from './text.tsx';

interface DayInput {
  readonly course: CourseView;
  readonly day: CourseDay;
  /** Reads the course anew. */
  readonly onDone: () => void;
}

export function DayButtons(input: DayInput) {
  const { day } = input;
  const show = (verb: Verb) =>
    openDialog({ kind: 'shown', show: () => <DayDialog {...input} verb={verb} /> });
  return (
    <>
      {canMove(day) && (
        <button type="button" aria-label={`Move day ${day.day}`} onClick={() => show('move')}>
          Move
        </button>
      )}
      {isOpen(day) && (
        <button
          type="button"
          aria-label={`Mark day ${day.day} as missed`}
          onClick={() => show('miss')}
        >
          Missed
        </button>
      )}
    </>
  );
}

type Verb = 'move' | 'miss';

const DATE: FieldSpec = {
  path: 'date',
  label: 'New date',
  kind: 'date',
  isRequired: true,
  hint: 'Year-month-day: 2026-11-23',
};
const WHY: FieldSpec = { path: 'reason', label: 'Reason', kind: 'text', isRequired: true };

function DayDialog({ course, day, onDone, verb }: DayInput & { readonly verb: Verb }) {
  const [date, setDate] = useState<unknown>(undefined);
  const [reason, setReason] = useState<unknown>(undefined);
  const isMove = verb === 'move';
  const given = typeof date === 'string' && readTyped('date', date).ok ? date : null;
  const why =
    isMove && given === null
      ? 'the new date is missing'
      : typeof reason === 'string' && reason !== ''
        ? null
        : 'the reason is missing';
  const send = async (by: By) => {
    const answer = await changeCourse(by, course.courseId, verb, {
      day: day.day,
      reason,
      ...(isMove && { date: given }),
    });
    if (answer.kind === 'done') {
      onDone();
      const { note } = answer.value;
      if (note !== undefined) openDialog({ kind: 'shown', show: () => <NoteDialog note={note} /> });
      else closeDialog();
    }
    return answer;
  };
  return (
    <PersonDialog
      title={`${isMove ? 'Move' : 'Missed:'} day ${day.day} of ${course.days.length}`}
      commit={isMove ? 'Move the day' : 'Mark as missed'}
      why={why}
      send={send}
      onDone={() => undefined}
    >
      <p>
        <Said>{`${course.patientLabel ?? course.patientId}, ${course.drug}, ${course.regimen}.`}</Said>{' '}
        The day is on <b>{calendarDate(day.date)}</b>.
      </p>
      {!isMove && <p>Its dose is not made up for by the other days.</p>}
      {isMove && <Field spec={DATE} value={date} onChange={setDate} />}
      {given !== null && isMove && (
        <p>
          That is a <b>{calendarDate(given)}</b>.
        </p>
      )}
      <Field spec={WHY} value={reason} onChange={setReason} />
    </PersonDialog>
  );
}

/** What the gateway tells beside having done it, such as a weekend that the regimen leaves out. */
function NoteDialog({ note }: { note: string }) {
  return (
    <Modal title="Done, and to be looked at">
      <p>
        <Said>{note}</Said>
      </p>
      <button class="big primary wide" type="button" onClick={closeDialog}>
        I have read it
      </button>
    </Modal>
  );
}
