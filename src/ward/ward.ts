import type { Observable } from 'rxjs';
import type {
  Actor,
  AlarmRevision,
  CommandResult,
  GatewayInfo,
  HistoryQuery,
  OrderDetail,
  OrderFilter,
  Ward,
  WardChange,
  WardWave,
  WatcherNote,
} from '../hub/ward.ts';
import type {
  AlarmView,
  BedView,
  CheckForm,
  CourseReply,
  CourseView,
  DeviceView,
  DraftList,
  DraftReply,
  OrderListItem,
  RegimenDraftReply,
  RegimenView,
  ReportView,
} from '../hub/wire/index.ts';
import type { BedsideVerb, RunningVerb } from '../order/session-life.ts';
import { localDate, zoneOffset } from '../time/zone-offset.ts';
import { AlarmCommands } from './alarm-commands.ts';
import { BedSteps } from './bed-steps.ts';
import { CommandRunner } from './command-runner.ts';
import { type CourseCommandDeps, changeCourse } from './course-commands.ts';
import { confirmDevice, type DeviceCommandDeps } from './device-commands.ts';
import { DraftCommands } from './draft-commands.ts';
import { Effects } from './effects.ts';
import { Journal } from './journal.ts';
import { LiveBeds } from './live-beds.ts';
import { OrderCommands } from './order-commands.ts';
import { orderListItem } from './order-desk-views.ts';
import { checkFormOf, regimenDraftOf } from './order-queries.ts';
import { WardBooks } from './ward-books.ts';
import type { WardDeps } from './ward-deps.ts';

/**
 * The gateway's heart: beds, alarms and orders, fed by devices, people and the clock. Its parts do the
 * work; here they are joined, and each call of the hub is handed to the one that answers it.
 */
export class GatewayWard implements Ward {
  readonly gateway: GatewayInfo;
  readonly changes: Observable<WardChange>;
  readonly waves: Observable<WardWave>;
  readonly #deps: WardDeps;
  readonly #journal: Journal;
  readonly #books: WardBooks;
  readonly #beds: LiveBeds;
  readonly #steps: BedSteps;
  readonly #alarmCommands: AlarmCommands;
  readonly #orderCommands: OrderCommands;
  readonly #draftCommands: DraftCommands;
  readonly #courseCommands: CourseCommandDeps;
  readonly #deviceCommands: DeviceCommandDeps;
  /** The date in the gateway's time zone. */
  readonly #today: () => string;
  readonly #watchers = new Map<string, WatcherNote>();
  #faults = 0;

  constructor(deps: WardDeps) {
    const { gateway, timeline, log } = deps;
    const onFault = (where: string, error: unknown): void => {
      this.#faults += 1;
      deps.onFault(where, error);
    };
    const utcOffsetAt = zoneOffset(gateway.timeZone);
    this.gateway = gateway;
    this.#deps = deps;
    this.#today = () => {
      const wallMs = timeline.wallMs();
      return localDate(wallMs, utcOffsetAt(wallMs));
    };
    const journal = new Journal(log, deps.numerics, onFault);
    const books = new WardBooks(deps, utcOffsetAt, {
      bed: (bedId) => this.#beds.get(bedId) ?? null,
      given: (orderId) => this.#beds.given(orderId),
    });
    for (const entry of log.entries()) books.restore(entry);
    const beds = new LiveBeds({ ...deps, onFault }, books);
    const effects = new Effects(books, beds);
    this.#journal = journal;
    this.#books = books;
    this.#beds = beds;
    this.#steps = new BedSteps({ books, beds, effects, journal, onFault });
    this.changes = effects.changes;
    this.waves = this.#steps.waves;

