import type { CuffSeen, DeviceAlert, DeviceEvent } from '../../src/observation/device-event.ts';
import type { MetricCode } from '../../src/observation/metrics.ts';
import type { NibpStatus } from './codec.ts';
import { type CuffLife, isMeasurement } from './nibp.ts';

const alert = (
  code: string,
  text: string,
  priority: DeviceAlert['priority'] = 'medium',
): DeviceAlert => ({ code, text, ruleId: 'PMP-10', priority });

const MODULE_ERROR = alert('S2', 'NIBP module in error');
/** Messages about the module itself; those about one measurement are told as a failed measurement. */
const FAULTS: readonly DeviceAlert[] = [
  alert('M02', 'NIBP module refused a command', 'low'),
  alert('M08', 'NIBP module: pneumatic fault'),
  alert('M12', 'NIBP: over-pressure in the cuff', 'high'),
  alert('M14', 'NIBP module: leak test failed'),
  alert('M15', 'NIBP module: system error'),
];

/** Every alarm that is known. */
export const KNOWN_ALERTS: readonly DeviceAlert[] = [MODULE_ERROR, ...FAULTS];

/** Said of one measurement, or that all is well. */
const NO_FAULTS: ReadonlySet<string> = new Set(['00', '03', '06', '07', '09', '10', '11', '13']);

export function alertsOf({ state, message }: NibpStatus): readonly DeviceAlert[] {
  const code = `M${message}`;
  const fault = NO_FAULTS.has(message)
    ? []
    : [FAULTS.find((known) => known.code === code) ?? alert(code, code)];
  return state === 2 ? [MODULE_ERROR, ...fault] : fault;
}

/** What a status says of the module, beside readings. */
export function statusEvents(status: NibpStatus, atMs: number): readonly DeviceEvent[] {
  const { patient } = status;
  const mode = ['adult', 'neonatal'][patient];
  return [
    { kind: 'alerts', alerts: alertsOf(status), atMs },
    {
      kind: 'fact',
      code: 'mode',
      text: mode ?? `A${patient}`,
      validity: mode === undefined ? 'questionable' : 'valid',
      atMs,
    },
  ];
}

/**
 * What the cuff does, and the last reading with its time.
 * @param isHostTimed InfuseWatch starts each measurement: the module's "by hand" is not the interval then
 */
export function cuffEvents(
  life: CuffLife,
  status: NibpStatus,
  isHostTimed: boolean,
  atMs: number,
): readonly DeviceEvent[] {
  const cycle = status.cycleMin === 0 ? null : status.cycleMin * 60_000;
  const cuff: CuffSeen = {
    kind: 'cuff',
    state: cuffState(life, status),
    ...(isHostTimed && cycle === null ? {} : { cycleMs: cycle }),
    ...(life.failed === null ? {} : { failed: life.failed }),
    atMs,
  };
  return [cuff, ...readingEvents(life, atMs)];
}

function cuffState({ run, ended }: CuffLife, { state }: NibpStatus): CuffSeen['state'] {
  const begun = run ?? ended?.run;
  if (begun !== undefined) return isMeasurement(begun) ? 'measuring' : 'unknown';
  return state === 1 || state === 6 ? 'idle' : 'unknown';
}

function readingEvents({ run, ended, reading }: CuffLife, atMs: number): readonly DeviceEvent[] {
  const begun = run ?? ended?.run;
  const episode = {
    measuredAtMs: reading?.measuredAtMs ?? null,
    confirmed: reading?.confirmed ?? false,
    measuring: begun !== undefined && isMeasurement(begun),
  };
  const one = (code: MetricCode, value: number | undefined): DeviceEvent => ({
    kind: 'metric',
    code,
    value: value ?? null,
    validity: value === undefined ? 'not-available' : 'valid',
    episode,
    atMs,
  });
  return [
    one('MDC_PRESS_BLD_NONINV_SYS', reading?.result.sys),
    one('MDC_PRESS_BLD_NONINV_DIA', reading?.result.dia),
    one('MDC_PRESS_BLD_NONINV_MEAN', reading?.result.mean),
  ];
}
