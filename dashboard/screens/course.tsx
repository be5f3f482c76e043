/** One course: its days on a calendar, planned and given mg, and what was missed or moved. */
import { amount, NBSP } from '../format/index.ts';
import { readCourses } from '../link/record-api.ts';
import { DayButtons } from '../parts/course-dialogs.tsx';
import { CoursePlot } from '../parts/course-plot.tsx';
import { useFetched } from '../parts/fetched.ts';
import { Icon } from '../parts/icons.tsx';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { moment, ward } from '../state/store.ts';
import {
  type CourseDay,
  DAY_WORDS,
  dayText,
  givenText,
  totalText,
  type Week,
  weeksOf,
} from '../validity/course.ts';
import type { Moment } from '../validity/value.ts';
import { calendarDate, whenText } from '../validity/when.ts';
import type { CourseView } from '../wire.ts';

const EVERY_MS = 30_000;

export function CourseScreen({ courseId }: { courseId: string }) {
  const now = moment.value;
  const { value, sentence, again } = useFetched('courses', readCourses, EVERY_MS);
  const course = value?.find((one) => one.courseId === courseId);
  if (course === undefined) {
    const words =
      value === null ? sentence || 'Waiting for the gateway.' : 'There is no such course.';
    return (
      <main class="page failed">
        <section class="panel">
          <h1>Course</h1>
          <p>
            <Said>{words}</Said>
          </p>
          <a class="button" href={hrefOf({ screen: 'courses' })}>
            <Icon shape="back" />
            All courses
          </a>
        </section>
      </main>
    );
  }
  const isOld = sentence !== '' || now.link.phase === 'lost';
  return (
    <main class="page course">
      <CourseLine course={course} />
      <section class="panel calendar" aria-label="Calendar">
        <p class="cumulative">
          <span class="muted">Given</span> <b class="num">{totalText(course)}</b>
        </p>
        {isOld && <p class="outcome">Not live: as it was last read.</p>}
        <CoursePlot days={course.days} />
        <p class="muted key">
          mg per day: outline planned, filled given, hatched perhaps given, cross missed
        </p>
        <Calendar course={course} />
      </section>
      <section class="panel steps" aria-label="Days">
        <h2>
          <b>Days</b>
          {dayText(course)}
        </h2>
        <Days course={course} now={now} onDone={again} />
      </section>
    </main>
  );
}

function CourseLine({ course }: { course: CourseView }) {
  const bed = ward.value.beds.find((one) => one.session?.course?.courseId === course.courseId);
  return (
    <section class="patient" aria-label="Patient">
      <a
        class="button"
        href={hrefOf(
          bed === undefined ? { screen: 'courses' } : { screen: 'session', bedId: bed.bedId },
        )}
      >
        <Icon shape="back" />
        {bed === undefined ? 'Courses' : bed.bedId}
      </a>
      <h1 class="id">{dayText(course)}</h1>
      <span class="name">
        <Said>{course.patientLabel ?? course.patientId}</Said>
      </span>
      <span class="muted">
        <Said>{course.patientId}</Said>
      </span>
      {bed?.simulated && <b class="sim">SIMULATED</b>}
      <span class="spacer" />
      <span>
        <Said>{course.drug}</Said>
      </span>
      <span class="muted">
        <Said>{`${course.regimen}, course ${course.courseId}`}</Said>
      </span>
    </section>
  );
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function Calendar({ course }: { course: CourseView }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long calendar must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Calendar of the course">
      <table class="weeks">
        <thead>
          <tr>
            {WEEKDAYS.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(course.days).map((week) => (
            <WeekRows key={week.dates[0]?.date} week={week} dayToday={course.dayToday} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WeekRows({ week, dayToday }: { week: Week; dayToday: number | null }) {
  return (
    <>
      {week.emptyBefore > 0 && (
        <tr class="empty">
          <td colSpan={7} class="muted">
            {week.emptyBefore === 1
              ? 'one week without a session'
              : `${week.emptyBefore} weeks without a session`}
          </td>
        </tr>
      )}
      <tr>
        {week.dates.map(({ date, days }) => (
          <td key={date} class={cellClass(days, dayToday)}>
            <span class="date">{calendarDate(date).slice(4)}</span>
            {days.map((day) => (
              <p key={day.day}>
                <b>day {day.day}</b>
                {`${amount(day.plannedMg)}${NBSP}mg`}
                <small>{CELL_WORDS[day.state]}</small>
              </p>
            ))}
          </td>
        ))}
      </tr>
    </>
  );
}

function cellClass(days: readonly CourseDay[], dayToday: number | null): string {
  if (days.length === 0) return 'none';
  return days.some(({ day }) => day === dayToday) ? 'now' : '';
}

/** A cell has room for one word; the table beside it has the rest. */
const CELL_WORDS: Readonly<Record<CourseDay['state'], string>> = {
  ...DAY_WORDS,
  moved: 'moved',
  overdue: 'open',
};

function Days(input: { course: CourseView; now: Moment; onDone: () => void }) {
  const { course, now } = input;

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Days of the course">
      <table class="log short">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Date</th>
            <th scope="col">State</th>
            <th scope="col" class="right">
              Planned
            </th>
            <th scope="col" class="right">
              Given
            </th>
            <th scope="col">Why, who</th>
            <th scope="col">
              <span class="unseen">Report and changes</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {course.days.map((day) => (
            <tr key={day.day} aria-current={day.day === course.dayToday ? 'date' : undefined}>
              <th scope="row" class="num">
                {day.day}
              </th>
              <td>
                {calendarDate(day.date)}
                {day.originalDate !== null && <small>was {calendarDate(day.originalDate)}</small>}
              </td>
              <td>
                <b>{DAY_WORDS[day.state]}</b>
              </td>
              <td class="right plan">{`${amount(day.plannedMg)}${NBSP}mg`}</td>
              <td class="right num">{givenText(day)}</td>
              <td class="wide">
                <Said>{whyText(day, now)}</Said>
              </td>
              <td class="does">
                <DayButtons course={course} day={day} onDone={input.onDone} />
                {day.orderId !== null && (
                  <a class="button" href={hrefOf({ screen: 'report', orderId: day.orderId })}>
                    Report
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function whyText({ reason, by, at }: CourseDay, now: Moment): string {
  if (reason === null) return '';
  return [reason, by, at === null ? null : whenText(at, now)].filter(Boolean).join(', ');
}
