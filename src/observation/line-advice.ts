import type { FrameRejected } from './device-event.ts';

/** What came over a line since its port was opened: enough to tell one trouble from another. */
export interface LineTally {
  readonly bytes: number;
  readonly accepted: number;
  /** Frames that were refused, by reason. */
  readonly rejected: Readonly<Record<FrameRejected['reason'], number>>;
}

export const EMPTY_TALLY: LineTally = {
  bytes: 0,
  accepted: 0,
  rejected: { checksum: 0, malformed: 0, unexpected: 0 },
};

/** One refused frame more. */
export function withRejected(tally: LineTally, reason: FrameRejected['reason']): LineTally {
  return { ...tally, rejected: { ...tally.rejected, [reason]: tally.rejected[reason] + 1 } };
}

/**
 * What a line without valid frames looks like. `no-bytes`: nothing at all; `no-frames`: bytes that never
 * become a frame; `bad-checksums`: frames that fail their check; `unasked`: whole frames, none of them an
 * answer; `other-channel`: the line answers, this device on it does not; `gone-silent`: it had answered.
 */
export type LineTrouble =
  | 'no-bytes'
  | 'no-frames'
  | 'bad-checksums'
  | 'unasked'
  | 'other-channel'
  | 'gone-silent';

/** @param isLineHeard another device on the same line was heard since the port was opened */
export function lineTrouble(tally: LineTally, isLineHeard: boolean): LineTrouble {
  const { checksum, malformed, unexpected } = tally.rejected;
  if (tally.accepted > 0) return 'gone-silent';
  if (isLineHeard) return 'other-channel';
  if (checksum > 0 && checksum >= malformed && checksum >= unexpected) return 'bad-checksums';
  if (unexpected > 0 && unexpected >= malformed) return 'unasked';
  return tally.bytes > 0 || malformed > 0 ? 'no-frames' : 'no-bytes';
}

export interface TroubleSurroundings {
  /** What a place on a shared line is called: `slot`. Absent where a line carries one device. */
  readonly place?: string | undefined;
  /** Places on the line that talk and belong to no bed. */
  readonly unassigned?: readonly string[];
  /** What silence may also mean with this device; one sentence. */
  readonly silenceHint?: string | undefined;
}

/** What to check first, in plain sentences, so that nobody has to guess between baud rate, cable and device. */
export function lineAdvice(trouble: LineTrouble, around: TroubleSurroundings = {}): string {
  const hint =
    around.silenceHint !== undefined && MAY_BE_SILENCE.has(trouble) ? ` ${around.silenceHint}` : '';
  return `${sentence(trouble, around)}${hint}`;
}

const MAY_BE_SILENCE: ReadonlySet<LineTrouble> = new Set([
  'no-bytes',
  'other-channel',
  'gone-silent',
]);

function sentence(trouble: LineTrouble, { place, unassigned = [] }: TroubleSurroundings): string {
  const address = place === undefined ? '' : `, the ${place}`;
  switch (trouble) {
    case 'no-bytes':
      return `Nothing arrives at all: check the cable${address}, and that the interface of the device is switched on.`;
    case 'no-frames':
      return 'Bytes arrive but no frame: check baud rate and parity, and that the right driver is configured.';
    case 'bad-checksums':
      return 'Frames arrive but fail their checksum: noise on the line; check the shield and length of the cable, and the plugs.';
    case 'unasked':
      return 'Whole frames arrive, but none that answers us: check that the cable does not echo, that no other program asks this device, and its output setting.';
    case 'other-channel': {
      const others =
        unassigned.length === 0
          ? ''
          : ` Talking and assigned to no bed: ${place ?? 'place'} ${unassigned.join(', ')}.`;
      return `The line answers, but not this ${place ?? 'device'}: check the ${place ?? 'address'} in the configuration and at the device.${others}`;
    }
    case 'gone-silent':
      return 'The device has gone silent: check that it is switched on and the cable is in.';
  }
}
