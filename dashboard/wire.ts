/** The only door to the gateway's sources: the contract of the wire, and nothing else of it. */
import type * as z from 'zod/mini';
import type {
  AlarmView,
  BedView,
  InfusionState,
  OrderStepView,
  PatientView,
  ShownValidity,
} from '../src/hub/wire/index.ts';

export type {
  AlarmView,
  BedView,
  ClientBeat,
  ClientFrame,
  CourseView,
  Delta,
  DeviceView,
  HelloFrame,
  InfusionView,
  MetricCode,
  NibpReading,
  Numeric,
  OrderView,
  PumpCheckLine,
  RatePoint,
  ReportView,
  ServerFrame,
  SessionView,
  SnapshotFrame,
  TitrationView,
  WaveFrame,
  WaveView,
} from '../src/hub/wire/index.ts';
export {
  BEAT_EVERY_MS,
  CLOSE,
  CoursesReply,
  decodeWaveFrame,
  ErrorReply,
  format,
  LINK_LOST_MS,
  LoginReply,
  METRICS,
  PROTOCOL,
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
