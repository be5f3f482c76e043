import type { DriverProof } from '../../src/driver/proof.ts';
import type { DeviceEvent } from '../../src/observation/device-event.ts';
import { alarmRecord, SILENCE_ALERTS } from './alarm-record.ts';
import { type DriRecord, decodeDri, MAIN_TYPE } from './codec.ts';
import { arrhythmiaBits, type NumericRecord, numericRecord } from './numeric-record.ts';
import {
  type Basic,
  basicMetrics,
  co2Status,
  ecgLabel,
  ecgStatus,
  nibpMetrics,
  nibpSample,
} from './observe.ts';
import { BIT_ALERTS, statusAlerts } from './status-alerts.ts';
import { vectors } from './vectors.ts';
import { waveRecord } from './wave-record.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  integrity: 'checksum',
  alerts: [...BIT_ALERTS, ...SILENCE_ALERTS],
  // Asked again when three intervals brought nothing; alarms after a damaged frame.
  paceMs: {
    'numerics-1s': 3_000,
    'numerics-5s': 15_000,
    'alarm-status': 10_000,
    'alarm-changes': 10_000,
    waves: 3_000,
  },
};

/** Header and content of one record; `values` is `null` for one that brings nothing that we read. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeDri(frame);
  if (!decoded.ok) return undefined;
  const values = contentOf(decoded.value);
  if (values === undefined) return undefined;
  const { level, number, timeS, mainType, isSimulated } = decoded.value;
  return { level, number, timeS, mainType, isSimulated, values };
}

function contentOf(record: DriRecord): unknown {
  switch (record.mainType) {
    case MAIN_TYPE.numerics: {
      const numeric = numericRecord(record);
      return numeric && valuesOf(record, numeric);
    }
    case MAIN_TYPE.waves:
      return waveRecord(record)?.map(({ samples, ...part }) => ({
        ...part,
        count: samples.length,
        first: [...samples.subarray(0, 2)],
        sum: samples.reduce((sum, sample) => sum + sample, 0),
      }));
    case MAIN_TYPE.alarms:
      return alarmRecord(record);
    default:
      return null;
  }
}

function valuesOf({ view }: DriRecord, numeric: NumericRecord): unknown {
  const arrhythmia = arrhythmiaBits(numeric);
  if (numeric.basicAt === null) return numeric.ext1At === null ? null : { arrhythmia };
  const basic: Basic = { view, at: numeric.basicAt, atMs: 0 };
  const sample = nibpSample(basic, numeric.nibpTimeS);
  const alerts = statusAlerts({
    ecgStatus: ecgStatus(basic),
    ecgLabel: ecgLabel(basic),
    co2Status: co2Status(basic),
    arrhythmia,
    isWaveOff: false,
  });
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
