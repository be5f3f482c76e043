/** When an order began to run, when flow began and when it was over (wall ms); kept beyond its end. */
export interface OrderTrail {
  readonly activatedAtWallMs: number | null;
  readonly startedAtWallMs: number | null;
  readonly endedAtWallMs: number | null;
  readonly bedId: string | null;
}

export type OrderTrails = ReadonlyMap<string, OrderTrail>;

export const NO_TRAIL: OrderTrail = {
  activatedAtWallMs: null,
  startedAtWallMs: null,
  endedAtWallMs: null,
  bedId: null,
};

/** One event of the log further; what is not about the run of an order changes nothing. Pure. */
export function nextTrails(
  trails: OrderTrails,
  event: { readonly type: string },
  wallMs: number,
): OrderTrails {
  const { orderId, bedId } = event as { readonly orderId?: unknown; readonly bedId?: unknown };
  if (typeof orderId !== 'string') return trails;
  const before = trails.get(orderId) ?? NO_TRAIL;
  const after = nextTrail(before, event.type, typeof bedId === 'string' ? bedId : null, wallMs);
  return after === before ? trails : new Map(trails).set(orderId, after);
}

function nextTrail(
  trail: OrderTrail,
  type: string,
  bedId: string | null,
  wallMs: number,
): OrderTrail {
  switch (type) {
    case 'order-activated':
      // A new version runs on: the session began with the first.
      return trail.activatedAtWallMs === null
        ? { ...trail, bedId, activatedAtWallMs: wallMs }
        : trail;
    case 'order-started':
      return trail.startedAtWallMs === null ? { ...trail, startedAtWallMs: wallMs } : trail;
    case 'order-completed':
    case 'order-discontinued':
      return trail.endedAtWallMs === null ? { ...trail, endedAtWallMs: wallMs } : trail;
    default:
      return trail;
  }
}
