import { METRICS } from '../observation/metrics.ts';
import { doseCourseOf } from './course-book.ts';
import {
  type Amount,
  type Bag,
  bagOf,
  counted,
  type DoseAccount,
  type DoseMark,
  drugIn,
  emptyAccount,
  isSameBag,
  lastDay,
  NO_AMOUNT,
  sum,
  withBagBefore,
  withNewBag,
  withVolume,
} from './dose-account.ts';
import type { OrderDocument } from './order-schema.ts';
import {
  type Added,
  atBoundary,
  boundedTo as boundedCounter,
  type CounterNews,
  type CounterReading,
  isOpen,
  NOTHING,
  nextCounter,
  openUl,
  type Plausible,
  type PumpCounter,
  unreadCounter,
} from './pump-counter.ts';

/**
 * What a bed's pumps gave of the ordered drug (docs/dose-ledger.md): from their own volume counters x
 * the bag's concentration, never from time x rate alone. Plain values; all times monotonic ms.
 */
export interface DoseLedger {
  readonly session: DoseSession | null;
  /** Former sessions of this patient with this drug. */
  readonly past: readonly PastDose[];
  /** By device id. A pump that was not heard in this session is not in it. */
  readonly pumps: ReadonlyMap<string, PumpDose>;
}

/** One order that runs on a bed. */
export interface DoseSession {
  readonly orderId: string;
  readonly patientId: string;
  /** Name and form. */
  readonly drug: string;
  readonly regimen: string;
  /** `null` = no course is named: sessions with this drug and regimen close to each other are one. */
  readonly courseId: string | null;
  readonly bag: Bag;
  readonly maxMgPerH: number;
  readonly hardMaxMgPerH: number;
  readonly sinceMs: number;
  readonly isNoted: boolean;
}

export interface PumpDose {
  readonly counter: PumpCounter;
  readonly account: DoseAccount;
  /** The bag was changed since the last reading that was counted: the weakest and the strongest before it. */
  readonly bagsBefore: readonly Bag[];
  /** When it was last written down; `null` = never in this session. */
  readonly notedAtMs: number | null;
  /** What is not written down: nothing, more volume, or a disturbance. */
  readonly unnoted: 'nothing' | 'volume' | 'disturbance';
  /** It says of itself that it gives another drug, and is followed without being counted. `null` = it has not told. */
  readonly isOther: boolean | null;
}

/** One pump in a session that is over. */
export interface PastDose extends Amount {
  readonly isOfCourse: boolean;
  readonly marks: readonly DoseMark[];
}

/** mg; both the same when the amount is known. */
export interface GivenAmount {
  readonly atLeastMg: number;
  readonly atMostMg: number;
  readonly isExact: boolean;
}

export interface GivenDose {
  readonly session: GivenAmount;
  /** The last 24 hours, rolling: a limit does not start anew at midnight. */
  readonly last24h: GivenAmount;
  readonly course: GivenAmount;
}

export const emptyDoseLedger: DoseLedger = { session: null, past: [], pumps: new Map() };

/** No pump is faster than a flow that is possible at all. */
const FASTEST: Plausible = {
  orderMlPerH: METRICS.MDC_FLOW_FLUID_PUMP_CURRENT.max,
  hardMlPerH: METRICS.MDC_FLOW_FLUID_PUMP_CURRENT.max,
};

export function doseSession(
  order: {
    readonly orderId: string;
    readonly document: OrderDocument;
    readonly bag: OrderDocument['bag'];
    readonly hardMaxMgPerH: number;
  },
  sinceMs: number,
): DoseSession {
  const { patient, drug, regimen, limits } = order.document;
  return {
    orderId: order.orderId,
    patientId: patient.id,
    drug: `${drug.name} ${drug.form}`,
    regimen,
    courseId: doseCourseOf(order.orderId, order.document),
    bag: bagOf(order.bag),
    maxMgPerH: limits.maxMgPerH,
    hardMaxMgPerH: Math.max(limits.maxMgPerH, order.hardMaxMgPerH),
    sinceMs,
    isNoted: false,
  };
}

