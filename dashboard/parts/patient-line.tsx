/** Who lies in this bed, and the screens about it. */
import { weight } from '../format/index.ts';
import { hrefOf, type Route } from '../state/route.ts';
import type { BedView, OrderView } from '../wire.ts';
import { BedsideButton } from './bedside.tsx';
import { Icon } from './icons.tsx';
import { Said } from './text.tsx';

export function PatientLine({ bed, at }: { bed: BedView; at: Route['screen'] }) {
  const { patient, order } = bed;
  const kg = patient?.weightKg ?? null;
  return (
    <section class="patient" aria-label="Patient">
      <a class="button" href={hrefOf({ screen: 'overview' })}>
        <Icon shape="back" />
        Beds
      </a>
      <h1 class="id">{bed.bedId}</h1>
      <span class="name">{patient ? <Said>{patient.label}</Said> : 'No patient'}</span>
      {patient && (
        <span class="muted">
          <Said>{patient.id}</Said>
        </span>
      )}
      {kg !== null && <span>{weight(kg)} kg</span>}
      {bed.simulated && <b class="sim">SIMULATED</b>}
      <span class="spacer" />
      <span class="muted">{order ? <Said>{orderText(order)}</Said> : 'No order'}</span>
      <BedTabs bed={bed} at={at} />
      <BedsideButton bed={bed} />
    </section>
  );
}

function orderText({ regimen, version, status, verifiedBy }: OrderView): string {
  const checked = verifiedBy === null ? '' : `, checked by ${verifiedBy}`;
  return `${regimen}, version ${version}, ${status}${checked}`;
}

function BedTabs({ bed, at }: { bed: BedView; at: Route['screen'] }) {
  const { bedId, session } = bed;
  const orderId = bed.order?.orderId ?? session?.orderId;
  const courseId = session?.course?.courseId;
  const tabs: readonly (readonly [word: string, route: Route])[] = [
    ['Live', { screen: 'bed', bedId }],
    ['Session', { screen: 'session', bedId }],
    ...(courseId === undefined ? [] : [['Course', { screen: 'course', courseId }] as const]),
    ...(orderId === undefined ? [] : [['Report', { screen: 'report', orderId }] as const]),
  ];
  return (
    <nav class="bedtabs" aria-label={`Screens of ${bedId}`}>
      {tabs.map(([word, route]) => (
        <a
          key={word}
          class="button"
          href={hrefOf(route)}
          aria-current={route.screen === at ? 'page' : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  );
}