    // One runner for all: commands that exclude each other do so across these.
    const common = { runner: new CommandRunner(timeline, onFault), journal, timeline };
    const { alarms, orders, drafts, courses, associations } = books;
    this.#alarmCommands = new AlarmCommands({
      ...common,
      desk: alarms,
      effects,
      hasBed: (bedId) => beds.get(bedId) !== undefined,
    });
    this.#orderCommands = new OrderCommands({
      ...common,
      desk: orders,
      drafts,
      apply: (event, context) => effects.order(event, context),
      ofCourse: (order) => courses.check(order, this.#today()),
      seenOn: (bedId) => beds.seenOn(bedId),
    });
    this.#draftCommands = new DraftCommands({ ...common, desk: orders, drafts });
    this.#courseCommands = {
      ...common,
      desk: courses,
      today: this.#today,
      apply: (event, context) => courses.apply(event, context),
    };
    this.#deviceCommands = {
      ...common,
      desk: associations,
      pictureOf: (deviceId) => beds.pictureOf(deviceId),
      apply: (event, context) => effects.association(event, context),
    };
  }

  /** Connects the devices and begins to judge. */
  start(): void {
    this.#journal.happened({ type: 'gateway-started' }, { wallMs: this.#deps.timeline.wallMs() });
    this.#beds.start((bed, step) => this.#steps.take(bed, step));
  }

  /** Lets go of the devices. The log is closed by whoever opened it. */
  stop(): void {
    this.#beds.stop();
    this.#journal.happened({ type: 'gateway-stopped' }, { wallMs: this.#deps.timeline.wallMs() });
  }

  beds(): readonly BedView[] {
    return this.#beds.views();
  }

  alarms(): readonly AlarmView[] {
    return this.#books.alarms.views(this.#deps.timeline.wallMs());
  }

  devices(): readonly DeviceView[] {
    return this.#beds.devices();
  }

  regimens(): readonly RegimenView[] {
    return this.#books.orders.regimens();
  }

  courses(patientId?: string): readonly CourseView[] {
    return this.#books.courses.views(patientId, this.#today());
  }

  report(orderId: string): Promise<CommandResult<ReportView>> {
    return this.#books.reports.report(orderId);
  }

  order(orderId: string): OrderDetail | undefined {
    return this.#books.orders.detail(orderId);
  }

  orders(filter: OrderFilter): readonly OrderListItem[] {
    return this.#books.orders.list(filter).map(orderListItem);
  }

  checkForm(orderId: string): CommandResult<CheckForm> {
    return checkFormOf(this.#books.orders, orderId);
  }

  draft(draftId: string): DraftReply | undefined {
    return this.#draftCommands.reply(draftId);
  }

  drafts(): DraftList['drafts'] {
    return this.#draftCommands.list();
  }

  regimenDraft(regimenId: string, call: unknown): CommandResult<RegimenDraftReply> {
    return regimenDraftOf(this.#books.orders, regimenId, call);
  }

  alarmHistory({ bedId, limit, beforeWallMs }: HistoryQuery): readonly AlarmView[] {
    return this.#books.alarms.history(bedId, beforeWallMs ?? Number.POSITIVE_INFINITY, limit);
  }

  acknowledge(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#alarmCommands.acknowledge(by, alarms);
  }

  seen(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#alarmCommands.seen(by, alarms);
  }

  pauseAudio(by: Actor, bedId: string): Promise<CommandResult<{ until: string }>> {
    return this.#alarmCommands.pauseAudio(by, bedId);
  }

  createOrder(
    by: Actor,
    text: string,
    format?: 'json' | 'yaml',
    draftId?: string,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.create(by, text, format, draftId);
  }

  signOrder(by: Actor, orderId: string, signing?: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.sign(by, orderId, signing);
  }

  sendBackOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.sendBack(by, orderId, call);
  }

  amendOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.amend(by, orderId, call);
  }

  withdrawAmendment(
    by: Actor,
    orderId: string,
    call: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.withdraw(by, orderId, call);
  }

  saveDraft(by: Actor, call: unknown): Promise<CommandResult<DraftReply>> {
    return this.#draftCommands.save(by, call);
  }

  deleteDraft(by: Actor, draftId: string): Promise<CommandResult> {
    return this.#draftCommands.delete(by, draftId);
  }

  verifyOrder(by: Actor, orderId: string, entered: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.verify(by, orderId, entered);
  }

  activateOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.activate(by, orderId, call);
  }

  completeOrder(by: Actor, orderId: string): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.complete(by, orderId);
  }

  discontinueOrder(
    by: Actor,
    orderId: string,
    reason: string,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.discontinue(by, orderId, reason);
  }

  whileRunning(
    by: Actor,
    orderId: string,
    verb: RunningVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.whileRunning(by, orderId, verb, body);
  }

  atBedside(
    by: Actor,
    bedId: string,
    verb: BedsideVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#orderCommands.atBedside(by, bedId, verb, body);
  }

  changeCourse(
    by: Actor,
    courseId: string,
    verb: 'move' | 'miss',
    body: unknown,
  ): Promise<CommandResult<CourseReply>> {
    return changeCourse(this.#courseCommands, by, courseId, verb, body);
  }

  confirmDevice(by: Actor, deviceId: string, serial: string): Promise<CommandResult> {
    return confirmDevice(this.#deviceCommands, by, deviceId, serial);
  }

  noteWatcher(note: WatcherNote): void {
    if (note.state === 'left') this.#watchers.delete(note.clientId);
    else this.#watchers.set(note.clientId, note);
  }

  health(): { readonly ok: boolean; readonly detail: Readonly<Record<string, unknown>> } {
    const log = this.#deps.log.health();
    return {
      ok: log.ok,
      detail: {
        log,
        beds: this.#beds.size,
        openAlarms: this.#books.alarms.book.alarms.size,
        watchers: this.#watchers.size,
        faults: this.#faults,
      },
    };
  }
}
