import type { DriverProof } from '../../src/driver/proof.ts';
import type { DeviceAlert, MetricSeen } from '../../src/observation/device-event.ts';
import { KNOWN_ALERTS } from './alert-codes.ts';
import { alertsRead } from './alerts.ts';
import { wallMs } from './clock.ts';
import { clockOf, identityOf } from './mds.ts';
import { numericObject } from './numeric-object.ts';
import { isCuff, metric, modeOf, NO_EPISODE, observed } from './observe.ts';
import { decodeMessage, type PollReply } from './pdu.ts';
import { PACE_MS } from './polls.ts';
import { vectors } from './vectors.ts';

export const proof: DriverProof = {
  decode,
  vectors,
  integrity: 'checksum',
  alerts: KNOWN_ALERTS,
  paceMs: {
    associate: 2_000,
    // At once: the monitor waits for it.
    'mds-result': 0,
    numerics: PACE_MS,
    'numerics-once': PACE_MS,
    alarms: PACE_MS,
    'alarms-once': PACE_MS,
    waves: PACE_MS,
    abort: 2_000,
    release: 2_000,
  },
};

/** A message in words; labels are those of the same frame, because there is no other here. */
function decode(frame: Uint8Array): unknown {
  const decoded = decodeMessage(frame);
  if (!decoded.ok) return undefined;
  const pdu = decoded.value;
  switch (pdu.kind) {
    case 'mds-create': {
      const clock = clockOf(pdu);
      return {
        kind: pdu.kind,
        echo: pdu.echo,
        ...identityOf(pdu),
        ticks: clock?.wireTicks ?? null,
        wallMs: clock === null ? null : wallMs(clock),
      };
    }
    case 'poll':
      return pollInWords(pdu);
    default:
      return pdu;
  }
}

function pollInWords(reply: PollReply): unknown {
  const { part, sequence, ticks, objectClass, objects } = reply;
  const head = { kind: 'poll', part, sequence, ticks, objectClass };
  if (objectClass === 0x36) {
    const { lists, mode } = alertsRead(objects);
    const inWords = ({ code, text, ruleId, priority }: DeviceAlert): string =>
      `${code} ${ruleId} ${priority}: ${text}`;
    return { ...head, mode, alerts: lists.flatMap(({ alerts }) => alerts).map(inWords) };
  }
  if (objectClass !== 6) {
    const shapes = objects.map(({ context, handle, attributes }) => ({
      context,
      handle,
      attributes: [...attributes.keys()],
    }));
    return { ...head, objects: shapes };
  }
  const told = objects.map(numericObject);
  const values = told.flatMap((one) =>
    (one.values ?? []).flatMap((value) => {
      const found = observed(one.label, value);
      if (found === undefined) return [];
      const episode = isCuff(found.code) ? NO_EPISODE : undefined;
      return [shown(metric({ atMs: 0 }, found, episode))];
    }),
  );
  const stamps = told.flatMap(({ stamp }) => (stamp === null ? [] : [stamp]));
  return { ...head, mode: modeOf(told), values: Object.fromEntries(values), stamps };
}

/** A value by its code; one that is not valid with what is said of it. */
function shown({ code, value, validity, reason }: MetricSeen): readonly [string, unknown] {
  return [code, validity === 'valid' ? value : { value, validity, reason }];
}
