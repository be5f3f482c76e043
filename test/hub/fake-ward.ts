import { Subject } from 'rxjs';
import type { DeltaParts } from '../../src/hub/bed-changes.ts';
import type {
  Actor,
  AlarmRevision,
  CommandResult,
  HistoryQuery,
  OrderDetail,
  OrderFilter,
  Ward,
  WardChange,
  WardWave,
  WatcherNote,
} from '../../src/hub/ward.ts';
import type {
  AlarmView,
  BedView,
  CheckForm,
  CourseView,
  DeviceView,
  DraftList,
  DraftReply,
  OrderListItem,
  RegimenDraftReply,
  RegimenView,
  ReportView,
} from '../../src/hub/wire/index.ts';
import { applyParts } from './reduce.ts';
import { aBed, aCheckForm, aCourse, aDevice, aDraft, anOrder, aRegimen } from './views.ts';

export interface CommandSeen {
  readonly name: string;
  readonly by: Actor;
  readonly args: readonly unknown[];
}

/** A ward in memory: holds views, says what changed, remembers commands and answers them as told. */
export class FakeWard implements Ward {
  readonly gateway = {
    id: 'gw-test',
    site: 'Pain unit',
    unit: '4W',
    build: 'build-1',
    mode: 'information',
    timeZone: 'Europe/Berlin',
  } as const;
  readonly changes = new Subject<WardChange>();
  readonly waves = new Subject<WardWave>();
  readonly commands: CommandSeen[] = [];
  readonly watchers: WatcherNote[] = [];
  readonly #beds = new Map<string, BedView>();
  readonly #alarms = new Map<string, AlarmView>();
  readonly #devices = new Map<string, DeviceView>();
  readonly #answers = new Map<string, Promise<CommandResult>>();
  history: AlarmView[] = [];
  ordersAsked: OrderFilter | undefined;
  /** The next command is answered with this. */
  nextAnswer: CommandResult | undefined;
  nextFailure: Error | undefined;
  isWell = true;

  constructor(bedIds: readonly string[] = ['B01', 'B02']) {
    for (const bedId of bedIds) {
      this.#beds.set(bedId, aBed(bedId));
      this.#devices.set(`${bedId}-pump`, aDevice(bedId, `${bedId}-pump`));
    }
  }

