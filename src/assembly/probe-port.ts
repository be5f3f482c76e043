import type { Driver, LineSettings } from '../driver/contract.ts';
import { lineAdvice, lineTrouble } from '../observation/line-advice.ts';
import { lineEvents } from '../pipeline/device-link.ts';
import type { Port } from '../port/port.ts';
import { guarded } from '../port/write-guard.ts';
import type { Timeline } from '../time/timeline.ts';
import {
  defaultChannels,
  defaultOptions,
  type Findings,
  isRecognised,
  Listener,
  NOTHING_FOUND,
  scoreOf,
  withEvents,
} from './probe-findings.ts';
import { bySetting, type Candidate, likeliestFirst, lineText, oneOfEach } from './probe-plan.ts';

export interface ProbeDeps {
  readonly candidates: readonly Candidate[];
  readonly timeline: Timeline;
  /** A fresh port at this setting; never two of them open at a time. */
  readonly open: (line: LineSettings) => Port;
  /** Resolves when the port that was left last is really free again. */
  readonly free: () => Promise<void>;
  /** False where the speed is set elsewhere (a terminal server): then one setting stands for all. */
  readonly hasSpeed: boolean;
  readonly listenMs: number;
  readonly askMs: number;
  /** Resolves when a person has had enough. */
  readonly stopped: Promise<void>;
  /** What is tried now, for whoever waits. */
  readonly onTry?: (what: string) => void;
}

export type ProbeResult =
  | {
      readonly kind: 'recognised';
      readonly driver: Driver;
      readonly line: LineSettings;
      readonly findings: Findings;
      /** It was not asked: it talks by itself. */
      readonly talksByItself: boolean;
    }
  | { readonly kind: 'not-recognised'; readonly advice: string; readonly bytes: number }
  /** In use, not there, no right to open it: one plain sentence. */
  | { readonly kind: 'not-open'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** Frames of a device that was not asked; an answer to a question of ours needs but one. */
const UNASKED_FRAMES_MIN = 2;
/** So many frames are enough to stop early: with an identity, and where none is told. */
const ENOUGH_FRAMES = { known: 2, unknown: 6 } as const;

/**
 * Finds out who is at the other end of a port: first it listens at every setting and writes nothing, then each
 * driver's own session asks (through the guard, so nothing but its list of questions is written). Ends with
 * the first driver whose frames are accepted. Every step has a limit.
 */
export async function probePort(given: ProbeDeps): Promise<ProbeResult> {
  const deps = given.hasSpeed ? given : { ...given, candidates: oneOfEach(given.candidates) };
  let isStopped = false;
  void deps.stopped.then(() => {
    isStopped = true;
  });
  const heard = new Map<string, Findings>();
  for (const { line, drivers } of bySetting(deps.candidates, deps.hasSpeed)) {
    deps.onTry?.(`listens at ${lineText(line)}`);
    const { listeners, reason } = await listen(deps, line, drivers);
    // Later it was open once: another setting that it refuses is not the end.
    if (reason !== undefined && heard.size === 0) return { kind: 'not-open', reason };
    if (isStopped) return { kind: 'stopped' };
    const [best] = listeners
      .filter(({ findings }) => isRecognised(findings, UNASKED_FRAMES_MIN))
      .sort((a, b) => scoreOf(b.findings) - scoreOf(a.findings));
    if (best !== undefined) {
      const { driver, findings } = best;
      return { kind: 'recognised', driver, line, findings, talksByItself: true };
    }
    for (const { driver, findings } of listeners)
      heard.set(keyOf({ driver, line: deps.hasSpeed ? line : driver.line }), findings);
  }
  const score = (candidate: Candidate): number =>
    scoreOf(heard.get(keyOf(candidate)) ?? NOTHING_FOUND);
  const all: Findings[] = [...heard.values()];
  for (const candidate of likeliestFirst(deps.candidates, score)) {
    const { driver, line } = candidate;
    deps.onTry?.(`${driver.id} asks at ${lineText(line)}`);
    const findings = await ask(deps, candidate);
    if (isStopped) return { kind: 'stopped' };
    if (isRecognised(findings, 1))
      return { kind: 'recognised', driver, line, findings, talksByItself: false };
    all.push(findings);
  }
  const bytes = Math.max(0, ...all.map(({ tally }) => tally.bytes));
  const [nearest = NOTHING_FOUND] = all.sort((a, b) => scoreOf(b) - scoreOf(a));
  // What any of the drivers accepted but not often enough is rubbish, not a device that has gone silent.
  const tally = { ...nearest.tally, bytes, accepted: 0 };
  return { kind: 'not-recognised', advice: lineAdvice(lineTrouble(tally, false)), bytes };
}

const keyOf = ({ driver, line }: Candidate): string => `${driver.id} ${lineText(line)}`;

async function listen(deps: ProbeDeps, line: LineSettings, drivers: readonly Driver[]) {
  const nowMs = deps.timeline.monotonicMs();
  const listeners = drivers.map((driver) => new Listener(driver, nowMs));
  const reason = await during(deps, deps.listenMs, (end) =>
    deps
      .open(line)
      .connect()
      .subscribe((event) => {
        if (event.kind === 'closed') end(event.reason);
        if (event.kind !== 'bytes') return;
        for (const listener of listeners) listener.take(event.chunk, event.atMs);
      }),
  );
  return { listeners, reason };
}

async function ask(deps: ProbeDeps, { driver, line }: Candidate) {
  let findings = NOTHING_FOUND;
  const options = defaultOptions(driver);
  const queries = driver.queriesWith?.(options) ?? driver.queries;
  await during(deps, deps.askMs, (end) =>
    lineEvents({
      driver,
      options,
      channels: defaultChannels(driver),
      port: guarded(deps.open(line), queries),
      timeline: deps.timeline,
    }).subscribe((batch) => {
      findings = withEvents(findings, batch);
      const closed = batch.find((event) => event.kind === 'port-closed');
      if (closed !== undefined) end(closed.reason);
      const { serial, model } = findings.identity;
      const isKnown = serial !== undefined || model !== undefined;
      if (isRecognised(findings, ENOUGH_FRAMES[isKnown ? 'known' : 'unknown'])) end(undefined);
    }),
  );
  return findings;
}

/** Runs for so long at most, closes, and waits until the port is free; the answer is why it closed early. */
async function during(
  { timeline, stopped, free }: ProbeDeps,
  limitMs: number,
  run: (end: (reason: string | undefined) => void) => { unsubscribe(): void },
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const cancel = timeline.after(limitMs, () => resolve(undefined));
  void stopped.then(() => resolve(undefined));
  const running = run(resolve);
  const reason = await promise;
  cancel();
  running.unsubscribe();
  await free();
  return reason;
}
