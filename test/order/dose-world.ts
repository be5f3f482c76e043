import { bagOf } from '../../src/order/dose-account.ts';
import { withBag } from '../../src/order/dose-ledger.ts';
import { type Bag, GAP_MS, Gateway, SECOND, sessionOf } from './dose-kit.ts';

/** What happens at the bed, so many seconds after what happened before; `pump` is the first or the second one. */
export type Happening = { readonly afterS: number; readonly pump: 0 | 1 } & (
  | { readonly kind: 'rate'; readonly part: number }
  | { readonly kind: 'clear' }
  | { readonly kind: 'unplug' | 'kill'; readonly forS: number }
  | { readonly kind: 'swap'; readonly forS: number; readonly counterMl: number }
  | { readonly kind: 'bag'; readonly drugMg: number }
);

export interface PumpMade {
  readonly startMl: number;
  /** mL at which the counter ends, and what it does there. */
  readonly endMl: number;
  readonly wraps: boolean;
  readonly stepUl: number;
  readonly firstPart: number;
}

export interface World {
  readonly pumps: readonly PumpMade[];
  readonly happenings: readonly Happening[];
}

export const MAX_MG_PER_H = 20;

/** No more can be hidden than what flows in a silence that is no gap yet, and in 3 s beside it: 250 mL/h for 13 s. */
const HIDDEN_UL = 903;

/** One pump as it really is, and what of it nobody can ever learn. */
class TruePump {
  readonly id: string;
  readonly #made: PumpMade;
  serial = 1;
  rateMlPerH = 0;
  #counterUl: number;
  #toldUl = 0;
  #isBack = false;
  unpluggedUntilS = 0;
  readAtS = 0;
  swapAtS = -1;
  swapToMl = 0;
  /** Cleared or begun anew and seen so: each may cost a poll and a step. */
  setBacks = 0;
  /** Cleared with so little on it that the next reading was no lower: uL that no counter shows. */
  hiddenUl = 0;

  constructor(id: string, made: PumpMade) {
    this.id = id;
    this.#made = made;
    this.#counterUl = made.startMl * 1_000;
  }

  get stepUl(): number {
    return this.#made.stepUl;
  }

  /** A second passes. Returns what came out of it, uL. */
  pass(s: number): number {
    const flowedUl = (this.rateMlPerH * 1_000) / 3_600;
    const endUl = this.#made.endMl * 1_000;
    const ul = this.#counterUl + flowedUl;
    if (ul < endUl) this.#counterUl = ul;
    else {
      this.#counterUl = this.#made.wraps ? ul % endUl : endUl;
      if (this.#made.wraps) this.#setBack();
    }
    if (s === this.swapAtS) {
      this.serial += 1;
      this.#counterUl = this.swapToMl * 1_000;
      this.#isBack = false;
    }
    return flowedUl;
  }

  get isFull(): boolean {
    return !this.#made.wraps && this.#counterUl >= this.#made.endMl * 1_000;
  }

  clear(): void {
    this.#counterUl = 0;
    this.#setBack();
  }

  #setBack(): void {
    this.setBacks += 1;
    this.#isBack = true;
  }

