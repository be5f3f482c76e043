import type { LoadedConfig } from '../config/load-config.ts';
import type { WardBed } from '../ward/ward-deps.ts';
import type { DeviceSource } from './lines.ts';

/** The beds of a configuration with the way to each of their devices. */
export function wardBeds(
  { config, devices }: LoadedConfig,
  sources: ReadonlyMap<string, DeviceSource>,
): readonly WardBed[] {
  return config.beds.map((bed) => ({
    bedId: bed.id,
    bedMode: bed.mode,
    careArea: bed.careArea,
    devices: devices.flatMap((checked) => {
      const source = sources.get(checked.device.id);
      if (checked.bed.id !== bed.id || source === undefined) return [];
      return [{ deviceId: checked.device.id, driver: checked.driver, ...source }];
    }),
  }));
}
