/** All courses: a patient between two sessions lies in no bed, and the next day may have to be moved. */
import { readCourses } from '../link/record-api.ts';
import { useFetched } from '../parts/fetched.ts';
import { Said } from '../parts/text.tsx';
import { hrefOf } from '../state/route.ts';
import { dayText, openDays, totalText } from '../validity/course.ts';
import type { CourseView } from '../wire.ts';

const EVERY_MS = 30_000;

export function CoursesScreen() {
  const { value, sentence } = useFetched('courses', readCourses, EVERY_MS);
  return (
    <main class="page devices">
      <section class="panel list">
        <h1 class="unseen">Courses</h1>
        <h2>
          <b>Courses</b> {value === null ? '' : value.length}
          <span role="status">
            <Said>{sentence}</Said>
          </span>
        </h2>
        {value === null && sentence === '' && <p class="muted">Waiting for the gateway.</p>}
        {value?.length === 0 && (
          <p class="muted">There is none. A course begins with an order that is a day of it.</p>
        )}
        {value !== null && value.length > 0 && <List courses={value} />}
      </section>
    </main>
  );
}

function List({ courses }: { courses: readonly CourseView[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="List of courses">
      <table class="log">
        <thead>
          <tr>
            <th scope="col">Patient</th>
            <th scope="col">Drug, regimen</th>
            <th scope="col">Day</th>
            <th scope="col">Given</th>
            <th scope="col">To decide</th>
            <th scope="col">
              <span class="unseen">Open</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {courses.map((course) => (
            <tr key={course.courseId}>
              <td class="wide">
                <b>
                  <Said>{course.patientLabel ?? course.patientId}</Said>
                </b>
                <small>
                  <Said>{course.patientId}</Said>
                </small>
              </td>
              <td class="wide">
                <Said>{course.drug}</Said>
                <small>
                  <Said>{course.regimen}</Said>
                </small>
              </td>
              <td class="num">{dayText(course)}</td>
              <td class="wide">{totalText(course)}</td>
              <td class="wide">{openDays(course)}</td>
              <td class="does">
                <a
                  class="button"
                  href={hrefOf({ screen: 'course', courseId: course.courseId })}
                  aria-label={`Open the course of ${course.patientLabel ?? course.patientId}`}
                >
                  Open
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
