import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { geDri } from '../../drivers/ge-dri/driver.ts';
import { simulator as pumpKind } from '../../simulators/alaris-asena/index.ts';
import { simulator as monitorKind } from '../../simulators/ge-dri/index.ts';
import type { SimulatorKind } from '../../simulators/kit/device.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import { isRecognised, NOTHING_FOUND } from '../../src/assembly/probe-findings.ts';
import { candidatesOf, likeliestFirst, lineText } from '../../src/assembly/probe-plan.ts';
import { type ProbeResult, probePort } from '../../src/assembly/probe-port.ts';
import type { Driver, LineSettings } from '../../src/driver/contract.ts';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import { listPorts } from '../../src/port/list-ports.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import type { Port } from '../../src/port/port.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

const pump = alarisAsena as Driver;
const monitor = geDri as Driver;
/** A driver whose reading forgets an alarm. */
const delicate: Driver = { ...pump, id: 'delicate', readingEffect: 'Reading clears an alarm.' };

describe('the plan', () => {
  test('factory settings first, then other speeds; delicate ones last and only with all', () => {
    const told = (drivers: readonly Driver[], all: boolean) =>
      candidatesOf(drivers, all).map(({ driver, line }) => `${driver.id} ${lineText(line)}`);
    expect(told([delicate, monitor, pump], false)).toEqual([
      'ge-dri 19200 8E1',
      'alaris-asena 38400 8N1',
      'ge-dri 115200 8E1',
    ]);
    expect(told([delicate, monitor, pump], true).at(-1)).toBe('delicate 38400 8N1');
    expect(told([{ ...pump, baudRates: [] }], false)).toEqual(['alaris-asena 38400 8N1']);
  });

  test('what was heard brings a driver forward, but never a delicate one', () => {
    const candidates = candidatesOf([pump, monitor, delicate], true);
    const order = likeliestFirst(candidates, ({ driver }) =>
      driver.id === 'delicate' ? 9 : driver.id === 'ge-dri' ? 5 : 0,
    );
    expect(order.map(({ driver }) => driver.id)).toEqual([
      'ge-dri',
      'ge-dri',
      'alaris-asena',
      'delicate',
    ]);
  });

  test('a driver that takes some noise for frames is not recognised', () => {
    const found = (accepted: number, malformed: number) => ({
      ...NOTHING_FOUND,
      tally: { bytes: 99, accepted, rejected: { checksum: 0, malformed, unexpected: 7 } },
    });
    expect(isRecognised(found(3, 2), 2)).toBe(true);
    expect(isRecognised(found(3, 3), 2)).toBe(false);
    expect(isRecognised(found(1, 0), 2)).toBe(false);
  });
});

/** A simulated device whose line runs at one setting; at any other, what comes is rubbish. */
function rig(kind: SimulatorKind | null, runsAt: string | null, noise = false) {
  const timeline = new VirtualTimeline();
  const link =
    kind === null ? undefined : simulatedLink({ kind, name: 'far end', timeline, options: {} });
  const written: { readonly at: string; readonly bytes: string }[] = [];
  const openings: string[] = [];
  let open = 0;
  const port = (line: LineSettings): Port => {
    const at = lineText(line);
    openings.push(at);
    const inner =
      link === undefined ? silent(timeline, noise) : memoryPort('port', link, timeline, 'real');
    return {
      ...inner,
      label: 'port',
      mode: 'real',
      connect: () =>
        new Observable((subscriber) => {
          open += 1;
          expect(open).toBe(1);
          const subscription = inner.connect().subscribe((event) => {
            if (event.kind === 'opened') {
              return subscriber.next({
                ...event,
                write: (bytes) => {
                  written.push({ at, bytes: Buffer.from(bytes).toString('latin1') });
                  if (at === runsAt) event.write(bytes);
                },
              });
            }
            if (event.kind === 'bytes' && at !== runsAt)
              return subscriber.next({ ...event, chunk: event.chunk.map((byte) => byte ^ 0x5a) });
            subscriber.next(event);
          });
          return () => {
            open -= 1;
            subscription.unsubscribe();
          };
        }),
    };
  };
  return { timeline, port, written, openings, opened: () => open };
}

