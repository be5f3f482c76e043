/** What a printed session report says, from what the gateway tells. Pure; nothing that is not known gets a number. */
import {
  amount,
  decimal,
  doseRate,
  NBSP,
  NEVER,
  pumpRate,
  UNKNOWN,
  vital,
} from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { baselineText, mgRange } from '../validity/session.ts';
import { type Today, whenText } from '../validity/when.ts';
import type { NibpReading, RatePoint, ReportView } from '../wire.ts';

/** Times of the report carry the date where they are not on its first day. */
export function dayOfReport(report: ReportView): Today {
  return {
    wallMs: parseWall(report.from ?? report.madeAt),
    utcOffsetMin: report.utcOffsetMin,
  };
}

const GAPS_NAMED = 3;

/** `Complete`, or `INCOMPLETE` and every reason why this paper does not tell all. */
export function completeness(report: ReportView): string {
  if (report.isComplete) return 'Complete';
  const day = dayOfReport(report);
  const gaps = report.gaps.map((gap) => gapText(gap, day));
  const more = gaps.length - GAPS_NAMED;
  const reasons = [
    ...(report.startedAt === null ? ['No flow was seen so far'] : []),
    ...(report.ended === null ? ['The session is not over'] : []),
    ...(report.ended !== null && report.discharge === null
      ? ['The patient is not discharged']
      : []),
    ...gaps.slice(0, GAPS_NAMED),
    ...(more > 0 ? [`And ${more} more, listed under Data missing`] : []),
  ];
  return `INCOMPLETE: ${reasons.join('. ') || 'See Data missing'}`;
}

export function gapText(gap: ReportView['gaps'][number], day: Today): string {
  const to = gap.to === null ? 'and goes on' : `to ${whenText(gap.to, day)}`;
  return `${gap.text} ${whenText(gap.from, day)} ${to}`;
}

/** The rate at the end of a series that is known up to `toMs`; `null` = not known. */
function lastRate(points: readonly RatePoint[], toMs: number): number | null {
  return points.findLast((point) => parseWall(point.at) <= toMs)?.mgPerH ?? null;
}

function rateText(mgPerH: number | null, mgPerMl: number): string {
  if (mgPerH === null) return UNKNOWN;
  return `${doseRate(mgPerH)}${NBSP}mg/h (${pumpRate(mgPerH / mgPerMl)}${NBSP}mL/h)`;
}

export interface Line {
  readonly label: string;
  readonly text: string;
}

/**
 * The box that one nurse hands to the next: how it stood when the report was made.
 *
 * @param lastCuff the newest reading at the bed, while this session lies there: it may be newer than the last quarter
 *   of an hour of the table
 */
export function handOver(report: ReportView, lastCuff: NibpReading | null): readonly Line[] {
  const day = dayOfReport(report);
  const { order } = report;
  const madeMs = parseWall(report.madeAt);
  const isOver = report.ended !== null;
  const rates = isOver
    ? []
    : [
        {
          label: 'Ordered',
          text: rateText(lastRate(report.planRate, madeMs), order.concentrationMgPerMl),
        },
        {
          label: 'Live',
          text: rateText(lastRate(report.actualRate, madeMs), order.concentrationMgPerMl),
        },
      ];
  return [
    ...rates,
    { label: 'Session', text: sessionText(report, day) },
    { label: 'Next', text: nextText(report, day) },
    {
      label: 'Given',
      text: `${mgRange(report.givenMg, report.givenAtMostMg)} of ${amount(report.plannedMg)}${NBSP}mg planned`,
    },
    { label: 'Last NIBP', text: pressureText(report, lastCuff, day) },
    { label: 'Baseline', text: baselineLine(report, day) },
    { label: 'Alarms now', text: standingAlarms(report) },
    { label: 'High, medium, last 12 h', text: recentAlarms(report, day) },
    { label: 'Pauses', text: pausesText(report, day) },
  ];
}

function sessionText(report: ReportView, day: Today): string {
  if (report.startedAt === null) return 'not started';
  const since = `started ${whenText(report.startedAt, day)}`;
  if (report.ended === null) return since;
  const reason = report.endReason === null ? '' : ` (${report.endReason})`;
  return `${since}, ${report.ended} ${whenText(report.endedAt, day)}${reason}`;
}

function nextText(report: ReportView, day: Today): string {
  const madeMs = parseWall(report.madeAt);
  if (report.discharge !== null) return `discharged ${whenText(report.discharge.at, day)}`;
  if (report.recovery !== null) return `observe until ${whenText(report.recovery.until, day)}`;
  if (report.ended !== null) return NEVER;
  const step = report.steps.find(
    ({ plannedAt, madeAt }) =>
      madeAt === null && plannedAt !== null && parseWall(plannedAt) > madeMs,
  );
  if (step !== undefined)
    return `${doseRate(step.mgPerH)}${NBSP}mg/h at ${whenText(step.plannedAt, day)}`;
  return report.plannedEndAt === null ? NEVER : `ends ${whenText(report.plannedEndAt, day)}`;
}

