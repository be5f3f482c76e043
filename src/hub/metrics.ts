import type { DeviceView } from './wire/index.ts';

type Labels = Readonly<Record<string, string>>;

const PREFIX = 'infusewatch_';

const HELP: Readonly<Record<string, string>> = {
  hub_frames_sent_total: 'Frames handed to control sockets, by type',
  hub_frames_received_total: 'Frames of clients, by type',
  hub_receipts_total: 'Receipts of alarm revisions, by stage; unknown: of a revision never sent',
  hub_deltas_held_back_total: 'Deltas that waited because a client was behind',
  hub_waves_dropped_total: 'Waveform blocks not sent because a client was behind',
  hub_alarms_resent_total: 'Alarm frames sent once more for want of a receipt',
  hub_snapshots_total: 'Snapshots, by reason',
  hub_closed_total: 'Control sockets closed, by close code',
  hub_refused_total: 'Connections refused before the upgrade, by reason',
  hub_http_replies_total: 'HTTP replies, by call and status',
};

const DEVICE_COUNTERS = {
  framesAccepted: 'device_frames_accepted_total',
  framesRejected: 'device_frames_rejected_total',
  bytesIn: 'device_bytes_in_total',
  bytesDropped: 'device_bytes_dropped_total',
  repliesMissed: 'device_replies_missed_total',
  connects: 'device_connects_total',
  writesRefused: 'device_writes_refused_total',
  impossibleValues: 'device_impossible_values_total',
} as const satisfies Record<keyof DeviceView['counters'], string>;

/** Counters of the hub itself. They only grow; a restart begins at zero, as Prometheus expects. */
export class HubMetrics {
  readonly #series = new Map<string, Map<string, number>>();

  frameSent(type: string, count = 1): void {
    this.#add('hub_frames_sent_total', { type }, count);
  }

  frameReceived(type: string): void {
    this.#add('hub_frames_received_total', { type }, 1);
  }

  receipt(stage: string): void {
    this.#add('hub_receipts_total', { stage }, 1);
  }

  heldBack(count: number): void {
    if (count > 0) this.#add('hub_deltas_held_back_total', {}, count);
  }

  waveDropped(): void {
    this.#add('hub_waves_dropped_total', {}, 1);
  }

  alarmResent(): void {
    this.#add('hub_alarms_resent_total', {}, 1);
  }

  snapshot(reason: 'join' | 'resync'): void {
    this.#add('hub_snapshots_total', { reason }, 1);
  }

  closed(code: number): void {
    this.#add('hub_closed_total', { code: String(code) }, 1);
  }

  connectionRefused(reason: string): void {
    this.#add('hub_refused_total', { reason }, 1);
  }

  httpReplied(call: string, status: number): void {
    this.#add('hub_http_replies_total', { call, status: String(status) }, 1);
  }

  /** Prometheus text format 0.0.4. */
  text(clients: number, devices: readonly DeviceView[], up: boolean): string {
    const lines: string[] = [];
    gauge(lines, 'up', 'The gateway is well (1) or not (0), as in /healthz', up ? 1 : 0);
    gauge(lines, 'hub_clients', 'Control sockets with a session', clients);
    gauge(lines, 'memory_bytes', 'Resident memory of the process', process.memoryUsage.rss());
    for (const [name, series] of this.#series) {
      head(lines, name, HELP[name] ?? name, 'counter');
      for (const [labels, value] of series) lines.push(`${PREFIX}${name}${labels} ${value}`);
    }
    deviceLines(lines, devices);
    return `${lines.join('\n')}\n`;
  }

  #add(name: string, labels: Labels, count: number): void {
    const series = this.#series.get(name) ?? new Map<string, number>();
    this.#series.set(name, series);
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + count);
  }
}

function deviceLines(lines: string[], devices: readonly DeviceView[]): void {
  if (devices.length === 0) return;
  const labelsOf = ({ deviceId, bedId, driver }: DeviceView) =>
    labelText({ device: deviceId, bed: bedId, driver });
  head(lines, 'device_live', 'The device answers (1) or not (0)', 'gauge');
  for (const device of devices)
    lines.push(`${PREFIX}device_live${labelsOf(device)} ${device.state === 'live' ? 1 : 0}`);
  for (const [key, name] of Object.entries(DEVICE_COUNTERS)) {
    head(lines, name, `DeviceView.counters.${key}`, 'counter');
    for (const device of devices) {
      const value = device.counters[key as keyof typeof DEVICE_COUNTERS];
      lines.push(`${PREFIX}${name}${labelsOf(device)} ${value}`);
    }
  }
}

function gauge(lines: string[], name: string, help: string, value: number): void {
  head(lines, name, help, 'gauge');
  lines.push(`${PREFIX}${name} ${value}`);
}

function head(lines: string[], name: string, help: string, type: 'counter' | 'gauge'): void {
  lines.push(`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`);
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
