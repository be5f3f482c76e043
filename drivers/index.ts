import type { Driver } from '../src/driver/contract.ts';
import { alarisAsena } from './alaris-asena/driver.ts';
import { bbraunBcc } from './bbraun-bcc/driver.ts';
import { freseniusVial } from './fresenius-vial/driver.ts';
import { geDri } from './ge-dri/driver.ts';
import { graseby3400 } from './graseby-3400/driver.ts';
import { healthyPi } from './healthypi/driver.ts';
import { masimoAscii } from './masimo-ascii/driver.ts';
import { ne1000 } from './ne1000/driver.ts';
import { nellcorAscii } from './nellcor-ascii/driver.ts';
import { nibp2020 } from './nibp2020/driver.ts';
import { nonin } from './nonin/driver.ts';
import { philipsIntellivue } from './philips-intellivue/driver.ts';
import { terumoSs } from './terumo-ss/driver.ts';

/**
 * Every driver that this build can load: one line a device. Written by hand on purpose, because
 * which drivers a gateway can load is a safety statement and belongs in a reviewed change.
 */
export const drivers: readonly Driver[] = [
  alarisAsena,
  bbraunBcc,
  freseniusVial,
  geDri,
  graseby3400,
  healthyPi,
  masimoAscii,
  ne1000,
  nellcorAscii,
  nibp2020,
  nonin,
  philipsIntellivue,
  terumoSs,
] as readonly Driver[];

export const driverById = new Map(drivers.map((driver) => [driver.id, driver]));
