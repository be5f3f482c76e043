import { simulator as alarisAsena } from './alaris-asena/index.ts';
import { simulator as bbraunBcc } from './bbraun-bcc/index.ts';
import { simulator as freseniusVial } from './fresenius-vial/index.ts';
import { simulator as geDri } from './ge-dri/index.ts';
import { simulator as graseby3400 } from './graseby-3400/index.ts';
import { simulator as healthyPi } from './healthypi/index.ts';
import { type SimulatorKind, type SimulatorRegistry, simulatorRegistry } from './kit/device.ts';
import { simulator as masimoAscii } from './masimo-ascii/index.ts';
import { simulator as ne1000 } from './ne1000/index.ts';
import { simulator as nellcorAscii } from './nellcor-ascii/index.ts';
import { simulator as nibp2020 } from './nibp2020/index.ts';
import { simulator as nonin } from './nonin/index.ts';
import { simulator as philipsIntellivue } from './philips-intellivue/index.ts';
import { simulator as terumoSs } from './terumo-ss/index.ts';

/** Every simulated device: one line each, the twin of the driver with the same id. */
export const simulators: readonly SimulatorKind[] = [
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
];

export const simulatorById: SimulatorRegistry = simulatorRegistry(simulators);
