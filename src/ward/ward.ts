import { BehaviorSubject, Subject, Subscription } from 'rxjs';
import type { AlarmEvent, EventContext } from '../alarm/alarm-event.ts';
import {
  type AlarmDecision,
  decideAcknowledge,
  decideAudioPause,
  decideSeen,
} from '../alarm/decide.ts';
import { restoredMemory } from '../check/evaluate.ts';
import type { AlarmLimits } from '../check/limits.ts';
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
import type { DevicePicture } from '../observation/device-picture.ts';
import type { CourseEvent } from '../order/course-book.ts';
import { bookedDose, emptyDoseBook, knownDoses, nextDoseBook } from '../order/dose-book.ts';
import { doseSession, givenDose } from '../order/dose-ledger.ts';
import { isDoseNote } from '../order/dose-note.ts';
import type { CareArea, DrugLibrary } from '../order/drug-library.ts';
import type { OrderBookEvent } from '../order/order-book.ts';
import { type NotedRate, type RateNote, rateToNote } from '../order/rate-note.ts';
import type { RegimenShelf } from '../order/regimen.ts';
import type { BedsideVerb, RunningVerb } from '../order/session-life.ts';
import type { BedState, BedStep } from '../pipeline/bed.ts';
import { bedSeen } from '../pipeline/bed-seen.ts';
import {
  type BedDescription,
  type BedOrder,
  bedStream,
  momentOf,
  newBedState,
} from '../pipeline/bed-stream.ts';
import { iso } from '../pipeline/times.ts';
import type { EventLog, LogEntry } from '../store/event-log.ts';
import type { NumericsStore } from '../store/numerics.ts';
import type { Timeline } from '../time/timeline.ts';
import { localDate, zoneOffset } from '../time/zone-offset.ts';
import { AlarmDesk } from './alarm-desk.ts';
import { AssociationDesk, type AssociationEvent } from './association-desk.ts';
import { BedDesk } from './bed-desk.ts';
import type { BedSurroundings } from './bed-views.ts';
import { CommandRunner, refusal } from './command-runner.ts';
import { changeCourse } from './course-commands.ts';
import { CourseDesk } from './course-desk.ts';
import { DraftCommands } from './draft-commands.ts';
import { DraftDesk } from './draft-desk.ts';
import { Journal, type ObservationSink } from './journal.ts';
import { readRegimenDraft } from './order-calls.ts';
import { type DeskEvent, OrderCommands } from './order-commands.ts';
import { OrderDesk } from './order-desk.ts';
import { checkFormView, orderListItem, regimenDraftView } from './order-desk-views.ts';
import { ReportDesk } from './report/report-desk.ts';
import { WaveStreams } from './wave-streams.ts';

export interface WardBed extends BedDescription {
  readonly careArea: CareArea;
}

export interface WardDeps {
  readonly gateway: GatewayInfo;
  readonly beds: readonly WardBed[];
  readonly limits: AlarmLimits;
  readonly drugLibrary: DrugLibrary;
  /** Templates that orders may name. */
  readonly regimens?: RegimenShelf;
  readonly log: EventLog;
  readonly numerics?: ObservationSink;
  /** What of the numerics is read again, for reports. */
  readonly trends?: Pick<NumericsStore, 'trend'>;
  readonly timeline: Timeline;
  readonly onFault: (where: string, error: unknown) => void;
}

interface LiveBed {
  readonly description: WardBed;
  readonly desk: BedDesk;
  readonly orders: BehaviorSubject<BedOrder>;
  state: BedState;
  noted: NotedRate | null;
}

/** The gateway's heart: beds, alarms and orders, fed by devices, people and the clock. */
export class GatewayWard implements Ward {
  readonly gateway: GatewayInfo;
  readonly changes = new Subject<WardChange>();
  readonly waves = new Subject<WardWave>();
  readonly #deps: WardDeps;
  readonly #journal: Journal;
  readonly #alarms = new AlarmDesk();
  readonly #orders: OrderDesk;
  #doses = emptyDoseBook;
  readonly #waveStreams = new WaveStreams();
  readonly #associations = new AssociationDesk();
  readonly #associated = new BehaviorSubject<ReadonlyMap<string, string>>(new Map());
  readonly #beds = new Map<string, LiveBed>();
  readonly #commands: CommandRunner;
  readonly #orderCommands: OrderCommands;
  readonly #drafts = new DraftDesk();
  readonly #draftCommands: DraftCommands;
  readonly #courses: CourseDesk;
  readonly #reports: ReportDesk;
  readonly #utcOffsetAt: (wallMs: number) => number;
  readonly #watchers = new Map<string, WatcherNote>();
  #running = new Subscription();
  #faults = 0;

