import { driverById } from '../../drivers/index.ts';
import { simulatorById } from '../../simulators/index.ts';
import { type SimulatedLink, simulatedLink } from '../../simulators/kit/link.ts';
import type { BedDevice } from '../../src/pipeline/bed-stream.ts';
import { deviceLink, type LinkDeps } from '../../src/pipeline/device-link.ts';
import { sharedLine } from '../../src/pipeline/line.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import type { Timeline } from '../../src/time/timeline.ts';

type Args = Readonly<Record<string, unknown>>;

/** Any simulated device that is shipped, on a line in memory. */
export function simulated(
  kindId: string,
  name: string,
  options: Args,
  timeline: Timeline,
  seed: number,
): SimulatedLink {
  const kind = simulatorById.get(kindId);
  if (kind === undefined) throw new Error(`there is no simulator ${kindId}`);
  return simulatedLink({ kind, name, timeline, seed, options });
}

/** Runs at 125 mL/h and holds 1 L, whatever the kind; `own` goes over it. */
export function pumpOptions(kindId: string, own: Args = {}): Args {
  const usual = { rateMlPerH: 125, running: true };
  switch (kindId) {
    case 'alaris-asena':
      return { serial: 'SIM1-00001', ...usual, syringeMl: 1_000, ...own };
    case 'bbraun-bcc': {
      if ('pumps' in own) return own;
      const drug = { drug: 'Ketamine', mgPerMl: 0.08 };
      const kind = 'infusomat';
      return { pumps: [{ slot: '11', kind, ...drug, ...usual, containerMl: 1_000, ...own }] };
    }
    case 'fresenius-vial':
      return 'modules' in own
        ? own
        : { tellsFlow: true, modules: [{ place: 1, ...usual, syringeMl: 1_000, ...own }] };
    case 'ne1000':
      return { rate: 125, running: true, targetMl: 1_000, ...own };
    default:
      return { ...usual, syringeMl: 1_000, ...own };
  }
}

/**
 * The gateway's end of such a line. A rack gives one device a channel: the first has the id as given, the
 * others `id-channel`.
 */
export function devicesOn(
  kindId: string,
  deviceId: string,
  line: SimulatedLink,
  around: {
    readonly timeline: Timeline;
    readonly onFault: (error: unknown) => void;
    readonly options?: Args;
    /** Slots, modules or addresses; without them the one that the driver takes by itself. */
    readonly channels?: readonly string[];
  },
): readonly BedDevice[] {
  const driver = driverById.get(kindId);
  if (driver === undefined) throw new Error(`there is no driver ${kindId}`);
  const { timeline, onFault } = around;
  const parsed = driver.options.safeParse(around.options ?? {});
  if (!parsed.success) throw new Error(`options of ${deviceId}: ${parsed.error.message}`);
  const options = parsed.data;
  const port = guarded(memoryPort(deviceId, line, timeline), driver.queries);
  const deps: Omit<LinkDeps, 'channels'> = { driver, options, port, timeline, onFault };
  const portLabel = deviceId;
  if (driver.channels === undefined)
    return [{ deviceId, driver, portLabel, events: deviceLink(deps) }];
  const usual = String((options as Args)[driver.channels.option]);
  const channels = around.channels ?? [usual];
  const shared = sharedLine({ ...deps, channels });
  return channels.map((channel, index) => ({
    deviceId: index === 0 ? deviceId : `${deviceId}-${channel}`,
    driver,
    portLabel,
    events: shared.eventsOf(channel),
  }));
}
