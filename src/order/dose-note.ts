import { type Amount, type Bag, sum, withMark } from './dose-account.ts';
import { type DoseLedger, type DoseSession, openAmount, type PumpDose } from './dose-ledger.ts';
import { type Added, isOpen, type PumpCounter } from './pump-counter.ts';

/**
 * What the dose ledger writes into the event log; JSON-plain. Each entry holds all that is needed to
 * count on from it, so one that is missing costs nothing but the time since the one before.
 */
export type DoseNote = DoseSessionNote | DoseCounted;

export interface DoseSessionNote {
  readonly type: 'dose-session';
  readonly orderId: string;
  readonly patientId: string;
  readonly drug: string;
  readonly regimen: string;
  /** Left out: no course was named. */
  readonly courseId?: string;
}

export interface DoseCounted {
  readonly type: 'dose-counted';
  readonly orderId: string;
  readonly pumpId: string;
  readonly counter: Omit<PumpCounter, 'readAtMs' | 'boundedToMs'> & {
    readonly readAgoMs: number;
    readonly boundedAgoMs: number;
  };
  readonly bag: Bag;
  readonly bagsBefore: readonly Bag[];
  readonly bagUl: Added;
  readonly former: Amount;
  readonly isSettled: boolean;
  /** Only when the pump told which drug it gives. */
  readonly isOther?: boolean;
}

export function isDoseNote(event: { readonly type: string }): event is DoseNote {
  return event.type === 'dose-session' || event.type === 'dose-counted';
}

const VOLUME_EVERY_MS = 60_000;
/** A device that says something else every second must not fill the log. */
const DISTURBANCE_EVERY_MS = 5_000;

/** What is to be written down now, so that a gateway that is killed can count on. */
export function withNotes(
  ledger: DoseLedger,
  nowMs: number,
): { readonly ledger: DoseLedger; readonly notes: readonly DoseNote[] } {
  const { session } = ledger;
  if (session === null || !hasDue(ledger, session, nowMs)) return { ledger, notes: [] };
  const due = [...ledger.pumps].filter(([, pump]) => isDue(pump, nowMs));
  const notes: DoseNote[] = [];
  if (!session.isNoted) {
    notes.push(sessionNote(session));
  }
  const pumps = new Map(ledger.pumps);
  for (const [pumpId, pump] of due) {
    const isSettled = !isOpen(pump.counter, nowMs);
    const account = withMark(pump.account, session.bag, nowMs, isSettled);
    const noted: PumpDose = { ...pump, account, notedAtMs: nowMs, unnoted: 'nothing' };
    pumps.set(pumpId, noted);
    notes.push(noteOf(session, pumpId, noted, nowMs, isSettled));
  }
  return { ledger: { ...ledger, session: { ...session, isNoted: true }, pumps }, notes };
}

const sessionNote = ({
  orderId,
  patientId,
  drug,
  regimen,
  courseId,
}: DoseSession): DoseSessionNote => ({
  type: 'dose-session',
  orderId,
  patientId,
  drug,
  regimen,
  ...(courseId === null ? {} : { courseId }),
});

/** Asked with every frame, and mostly in vain. */
function hasDue({ pumps }: DoseLedger, { isNoted }: DoseSession, nowMs: number): boolean {
  if (!isNoted) return true;
  for (const pump of pumps.values()) if (isDue(pump, nowMs)) return true;
  return false;
}

function isDue({ counter, notedAtMs, unnoted }: PumpDose, nowMs: number): boolean {
  if (counter.counterUl === null || unnoted === 'nothing') return false;
  if (notedAtMs === null) return true;
  const everyMs = unnoted === 'volume' ? VOLUME_EVERY_MS : DISTURBANCE_EVERY_MS;
  return nowMs - notedAtMs >= everyMs;
}

/** The last words on a session: what is open stays open for ever. */
export function finalNotes(ledger: DoseLedger, nowMs: number): readonly DoseNote[] {
  const { session } = ledger;
  if (session === null) return [];
  return [...ledger.pumps].map(([pumpId, pump]) => {
    const former = sum(pump.account.former, openAmount(pump, session, nowMs));
    const account = { ...pump.account, former };
    return noteOf(session, pumpId, { ...pump, account }, nowMs, !isOpen(pump.counter, nowMs));
  });
}

function noteOf(
  { orderId, bag }: DoseSession,
  pumpId: string,
  { counter, account, bagsBefore, isOther }: PumpDose,
  nowMs: number,
  isSettled: boolean,
): DoseNote {
  const { readAtMs, boundedToMs, ...kept } = counter;
  return {
    type: 'dose-counted',
    orderId,
    pumpId,
    counter: {
      ...kept,
      readAgoMs: Math.round(nowMs - readAtMs),
      boundedAgoMs: Math.round(nowMs - boundedToMs),
    },
    bag,
    bagsBefore,
    bagUl: account.bagUl,
    former: account.former,
    isSettled,
    ...(isOther === null ? {} : { isOther }),
  };
}