  tell(gateway: Gateway, s: number): void {
    if (s < this.unpluggedUntilS) return;
    const { stepUl } = this.#made;
    const toldUl = Math.floor(this.#counterUl / stepUl) * stepUl;
    if (this.#isBack && toldUl >= this.#toldUl)
      this.hiddenUl += Math.min(this.#toldUl, HIDDEN_UL + 2 * stepUl);
    gateway.read(s * SECOND, toldUl / 1_000, this.rateMlPerH, `SN${this.serial}`, this.id);
    this.#toldUl = toldUl;
    this.#isBack = false;
    this.readAtS = s;
  }
}

/** What the ledger says at one moment beside what is true, mg. */
export interface Look {
  readonly atS: number;
  readonly trueMg: number;
  readonly atLeastMg: number;
  readonly atMostMg: number;
  /** One poll x rate, the steps of the counters, and what no counter can show. */
  readonly toleranceMg: number;
  /** Nobody looked for a while, or a counter stood at its end: a range may be wide. */
  readonly hadGap: boolean;
  /** Where nobody looked away, so much may a counter that was set back cost. */
  readonly setBackMg: number;
}

/** The truth, second by second, and the ledger beside it. */
export function* history({ pumps: made, happenings }: World): Generator<Look> {
  const gateway = new Gateway();
  const pumps = made.map((one, index) => new TruePump(`pump-${index}`, one));
  let bag: Bag = { drugMg: 40, volumeMl: 500 };
  let trueUg = 0;
  let downUntilS = 0;
  let isDown = false;
  let hadGap = false;
  let bags = 1;
  const mgPerMl = (): number => bag.drugMg / bag.volumeMl;
  const setRate = (pump: TruePump, part: number): void => {
    pump.rateMlPerH = (part * MAX_MG_PER_H) / mgPerMl();
  };
  const session = () => sessionOf({ bag });
  const tellAll = (s: number): void => {
    if (!isDown) for (const pump of pumps) pump.tell(gateway, s);
  };
  const happen = (now: Happening, s: number): void => {
    const pump = pumps[now.pump % pumps.length];
    if (pump === undefined) return;
    switch (now.kind) {
      case 'rate':
        setRate(pump, now.part);
        return;
      case 'clear':
        pump.clear();
        return;
      case 'unplug':
        pump.unpluggedUntilS = s + now.forS;
        // The poll before it is a second old.
        hadGap ||= (now.forS + 1) * SECOND >= GAP_MS;
        return;
      case 'kill':
        isDown = true;
        downUntilS = s + now.forS;
        hadGap = true;
        return;
      case 'swap':
        pump.unpluggedUntilS = Math.max(pump.unpluggedUntilS, s + now.forS);
        pump.swapAtS = s + Math.ceil(now.forS / 2);
        pump.swapToMl = now.counterMl;
        hadGap = true;
        return;
      case 'bag':
        bag = { drugMg: now.drugMg, volumeMl: 500 };
        bags += 1;
        for (const it of pumps) it.rateMlPerH = Math.min(it.rateMlPerH, MAX_MG_PER_H / mgPerMl());
        if (!isDown) gateway.ledger = withBag(gateway.ledger, bagOf(bag));
    }
  };
  pumps.forEach((pump, index) => {
    setRate(pump, made[index]?.firstPart ?? 0);
  });
  tellAll(0);
  gateway.begin(session(), 0);
  tellAll(0);
  const queue = [...happenings];
  let nextAtS = queue[0]?.afterS ?? 0;
  const lengthS = happenings.reduce((sum, { afterS }) => sum + afterS, 0) + 30;
  for (let s = 1; s <= lengthS; s += 1) {
    for (const pump of pumps) trueUg += pump.pass(s) * mgPerMl();
    hadGap ||= pumps.some(({ isFull }) => isFull);
    for (let now = queue[0]; now !== undefined && s >= nextAtS; now = queue[0]) {
      queue.shift();
      nextAtS += queue[0]?.afterS ?? 0;
      happen(now, s);
    }
    if (isDown && s >= downUntilS) {
      isDown = false;
      gateway.restart(session(), s * SECOND);
    }
    tellAll(s);
    if (isDown) continue;
    const { session: given } = gateway.given(s * SECOND);
    yield { atS: s, trueMg: trueUg / 1_000, ...given, hadGap, ...doubts(pumps, s, bags) };
  }
}

const FASTEST_MG_PER_S = MAX_MG_PER_H / 3_600;
/** Of the strongest bag. */
const STRONGEST = 80 / 500;
/** A counter of 1.000 mL may be one of tenths, until it has shown finer steps. */
const COARSEST_MG = 0.1 * STRONGEST;
/** Whole ug, of each bag of each pump: once where it is put away, once for the reading between two. */
const ROUNDING_MG = 0.002;

function doubts(pumps: readonly TruePump[], s: number, bags: number) {
  let toleranceMg = 0;
  let setBackMg = 0;
  for (const { readAtS, stepUl, serial, setBacks, hiddenUl } of pumps) {
    // Short of a gap a silence is one poll that is late.
    const unreadS = Math.min(s - readAtS, GAP_MS / SECOND);
    const stepMg = (stepUl / 1_000) * STRONGEST;
    toleranceMg += FASTEST_MG_PER_S * unreadS + 2 * stepMg * (bags + serial);
    toleranceMg += ROUNDING_MG * (bags + serial + setBacks);
    toleranceMg += (hiddenUl / 1_000) * STRONGEST;
    setBackMg += setBacks * (FASTEST_MG_PER_S + COARSEST_MG);
  }
  return { toleranceMg, setBackMg };
}