function silent(timeline: VirtualTimeline, noise: boolean): Port {
  return {
    label: 'port',
    mode: 'real',
    connect: () =>
      new Observable((subscriber) => {
        const atMs = timeline.monotonicMs();
        subscriber.next({ kind: 'opened', atMs, name: 'port', write: () => undefined });
        if (noise)
          subscriber.next({ kind: 'bytes', atMs, chunk: Uint8Array.of(0, 255, 0, 128, 1, 9) });
      }),
  };
}

async function probe(
  { timeline, port }: ReturnType<typeof rig>,
  drivers: readonly Driver[],
  stopped: Promise<void> = new Promise(() => undefined),
): Promise<ProbeResult> {
  let result: ProbeResult | undefined;
  void probePort({
    candidates: candidatesOf(drivers, true),
    timeline,
    open: port,
    free: () => Promise.resolve(),
    hasSpeed: true,
    listenMs: 2_200,
    askMs: 4_000,
    stopped,
  }).then((found) => {
    result = found;
  });
  for (let i = 0; i < 2_000 && result === undefined; i += 1) {
    timeline.advance(100);
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  }
  if (result === undefined) throw new Error('it never ended');
  return result;
}

describe('who is there', () => {
  test('a pump that answers: driver, speed, serial number, and that it is simulated', async () => {
    const made = rig(pumpKind, '38400 8N1');
    const result = await probe(made, [monitor, pump]);
    expect(result).toMatchObject({
      kind: 'recognised',
      driver: { id: 'alaris-asena' },
      line: { baudRate: 38_400 },
      talksByItself: false,
      findings: { identity: { serial: expect.stringMatching(/^SIM/), mode: 'demo' } },
    });
    expect(made.opened()).toBe(0);
  });

  test('a monitor at its other speed', async () => {
    const result = await probe(rig(monitorKind, '115200 8E1'), [pump, monitor]);
    expect(result).toMatchObject({ driver: { id: 'ge-dri' }, line: { baudRate: 115_200 } });
  });

  test('listening comes first and writes nothing; whoever talks is not asked', async () => {
    const made = rig(monitorKind, '19200 8E1');
    // Somebody asked it before us: it goes on sending.
    const first = await probe(made, [monitor]);
    expect(first).toMatchObject({ kind: 'recognised', talksByItself: false });
    expect(made.openings.slice(0, 2)).toEqual(['19200 8E1', '115200 8E1']);
    const asked = made.written.length;
    expect(asked).toBeGreaterThan(0);
    const again = await probe(made, [pump, monitor]);
    expect(again).toMatchObject({ driver: { id: 'ge-dri' }, talksByItself: true });
    expect(made.written).toHaveLength(asked);
  });

  test('only listed questions are written, whoever is there', async () => {
    const made = rig(null, null);
    await probe(made, [pump, monitor]);
    expect(made.written.length).toBeGreaterThan(2);
    for (const { bytes } of made.written) {
      const raw = Uint8Array.from(Buffer.from(bytes, 'latin1'));
      expect(pump.queries.has(raw) || monitor.queries.has(raw)).toBe(true);
    }
  });

  test('a session that would send something else is held back by the guard', async () => {
    const command = Uint8Array.from(Buffer.from('!INF_RATE^100|0000\r', 'latin1'));
    const rogue: Driver = {
      ...pump,
      session: () => ({
        initial: 0,
        step: (state) => ({ state, send: [command as QueryBytes], events: [] }),
      }),
    };
    const made = rig(pumpKind, '38400 8N1');
    await probe(made, [rogue]);
    expect(made.written).toEqual([]);
  });

  test('nobody there, and rubbish: what it looks like', async () => {
    expect(await probe(rig(null, null), [pump, monitor])).toMatchObject({
      kind: 'not-recognised',
      bytes: 0,
      advice: expect.stringMatching(/^Nothing arrives at all: check the cable/),
    });
    expect(await probe(rig(null, null, true), [pump])).toMatchObject({
      kind: 'not-recognised',
      advice: expect.stringMatching(/baud rate and parity/),
    });
  });

  test('a port that cannot be opened is not tried again and again', async () => {
    const made = rig(null, null);
    let opened = 0;
    const port = (): Port => ({
      label: 'p',
      mode: 'real',
      connect: () =>
        new Observable((subscriber) => {
          opened += 1;
          subscriber.next({ kind: 'closed', atMs: 0, reason: 'p is in use by another program' });
          subscriber.complete();
        }),
    });
    const result = await probe({ ...made, port }, [pump, monitor]);
    expect(result).toEqual({ kind: 'not-open', reason: 'p is in use by another program' });
    expect(opened).toBe(1);
  });

  test('stopped by a person: the port is closed, nothing more is asked', async () => {
    const made = rig(null, null);
    const { promise, resolve } = Promise.withResolvers<void>();
    made.timeline.after(9_000, resolve);
    expect(await probe(made, [pump, monitor], promise)).toEqual({ kind: 'stopped' });
    expect(made.opened()).toBe(0);
    const asked = made.written.length;
    made.timeline.advance(60_000);
    expect(made.written).toHaveLength(asked);
  });
});