  constructor(deps: WardDeps) {
    this.#deps = deps;
    this.#journal = new Journal(deps.log, deps.numerics, (where, error) =>
      this.#fault(where, error),
    );
    this.#commands = new CommandRunner(deps.timeline, (where, error) => this.#fault(where, error));
    this.gateway = deps.gateway;
    const areas = new Map(deps.beds.map(({ bedId, careArea }) => [bedId, careArea]));
    this.#orders = new OrderDesk(deps.drugLibrary, areas, deps.regimens, deps.limits);
    this.#utcOffsetAt = zoneOffset(deps.gateway.timeZone);
    this.#courses = new CourseDesk({
      orders: () => this.#orders.orders(),
      givenBy: (orderId) => this.#given(orderId),
      regimen: (id) => deps.regimens?.get(id),
    });
    this.#reports = new ReportDesk({
      gateway: deps.gateway,
      utcOffsetAt: this.#utcOffsetAt,
      timeline: deps.timeline,
      log: deps.log,
      trends: deps.trends,
      order: (orderId) => this.#orders.record(orderId),
      trail: (orderId) => this.#courses.trail(orderId),
      given: (orderId) => this.#given(orderId),
      bed: (bedId) => this.#beds.get(bedId) ?? null,
      alarmsBefore: (bedId, wallMs) =>
        this.#alarms.history(bedId, wallMs, Number.POSITIVE_INFINITY),
    });
    this.#orderCommands = new OrderCommands({
      runner: this.#commands,
      desk: this.#orders,
      drafts: this.#drafts,
      journal: this.#journal,
      timeline: deps.timeline,
      apply: (event, context) => this.#applyOrder(event, context),
      ofCourse: (order) => this.#courses.check(order, this.#today()),
      seenOn: (bedId) => {
        const state = this.#beds.get(bedId)?.state;
        return state === undefined ? undefined : bedSeen(state, momentOf(deps.timeline));
      },
    });
    this.#draftCommands = new DraftCommands({
      runner: this.#commands,
      drafts: this.#drafts,
      desk: this.#orders,
      journal: this.#journal,
      timeline: deps.timeline,
    });
    for (const entry of deps.log.entries()) this.#restore(entry);
    this.#associated.next(this.#associations.serials());
    for (const bed of deps.beds) this.#beds.set(bed.bedId, this.#newBed(bed));
  }

  /** Connects the devices and begins to judge. */
  start(): void {
    this.#journal.happened({ type: 'gateway-started' }, { wallMs: this.#deps.timeline.wallMs() });
    const open = [...this.#alarms.book.alarms.values()].filter(({ present }) => present);
    for (const bed of this.#beds.values()) {
      const mine = open.filter(({ bedId }) => bedId === bed.description.bedId);
      const stream = bedStream({
        bed: bed.description,
        orders: bed.orders,
        doses: (order, moment) => knownDoses(this.#doses, doseSession(order, moment.nowMs), moment),
        associations: this.#associated,
        memory: restoredMemory(mine, this.#deps.limits),
        limits: this.#deps.limits,
        timeline: this.#deps.timeline,
        onFault: (where, error) => this.#fault(where, error),
      });
      this.#running.add(stream.subscribe((step) => this.#guarded(bed, step)));
    }
  }

  /** Lets go of the devices. The log is closed by whoever opened it. */
  stop(): void {
    this.#running.unsubscribe();
    this.#running = new Subscription();
    this.#journal.happened({ type: 'gateway-stopped' }, { wallMs: this.#deps.timeline.wallMs() });
  }

  beds(): readonly BedView[] {
    const moment = momentOf(this.#deps.timeline);
    return [...this.#beds.values()].map((bed) =>
      bed.desk.view(bed.state, moment, this.#around(bed)),
    );
  }

  alarms(): readonly AlarmView[] {
    return this.#alarms.views(this.#deps.timeline.wallMs());
  }

  devices(): readonly DeviceView[] {
    const moment = momentOf(this.#deps.timeline);
    return [...this.#beds.values()].flatMap((bed) => bed.desk.devices(bed.state, moment));
  }

  regimens(): readonly RegimenView[] {
    return this.#orders.regimens();
  }

  courses(patientId?: string): readonly CourseView[] {
    return this.#courses.views(patientId, this.#today());
  }

  report(orderId: string): Promise<CommandResult<ReportView>> {
    return this.#reports.report(orderId);
  }

  order(orderId: string): OrderDetail | undefined {
    return this.#orders.detail(orderId);
  }

  orders(filter: OrderFilter): readonly OrderListItem[] {
    return this.#orders.list(filter).map(orderListItem);
  }

  checkForm(orderId: string): CommandResult<CheckForm> {
    const order = this.#orders.record(orderId);
    if (order === undefined) return refusal(404, 'no-such-order', `There is no order ${orderId}.`);
    const value = checkFormView(order);
    if (value !== undefined) return { ok: true, value };
    return refusal(409, 'wrong-status', `Order ${orderId} does not wait for a second check.`);
  }

  draft(draftId: string): DraftReply | undefined {
    return this.#draftCommands.reply(draftId);
  }

  drafts(): DraftList['drafts'] {
    return this.#draftCommands.list();
  }

  regimenDraft(regimenId: string, call: unknown): CommandResult<RegimenDraftReply> {
    const regimen = this.#orders.regimens().find(({ id }) => id === regimenId);
    if (regimen === undefined)
      return refusal(404, 'no-such-regimen', `There is no regimen ${regimenId}; look at the list.`);
    const read = readRegimenDraft(call);
    return read.ok ? { ok: true, value: regimenDraftView(regimen, read.value) } : read;
  }

  alarmHistory({ bedId, limit, beforeWallMs }: HistoryQuery): readonly AlarmView[] {
    return this.#alarms.history(bedId, beforeWallMs ?? Number.POSITIVE_INFINITY, limit);
  }

  acknowledge(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#commands.once(by, 'acknowledge', () =>
      this.#alarmCommand(by, decideAcknowledge(this.#alarms.book, alarms)),
    );
  }

  seen(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult> {
    return this.#commands.once(by, 'seen', () =>
      this.#alarmCommand(by, decideSeen(this.#alarms.book, alarms)),
    );
  }

  pauseAudio(by: Actor, bedId: string): Promise<CommandResult<{ until: string }>> {
    return this.#commands.once(by, 'pause', async () => {
      if (!this.#beds.has(bedId)) return refusal(404, 'no-such-bed', `There is no bed ${bedId}.`);
      const { wallMs } = momentOf(this.#deps.timeline);
      const done = await this.#alarmCommand(by, decideAudioPause(this.#alarms.book, bedId, wallMs));
      if (!done.ok) return done;
      return {
        ok: true,
        value: { until: iso(this.#alarms.book.pauses.get(bedId)?.untilWallMs ?? wallMs) },
      };
    });
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
    const deps = {
      runner: this.#commands,
      desk: this.#courses,
      journal: this.#journal,
      timeline: this.#deps.timeline,
      today: () => this.#today(),
      apply: (event: CourseEvent, context: EventContext) => this.#courses.apply(event, context),
    };
    return changeCourse(deps, by, courseId, verb, body);
  }

  /** A person says that the device that answers at a place belongs there. */
  confirmDevice(by: Actor, deviceId: string, serial: string): Promise<CommandResult> {
    return this.#commands.onceInTurn(by, 'confirm-device', async () => {
      const picture = this.#pictureOf(deviceId);
      if (picture === undefined)
        return refusal(404, 'no-such-device', `There is no device ${deviceId}.`);
      const event = this.#associations.confirm(picture, serial);
      if (typeof event === 'string') return refusal(409, 'another-device', event);
      const context = { wallMs: this.#deps.timeline.wallMs(), user: by.user };
      await this.#journal.command(event, context, by);
      this.#applyAssociation(event, context);
      return { ok: true, value: { deviceId, serial } };
    });
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
        openAlarms: this.#alarms.book.alarms.size,
        watchers: this.#watchers.size,
        faults: this.#faults,
      },
    };
  }

  #today(): string {
    const wallMs = this.#deps.timeline.wallMs();
    return localDate(wallMs, this.#utcOffsetAt(wallMs));
  }

  /** What an order gave so far: as counted now while it runs, else as it was written down last. */
  #given(orderId: string): { readonly atLeastMg: number; readonly atMostMg: number } | null {
    for (const { state } of this.#beds.values()) {
      const { doses } = state.history;
      if (doses.session?.orderId === orderId)
        return givenDose(doses, this.#deps.timeline.monotonicMs())?.session ?? null;
    }
    return bookedDose(this.#doses, orderId);
  }

  #pictureOf(deviceId: string): DevicePicture | undefined {
    for (const { state } of this.#beds.values()) {
      const picture = state.pictures.get(deviceId);
      if (picture !== undefined) return picture;
    }
    return undefined;
  }

  #newBed(description: WardBed): LiveBed {
    const order = this.#orders.onBed(description.bedId);
    const { timeline } = this.#deps;
    return {
      description,
      desk: new BedDesk(description),
      orders: new BehaviorSubject(order),
      state: newBedState(description, { levels: new Map() }, timeline.monotonicMs()),
      noted: null,
    };
  }

  #restore(entry: LogEntry): void {
    const event = { ...(entry.payload as object), type: entry.type };
    const at = contextOf(entry);
    this.#alarms.restore(event, at);
    this.#orders.apply(event, at);
    this.#drafts.apply(event, at);
    this.#courses.restore(event, at);
    this.#associations.apply(event, at);
    this.#reports.apply(event, at.wallMs);
    if (isDoseNote(event)) this.#doses = nextDoseBook(this.#doses, event, at.wallMs);
  }

  /** A fault in publishing one step must not end the bed. */
  #guarded(bed: LiveBed, step: BedStep): void {
    try {
      this.#onStep(bed, step);
    } catch (error) {
      this.#fault(bed.description.bedId, error);
    }
  }

  /** Alarms first, then what changed on the screen, then the store, then what follows from it. */
  #onStep(bed: LiveBed, step: BedStep): void {
    bed.state = step.state;
    const { bedId } = bed.description;
    const { wallMs, nowMs } = step.moment;
    for (const event of this.#alarms.decide(bedId, step.findings, wallMs)) {
      this.#journal.happened(event, { wallMs }, bedId);
      this.#applyAlarm(event, { wallMs });
    }
    for (const alarm of this.#alarms.refreshed(bedId, step.findings, nowMs)) {
      this.changes.next({ kind: 'alarm', alarm });
    }
    for (const parts of bed.desk.changes(step, this.#around(bed))) {
      this.changes.next({ kind: 'parts', parts });
    }
    this.#journal.numerics(bedId, step);
    this.#journal.waves(bedId, step);
    for (const { deviceId, block } of step.waves) {
      const stream = this.#waveStreams.numberOf(deviceId, block.code);
      this.waves.next({ bedId, deviceId, stream, block });
    }
    for (const note of step.doseNotes) {
      this.#journal.happened(note, { wallMs }, bedId);
      this.#doses = nextDoseBook(this.#doses, note, wallMs);
    }
    this.#noteRate(bed, step);
    this.#associate(bedId, step);
    this.#expire(wallMs);
    if (step.flowStarted !== null) {
      const { baseline: values, ...start } = step.flowStarted;
      const { orderId } = start;
      const events: readonly OrderBookEvent[] = [
        { type: 'order-started', ...start },
        { type: 'baseline-seen', orderId, values },
      ];
      for (const event of events) {
        this.#journal.happened(event, { wallMs }, bedId);
        this.#applyOrder(event, { wallMs });
      }
    }
    // What came before may have moved the bed on already, and then that look has told it.
    if (step.sessionNote !== null && bed.state === step.state) {
      this.#journal.happened(step.sessionNote, { wallMs }, bedId);
      this.#applyOrder(step.sessionNote, { wallMs });
    }
  }

  /** What really flowed, for the report: the screen keeps the last hours only. */
  #noteRate(bed: LiveBed, { state: { order, history }, moment: { nowMs, wallMs } }: BedStep): void {
    if (order === null) return;
    const mgPerH = history.rate.at(-1)?.mgPerH ?? null;
    const noted = rateToNote(bed.noted, order.orderId, mgPerH, nowMs);
    if (noted === undefined) return;
    bed.noted = noted;
    const note: RateNote = { type: 'rate-seen', orderId: order.orderId, mgPerH };
    this.#journal.happened(note, { wallMs }, bed.description.bedId);
  }

  /** What was not activated in its time of validity never will be. */
  #expire(wallMs: number): void {
    if (wallMs < this.#orders.nextExpiryWallMs) return;
    for (const event of this.#orders.expiredNow(wallMs)) {
      this.#journal.happened(event, { wallMs });
      this.#applyOrder(event, { wallMs });
    }
  }

  /** The first device that tells who it is takes its place at the bed; every other needs a person. */
  #associate(bedId: string, { input, state, moment }: BedStep): void {
    if (input.kind !== 'device' || !input.events.some(({ kind }) => kind === 'identity')) return;
    const picture = state.pictures.get(input.deviceId);
    const event = picture === undefined ? null : this.#associations.firstSeen(picture);
    if (event === null) return;
    const context = { wallMs: moment.wallMs };
    this.#journal.happened(event, context, bedId);
    this.#applyAssociation(event, context);
  }

  #applyAssociation(event: AssociationEvent, context: EventContext): void {
    this.#associations.apply(event, context);
    this.#reports.apply(event, context.wallMs);
    this.#associated.next(this.#associations.serials());
  }

  #applyAlarm(event: AlarmEvent, context: EventContext): void {
    this.#publishAlarm(event, this.#alarms.apply(event, context));
  }

  #publishAlarm(event: AlarmEvent, alarm: AlarmView | undefined): void {
    // What was seen first may have changed meanwhile: the newest revision is what counts.
    const newest = alarm === undefined ? undefined : (this.#alarms.view(alarm.alarmId) ?? alarm);
    if (newest !== undefined) this.changes.next({ kind: 'alarm', alarm: newest });
    if (event.type === 'audio-paused' || event.type === 'audio-resumed') this.#tellBed(event.bedId);
  }

  /** Applies and lets every bed know which order runs on it now. */
  #applyOrder(event: DeskEvent, context: EventContext): void {
    this.#orders.apply(event, context);
    this.#drafts.apply(event, context);
    this.#courses.apply(event, context);
    for (const bed of this.#beds.values()) {
      const now = this.#orders.onBed(bed.description.bedId);
      const { active, recovery } = bed.orders.value;
      if (now.active !== active || now.recovery !== recovery) bed.orders.next(now);
    }
  }

  #tellBed(bedId: string): void {
    const bed = this.#beds.get(bedId);
    if (bed === undefined) return;
    const view = bed.desk.view(bed.state, momentOf(this.#deps.timeline), this.#around(bed));
    this.changes.next({ kind: 'parts', parts: { bedId, bed: view } });
  }

  #around({ description: { bedId } }: LiveBed): BedSurroundings {
    return {
      limits: this.#deps.limits,
      order: this.#orders.activeOn(bedId),
      waveStreams: this.#waveStreams,
      audioPause: this.#alarms.book.pauses.get(bedId),
    };
  }

  async #alarmCommand(by: Actor, decision: AlarmDecision): Promise<CommandResult> {
    if (!decision.ok) return decision;
    const context = { wallMs: this.#deps.timeline.wallMs(), user: by.user };
    // The book takes them in the order of the log, at once: an escalation that comes while the disk
    // works comes after the acknowledgement, and takes it away. Clients are told when it is durable.
    const written = decision.events.map((event) => this.#journal.command(event, context, by));
    const views = decision.events.map((event) => this.#alarms.apply(event, context));
    try {
      await Promise.all(written);
    } catch (error) {
      this.#takeBack(decision.events, context);
      throw error;
    }
    for (const [index, event] of decision.events.entries()) this.#publishAlarm(event, views[index]);
    return { ok: true, value: { done: decision.events.length } };
  }

  /** What could not be recorded was not done: the alarm sounds again. */
  #takeBack(events: readonly AlarmEvent[], context: EventContext): void {
    for (const event of events) {
      const undo: AlarmEvent | undefined =
        event.type === 'alarm-acknowledged'
          ? { type: 'alarm-unacknowledged', alarmId: event.alarmId }
          : event.type === 'audio-paused'
            ? { type: 'audio-resumed', bedId: event.bedId }
            : undefined;
      if (undo === undefined) continue;
      this.#journal.happened(undo, context);
      this.#applyAlarm(undo, context);
    }
  }

  #fault(where: string, error: unknown): void {
    this.#faults += 1;
    this.#deps.onFault(where, error);
  }
}

function contextOf({ wallMs, user, station, seq }: LogEntry): EventContext {
  return {
    wallMs,
    seq,
    ...(user === undefined ? {} : { user }),
    ...(station === undefined ? {} : { station }),
  };
}
