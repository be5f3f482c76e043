import type { Observable, Subscription } from 'rxjs';
import type { DeviceView } from '../hub/wire/index.ts';
import type { Cancel, Timeline } from '../time/timeline.ts';

/** A line without a valid frame for so long is worth a line in the log. */
const PATIENCE_MS = 10_000;
/** A device that comes and goes must not fill the log: its next trouble is told this much later at the earliest. */
const REPEAT_MS = 60_000;

/** One line in the gateway's log: a trouble has begun, or is over. */
export interface LineNote {
  readonly deviceId: string;
  readonly bedId: string;
  readonly port: string;
  /** What to check; `null` when valid frames come again. */
  readonly advice: string | null;
  /** How long it had lasted, ms; only when it is over. */
  readonly lastedMs?: number;
}

interface Watched {
  view: DeviceView;
  /** When the first view without a valid frame came (monotonic ms). */
  readonly sinceMs: number;
  readonly cancel: Cancel;
  isTold: boolean;
}

/**
 * Says once that a device gives no valid frames and what that looks like, and once that it does again.
 * A loose cable that comes and goes within the patience says nothing here; its alarms are another matter.
 */
export function watchLines(
  views: Observable<DeviceView>,
  timeline: Timeline,
  say: (note: LineNote) => void,
): Subscription {
  const troubles = new Map<string, Watched>();
  const toldAtMs = new Map<string, number>();

  const begin = (view: DeviceView): void => {
    const nowMs = timeline.monotonicMs();
    const sinceMs = view.lastFrameAtMonotonicMs ?? nowMs;
    // Silent is already a judgement of the driver's own patience.
    const dueMs = view.state === 'silent' ? nowMs : sinceMs + PATIENCE_MS;
    const lastToldMs = toldAtMs.get(view.deviceId) ?? Number.NEGATIVE_INFINITY;
    const waitMs = Math.max(dueMs, lastToldMs + REPEAT_MS) - nowMs;
    const watched: Watched = {
      view,
      sinceMs,
      isTold: false,
      cancel: timeline.after(waitMs, () => {
        watched.isTold = true;
        toldAtMs.set(view.deviceId, timeline.monotonicMs());
        say({ ...about(watched.view), advice: watched.view.advice });
      }),
    };
    troubles.set(view.deviceId, watched);
  };

  const subscription = views.subscribe((view) => {
    const watched = troubles.get(view.deviceId);
    if (view.advice !== null) {
      if (watched === undefined) begin(view);
      else watched.view = view;
      return;
    }
    // Opened again is not heard again: a device that is only connecting is still in trouble.
    if (watched === undefined || view.state === 'connecting' || view.state === 'stale') return;
    watched.cancel();
    troubles.delete(view.deviceId);
    if (!watched.isTold) return;
    const lastedMs = Math.round(timeline.monotonicMs() - watched.sinceMs);
    say({ ...about(view), advice: null, lastedMs });
  });
  subscription.add(() => {
    for (const { cancel } of troubles.values()) cancel();
  });
  return subscription;
}

const about = ({ deviceId, bedId, port }: DeviceView) => ({ deviceId, bedId, port });