describe('ports of this PC', () => {
  const dirs: string[] = [];
  afterEach(() => {
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });

  test('USB adapters with maker and by-id name first; no consoles, no ports without a chip', async () => {
    const root = mkdtempSync(join(tmpdir(), 'iw-sys-'));
    dirs.push(root);
    const tty = (name: string, device: string, files: Readonly<Record<string, string>> = {}) => {
      const folder = join(root, 'sys/class/tty', name);
      mkdirSync(folder, { recursive: true });
      mkdirSync(join(root, 'sys/devices', device), { recursive: true });
      symlinkSync(join(root, 'sys/devices', device), join(folder, 'device'));
      for (const [file, content] of Object.entries(files))
        writeFileSync(join(folder, file), content);
    };
    const usb = (device: string, files: Readonly<Record<string, string>>) => {
      mkdirSync(join(root, 'sys/devices', device), { recursive: true });
      for (const [file, content] of Object.entries(files))
        writeFileSync(join(root, 'sys/devices', device, file), `${content}\n`);
    };
    usb('usb1/1-1', { idVendor: '0403', manufacturer: 'FTDI', product: 'FT232R', serial: 'A5' });
    usb('usb1/1-2', { idVendor: '1a86', product: 'USB Serial' });
    tty('ttyUSB10', 'usb1/1-2/1-2:1.0/ttyUSB10');
    tty('ttyUSB2', 'usb1/1-1/1-1:1.0/ttyUSB2');
    tty('ttyS0', 'pnp0/00:01', { type: '4\n' });
    tty('ttyS1', 'platform/serial8250', { type: '0\n' });
    tty('tty1', 'virtual');
    mkdirSync(join(root, 'dev/serial/by-id'), { recursive: true });
    symlinkSync('../../ttyUSB2', join(root, 'dev/serial/by-id/usb-FTDI_FT232R_A5-if00-port0'));
    expect(await listPorts(root)).toEqual([
      {
        path: '/dev/ttyUSB2',
        byId: '/dev/serial/by-id/usb-FTDI_FT232R_A5-if00-port0',
        maker: 'FTDI',
        product: 'FT232R',
        serial: 'A5',
      },
      { path: '/dev/ttyUSB10', product: 'USB Serial' },
      { path: '/dev/ttyS0' },
    ]);
    expect(await listPorts(join(root, 'nowhere'))).toEqual([]);
  });
});
