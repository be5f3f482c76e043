import type { WireVector } from '../../src/driver/proof.ts';

const COMPUTED = 'computed by hand from the layout in the firmware of v4';
const LAYOUT_V5 = 'computed by hand from the layout in the firmware of v5';

const V4 = {
  kind: 'v4',
  ecg: 300,
  respiration: -10,
  respirationRate: 16,
  spo2: 97,
  heartRate: 72,
  isLeadsOff: false,
  isSimulated: false,
} as const;

/** Each good one is followed by the start of the next frame: without it no frame is believed. */
export const vectors: readonly WireVector[] = [
  {
    name: 'v4: ECG 300, respiration -10, RR 16, SpO2 97, HR 72, leads on',
    source: COMPUTED,
    hex: '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5078 00 000b 0afa',
    from: 'device',
    decodes: V4,
  },
  {
    name: 'v4: leads off',
    source: COMPUTED,
    hex: '0afa140002 0000f6ff 00100000 00200000 740e 00 61 00 5078 1f 000b 0afa',
    from: 'device',
    decodes: { ...V4, ecg: 0, heartRate: 0, respirationRate: 0, isLeadsOff: true },
  },
  {
    name: 'v4: simulated, SI in place of the constant blood pressure',
    source: 'own, the mark of our simulator',
    hex: '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5349 00 000b 0afa',
    from: 'device',
    decodes: { ...V4, isSimulated: true },
  },
  {
    name: 'v5: eight samples of the ECG',
    source: LAYOUT_V5,
    hex: '0afa320003 01000000 ffffffff 00010000 00ffffff ffff0100 0000feff 00000000 07000000 00000000 00000000 00000000 00000000 48 10 000b 0afa',
    from: 'device',
    decodes: { kind: 'v5-ecg', ecg: [1, -1, 256, -256, 131_071, -131_072, 0, 7] },
  },
  {
    name: 'v5: eight samples of the PPG, the temperature byte twice',
    source: LAYOUT_V5,
    hex: '0afa130004 0100 ffff 0001 00ff ff7f 0080 0000 0700 61 0e0e 000b 0afa',
    from: 'device',
    decodes: {
      kind: 'v5-ppg',
      ppg: [1, -1, 256, -256, 32_767, -32_768, 0, 7],
      isSimulated: false,
    },
  },
  {
    name: 'older v5',
    source: LAYOUT_V5,
    hex: `0afa160002 ${'00'.repeat(22)} 000b 0afa`,
    from: 'device',
    decodes: { kind: 'v5-old' },
  },
  {
    name: 'v4: start and end bytes in the payload',
    source: 'own',
    hex: '0afa140002 0afa000b 00100000 00200000 740e 10 61 48 5078 00 000b 0afa',
    from: 'device',
    decodes: { ...V4, ecg: -1_526, respiration: 2_816 },
  },
  {
    name: 'v4 with another blood pressure than the constant one',
    source: 'own',
    hex: '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5079 00 000b 0afa',
    from: 'device',
    refused: 'no firmware of v4 sends that',
  },
  {
    name: 'v5 PPG with two different temperature bytes',
    source: 'own',
    hex: '0afa130004 0100 ffff 0001 00ff ff7f 0080 0000 0700 61 0e0f 000b 0afa',
    from: 'device',
    refused: 'the firmware writes the same byte twice',
  },
  {
    name: 'v4 with a damaged end',
    source: 'own',
    hex: '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5078 00 000a 0afa',
    from: 'device',
    refused: 'end',
  },
  {
    name: 'a frame that no other follows',
    source: 'own',
    hex: '0afa140002 2c01f6ff 00100000 00200000 740e 10 61 48 5078 00 000b 0000',
    from: 'device',
    refused: 'out of sync a single frame is not believed',
  },
  {
    name: 'an unknown length',
    source: 'own',
    hex: '0afa150002 2c01f6ff 00100000 00200000 740e 10 61 48 5078 00 00 000b 0afa',
    from: 'device',
    refused: 'no type 2 has 21 bytes',
  },
  {
    name: 'anything at all',
    source: 'own',
    hex: '0afa000001000b',
    from: 'host',
    mayBeSent: false,
  },
];
