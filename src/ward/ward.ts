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
import { changeCourse } from './course-commands.ts';
import { confirmDevice } from './device-commands.ts';
import { orderListItem } from './order-desk-views.ts';
import { checkFormOf, regimenDraftOf } from './order-queries.ts';
import type { WardDeps } from './ward-deps.ts';
import { type WardParts, wardParts } from './ward-parts.ts';

/**
 * The gateway's heart: beds, alarms and orders, fed by devices, people and the clock. Its parts do the
 * work; each call of the hub is handed to the one that answers it.
 */
export class GatewayWard implements Ward {
  readonly gateway: GatewayInfo;
  readonly changes: Observable<WardChange>;
  readonly waves: Observable<WardWave>;
  readonly #deps: WardDeps;
  readonly #parts: WardParts;
  readonly #watchers = new Map<string, WatcherNote>();
  #faults = 0;

  constructor(deps: WardDeps) {
    this.#deps = deps;
    this.gateway = deps.gateway;
    this.#parts = wardParts({
      ...deps,
      onFault: (where, error) => {
        this.#faults += 1;
        deps.onFault(where, error);
      },
    });
    this.changes = this.#parts.effects.changes;
    this.waves = this.#parts.steps.waves;
  }

  /** Connects the devices and begins to judge. */
  start(): void {
    this.#parts.journal.happened(
      { type: 'gateway-started' },
      { wallMs: this.#deps.timeline.wallMs() },
    );
    this.#parts.beds.start((bed, step) => this.#parts.steps.take(bed, step));
  }

  /** Lets go of the devices. The log is closed by whoever opened it. */
  stop(): void {
    this.#parts.beds.stop();
    this.#parts.journal.happened(
      { type: 'gateway-stopped' },
      { wallMs: this.#deps.timeline.wallMs() },
    );
  }

  beds(): readonly BedView[] {
    return this.#parts.beds.views();
  }

  alarms(): readonly AlarmView[] {
    return this.#parts.books.alarms.views(this.#deps.timeline.wallMs());
  }

  devices(): readonly DeviceView[] {
    return this.#parts.beds.devices();
  }

  regimens(): readonly RegimenView[] {
    return this.#parts.books.orders.regimens();
  }

  courses(patientId?: string): readonly CourseView[] {
    return this.#parts.books.courses.views(patientId, this.#parts.courseCommands.today());
  }

  report(orderId: string): Promise<CommandResult<ReportView>> {
    return this.#parts.books.reports.report(orderId);
  }

  order(orderId: string): OrderDetail | undefined {
    return this.#parts.books.orders.detail(orderId);
  }

  orders(filter: OrderFilter): readonly OrderListItem[] {
    return this.#parts.books.orders.list(filter).map(orderListItem);
  }

  checkForm(orderId: string): CommandResult<CheckForm> {
    return checkFormOf(this.#parts.books.orders, orderId);
  }

  draft(draftId: string): DraftReply | undefined {
    return this.#parts.draftCommands.reply(draftId);
  }

  drafts(): DraftList['drafts'] {
    return this.#parts.draftCommands.list();
  }

  regimenDraft(regimenId: string, call: unknown): CommandResult<RegimenDraftReply> {
    return regimenDraftOf(this.#parts.books.orders, regimenId, call);
  }

  alarmHistory({ bedId, limit, beforeWallMs }: HistoryQuery): readonly AlarmView[] {
    return this.#parts.books.alarms.history(bedId, beforeWallMs ?? Number.POSITIVE_INFINITY, limit);
  }

  acknowledge(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#parts.alarmCommands.acknowledge(by, alarms);
  }

  seen(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#parts.alarmCommands.seen(by, alarms);
  }

  pauseAudio(by: Actor, bedId: string): Promise<CommandResult<{ until: string }>> {
    return this.#parts.alarmCommands.pauseAudio(by, bedId);
  }

  createOrder(
    by: Actor,
    text: string,
    format?: 'json' | 'yaml',
    draftId?: string,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.create(by, text, format, draftId);
  }

  signOrder(by: Actor, orderId: string, signing?: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.sign(by, orderId, signing);
  }

  sendBackOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.sendBack(by, orderId, call);
  }

  amendOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.amend(by, orderId, call);
  }

  withdrawAmendment(
    by: Actor,
    orderId: string,
    call: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.withdraw(by, orderId, call);
  }

  saveDraft(by: Actor, call: unknown): Promise<CommandResult<DraftReply>> {
    return this.#parts.draftCommands.save(by, call);
  }

  deleteDraft(by: Actor, draftId: string): Promise<CommandResult> {
    return this.#parts.draftCommands.delete(by, draftId);
  }

  verifyOrder(by: Actor, orderId: string, entered: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.verify(by, orderId, entered);
  }

  activateOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.activate(by, orderId, call);
  }

  completeOrder(by: Actor, orderId: string): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.complete(by, orderId);
  }

  discontinueOrder(
    by: Actor,
    orderId: string,
    reason: string,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.discontinue(by, orderId, reason);
  }

  whileRunning(
    by: Actor,
    orderId: string,
    verb: RunningVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.whileRunning(by, orderId, verb, body);
  }

  atBedside(
    by: Actor,
    bedId: string,
    verb: BedsideVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>> {
    return this.#parts.orderCommands.atBedside(by, bedId, verb, body);
  }

  changeCourse(
    by: Actor,
    courseId: string,
    verb: 'move' | 'miss',
    body: unknown,
  ): Promise<CommandResult<CourseReply>> {
    return changeCourse(this.#parts.courseCommands, by, courseId, verb, body);
  }

  confirmDevice(by: Actor, deviceId: string, serial: string): Promise<CommandResult> {
    return confirmDevice(this.#parts.deviceCommands, by, deviceId, serial);
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
        beds: this.#parts.beds.size,
        openAlarms: this.#parts.books.alarms.book.alarms.size,
        watchers: this.#watchers.size,
        faults: this.#faults,
      },
    };
  }
}
