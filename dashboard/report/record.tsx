/** Alarms, the life of the order with its two people, devices, clock and log: who can be asked afterwards. */
import { decimal, NBSP, timeOfDay } from '../format/index.ts';
import { parseWall } from '../link/clock.ts';
import { stampText, whenText } from '../validity/when.ts';
import type { ReportView } from '../wire.ts';
import { PaperTable } from './table.tsx';
import { dayOfReport, STARS } from './words.ts';

const kept = (head: string) => ({ head, isKept: true });

export function AlarmTable({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  return (
    <PaperTable
      title="Alarms"
      columns={['', 'Onset', 'End', 'Alarm', kept('Worst'), kept('Rule'), 'Acknowledged']}
      none="There were none."
      rows={report.alarms.map((alarm) => [
        STARS[alarm.priority],
        withSeconds(alarm.onsetAt, day),
        alarm.endedAt === null ? 'stands' : withSeconds(alarm.endedAt, day),
        alarm.detail === null ? alarm.text : `${alarm.text}: ${alarm.detail}`,
        alarm.worst === null ? '' : `${decimal(alarm.worst, 2)}${NBSP}${alarm.unit ?? ''}`,
        alarm.ruleId,
        alarm.acknowledgedAt === null
          ? 'no'
          : `${alarm.acknowledgedBy ?? ''} ${withSeconds(alarm.acknowledgedAt, day)}`,
      ])}
    />
  );
}

/** Alarms follow each other within seconds. */
function withSeconds(at: string, day: Parameters<typeof whenText>[1]): string {
  const seconds = timeOfDay(parseWall(at), day.utcOffsetMin, true).slice(-3);
  return `${whenText(at, day)}${seconds}`;
}

export function RecordTables({ report }: { report: ReportView }) {
  const day = dayOfReport(report);
  const { log } = report;
  return (
    <>
      {report.gaps.length > 0 && (
        <PaperTable
          title="Data missing"
          columns={['From', 'To', 'What']}
          none=""
          rows={report.gaps.map((gap) => [
            withSeconds(gap.from, day),
            gap.to === null ? 'goes on' : withSeconds(gap.to, day),
            gap.text,
          ])}
        />
      )}
      <PaperTable
        title="Order, its versions and its two people"
        columns={[
          'Version',
          'Written',
          'Signed',
          'Checked by the second person',
          'Began',
          'Reason',
        ]}
        none=""
        rows={report.versions.map((one) => [
          one.status === 'replaced' || one.status === 'withdrawn'
            ? `${one.version} (${one.status})`
            : String(one.version),
          `${one.createdBy} ${whenText(one.createdAt, day)}`,
          person(one.signedBy, one.signedAt, day),
          person(one.verifiedBy, one.verifiedAt, day),
          one.activatedAt === null ? 'never' : person(one.activatedBy, one.activatedAt, day),
          [one.reason, one.softLimitReason && `soft limit: ${one.softLimitReason}`]
            .filter(Boolean)
            .join('; '),
        ])}
      />
      <PaperTable
        title="What happened to the order"
        columns={['Time', 'What', 'By', 'Station', { head: 'Log', isRight: true }]}
        none=""
        rows={report.history.map((one) => [
          withSeconds(one.at, day),
          one.text,
          one.by ?? 'gateway',
          one.station ?? '',
          one.seq === null ? '' : String(one.seq),
        ])}
      />
      <PaperTable
        title="Devices"
        columns={['Device', 'Serial numbers in this session', 'Model now', 'Driver', 'Data']}
        none="None."
        rows={report.devices.map((one) => [
          `${one.role} ${one.deviceId}`,
          one.serials.join(', ') || 'not told',
          [one.model, one.firmware].filter((text) => text !== null).join(', ') || 'not known',
          one.driver,
          one.mode === 'real' ? 'real' : one.mode === 'test' ? 'RECORDING' : 'SIMULATED',
        ])}
      />
      <section class="part">
        <h2>Clock and log</h2>
        {report.clockNotes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        <p>
          All times {report.timeZone}; made {stampText(report.madeAt, report.utcOffsetMin)} by build{' '}
          {report.build}.
        </p>
        {log !== null && (
          <p class="hash">
            Log entries {log.fromSeq} to {log.toSeq}; SHA-256 of the first {log.fromHash}, of the
            last {log.toHash}
          </p>
        )}
      </section>
    </>
  );
}

function person(by: string | null, at: string | null, day: Parameters<typeof whenText>[1]): string {
  return by === null ? 'nobody' : `${by} ${whenText(at, day)}`;
}
