import type { Session, SessionInput, Step } from '../../src/driver/contract.ts';
import type { DeviceEvent, FrameRejected } from '../../src/observation/device-event.ts';
import { decodeMasimo, type MasimoLine } from './codec.ts';
import { NOTHING_BEFORE, readLine, type SaidBefore } from './observe.ts';

/** The same line again and again, its clock too: nothing is measured any more, however lively the line is. */
const FROZEN_MS = 3_000;
/** Empty lines are nothing bad while values come. */
const VALUES_MS = 3_000;

export interface MasimoState {
  readonly isOpen: boolean;
  /** The monitor at the other end: its serial number, or `null` when it sends dashes. */
  readonly known: { readonly serial: string | null } | null;
  /** Said by one line, not yet by a second. */
  readonly claimed: { readonly serial: string | null; readonly said: SaidBefore } | null;
  readonly said: SaidBefore;
  readonly valuesAtMs: number | null;
  readonly lastLine: { readonly text: string; readonly sinceMs: number } | null;
}

const CLOSED: MasimoState = {
  isOpen: false,
  known: null,
  claimed: null,
  said: NOTHING_BEFORE,
  valuesAtMs: null,
  lastLine: null,
};

/** It only listens: there is nothing to ask and nothing to wait for. */
export const masimoSession: Session<MasimoState> = { initial: CLOSED, step };

function step(state: MasimoState, input: SessionInput): Step<MasimoState> {
  switch (input.kind) {
    case 'opened':
      return { state: { ...CLOSED, isOpen: true }, send: [], events: [] };
    case 'closing':
    case 'closed':
      return { state: CLOSED, send: [], events: [] };
    case 'wake':
      return { state, send: [], events: [] };
    case 'frame': {
      const { atMs } = input;
      if (!state.isOpen) return { state, send: [], events: [rejected('unexpected', atMs)] };
      const decoded = decodeMasimo(input.frame);
      if (!decoded.ok) return { state, send: [], events: [rejected(decoded.error.kind, atMs)] };
      return decoded.value === null
        ? { state, send: [], events: [emptyLine(state, atMs)] }
        : afterLine(state, decoded.value, atMs);
    }
  }
}

function emptyLine({ valuesAtMs }: MasimoState, atMs: number): DeviceEvent {
  const isAmongValues = valuesAtMs !== null && atMs - valuesAtMs <= VALUES_MS;
  return isAmongValues ? { kind: 'frame-accepted', atMs } : rejected('unexpected', atMs);
}

function afterLine(before: MasimoState, line: MasimoLine, atMs: number): Step<MasimoState> {
  const text = JSON.stringify(line);
  const lastLine = before.lastLine?.text === text ? before.lastLine : { text, sinceMs: atMs };
  const state = { ...before, lastLine };
  if (atMs - lastLine.sinceMs > FROZEN_MS) {
    return { state, send: [], events: [rejected('unexpected', atMs)] };
  }
  const { known, claimed } = state;
  if (known !== null && known.serial === line.serial) {
    return afterValues({ ...state, claimed: null }, line, atMs, []);
  }
  // One damaged digit must not make another monitor of it: the second line with the same number does.
  if (claimed === null || claimed.serial !== line.serial) return afterClaim(state, line, atMs);
  return afterValues(
    { ...state, known: { serial: line.serial }, claimed: null, said: claimed.said },
    line,
    atMs,
    [identity(line, atMs)],
  );
}

/** The first line of a monitor: what it says is kept to compare the second one with, and not shown. */
function afterClaim(state: MasimoState, line: MasimoLine, atMs: number): Step<MasimoState> {
  const isFirst = state.known === null && state.claimed === null;
  const { said } = readLine(NOTHING_BEFORE, line, atMs);
  return {
    state: { ...state, claimed: { serial: line.serial, said } },
    send: [],
    events: [isFirst ? { kind: 'frame-accepted', atMs } : rejected('unexpected', atMs)],
  };
}

function afterValues(
  state: MasimoState,
  line: MasimoLine,
  atMs: number,
  first: readonly DeviceEvent[],
): Step<MasimoState> {
  const { said, events } = readLine(state.said, line, atMs);
  return {
    state: { ...state, said, valuesAtMs: atMs },
    send: [],
    events: [...first, { kind: 'frame-accepted', atMs }, ...events],
  };
}

const identity = ({ serial, isSimulated }: MasimoLine, atMs: number): DeviceEvent => ({
  kind: 'identity',
  ...(serial === null ? {} : { serial }),
  ...(isSimulated ? { mode: 'demo' as const } : {}),
  atMs,
});

const rejected = (reason: FrameRejected['reason'], atMs: number): DeviceEvent => ({
  kind: 'frame-rejected',
  reason,
  atMs,
});
