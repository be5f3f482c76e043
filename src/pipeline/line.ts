import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { ChannelEvent } from '../observation/device-event.ts';
import type { LinkEvent, PictureEvent } from '../observation/device-picture.ts';
import { type LinkDeps, lineEvents } from './device-link.ts';

/** A line that several devices share; each of them subscribes to what concerns it. */
export interface SharedLine {
  /** Events of one device on the line, and what concerns all of them. */
  eventsOf(channel: string): Observable<readonly PictureEvent[]>;
}

/**
 * One port and one session for all devices of a rack. The line opens with the first subscriber and
 * closes with the last; who comes later is told first that it is open.
 */
export function sharedLine(deps: LinkDeps): SharedLine {
  const mine = new Set(deps.channels);
  const listeners = new Set<(batch: readonly LineEvent[]) => void>();
  const strangers = new Set<string>();
  let opened: LineEvent | undefined;
  let running: Subscription | undefined;

  const onBatch = (batch: readonly LineEvent[]): void => {
    const told = strangers.size;
    for (const event of batch) {
      if (event.kind === 'port-open') opened = event;
      if (event.kind === 'port-closed') opened = undefined;
      const { channel } = event;
      if (channel === undefined || mine.has(channel)) continue;
      if (event.kind === 'device-gone') strangers.delete(channel);
      else if (strangers.size < STRANGERS_MAX) strangers.add(channel);
    }
    const news: readonly LineEvent[] =
      strangers.size === told
        ? batch
        : [...batch, { kind: 'unassigned', channels: [...strangers].sort() }];
    for (const listener of listeners) listener(news);
  };

  return {
    eventsOf: (channel) =>
      new Observable<readonly PictureEvent[]>((subscriber) => {
        const listener = channelListener(channel, subscriber);
        listeners.add(listener);
        if (opened !== undefined) listener([opened]);
        running ??= lineEvents(deps).subscribe(onBatch);
        return () => {
          listeners.delete(listener);
          if (listeners.size > 0) return;
          running?.unsubscribe();
          running = undefined;
          opened = undefined;
          strangers.clear();
        };
      }),
  };
}

export type LineEvent = ChannelEvent | (LinkEvent & { readonly channel?: never });

/** No rack has more places; a line full of noise must not fill memory. */
const STRANGERS_MAX = 100;

function channelListener(
  channel: string,
  subscriber: Subscriber<readonly PictureEvent[]>,
): (batch: readonly LineEvent[]) => void {
  let name = '';
  let isGone = false;
  return (batch) => {
    const out: PictureEvent[] = [];
    for (const event of batch) {
      if (event.channel !== undefined && event.channel !== channel) continue;
      switch (event.kind) {
        case 'port-open':
          name = event.name;
          isGone = false;
          break;
        case 'device-gone':
          isGone = true;
          break;
        case 'frame-accepted':
          out.push({ kind: 'line-heard', atMs: event.atMs });
          // Another device of the line was heard: that keeps no value of this one alive.
          if (event.channel === undefined) continue;
          if (isGone) out.push({ kind: 'port-open', name, mode: 'real', atMs: event.atMs });
          isGone = false;
          break;
      }
      out.push(event);
    }
    if (out.length > 0) subscriber.next(out);
  };
}
