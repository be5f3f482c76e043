import { duration } from '../../observation/format.ts';
import type { ActiveOrder } from '../../order/active-order.ts';
import { liveFlow } from '../live-rate.ts';
import { pumpsOfOrder } from '../pump-drug.ts';
import { absent, clip, present, type Rule, undetermined } from '../rule.ts';
import type { Judgement, Scene } from '../scene.ts';
import { ord29 } from './recovery.ts';
import { vit12, vit16 } from './session-care.ts';

const minutes = (ms: number): number => Math.max(0, Math.floor(ms / 60_000));

/** The time for which the session was planned has come, and nothing flows. */
function notStarted(scene: Scene): Judgement {
  const { order, nowMs, wallMs } = scene;
  if (order === null) return undetermined('no-order');
  const { plannedStart } = order.document;
  if (plannedStart === undefined || order.startedAtWallMs !== null) return absent(nowMs);
  const lateMs = wallMs - Date.parse(plannedStart);
  if (lateMs < scene.limits.rules['ORD-27'].levels.late.afterPlannedS * 1_000) return absent(nowMs);
  const flow = liveFlow(pumpsOfOrder(scene.pumps, order), nowMs);
  if (!flow.isComplete) return undetermined(flow.because);
  return present(flow.atMs, {
    text: clip(`Session not started, ${duration(lateMs)} late`, 40),
    textShort: 'SESSION NOT STARTED',
    detail: clip('planned, and nothing flows. Start it, or discontinue the order', 70),
    value: minutes(lateMs),
    unit: 'min',
  });
}

export const ord27: Rule = {
  id: 'ORD-27',
  kind: 'physiological',
  subject: 'bed',
  levels: [{ name: 'late', timing: ({ rules }) => rules['ORD-27'].levels.late, judge: notStarted }],
};

interface Fault {
  readonly id: string;
  readonly text: string;
  readonly detail: string;
}

/** What is wrong with the standing of an order that runs; the first is the most serious. */
function faultsOf(order: ActiveOrder, wallMs: number): readonly Fault[] {
  const { version, signedBy, verifiedBy, validUntilWallMs, pendingVersion } = order;
  const faults: Fault[] = [];
  if (verifiedBy === null || verifiedBy === signedBy) {
    const detail = 'two people must answer for it';
    faults.push({ id: 'second-check', text: 'Order needs second check', detail });
  }
  if (validUntilWallMs !== null && wallMs >= validUntilWallMs) {
    const detail = 'its time is over; the prescriber decides';
    faults.push({ id: 'expired', text: 'Order is no longer valid', detail });
  }
  if (pendingVersion !== null) {
    const text = `Order changed, version ${pendingVersion} unchecked`;
    const detail = `version ${version} still holds; check the change`;
    faults.push({ id: `version-${pendingVersion}`, text, detail });
  }
  return faults;
}

/** An order that nobody checked, whose time is over, or that was changed and not checked. */
function unchecked({ order, nowMs, wallMs }: Scene): Judgement {
  if (order === null) return undetermined('no-order');
  const faults = faultsOf(order, wallMs);
  const [first] = faults;
  if (first === undefined) return absent(nowMs);
  return present(nowMs, {
    text: clip(first.text, 40),
    textShort: 'ORDER NEEDS CHECK',
    detail: clip(faults.map(({ detail }) => detail).join('. '), 70),
    // A further fault is news although the priority is the same.
    parts: faults.map(({ id }) => id).join(' '),
  });
}

export const ord28: Rule = {
  id: 'ORD-28',
  kind: 'physiological',
  subject: 'bed',
  levels: [
    {
      name: 'unchecked',
      timing: ({ rules }) => rules['ORD-28'].levels.unchecked,
      judge: unchecked,
    },
  ],
};

export const sessionRules: readonly Rule[] = [ord27, ord28, ord29, vit12, vit16];
