import type { DriverProof } from '../../src/driver/proof.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { type DriRecord, decodeDri } from './codec.ts';
import { type NumericRecord, numericRecord } from './numeric-record.ts';
import {
  type Basic,
  basicMetrics,
  co2Status,
  ecgLabel,
  ecgStatus,
  nibpMetrics,
  nibpSample,
} from './observe.ts';
import { arrhythmiaBits } from './session.ts';
import { KNOWN_ALERTS, statusAlerts } from './status-alerts.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  integrity: 'checksum',
  alerts: KNOWN_ALERTS,
  // Asked again when three intervals brought nothing.
  paceMs: { 'numerics-1s': 3_000, 'numerics-5s': 15_000 },
};

/** Header and values of one record; `values` is `null` for one that brings none that we read. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeDri(frame);
  if (!decoded.ok) return undefined;
  const record = decoded.value;
  const { level, timeS, mainType, isSimulated } = record;
  const numeric = mainType === 0 ? numericRecord(record) : null;
  if (numeric === undefined) return undefined;
  return { level, timeS, mainType, isSimulated, values: numeric && valuesOf(record, numeric) };
}

function valuesOf({ view }: DriRecord, numeric: NumericRecord): unknown {
  const arrhythmia = arrhythmiaBits(numeric);
  if (numeric.basicAt === null) return numeric.ext1At === null ? null : { arrhythmia };
  const basic: Basic = { view, at: numeric.basicAt, atMs: 0 };
  const sample = nibpSample(basic, numeric.nibpTimeS);
  const bits = { ecgStatus: ecgStatus(basic), ecgLabel: ecgLabel(basic), arrhythmia };
  const alerts = statusAlerts({ ...bits, co2Status: co2Status(basic) });
  return {
    ...Object.fromEntries([...basicMetrics(basic), ...nibpMetrics(basic, sample)].map(shown)),
    nibpLabel: sample?.label ?? null,
    alerts: alerts.map(({ code }) => code),
  };
}

/** A value by its code; one that is not valid as the word for that, with the number if there is one. */
function shown(event: DeviceEvent): readonly [string, unknown] {
  if (event.kind !== 'metric') return [event.kind, null];
  const { code, value, validity, reason } = event;
  return [code, validity === 'valid' ? value : { value, validity, reason }];
}
