/**
 * What the screens show, as signals. Frames go into `latest` at once; the screen follows on the next
 * animation frame for alarms and snapshots, and at most four times a second for values, because a
 * nurse reads digits and a flickering digit cannot be read.
 */
import { batch, signal } from '@preact/signals';
import {
  type GatewayClock,
  learnFromBeat,
  monotonicAt,
  startClock,
  wallAt,
} from '../link/clock.ts';
import { type Liveness, liveness } from '../link/liveness.ts';
import { applyFrame, EMPTY_WARD, lost, type Ward } from '../link/reducer.ts';
import type { SoundHealth } from '../sound/health.ts';
import type { Moment } from '../validity/value.ts';
import type { ServerFrame } from '../wire.ts';
import { parseRoute, type Route } from './route.ts';

export type SessionState = 'unknown' | 'watching' | 'none';

export const TICK_MS = 250;

export interface LinkReport {
  /** Wall time of the last frame before the silence; `null` while nothing is wrong. */
  readonly lostSinceWallMs: number | null;
  readonly lostForMs: number;
  /** Shown for ten seconds after the link has come back. */
  readonly recoveredGapMs: number | null;
}

const RECOVERED_SHOWN_MS = 10_000;

export const ward = signal<Ward>(EMPTY_WARD);
export const session = signal<SessionState>('unknown');
export const route = signal<Route>(parseRoute(''));
export const soundHealthNow = signal<SoundHealth>('blocked');
export const faultPausedUntilMs = signal(0);
export const moment = signal<Moment>(momentAt(null, 0, startedLiveness()));
export const linkReport = signal<LinkReport>({
  lostSinceWallMs: null,
  lostForMs: 0,
  recoveredGapMs: null,
});
/** Stopwatch of the last commit, for what is about this page only. */
export const stopwatchMs = signal(0);

/** For the sweeps, which cannot wait for the next commit: gateway time of a reading of the stopwatch. */
export const gatewayMsAt = (nowMs: number): number => timekeeper(nowMs);
let timekeeper: (nowMs: number) => number = () => 0;

export interface Store {
  /** Returns true when the page must ask the gateway for a snapshot. */
  readonly receive: (frame: ServerFrame, nowMs: number) => boolean;
  readonly unreadable: (nowMs: number) => void;
  readonly tick: (nowMs: number) => void;
  /** Brings the newest ward to the screen. */
  readonly commit: () => void;
  readonly latest: () => Ward;
  readonly livenessAt: (nowMs: number) => Liveness;
  readonly wallAt: (nowMs: number) => number;
  readonly monotonicAt: (nowMs: number) => number;
}

export function createStore(openedAtMs: number): Store {
  let latest: Ward = EMPTY_WARD;
  let clock: GatewayClock | null = null;
  let lastFrameAtMs: number | null = null;
  let hasSnapshot = false;
  let outOfSyncSinceMs: number | null = null;
  let lostSince: { readonly atMs: number; readonly wallMs: number } | null = null;
  let recovered: { readonly atMs: number; readonly gapMs: number } | null = null;

  const livenessAt = (nowMs: number): Liveness =>
    liveness({ nowMs, lastFrameAtMs, openedAtMs, hasSnapshot, outOfSyncSinceMs });

  const noteSync = (nowMs: number): void => {
    if (latest.inSync) outOfSyncSinceMs = null;
    else outOfSyncSinceMs ??= nowMs;
  };

  const noteRecovery = (frame: ServerFrame, nowMs: number): void => {
    if (frame.type !== 'snapshot' || lostSince === null) return;
    recovered = { atMs: nowMs, gapMs: nowMs - lostSince.atMs };
    lostSince = null;
  };

  const keepTime = (frame: ServerFrame, nowMs: number): void => {
    if (frame.type === 'hello') clock = startClock(frame, nowMs);
    if (frame.type === 'beat' && clock !== null) clock = learnFromBeat(clock, frame, nowMs);
  };

  /** A silence is over only with a snapshot: a hello alone shows nothing new. */
  const noteSilence = (nowMs: number): void => {
    const link = livenessAt(nowMs);
    if (!hasSnapshot || link.phase !== 'lost' || lastFrameAtMs === null || clock === null) return;
    lostSince ??= { atMs: lastFrameAtMs, wallMs: wallAt(clock, lastFrameAtMs) };
  };

  const report = (nowMs: number): LinkReport => ({
    lostSinceWallMs: lostSince?.wallMs ?? null,
    lostForMs: lostSince === null ? 0 : nowMs - lostSince.atMs,
    recoveredGapMs:
      recovered !== null && nowMs - recovered.atMs < RECOVERED_SHOWN_MS ? recovered.gapMs : null,
  });

  const gatewayAt = (nowMs: number): number => (clock === null ? 0 : monotonicAt(clock, nowMs));
  timekeeper = gatewayAt;
  return {
    receive: (frame, nowMs) => {
      noteSilence(nowMs);
      keepTime(frame, nowMs);
      const { ward: next, needsSnapshot } = applyFrame(latest, frame);
      latest = next;
      lastFrameAtMs = nowMs;
      if (frame.type === 'snapshot' && latest.inSync) hasSnapshot = true;
      noteSync(nowMs);
      noteRecovery(frame, nowMs);
      return needsSnapshot;
    },
    unreadable: (nowMs) => {
      latest = lost(latest).ward;
      noteSync(nowMs);
    },
    tick: (nowMs) => {
      noteSilence(nowMs);
      batch(() => {
        stopwatchMs.value = nowMs;
        moment.value = momentAt(clock, nowMs, withLostSince(livenessAt(nowMs), lostSince !== null));
        linkReport.value = report(nowMs);
        ward.value = latest;
      });
    },
    commit: () => {
      ward.value = latest;
    },
    latest: () => latest,
    livenessAt: (nowMs) => withLostSince(livenessAt(nowMs), lostSince !== null),
    wallAt: (nowMs) => (clock === null ? 0 : wallAt(clock, nowMs)),
    monotonicAt: gatewayAt,
  };
}

/** After a silence, frames alone do not make the page live again: only a snapshot does. */
function withLostSince(link: Liveness, isLost: boolean): Liveness {
  return isLost ? { ...link, phase: 'lost' } : link;
}

function momentAt(clock: GatewayClock | null, nowMs: number, link: Liveness): Moment {
  return {
    monotonicMs: clock === null ? 0 : monotonicAt(clock, nowMs),
    wallMs: clock === null ? 0 : wallAt(clock, nowMs),
    utcOffsetMin: clock?.utcOffsetMin ?? 0,
    link,
  };
}

function startedLiveness(): Liveness {
  return { phase: 'connecting', silentMs: null, valuesLost: true, inSync: false };
}