/**
 * An order begins to run, or runs again after a restart of the gateway.
 *
 * @param resumed pumps as they were last written down in this session
 */
export function withSession(
  ledger: DoseLedger,
  session: DoseSession,
  past: readonly PastDose[],
  resumed: ReadonlyMap<string, PumpDose>,
  nowMs: number,
): DoseLedger {
  const pumps = new Map<string, PumpDose>();
  for (const [pumpId, { counter }] of ledger.pumps)
    pumps.set(pumpId, newPumpDose(atBoundary(counter, nowMs, FASTEST)));
  for (const [pumpId, pump] of resumed) pumps.set(pumpId, pump);
  return { session, past, pumps };
}

/** A session of which the log has only the counter at its start, and nothing of this ledger. */
export function withCounterAtStart(
  ledger: DoseLedger,
  pumpId: string,
  counterMl: number,
  atMs: number,
): DoseLedger {
  const unread = unreadCounter(atMs, 0);
  const counter = { ...unread, counterUl: Math.round(counterMl * 1_000) };
  return { ...ledger, pumps: new Map(ledger.pumps).set(pumpId, newPumpDose(counter)) };
}

/** The order is over. The counters are followed further, for the next one. */
export function withoutSession(ledger: DoseLedger): DoseLedger {
  const pumps = new Map(
    [...ledger.pumps].map(([id, { counter }]) => [id, newPumpDose(counter)] as const),
  );
  return { session: null, past: [], pumps };
}

const newPumpDose = (counter: PumpCounter): PumpDose => ({
  counter,
  account: emptyAccount,
  bagsBefore: [],
  notedAtMs: null,
  unnoted: 'disturbance',
  isOther: null,
});

/**
 * What a pump says now: its counter, its flow, who it is.
 *
 * @param toldOther whether it gives another drug than the ordered one; `null` = it does not tell now
 */
export function withReading(
  ledger: DoseLedger,
  pumpId: string,
  reading: CounterReading,
  toldOther: boolean | null = null,
): DoseLedger {
  const { session } = ledger;
  const known = ledger.pumps.get(pumpId);
  if (known === undefined && reading.counterMl === null) return ledger;
  const before =
    known ?? newPumpDose(unreadCounter(session?.sinceMs ?? reading.atMs, reading.gapMs));
  const { counter, added, news } = nextCounter(
    before.counter,
    reading,
    plausibleIn(session, before.bagsBefore),
  );
  const isClosed = counter.openNl === 0;
  const isOther = toldOther ?? before.isOther;
  const own = ownVolume(added, before.isOther, isOther);
  const pump: PumpDose = {
    ...before,
    counter,
    isOther,
    account:
      session === null
        ? before.account
        : withVolume(before.account, own, session.bag, before.bagsBefore),
    bagsBefore: isClosed ? [] : before.bagsBefore,
    unnoted: unnotedAfter(before, counter, news),
  };
  return { ...ledger, pumps: new Map(ledger.pumps).set(pumpId, pump) };
}

/** Of what a reading adds, the part of the ordered drug: where the drug changed since the last one, nobody knows. */
function ownVolume(added: Added, wasOther: boolean | null, isOther: boolean | null): Added {
  const isChanged = wasOther !== null && wasOther !== isOther;
  if (isChanged) return { leastUl: 0, mostUl: added.mostUl };
  return isOther === true ? NOTHING : added;
}

/** A higher rate bounds what may flow unseen, so it is worth an entry too. */
function unnotedAfter(
  { counter: was, unnoted }: PumpDose,
  now: PumpCounter,
  news: CounterNews | null,
): PumpDose['unnoted'] {
  const isFaster = (now.mlPerH ?? 0) > (was.mlPerH ?? 0);
  const isDisturbed = isFaster || (news !== null && news !== 'counted');
  if (isDisturbed || unnoted === 'disturbance') return 'disturbance';
  return news === null ? unnoted : 'volume';
}

