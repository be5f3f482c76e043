/** An order to be read: every field that it has, with its unit, and who did what with which version. */
import { useState } from 'preact/hooks';
import {
  adjunctFields,
  criteriaFields,
  DRUG,
  type FieldSpec,
  LIMITS,
  PATIENT,
  PLAN,
  sessionFields,
  stepFields,
  WATCH,
} from '../entry/fields.ts';
import { rowsOf, valueAt } from '../entry/plain.ts';
import { daysOf, typedText } from '../entry/typed.ts';
import { concentration, decimal, doseRate, NBSP, pumpRate } from '../format/index.ts';
import { moment } from '../state/store.ts';
import { whenText } from '../validity/when.ts';
import type { OrderDetail, OrderVersionView } from '../wire.ts';
import { Said } from './text.tsx';

/** The newest version, which may be one that does not hold yet; the others on request. */
export function OrderSheet({ order }: { order: OrderDetail }) {
  const newest = order.versions.at(-1)?.version ?? order.version;
  const [shownVersion, setShown] = useState(newest);
  const version = order.versions.find((one) => one.version === shownVersion);
  return (
    <div class="sheetlist">
      {order.versions.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of form fields.
        <div class="tabs" role="group" aria-label="Which version">
          {order.versions.map((one) => (
            <button
              key={one.version}
              type="button"
              aria-pressed={one.version === shownVersion}
              onClick={() => setShown(one.version)}
            >
              {`Version ${one.version}, ${one.status}`}
            </button>
          ))}
        </div>
      )}
      <Sheet
        document={version?.document ?? order.document}
        order={shownVersion === order.version ? order : null}
      />
      <h2>Versions</h2>
      <ul class="problems">
        {order.versions.map((one) => (
          <li key={one.version}>
            <Said>{historyOf(one)}</Said>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** @param order what the gateway worked out from this document; `null` = that is of another version */
function Sheet({ document, order }: { document: unknown; order: OrderDetail | null }) {
  const rows = (list: string, fields: (index: number) => readonly FieldSpec[]) =>
    Array.from({ length: rowsOf(document, list) }, (_, index) => fields(index));
  const mode = valueAt(document, 'mode');
  return (
    <>
      <Facts title="Patient" document={document} specs={PATIENT.fields} />
      <Facts title="Drug and bag" document={document} specs={DRUG.fields}>
        {order === null ? undefined : `= ${concentration(order.concentrationMgPerMl)}${NBSP}mg/mL`}
      </Facts>
      <Facts title="Plan" document={document} specs={PLAN.fields} />
      {rows('steps', (index) => [...stepFields(index, mode), ...criteriaFields(index)]).map(
        (specs, index) => {
          const step = order?.steps[index];
          return (
            <Facts
              key={specs[0]?.path}
              title={`Step ${index + 1}`}
              document={document}
              specs={specs}
            >
              {step &&
                `= ${doseRate(step.mgPerH)}${NBSP}mg/h = ${pumpRate(step.mlPerH)}${NBSP}mL/h`}
            </Facts>
          );
        },
      )}
      <Facts title="Limits" document={document} specs={LIMITS.fields} />
      <Facts title="Watch and hold" document={document} specs={WATCH.fields} />
      {rows('adjuncts', adjunctFields).map((specs, index) => (
        <Facts
          key={specs[0]?.path}
          title={`Adjunct ${index + 1}`}
          document={document}
          specs={specs}
        />
      ))}
      {rows('course.sessions', sessionFields).map((specs, index) => (
        <Facts key={specs[0]?.path} title={`Day ${index + 1}`} document={document} specs={specs} />
      ))}
    </>
  );
}

function Facts(input: {
  title: string;
  document: unknown;
  specs: readonly FieldSpec[];
  children?: string | undefined;
}) {
  const filled = input.specs.filter(({ path }) => valueAt(input.document, path) !== undefined);
  if (filled.length === 0) return null;
  return (
    <section>
      <h2>{input.title}</h2>
      <dl>
        {filled.map((spec) => (
          <div key={spec.path}>
            <dt>
              <Said>{spec.label}</Said>
            </dt>
            <dd>
              <Said>{shown(spec, valueAt(input.document, spec.path))}</Said>
            </dd>
          </div>
        ))}
        {input.children !== undefined && (
          <div>
            <dt>follows</dt>
            <dd class="muted">
              <Said>{input.children}</Said>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function shown(spec: FieldSpec, value: unknown): string {
  if (spec.kind === 'choice')
    return spec.choices?.find((choice) => choice.value === value)?.word ?? String(value);
  const text =
    typeof value === 'number'
      ? decimal(value, 4)
      : typedText(spec.kind, value, moment.value.utcOffsetMin);
  const days = daysOf(value);
  return [text, spec.unit, days && `(${days})`].filter(Boolean).join(NBSP);
}

function historyOf(version: OrderVersionView): string {
  const parts = [
    `Version ${version.version}, ${version.status}: written by ${version.createdBy} ${whenText(version.createdAt, moment.value)}`,
    version.reason && `because: ${version.reason}`,
    version.signedAt && `signed by ${version.signedBy} ${whenText(version.signedAt, moment.value)}`,
    version.softLimitReason && `above the soft limit because: ${version.softLimitReason}`,
    version.sentBack &&
      `sent back by ${version.sentBack.by} ${whenText(version.sentBack.at, moment.value)}: ${version.sentBack.reason}`,
    version.failedChecks > 0 && `failed checks: ${version.failedChecks}`,
    version.verifiedAt &&
      `checked by ${version.verifiedBy} ${whenText(version.verifiedAt, moment.value)}`,
    version.activatedAt &&
      `started by ${version.activatedBy} ${whenText(version.activatedAt, moment.value)}`,
  ];
  return parts.filter(Boolean).join('; ');
}
