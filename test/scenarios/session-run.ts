import { type BedView, ReportView } from '../../src/hub/wire/index.ts';
import type { BedsideVerb } from '../../src/order/session-life.ts';
import { nurseA, type VirtualWard } from '../pipeline/virtual-ward.ts';

const MINUTE_S = 60;

/** What a nurse does at the panel of a pump, as each simulator names it. */
export interface PumpPanel {
  readonly start: string;
  readonly stop: string;
  /** A full bag or syringe; `null`: this one is never changed in a story. */
  readonly refill: string | null;
  /** Which pump of a rack. */
  readonly at?: Readonly<Record<string, unknown>>;
}

export const PANELS: Readonly<Record<string, PumpPanel>> = {
  'alaris-asena': { start: 'start', stop: 'hold', refill: 'replace-syringe' },
  'bbraun-bcc': { start: 'start', stop: 'stop', refill: 'replace-container', at: { slot: '11' } },
  'terumo-ss': { start: 'start', stop: 'stop', refill: null },
};

export interface SessionPlan {
  readonly document: Readonly<Record<string, unknown>>;
  readonly pumpKind: string;
  /** The ward's second pump gives it. */
  readonly isSecondPump?: boolean;
  /** What the prescriber says with the signature. */
  readonly signing?: Readonly<Record<string, unknown>>;
  /** Changes the bag, with a declared pause, when so much of it has run. */
  readonly bagMl?: number;
  readonly until?: 'end' | 'discharge';
}

/**
 * A nurse who does everything that the screen asks for, on time, through the calls of the dashboard: baseline,
 * observations, each step, bags, the end, recovery, discharge. What a quiet session is.
 */
export class CarefulNurse {
  readonly #ward: VirtualWard;
  readonly #plan: SessionPlan;
  readonly #panel: PumpPanel;
  orderId = '';
  #bagFromMl = 0;
  #observations = 0;

  constructor(ward: VirtualWard, plan: SessionPlan) {
    const panel = PANELS[plan.pumpKind];
    if (panel === undefined) throw new Error(`no panel of ${plan.pumpKind}`);
    this.#ward = ward;
    this.#plan = plan;
    this.#panel = panel;
  }

  get observations(): number {
    return this.#observations;
  }

  /** As the hub would send it. */
  async report(): Promise<ReportView> {
    const made = await this.#ward.ward.report(this.orderId);
    if (!made.ok) throw new Error(made.message);
    return ReportView.parse(JSON.parse(JSON.stringify(made.value)));
  }

  /** The whole session; the pump stands still when it begins. */
  async run(): Promise<void> {
    await this.prepare();
    await this.start();
    await this.untilEnd();
    await this.finish();
  }

  /** Six minutes of quiet with the monitor on, the order placed, its baseline confirmed. */
  async prepare(): Promise<void> {
    this.#ward.run(6 * MINUTE_S);
    this.orderId = await this.#ward.order(this.#plan.document, 'B01', this.#plan.signing);
    this.#ward.run(2);
    const { baseline } = this.session();
    const { heartRateBpm, spo2Percent, systolicMmHg, diastolicMmHg } = baseline;
    await this.#at('baseline', { heartRateBpm, spo2Percent, systolicMmHg, diastolicMmHg });
  }

  async start(): Promise<void> {
    const first = this.#ward.bed().session?.titration?.steps[0];
    if (first === undefined) throw new Error('the order has no step');
    this.#press('set-rate', { mlPerH: first.mlPerH });
    this.#press(this.#panel.start, {});
    // Some pumps tell a rate that counts only when their counter has grown with it: minutes.
    for (let s = 0; this.session().startedAt === null && s < 900; s += 5) this.#ward.run(5);
  }

  untilEnd(): Promise<void> {
    return this.#work(() => Date.parse(this.session().endsAt ?? ''));
  }

  /** @param seconds of the session, declared pauses not counted */
  until(seconds: number): Promise<void> {
    return this.#work(() => Date.parse(this.session().startedAt ?? '') + seconds * 1_000);
  }

  /** Looks at the screen when something is due, and at the bag every ten minutes. */
  async #work(untilWallMs: () => number): Promise<void> {
    for (;;) {
      const untilMs = untilWallMs();
      if (Number.isNaN(untilMs)) throw new Error('the session has not started');
      const leftS = this.#inS(untilMs);
      const dueS = Math.min(this.#nextDueS(), this.#plan.bagMl === undefined ? Infinity : 600);
      this.#ward.run(Math.max(0.5, Math.min(leftS, dueS)));
      if (leftS <= dueS) return;
      await this.#look();
    }
  }