/** A further version of the order runs: what may have flowed unseen is bounded by the higher of both. */
export function withOrderLimits(
  ledger: DoseLedger,
  limits: Pick<DoseSession, 'maxMgPerH' | 'hardMaxMgPerH'>,
): DoseLedger {
  const { session } = ledger;
  if (session === null) return ledger;
  const maxMgPerH = Math.max(session.maxMgPerH, limits.maxMgPerH);
  const hardMaxMgPerH = Math.max(session.hardMaxMgPerH, limits.hardMaxMgPerH);
  return { ...ledger, session: { ...session, maxMgPerH, hardMaxMgPerH } };
}

/** Another bag runs from now on; what its concentration is, was checked by whoever tells this. */
export function withBag(ledger: DoseLedger, bag: Bag): DoseLedger {
  const { session } = ledger;
  if (session === null || isSameBag(session.bag, bag)) return ledger;
  const pumps = new Map(
    [...ledger.pumps].map(([id, pump]): [string, PumpDose] => [
      id,
      {
        ...pump,
        account: withNewBag(pump.account, session.bag),
        bagsBefore: withBagBefore(pump.bagsBefore, session.bag),
        unnoted: 'disturbance',
      },
    ]),
  );
  return { ...ledger, session: { ...session, bag }, pumps };
}

/** What was given, over all pumps of the bed; `null` without an order or before any counter was read. */
export function givenDose(ledger: DoseLedger, nowMs: number): GivenDose | null {
  const { session, past } = ledger;
  if (session === null || ![...ledger.pumps.values()].some(hasBeenRead)) return null;
  let own = NO_AMOUNT;
  let day = NO_AMOUNT;
  let course = NO_AMOUNT;
  for (const pump of ledger.pumps.values()) {
    const total = sum(counted(pump.account, session.bag), openAmount(pump, session, nowMs));
    own = sum(own, total);
    day = sum(day, lastDay(pump.account.marks, total, nowMs));
  }
  for (const dose of past) {
    day = sum(day, lastDay(dose.marks, dose, nowMs));
    if (dose.isOfCourse) course = sum(course, dose);
  }
  return { session: inMg(own), last24h: inMg(day), course: inMg(sum(course, own)) };
}

const hasBeenRead = ({ counter }: PumpDose): boolean => counter.counterUl !== null;

const inMg = ({ leastUg, mostUg }: Amount): GivenAmount => ({
  atLeastMg: leastUg / 1_000,
  atMostMg: mostUg / 1_000,
  isExact: leastUg === mostUg,
});

/** The most that can have flowed and is not counted yet. */
export function openAmount(pump: PumpDose, session: DoseSession, nowMs: number): Amount {
  const { counter, bagsBefore } = pump;
  if (pump.isOther === true || !isOpen(counter, nowMs)) return NO_AMOUNT;
  const isSilent = nowMs - counter.boundedToMs > counter.gapMs;
  const mlPerH = isSilent ? null : counter.mlPerH;
  const bounded = boundedCounter(counter, nowMs, mlPerH, plausibleIn(session, bagsBefore));
  const open = {
    leastUl: 0,
    mostUl: openUl({ ...bounded, openNl: bounded.openNl - bounded.beforeNl }),
  };
  const amounts = [session.bag, ...bagsBefore].map((bag) => drugIn(open, bag));
  return { leastUg: 0, mostUg: Math.max(...amounts.map(({ mostUg }) => mostUg)) };
}

/** After a change of bag the weaker one bounds the flow: nobody knows which of the two a rate was set for. */
function plausibleIn(session: DoseSession | null, bagsBefore: readonly Bag[] = []): Plausible {
  if (session === null) return FASTEST;
  const { maxMgPerH, hardMaxMgPerH } = session;
  // mg/h through mg/mL, which is ug/uL
  const mlPerMg = ({ volumeUl, drugUg }: Bag): number => volumeUl / drugUg;
  const weakest = Math.max(...[session.bag, ...bagsBefore].map(mlPerMg));
  const flow = (mgPerH: number): number => mgPerH * weakest;
  return { orderMlPerH: flow(maxMgPerH), hardMlPerH: flow(hardMaxMgPerH) };
}
