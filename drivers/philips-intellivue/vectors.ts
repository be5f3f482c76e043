import type { WireVector } from '../../src/driver/proof.ts';

/**
 * Bytes that came from somewhere else than our own encoder, flags included. "Recording" is a real RS-232
 * session with an MP / M8000 monitor (vinod898/JVSCapture, c16e1d11, MPRawoutput1.raw), of which only these
 * few frames are quoted. "VSCaptureMP" is xeonfusion/VSCaptureMP, cdc65751: its payloads, framed apart.
 * Adding one needs no code.
 */
const RECORDING = 'recording';
const VSCAPTURE = 'VSCaptureMP, payload; frame worked out apart';

/** Requests as a public program sends them; most are ours, too. */
export const REQUESTS: readonly WireVector[] = [
  {
    name: 'association request, short form',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex:
      'c0 11 01 00 ee 0d ec 05 08 13 01 00 16 01 02 80 00 14 02 00 02 7d e1 dc 31 80 a0 80 80 01 01' +
      ' 00 00 a2 80 a0 03 00 00 01 a4 80 30 80 02 01 01 06 04 52 01 00 01 30 80 06 02 51 01 00 00 00' +
      ' 00 30 80 02 01 02 06 0c 2a 86 48 ce 14 02 01 00 00 00 01 01 30 80 06 0c 2a 86 48 ce 14 02 01' +
      ' 00 00 00 02 01 00 00 00 00 00 00 61 80 30 80 02 01 01 a0 80 60 80 a1 80 06 0c 2a 86 48 ce 14' +
      ' 02 01 00 00 00 03 01 00 00 be 80 28 80 06 0c 2a 86 48 ce 14 02 01 00 00 00 01 01 02 01 02 81' +
      ' 48 80 00 00 00 40 00 00 00 00 00 00 00 80 00 00 00 20 00 00 00 00 00 00 00 00 01 00 2c 00 01' +
      ' 00 28 80 00 00 00 00 00 03 e8 00 00 09 c4 00 00 03 e8 ff ff ff ff 60 00 00 00 00 01 00 0c f0' +
      ' 01 00 08 8c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 81 e3 c1',
  },
  {
    name: 'MDS create result',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 1c e1 00 00 02 00 02 00 14 00 01 00 01 00 0e 00 21 00 00 00 00 00 0a bd 00 0d 06 00 00 39 17 c1',
  },
  {
    name: 'get the wave priority list',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: false,
    hex: 'c0 11 01 00 1e e1 00 00 02 00 01 00 16 00 00 00 03 00 10 00 21 00 00 00 00 00 00 00 00 00 01 00 02 f2 3a bd 77 c1',
  },
  {
    name: 'set the wave priority list: a set, whatever it sets',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: false,
    hex: 'c0 11 01 00 2a e1 00 00 02 00 01 00 22 00 00 00 05 00 1c 00 21 00 00 00 00 00 00 00 00 00 01 00 0e 00 00 f2 3a 00 08 00 01 00 04 00 02 01 02 f5 5c c1',
  },
  {
    name: 'extended poll of numerics, 30 s',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 30 e1 00 00 02 00 01 00 28 00 01 00 07 00 22 00 21 00 00 00 00 00 00 00 00 f1 3b 00 14 00 01 00 01 00 06 00 00 00 01 00 08 f1 3e 00 04 00 03 a9 80 58 71 c1',
  },
  {
    name: 'extended poll of waves, 600 s',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 30 e1 00 00 02 00 01 00 28 00 04 00 07 00 22 00 21 00 00 00 00 00 00 00 00 f1 3b 00 14 00 03 00 01 00 09 00 00 00 01 00 08 f1 3e 00 04 00 49 3e 00 78 32 c1',
  },
  {
    name: 'extended poll of alarms, 600 s',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 30 e1 00 00 02 00 01 00 28 00 05 00 07 00 22 00 21 00 00 00 00 00 00 00 00 f1 3b 00 14 00 04 00 01 00 36 08 01 00 01 00 08 f1 3e 00 04 00 49 3e 00 1c 3c c1',
  },
  {
    name: 'release request',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 1a 09 18 7d e1 16 61 80 30 80 02 01 01 a0 80 62 80 80 01 00 00 00 00 00 00 00 00 00 41 08 c1',
  },
  {
    name: 'abort',
    source: VSCAPTURE,
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 30 19 2e 11 01 03 7d e1 29 a0 80 a0 80 30 80 02 01 01 06 02 51 01 00 00 00 00 61 80 30 80 02 01 01 a0 80 64 80 80 01 01 00 00 00 00 00 00 00 00 00 00 ab 89 c1',
  },
];

