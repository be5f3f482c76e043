/**
 * Where an order stands in the event log: when it began to run, when flow began, when it was over (wall ms), and
 * what was done with it. Kept beyond its end, for courses and reports.
 */
export interface OrderTrail {
  readonly activatedAtWallMs: number | null;
  readonly startedAtWallMs: number | null;
  readonly endedAtWallMs: number | null;
  readonly ended: 'completed' | 'discontinued' | null;
  readonly bedId: string | null;
  /** Entry of the activation, from which on its session is in the log; `null` = it was never activated. */
  readonly fromSeq: number | null;
  /** The last entry about it; `null` = more may have come since this process began. */
  readonly toSeq: number | null;
  /** Of its life, oldest first. */
  readonly life: readonly LifeEntry[];
}

/** An event of the order itself, as the log has it; what the log does not tell of it is `null`. */
export interface LifeEntry {
  readonly seq: number | null;
  readonly wallMs: number;
  readonly by: string | null;
  readonly station: string | null;
  readonly type: string;
  readonly version: number | null;
  readonly reason: string | null;
}

export type OrderTrails = ReadonlyMap<string, OrderTrail>;

export const NO_TRAIL: OrderTrail = {
  activatedAtWallMs: null,
  startedAtWallMs: null,
  endedAtWallMs: null,
  ended: null,
  bedId: null,
  fromSeq: null,
  toSeq: null,
  life: [],
};

export interface LogPlace {
  readonly wallMs: number;
  readonly user?: string;
  readonly station?: string;
  readonly seq?: number;
}

/** Which order an event of the log is about; `undefined` = none. */
export function orderOf(event: { readonly type: string }): string | undefined {
  const { orderId } = event as { readonly orderId?: unknown };
  return typeof orderId === 'string' ? orderId : undefined;
}

/**
 * One event about an order further. Pure.
 *
 * @param toSeq its number when no later one is known to come; `null` while this process may add more
 */
export function nextTrail(
  trail: OrderTrail,
  event: { readonly type: string },
  at: LogPlace,
  toSeq: number | null,
): OrderTrail {
  if (!event.type.startsWith('order-')) return toSeq === trail.toSeq ? trail : { ...trail, toSeq };
  const life = [...trail.life, lifeEntry(event, at)];
  return { ...trail, ...timesAfter(trail, event, at), life, toSeq };
}

function lifeEntry(event: { readonly type: string }, at: LogPlace): LifeEntry {
  const { version, reason } = event as { readonly version?: unknown; readonly reason?: unknown };
  return {
    seq: at.seq ?? null,
    wallMs: at.wallMs,
    by: at.user ?? null,
    station: at.station ?? null,
    type: event.type,
    version: typeof version === 'number' ? version : null,
    reason: typeof reason === 'string' ? reason : null,
  };
}

function timesAfter(
  trail: OrderTrail,
  event: { readonly type: string },
  { wallMs, seq }: LogPlace,
): Partial<OrderTrail> {
  switch (event.type) {
    case 'order-activated': {
      // A new version runs on: the session began with the first.
      if (trail.activatedAtWallMs !== null) return {};
      const { bedId } = event as { readonly bedId?: unknown };
      const on = typeof bedId === 'string' ? bedId : null;
      return { bedId: on, activatedAtWallMs: wallMs, fromSeq: seq ?? null };
    }
    case 'order-started':
      return trail.startedAtWallMs === null ? { startedAtWallMs: wallMs } : {};
    case 'order-completed':
    case 'order-discontinued': {
      if (trail.endedAtWallMs !== null) return {};
      const ended = event.type === 'order-completed' ? 'completed' : 'discontinued';
      return { endedAtWallMs: wallMs, ended };
    }
    default:
      return {};
  }
}
