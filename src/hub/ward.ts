import type { Observable } from 'rxjs';
import type * as z from 'zod/mini';
import type { WaveSeen } from '../observation/wave.ts';
import type { BedsideVerb, RunningVerb } from '../order/session-life.ts';
import type {
  AlarmView,
  BedView,
  CheckForm,
  CourseReply,
  CourseView,
  Delta,
  DeviceView,
  DraftList,
  DraftReply,
  OrderListItem,
  OrderStatus,
  OrderVersionView,
  OrderView,
  RegimenDraftReply,
  RegimenView,
  ReportView,
} from './wire/index.ts';

/**
 * What the hub needs from the gateway behind it, and nothing more. Views are snapshots by value:
 * the hub may keep and send them, never change them.
 */
export interface Ward {
  readonly gateway: GatewayInfo;
  beds(): readonly BedView[];
  /** All that are not ended, and those that ended in the last minute. */
  alarms(): readonly AlarmView[];
  devices(): readonly DeviceView[];
  order(orderId: string): OrderDetail | undefined;
  /** Newest first, at most 200. */
  orders(filter: OrderFilter): readonly OrderListItem[];
  /** What a second check has to enter; refused when nothing waits for one. */
  checkForm(orderId: string): CommandResult<CheckForm>;
  draft(draftId: string): DraftReply | undefined;
  drafts(): DraftList['drafts'];
  /** A proposal from a template; nothing is kept of it. */
  regimenDraft(regimenId: string, call: unknown): CommandResult<RegimenDraftReply>;
  /** Plans of several sessions, newest first; of one patient, or of all. */
  courses(patientId?: string): readonly CourseView[];
  /** Everything of one session for paper, also long afterwards; read from the log and the store. */
  report(orderId: string): Promise<CommandResult<ReportView>>;
  /** The templates that an order may name, as they are written. */
  regimens(): readonly RegimenView[];
  /** Every alarm of the log, newest first, for the history. */
  alarmHistory(query: HistoryQuery): readonly AlarmView[];
  /**
   * What changed, in order. Alarm changes come at once and one by one; the others may be conflated
   * (a later part replaces an earlier one), which is what the hub's per-client queues do.
   */
  readonly changes: Observable<WardChange>;
  /** Blocks of waveforms. They go their own way: losing some must never cost an alarm. */
  readonly waves: Observable<WardWave>;

  /**
   * Commands. Each resolves when its effect is durably in the event log (never before), with what a
   * person must be told. The same `commandId` again gives the first answer and does nothing.
   */
  acknowledge(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult>;
  seen(by: Actor, alarms: readonly AlarmRevision[]): Promise<CommandResult>;
  pauseAudio(by: Actor, bedId: string): Promise<CommandResult<{ until: string }>>;
  createOrder(
    by: Actor,
    text: string,
    format: 'json' | 'yaml',
    draftId?: string,
  ): Promise<CommandResult<OrderDetail>>;
  signOrder(by: Actor, orderId: string, signing?: unknown): Promise<CommandResult<OrderDetail>>;
  /** A signed order goes back unchecked. */
  sendBackOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>>;
  /** A further version; what runs goes on until that one is activated. */
  amendOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>>;
  withdrawAmendment(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>>;
  saveDraft(by: Actor, call: unknown): Promise<CommandResult<DraftReply>>;
  deleteDraft(by: Actor, draftId: string): Promise<CommandResult>;
  verifyOrder(by: Actor, orderId: string, entered: unknown): Promise<CommandResult<OrderDetail>>;
  activateOrder(by: Actor, orderId: string, call: unknown): Promise<CommandResult<OrderDetail>>;
  completeOrder(by: Actor, orderId: string): Promise<CommandResult<OrderDetail>>;
  discontinueOrder(by: Actor, orderId: string, reason: string): Promise<CommandResult<OrderDetail>>;
  /** Something about an order that runs; the body is judged by the ward. */
  whileRunning(
    by: Actor,
    orderId: string,
    verb: RunningVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>>;
  /** Something at a bed, for the order that runs there or the patient who recovers there. */
  atBedside(
    by: Actor,
    bedId: string,
    verb: BedsideVerb,
    body: unknown,
  ): Promise<CommandResult<OrderDetail>>;
  /** A day of a course is given on another date, or is not given; the body is judged by the ward. */
  changeCourse(
    by: Actor,
    courseId: string,
    verb: 'move' | 'miss',
    body: unknown,
  ): Promise<CommandResult<CourseReply>>;
  /** A person says that the device that answers at a place, with this serial number, belongs there. */
  confirmDevice(by: Actor, deviceId: string, serial: string): Promise<CommandResult>;
  /** A client that watches: for SYS rules later, and for the devices page. */
  noteWatcher(note: WatcherNote): void;
  /** One line for /healthz. */
  health(): { readonly ok: boolean; readonly detail: Readonly<Record<string, unknown>> };
}

export interface GatewayInfo {
  readonly id: string;
  readonly site: string;
  readonly unit: string;
  readonly build: string;
  readonly mode: 'information' | 'alarm';
  readonly timeZone: string;
}

/** A person or station that gives a command, as the log keeps it. */
export interface Actor {
  readonly user: string;
  readonly roles: readonly string[];
  readonly station?: string;
  readonly commandId?: string;
}

export interface AlarmRevision {
  readonly alarmId: string;
  readonly rev: number;
}

export interface OrderFilter {
  readonly status?: readonly OrderStatus[];
  readonly bedId?: string;
}

export interface HistoryQuery {
  readonly bedId?: string;
  /** At most this many, 1..500. */
  readonly limit: number;
  /** Only alarms that began before this wall time (ms), for paging. */
  readonly beforeWallMs?: number;
}

/**
 * An order with its document, for `GET /api/orders/{id}`. `note` names a soft limit that it crosses, and
 * where it differs from the regimen that it names.
 */
export interface OrderDetail {
  readonly view: z.infer<typeof OrderView>;
  readonly document: unknown;
  readonly bedId: string | null;
  /** Oldest first. */
  readonly versions: readonly OrderVersionView[];
  readonly note?: string;
}

export type CommandResult<T = Readonly<Record<string, unknown>>> =
  | { readonly ok: true; readonly value: T }
  | CommandRefusal;

/** `status` is the HTTP status of docs/interfaces.md; `message` is one sentence that says what to do. */
export interface CommandRefusal {
  readonly ok: false;
  readonly status: 400 | 403 | 404 | 409 | 422 | 503;
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly detail?: unknown;
  /** Under which the refused order is kept. */
  readonly draftId?: string;
}

export type WardChange =
  | { readonly kind: 'alarm'; readonly alarm: AlarmView }
  | { readonly kind: 'parts'; readonly parts: Omit<Delta, 'type' | 'seq'> };

export interface WardWave {
  readonly bedId: string;
  readonly deviceId: string;
  /** As in `BedView.waves`. */
  readonly stream: number;
  readonly block: WaveSeen;
}

export interface WatcherNote {
  readonly clientId: string;
  readonly user: string;
  readonly station?: string;
  readonly state: 'joined' | 'beat' | 'left';
  readonly visible?: boolean;
  readonly audioState?: string;
  readonly lastPaintAgeMs?: number | null;
}
