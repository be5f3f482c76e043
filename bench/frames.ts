/** A monitor record (Basic + Ext1, 596 bytes) from the simulator's own encoder. */
import { numericFrame, type Shown } from '../simulators/ge-dri/wire.ts';

const SHOWN: Shown = {
  numerics: {
    hr: 80,
    hrEcg: 80,
    impRr: 14,
    spo2: 97,
    pulse: 80,
    modulation: 3,
    rr: 14,
    etco2MmHg: 37,
  },
  nibp: { sys: 118, dia: 74, map: 88, isAutomatic: true, isMeasuring: false, isAged: true },
  hrSource: 'ecg',
  isLeadsOff: false,
  isAsystole: false,
  hasCo2: true,
  isApnea: false,
};
const BASIC_AND_EXT1 = 2;

export function frameWithHeartRate(bpm: number, number: number): Uint8Array {
  const numerics = { ...SHOWN.numerics, hr: bpm, hrEcg: bpm };
  return numericFrame({ ...SHOWN, numerics }, BASIC_AND_EXT1, number, 1_700_000_000 + number);
}