  #nextDueS(): number {
    const { observationDueAt, titration } = this.session();
    const step = titration?.steps.find(({ state }) => state === 'planned' || state === 'due');
    const dueAt = [observationDueAt, step?.dueAt].filter((at) => typeof at === 'string');
    return Math.min(...dueAt.map((at) => this.#inS(Date.parse(at))));
  }

  #inS(wallMs: number): number {
    return (wallMs - this.#ward.timeline.wallMs()) / 1_000;
  }

  async finish(): Promise<void> {
    const { ward } = this.#ward;
    this.#press(this.#panel.stop, {});
    this.#ward.run(30);
    must(await ward.completeOrder(nurseA, this.orderId));
    this.#ward.run(1);
    for (;;) {
      const { phase, recovery } = this.session();
      if (phase !== 'recovery') break;
      const leftS = this.#inS(Date.parse(recovery?.until ?? ''));
      this.#ward.run(Math.max(1, Math.min(leftS, this.#nextDueS())));
      await this.#observe();
    }
    if (this.#plan.until === 'end') return;
    await this.#at('discharge', {});
    this.#ward.run(MINUTE_S);
  }

  session(): NonNullable<BedView['session']> {
    const { session } = this.#ward.bed();
    if (session === null) throw new Error('nobody is on the bed');
    return session;
  }

  async #look(): Promise<void> {
    await this.#observe();
    await this.#step();
    if (this.#plan.bagMl !== undefined) await this.#bag(this.#plan.bagMl);
  }

  async #step(): Promise<void> {
    const due = this.session().titration?.steps.find(({ state }) => state === 'due');
    if (due === undefined) return;
    if (Date.parse(due.dueAt ?? '') > this.#ward.timeline.wallMs()) return;
    if (due.needsConfirmation && due.confirmedBy === null) {
      const body = { step: due.step, action: 'confirm' };
      must(await this.#ward.ward.whileRunning(nurseA, this.orderId, 'step', body));
    }
    this.#press('set-rate', { mlPerH: due.mlPerH });
    this.#ward.run(5);
  }

  async #observe(): Promise<void> {
    const { observationDueAt } = this.session();
    if (observationDueAt === null) return;
    if (Date.parse(observationDueAt) > this.#ward.timeline.wallMs()) return;
    this.#observations += 1;
    await this.#at('observation', { pain: 5, sedation: 0, dysphoria: 0, hallucination: 0 });
  }

  /** Three minutes of a declared pause, the label of the new bag read. */
  async #bag(bagMl: number): Promise<void> {
    const { volumeInfusedMl } = this.#ward.bed().infusion;
    if (volumeInfusedMl === null || volumeInfusedMl - this.#bagFromMl < bagMl) return;
    await this.#at('pause', { reason: 'next bag', minutes: 5, bagChange: true });
    this.#press(this.#panel.stop, {});
    this.#ward.run(2 * MINUTE_S);
    if (this.#panel.refill !== null) this.#press(this.#panel.refill, { ml: bagMl + 50 });
    const { drugMg, volumeMl } = Object(this.#plan.document['bag']) as Record<string, unknown>;
    const label = { drugMg, volumeMl };
    must(await this.#ward.ward.whileRunning(nurseA, this.orderId, 'bag', label));
    this.#ward.run(MINUTE_S);
    this.#press(this.#panel.start, {});
    this.#ward.run(5);
    this.#bagFromMl = this.#ward.bed().infusion.volumeInfusedMl ?? 0;
  }

  async #at(verb: BedsideVerb, body: unknown): Promise<void> {
    must(await this.#ward.ward.atBedside(nurseA, 'B01', verb, body));
  }

  #press(name: string, args: Readonly<Record<string, unknown>>): void {
    const { pump, secondPump } = this.#ward;
    const line = this.#plan.isSecondPump === true ? secondPump : pump;
    line?.command(name, { ...args, ...this.#panel.at });
  }
}

function must(result: { readonly ok: boolean; readonly message?: string }): void {
  if (!result.ok) throw new Error(result.message ?? 'refused');
}

/** `ORD-01 medium` of every alarm that was ever raised, in order. */
export const raised = (ward: VirtualWard): readonly string[] => [
  ...new Set(ward.alarms.map(({ ruleId, priority }) => `${ruleId} ${priority}`)),
];
