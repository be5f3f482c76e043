import { localDate, zoneOffset } from '../time/zone-offset.ts';
import { AlarmCommands } from './alarm-commands.ts';
import { BedSteps } from './bed-steps.ts';
import { CommandRunner } from './command-runner.ts';
import type { CourseCommandDeps } from './course-commands.ts';
import type { DeviceCommandDeps } from './device-commands.ts';
import { DraftCommands } from './draft-commands.ts';
import { Effects } from './effects.ts';
import { Journal } from './journal.ts';
import { LiveBeds } from './live-beds.ts';
import { OrderCommands } from './order-commands.ts';
import { WardBooks } from './ward-books.ts';
import type { WardDeps } from './ward-deps.ts';

/** What the ward is made of. Each writes only its own; what it needs of the others is handed to it here. */
export interface WardParts {
  readonly journal: Journal;
  readonly books: WardBooks;
  readonly beds: LiveBeds;
  readonly effects: Effects;
  readonly steps: BedSteps;
  readonly alarmCommands: AlarmCommands;
  readonly orderCommands: OrderCommands;
  readonly draftCommands: DraftCommands;
  readonly courseCommands: CourseCommandDeps;
  readonly deviceCommands: DeviceCommandDeps;
}

/** Reads the whole log into the books first: the beds begin with what ran before a restart. */
export function wardParts(deps: WardDeps): WardParts {
  const { timeline, log, onFault } = deps;
  const utcOffsetAt = zoneOffset(deps.gateway.timeZone);
  const today = (): string => {
    const wallMs = timeline.wallMs();
    return localDate(wallMs, utcOffsetAt(wallMs));
  };
  const journal = new Journal(log, deps.numerics, onFault);
  const books = new WardBooks(deps, utcOffsetAt, {
    bed: (bedId) => beds.get(bedId) ?? null,
    given: (orderId) => beds.given(orderId),
  });
  for (const entry of log.entries()) books.restore(entry);
  const beds = new LiveBeds(deps, books);
  const effects = new Effects(books, beds);
  const steps = new BedSteps({ books, beds, effects, journal, onFault });

  // One runner for all: commands that exclude each other do so across these.
  const common = { runner: new CommandRunner(timeline, onFault), journal, timeline };
  const { alarms, orders, drafts, courses, associations } = books;
  const alarmCommands = new AlarmCommands({
    ...common,
    desk: alarms,
    effects,
    hasBed: (bedId) => beds.get(bedId) !== undefined,
  });
  const orderCommands = new OrderCommands({
    ...common,
    desk: orders,
    drafts,
    apply: (event, context) => effects.order(event, context),
    ofCourse: (order) => courses.check(order, today()),
    seenOn: (bedId) => beds.seenOn(bedId),
  });
  const draftCommands = new DraftCommands({ ...common, desk: orders, drafts });
  const courseCommands: CourseCommandDeps = {
    ...common,
    desk: courses,
    today,
    apply: (event, context) => courses.apply(event, context),
  };
  const deviceCommands: DeviceCommandDeps = {
    ...common,
    desk: associations,
    pictureOf: (deviceId) => beds.pictureOf(deviceId),
    apply: (event, context) => effects.association(event, context),
  };
  return {
    journal,
    books,
    beds,
    effects,
    steps,
    alarmCommands,
    orderCommands,
    draftCommands,
    courseCommands,
    deviceCommands,
  };
}
