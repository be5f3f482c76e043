import type { AlarmLimits } from '../check/limits.ts';
import type { GatewayInfo } from '../hub/ward.ts';
import type { CareArea, DrugLibrary } from '../order/drug-library.ts';
import type { RegimenShelf } from '../order/regimen.ts';
import type { BedDescription } from '../pipeline/bed-stream.ts';
import type { EventLog } from '../store/event-log.ts';
import type { NumericsStore } from '../store/numerics.ts';
import type { Timeline } from '../time/timeline.ts';
import type { ObservationSink } from './journal.ts';

export interface WardBed extends BedDescription {
  readonly careArea: CareArea;
}

/** What the ward runs on. */
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
  /** How often a bed looks at its clock, ms; for runs of days in virtual time. */
  readonly tickMs?: number;
  readonly onFault: (where: string, error: unknown) => void;
}