/** Ours: their form is that of the extended polls above, without the period. */
const SINGLE_POLLS: readonly WireVector[] = [
  {
    name: 'single poll of numerics',
    source: 'own, after the extended poll; sum worked out apart',
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 24 e1 00 00 02 00 01 00 1c 00 02 00 07 00 16 00 21 00 00 00 00 00 00 00 00 0c 16 00 08 00 01 00 01 00 06 00 00 1e 31 c1',
  },
  {
    name: 'single poll of alarms',
    source: 'own, after the extended poll; sum worked out apart',
    from: 'host',
    mayBeSent: true,
    hex: 'c0 11 01 00 24 e1 00 00 02 00 01 00 1c 00 06 00 07 00 16 00 21 00 00 00 00 00 00 00 00 0c 16 00 08 00 04 00 01 00 36 08 01 6b d9 c1',
  },
];

const EMPTY_END =
  'c0 11 01 00 32 e1 00 00 02 00 02 00 2a 00 01 00 07 00 24 00 21 00 00 00 00 f1 3b 00 1a 00 01 00 00 00 1d d4 00 ff ff ff ff ff ff ff ff 00 01 00 06 00 00 00 00 00 00 f8 57 c1';

const FIRST_WAVE =
  'c0 11 01 00 e0 e1 00 00 02 00 02 00 d8 00 04 00 07 00 d2 00 21 00 00 00 00 f1 3b 00 c8 00 03 00 00 00 1d f4 00 ff ff ff ff ff ff ff ff 00 01 00 09 00 00 00 02 00 ae 00 00 00 00 00 00 00 01 00 01 00 a2 02 ca 00 0e 00 9c 09 21 00 02 02 ca 09 2f 00 04 00 01 00 09 09 3f 00 0c 00 00 08 00 00 01 42 80 01 03 00 00 09 6d 00 06 00 40 10 0e 30 00 0a 16 00 10 00 03 00 0c 00 04 80 08 00 03 40 01 00 02 80 04 09 8d 00 04 00 00 00 20 09 24 00 04 00 02 01 00 09 27 00 10 00 0e 00 45 00 43 00 47 00 20 00 20 00 20 00 00 09 96 00 02 10 b2 09 45 00 02 01 20 09 11 00 02 00 02 09 40 00 02 00 00 09 6f 00 0c fe ff f0 00 fd 00 9f fb 00 00 3f ff 09 64 00 10 00 00 00 00 00 00 00 01 1f 9c 20 64 00 00 00 00 b6 08 c1';

/** What a monitor said, and what must not be believed. */
export const REPLIES: readonly WireVector[] = [
  {
    name: 'the empty end of a round of numerics',
    source: RECORDING,
    from: 'device',
    hex: EMPTY_END,
    decodes: {
      kind: 'poll',
      part: null,
      sequence: 0,
      ticks: 0x001d_d400,
      objectClass: 6,
      mode: null,
      values: {},
      stamps: [],
    },
  },
  {
    name: 'the wave priority list: nothing that we read',
    source: RECORDING,
    from: 'device',
    hex: 'c0 11 01 00 38 e1 00 00 02 00 02 00 30 00 00 00 05 00 2a 00 21 00 00 00 00 00 01 00 20 f2 3a 00 1c 00 06 00 18 00 02 01 00 00 02 4b b4 00 02 4a 14 00 02 4a 10 00 02 4a 44 00 02 50 ac 40 ba c1',
    decodes: { kind: 'other' },
  },
  {
    name: 'the first wave reply, static attributes only',
    source: RECORDING,
    from: 'device',
    hex: FIRST_WAVE,
    decodes: {
      kind: 'poll',
      part: null,
      sequence: 0,
      ticks: 0x001d_f400,
      objectClass: 9,
      objects: [
        {
          context: 1,
          handle: 714,
          attributes: [
            0x0921, 0x092f, 0x093f, 0x096d, 0x0a16, 0x098d, 0x0924, 0x0927, 0x0996, 0x0945, 0x0911,
            0x0940, 0x096f, 0x0964,
          ],
        },
      ],
    },
  },
  {
    name: 'the empty end, one bit of its time turned over',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: EMPTY_END.replace('1d d4 00', '1d d5 00'),
    refused: 'wrong FCS',
  },
  {
    name: 'the wave reply, cut off',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: `${FIRST_WAVE.slice(0, 300)} c1`,
    refused: 'shorter than its own length says',
  },
  {
    name: 'a frame that its sender gave up',
    source: `${RECORDING}, spoilt`,
    from: 'device',
    hex: `${EMPTY_END.slice(0, 60)} 7d c1`,
    refused: '7D C1 makes it void',
  },
  {
    name: 'a frame whose sender forgot to escape the FCS',
    source: 'VSCaptureMP, fault of its WriteBuffer; bytes of OpenICE TestFCSOutputStream',
    from: 'device',
    hex: 'c0 3a 91 95 c1 c1',
    refused: 'too short for a frame, and its FCS is cut',
  },
];

export const vectors: readonly WireVector[] = [...REQUESTS, ...SINGLE_POLLS, ...REPLIES];
