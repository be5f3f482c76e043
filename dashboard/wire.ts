/** The only door to the gateway's sources: the contract of the wire, and nothing else of it. */
import type * as z from 'zod/mini';
import type {
  AlarmView,
  BedView,
  CheckForm,
  DraftList,
  DraftReply,
  InfusionState,
  OrderReply,
  OrderStepView,
  PatientView,
  ShownValidity,
} from '../src/hub/wire/index.ts';

export type {
  AlarmView,
  BedView,
  CheckField,
  ClientBeat,
  ClientFrame,
  CourseView,
  Delta,
  DeviceView,
  DraftChecks,
  HelloFrame,
  InfusionView,
  MetricCode,
  NibpReading,
  Numeric,
  OrderListItem,
  OrderProblemView,
  OrderVersionView,
  OrderView,
  PumpCheckLine,
  RatePoint,
  RegimenView,
  ReportView,
  RetypeItem,
  ServerFrame,
  SessionView,
  SnapshotFrame,
  TitrationView,
  WaveFrame,
  WaveView,
} from '../src/hub/wire/index.ts';
export {
  BEAT_EVERY_MS,
  CheckForm,
  CLOSE,
  CourseReply,
  CoursesReply,
  DraftList,
  DraftReply,
  decodeWaveFrame,
  ErrorReply,
  format,
  LINK_LOST_MS,
  LoginReply,
  METRICS,
  OrderListReply,
  OrderReply,
  PROTOCOL,
  RegimenDraftReply,
  RegimensReply,
  ReportView as ReportReply,
  ServerFrame as ServerFrameSchema,
} from '../src/hub/wire/index.ts';

export type Validity = z.infer<typeof ShownValidity>;
export type InfusionStateWord = z.infer<typeof InfusionState>;
export type Patient = z.infer<typeof PatientView>;
export type OrderStep = z.infer<typeof OrderStepView>;
export type Nibp = BedView['nibp'];
export type Limits = BedView['limits'];
export type Priority = AlarmView['priority'];
export type CheckFormView = z.infer<typeof CheckForm>;
export type DraftView = z.infer<typeof DraftReply>;
export type OrderDetail = z.infer<typeof OrderReply>;
export type DraftListReply = z.infer<typeof DraftList>;
