import { simulator as alarisAsena } from './alaris-asena/index.ts';
import { simulator as geDri } from './ge-dri/index.ts';
import { type SimulatorKind, type SimulatorRegistry, simulatorRegistry } from './kit/device.ts';

/** Every simulated device: one line each, the twin of the driver with the same id. */
export const simulators: readonly SimulatorKind[] = [alarisAsena, geDri];

export const simulatorById: SimulatorRegistry = simulatorRegistry(simulators);