function pressureText(report: ReportView, lastCuff: NibpReading | null, day: Today): string {
  const last = lastCuff ?? report.vitals.findLast(({ pressure }) => pressure !== null)?.pressure;
  if (!last) return UNKNOWN;
  return `${cuffText(last)} at ${whenText(last.at, day)}`;
}

export function cuffText(pressure: Omit<NibpReading, 'at'> | null): string {
  if (pressure === null) return UNKNOWN;
  const [systolic, diastolic] = [pressure.systolic, pressure.diastolic].map((value) =>
    value === null ? UNKNOWN : vital(value),
  );
  const mean = pressure.mean === null ? '' : `${NBSP}(${vital(pressure.mean)})`;
  return `${systolic}/${diastolic}${mean}`;
}

/** `-?-` is kept on paper: a blank would be read as nothing to report. */
export function known(value: number | null): string {
  return value === null ? UNKNOWN : decimal(value, 1);
}

/** A saturation is cut, not rounded: 92.96 printed as 93 would stand on the other side of its limit. */
export function knownSaturation(percent: number | null): string {
  return percent === null ? UNKNOWN : decimal(cut(percent, Math.floor), 1);
}

/** Lowest to highest of an hour, rounded away from each other, so that no limit that was broken is hidden. */
export function rangeText(range: { readonly min: number; readonly max: number } | null): string {
  if (range === null) return UNKNOWN;
  const least = decimal(cut(range.min, Math.floor), 1);
  const most = decimal(cut(range.max, Math.ceil), 1);
  return least === most ? least : `${least} to ${most}`;
}

/** To tenths; the first rounding takes away what binary fractions add. */
function cut(value: number, towards: (scaled: number) => number): number {
  return towards(Math.round(value * 1e6) / 1e5) / 10;
}

function baselineLine({ baseline }: ReportView, day: Today): string {
  if (baseline.state === 'none') return 'nobody has taken it';
  const who = baseline.by === null ? '' : ` by ${baseline.by}`;
  const at = baseline.at === null ? '' : ` ${whenText(baseline.at, day)}`;
  return `${baselineText(baseline)}, ${baseline.state}${who}${at}`;
}

export const STARS = { high: '!!!', medium: '!!', low: '!' } as const;
const TWELVE_H_MS = 12 * 3600_000;

function standingAlarms({ alarms }: ReportView): string {
  const standing = alarms.filter(({ endedAt }) => endedAt === null);
  return listed(standing.map((one) => `${STARS[one.priority]} ${one.text}`));
}

/** With the time of the last one where it came more than once. */
function recentAlarms({ alarms, madeAt }: ReportView, day: Today): string {
  const recent = alarms.filter(
    ({ priority, onsetAt }) =>
      priority !== 'low' && parseWall(madeAt) - parseWall(onsetAt) <= TWELVE_H_MS,
  );
  const last = new Map(recent.map((one) => [one.text, whenText(one.onsetAt, day)]));
  return listed(recent.map(({ text }) => `${text} ${last.get(text)}`));
}

const LISTED = 5;

/** The same words once with their number; the tables further down have them all. */
function listed(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const counted = unique.slice(0, LISTED).map((text) => {
    const times = words.filter((one) => one === text).length;
    return times === 1 ? text : `${text} (${times} times)`;
  });
  const more = unique.length - LISTED;
  return [...counted, ...(more > 0 ? [`and ${more} more below`] : [])].join('; ') || 'none';
}

function pausesText({ pauses }: ReportView, day: Today): string {
  const last = pauses.at(-1);
  if (last === undefined) return 'none';
  const until = last.endedAt === null ? 'not resumed' : `to ${whenText(last.endedAt, day)}`;
  const count = pauses.length === 1 ? '' : `${pauses.length}, the last: `;
  return `${count}${last.reason} ${whenText(last.at, day)} ${until}`;
}

/** What the next nurse has to do, as far as the record shows it; the rest is written by hand. */
export function openActions(report: ReportView): readonly string[] {
  const unseen = report.alarms.filter(({ acknowledgedAt }) => acknowledgedAt === null).length;
  return [
    ...(report.baseline.state === 'confirmed' ? [] : ['baseline is not confirmed']),
    ...(unseen === 0 ? [] : [`${unseen} ${unseen === 1 ? 'alarm' : 'alarms'} not acknowledged`]),
    ...(report.ended !== null && report.discharge === null ? ['discharge'] : []),
  ];
}
