import type { Driver } from '../src/driver/contract.ts';
import { alarisAsena } from './alaris-asena/driver.ts';
import { geDri } from './ge-dri/driver.ts';

/**
 * Every driver that this build can load: one line a device. Written by hand on purpose, because
 * which drivers a gateway can load is a safety statement and belongs in a reviewed change.
 */
export const drivers: readonly Driver[] = [alarisAsena, geDri] as readonly Driver[];

export const driverById = new Map(drivers.map((driver) => [driver.id, driver]));