  beds = (): readonly BedView[] => [...this.#beds.values()];
  alarms = (): readonly AlarmView[] => [...this.#alarms.values()];
  devices = (): readonly DeviceView[] => [...this.#devices.values()];
  courses = (): readonly CourseView[] => [];
  report = (orderId: string): Promise<CommandResult<ReportView>> =>
    Promise.resolve({
      ok: false,
      status: 404,
      code: 'no-such-order',
      message: `There is no order ${orderId}.`,
    });
  regimens = (): readonly RegimenView[] => [aRegimen];
  health = () => ({ ok: this.isWell, detail: { store: 'writing' } });
  noteWatcher = (note: WatcherNote): void => void this.watchers.push(note);

  parts(parts: DeltaParts): void {
    applyParts(this.#beds, this.#devices, parts);
    this.changes.next({ kind: 'parts', parts });
  }

  alarm(alarm: AlarmView): void {
    this.#alarms.set(alarm.alarmId, alarm);
    this.changes.next({ kind: 'alarm', alarm });
  }

  order(orderId: string): OrderDetail | undefined {
    return orderId === 'O-1' ? anOrder : undefined;
  }

  orders(filter: OrderFilter): readonly OrderListItem[] {
    this.ordersAsked = filter;
    return [];
  }

  checkForm(orderId: string): CommandResult<CheckForm> {
    if (orderId === 'O-1') return { ok: true, value: aCheckForm };
    return { ok: false, status: 409, code: 'wrong-status', message: 'It does not wait.' };
  }

  draft = (draftId: string): DraftReply | undefined =>
    draftId === aDraft.draftId ? aDraft : undefined;
  drafts = (): DraftList['drafts'] => [];
  regimenDraft = (_: string, call: unknown): CommandResult<RegimenDraftReply> => ({
    ok: true,
    value: { document: { call }, open: [] },
  });

  alarmHistory({ bedId, limit, beforeWallMs }: HistoryQuery): readonly AlarmView[] {
    return this.history
      .filter((alarm) => bedId === undefined || alarm.bedId === bedId)
      .filter((alarm) => beforeWallMs === undefined || Date.parse(alarm.onsetAt) < beforeWallMs)
      .slice(0, limit);
  }

  acknowledge = (by: Actor, alarms: readonly AlarmRevision[]) =>
    this.#command('acknowledge', by, [alarms], { acknowledged: alarms.length });
  seen = (by: Actor, alarms: readonly AlarmRevision[]) =>
    this.#command('seen', by, [alarms], { seen: alarms.length });
  pauseAudio = (by: Actor, bedId: string) =>
    this.#command('pauseAudio', by, [bedId], { until: '2026-01-05T08:02:00.000Z' });
  confirmDevice = (by: Actor, deviceId: string, serial: string) =>
    this.#command('confirmDevice', by, [deviceId, serial], { deviceId, serial });
  createOrder = (by: Actor, text: string, format: 'json' | 'yaml', draftId?: string) =>
    this.#command(
      'createOrder',
      by,
      draftId === undefined ? [text, format] : [text, format, draftId],
      anOrder,
    );
  signOrder = (by: Actor, orderId: string, signing: unknown) =>
    this.#command('signOrder', by, [orderId, signing], anOrder);
  sendBackOrder = (by: Actor, orderId: string, call: unknown) =>
    this.#command('sendBackOrder', by, [orderId, call], anOrder);
  amendOrder = (by: Actor, orderId: string, call: unknown) =>
    this.#command('amendOrder', by, [orderId, call], anOrder);
  withdrawAmendment = (by: Actor, orderId: string, call: unknown) =>
    this.#command('withdrawAmendment', by, [orderId, call], anOrder);
  saveDraft = (by: Actor, call: unknown) => this.#command('saveDraft', by, [call], aDraft);
  deleteDraft = (by: Actor, draftId: string) =>
    this.#command('deleteDraft', by, [draftId], { draftId });
  verifyOrder = (by: Actor, orderId: string, entered: unknown) =>
    this.#command('verifyOrder', by, [orderId, entered], anOrder);
  activateOrder = (by: Actor, orderId: string, call: unknown) =>
    this.#command('activateOrder', by, [orderId, call], anOrder);
  completeOrder = (by: Actor, orderId: string) =>
    this.#command('completeOrder', by, [orderId], anOrder);
  discontinueOrder = (by: Actor, orderId: string, reason: string) =>
    this.#command('discontinueOrder', by, [orderId, reason], anOrder);

  whileRunning = (by: Actor, orderId: string, verb: string, body: unknown) =>
    this.#command('whileRunning', by, [orderId, verb, body], anOrder);
  changeCourse = (by: Actor, courseId: string, verb: 'move' | 'miss', body: unknown) =>
    this.#command('changeCourse', by, [courseId, verb, body], { course: aCourse });
  atBedside = (by: Actor, bedId: string, verb: string, body: unknown) =>
    this.#command('atBedside', by, [bedId, verb, body], anOrder);

  #command<T>(
    name: string,
    by: Actor,
    args: readonly unknown[],
    value: T,
  ): Promise<CommandResult<T>> {
    const failure = this.nextFailure;
    this.nextFailure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    const known = this.#answers.get(by.commandId ?? '');
    if (known !== undefined) return known as Promise<CommandResult<T>>;
    this.commands.push({ name, by, args });
    const answer = Promise.resolve(this.nextAnswer ?? { ok: true as const, value });
    this.nextAnswer = undefined;
    if (by.commandId !== undefined)
      this.#answers.set(by.commandId, answer as Promise<CommandResult>);
    return answer as Promise<CommandResult<T>>;
  }
}
