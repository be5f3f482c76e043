import { BedAlarms } from '../parts/bed-alarms.tsx';
import { Icon } from '../parts/icons.tsx';
import { InfusionPanel } from '../parts/infusion-panel.tsx';
import { NibpPanel } from '../parts/nibp-panel.tsx';
import { PatientLine } from '../parts/patient-line.tsx';
import { PlanPanel } from '../parts/plan-panel.tsx';
import { Said } from '../parts/text.tsx';
import { VitalsPanel } from '../parts/vitals-panel.tsx';
import type { SortedAlarms } from '../state/alarm-order.ts';
import { hrefOf } from '../state/route.ts';
import { moment, ward } from '../state/store.ts';

export function BedScreen({ bedId, alarms }: { bedId: string; alarms: SortedAlarms }) {
  const now = moment.value;
  const bed = ward.value.beds.find((one) => one.bedId === bedId);
  if (bed === undefined)
    return <NoSuchBed bedId={bedId} isWaiting={now.link.phase === 'connecting'} />;
  const here = alarms.standing.filter((alarm) => alarm.bedId === bedId);
  const raised = now.link.phase === 'lost' ? [] : here;
  const pump =
    bed.infusion.pumpId === null ? undefined : ward.value.devices.get(bed.infusion.pumpId);
  return (
    <main class={`page bed ${bed.simulated ? 'simulated' : ''}`}>
      <PatientLine bed={bed} at="bed" />
      <VitalsPanel bed={bed} now={now} alarms={raised} />
      <NibpPanel bed={bed} now={now} />
      <InfusionPanel bed={bed} pump={pump} alarms={raised} now={now} />
      <PlanPanel bed={bed} alarms={raised} now={now} />
      <BedAlarms bedId={bedId} alarms={alarms} now={now} />
    </main>
  );
}

export function NoSuchBed({ bedId, isWaiting }: { bedId: string; isWaiting: boolean }) {
  return (
    <main class="page failed">
      <section class="panel">
        <h1>{isWaiting ? 'Waiting for the gateway' : 'Bed not found'}</h1>
        {!isWaiting && (
          <p>
            There is no bed <Said>{bedId}</Said> at this gateway.
          </p>
        )}
        <a class="button" href={hrefOf({ screen: 'overview' })}>
          <Icon shape="back" />
          All beds
        </a>
      </section>
    </main>
  );
}
