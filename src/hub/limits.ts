import { BEAT_EVERY_MS, LINK_LOST_MS } from './wire/index.ts';

/** Every bound of the hub in one place; tests make them smaller. */
export interface HubLimits {
  /** Control sockets of all stations together. */
  readonly clientsMax: number;
  readonly clientsPerAddressMax: number;
  /** Frames and pings from one client; receipts that were asked for are free. */
  readonly clientFramesPerSecondMax: number;
  /** A body of an HTTP call. */
  readonly bodyBytesMax: number;
  /**
   * A peer that sends its headers, or its whole request, a byte at a time is cut off. The largest body
   * takes well under a second on any network that is fit for a ward.
   */
  readonly headersMsMax: number;
  readonly requestMsMax: number;
  /** More than this unsent and parts wait, newest value only. */
  readonly blockedBytes: number;
  /** More than this unsent, beyond the snapshot under way, and the client is closed. */
  readonly unsentBytesMax: number;
  /** A client that stays blocked for longer is closed. */
  readonly blockedMsMax: number;
  /** A snapshot on request is made at most this often. */
  readonly resyncEveryMs: number;
  readonly beatEveryMs: number;
  /** A client that says nothing for longer is no longer a watcher. */
  readonly silentMsMax: number;
  /** An alarm frame without a `received` receipt is sent once more after this time. */
  readonly resendAfterMs: number;
  /** Pings without an answer before the peer counts as dead. */
  readonly pongsMissedMax: number;
  /** Logins that are being checked at the same time: each costs CPU and memory on purpose. */
  readonly loginsAtOnceMax: number;
}

export const HUB_LIMITS: HubLimits = {
  clientsMax: 500,
  clientsPerAddressMax: 64,
  clientFramesPerSecondMax: 20,
  bodyBytesMax: 256 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 15_000,
  blockedBytes: 64 * 1024,
  unsentBytesMax: 1024 * 1024,
  blockedMsMax: 10_000,
  resyncEveryMs: 500,
  beatEveryMs: BEAT_EVERY_MS,
  silentMsMax: LINK_LOST_MS,
  resendAfterMs: 5_000,
  pongsMissedMax: 3,
  loginsAtOnceMax: 8,
};
