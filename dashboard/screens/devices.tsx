import { age, decimal } from '../format/index.ts';
import { factsOf, limitsOf, StrangerNote } from '../parts/device-notes.tsx';
import { Said } from '../parts/text.tsx';
import { moment, ward } from '../state/store.ts';
import type { Moment } from '../validity/value.ts';
import type { DeviceView } from '../wire.ts';

const STATE_WORDS: Readonly<Record<DeviceView['state'], string>> = {
  connecting: 'connecting',
  live: 'OK',
  stale: 'slow',
  silent: 'open, nothing comes',
  closed: 'not connected',
};

export function DevicesScreen() {
  const now = moment.value;
  const devices = [...ward.value.devices.values()].sort(
    (a, b) => compare(a.bedId, b.bedId) || compare(a.deviceId, b.deviceId),
  );
  const faulty = devices.filter(
    ({ advice, association }) => advice !== null || association.state === 'another',
  ).length;
  return (
    <main class="page devices">
      <section class="panel list">
        <h1 class="unseen">Devices</h1>
        <h2>
          <b>Devices</b> {devices.length}, {faulty === 0 ? 'all well' : `${faulty} to look at`}
        </h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard. */}
        <section class="scroll" tabIndex={0} aria-label="List of devices">
          <table class="log">
            <thead>
              <tr>
                <th scope="col">Bed</th>
                <th scope="col">Device</th>
                <th scope="col">State</th>
                <th scope="col" class="right">
                  Last frame
                </th>
                <th scope="col">Driver and port</th>
                <th scope="col" class="right">
                  Frames
                </th>
                <th scope="col" class="right">
                  Bad
                </th>
                <th scope="col" class="right">
                  No reply
                </th>
                <th scope="col" class="right">
                  Connects
                </th>
                <th scope="col">What to check first</th>
              </tr>
            </thead>
            <tbody>
              {devices.map((device) => (
                <DeviceRow key={device.deviceId} device={device} now={now} />
              ))}
            </tbody>
          </table>
        </section>
      </section>
    </main>
  );
}

function DeviceRow({ device, now }: { device: DeviceView; now: Moment }) {
  const { counters } = device;
  const details = [
    device.model,
    device.serial && `s/n ${device.serial}`,
    device.firmware && `firmware ${device.firmware}`,
    ...factsOf(device),
  ];
  const isSimulated = device.mode !== 'real';
  const isLost = now.link.phase === 'lost';
  return (
    <tr class={isSimulated ? 'simulated' : ''}>
      <td class="num">{device.bedId}</td>
      <td class="wide">
        <b>
          <Said>{device.title}</Said>
        </b>
        {isSimulated && (
          <span class="sim">{device.mode === 'test' ? 'RECORDING' : 'SIMULATED'}</span>
        )}
        <small>
          <Said>{details.filter(Boolean).join(', ') || device.deviceId}</Said>
        </small>
      </td>
      <td>
        <b>{isLost ? 'unknown' : STATE_WORDS[device.state]}</b>
      </td>
      <td class="right">{isLost ? '-?-' : frameAge(device, now)}</td>
      <td class="wide">
        <Said>{device.driver}</Said>
        <small>
          <Said>{device.port}</Said>
        </small>
      </td>
      <td class="right">{decimal(counters.framesAccepted, 0)}</td>
      <td class="right">{decimal(counters.framesRejected, 0)}</td>
      <td class="right">{decimal(counters.repliesMissed, 0)}</td>
      <td class="right">{decimal(counters.connects, 0)}</td>
      <td class="wide advice">
        {device.advice !== null && <Said>{device.advice}</Said>}
        <StrangerNote device={device} />
        {limitsOf(device).map((words) => (
          <small key={words}>
            <Said>{words}</Said>
          </small>
        ))}
      </td>
    </tr>
  );
}

function frameAge(device: DeviceView, now: Moment): string {
  return device.lastFrameAtMonotonicMs === null
    ? 'never'
    : age(now.monotonicMs - device.lastFrameAtMonotonicMs);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
