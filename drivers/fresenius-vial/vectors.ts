import type { WireVector } from '../../src/driver/proof.ts';

/**
 * No recording of a real base could be found. Frame, checksum, command letters and scales are those of an open
 * program that a research group used with real bases; the bytes were worked out by hand with its rules, apart from
 * this code.
 */
const INFUPY = 'jaj42/infupy, backends/fresenius.py (frame, letters, scales); worked out by hand';
const LETTERS = 'jaj42/infupy, backends/fresenius.py, table of commands; worked out by hand';
const OWN = 'own: the same with a fault';
const OWN_FORM = 'own: form of the data is a guess';

const message = (
  origin: string,
  status: string,
  data: string | null = null,
  means: Readonly<Record<string, unknown>> = {},
) => ({ kind: 'message', origin, status, data, ...means });

const values = (parts: {
  readonly rateMlPerHour?: number;
  readonly volumeMl?: number;
  readonly a?: string;
  readonly e?: string;
  readonly m?: string;
}) => ({
  values: {
    a: undefined,
    e: undefined,
    m: undefined,
    rateMlPerHour: undefined,
    volumeMl: undefined,
    ...parts,
  },
});

export const vectors: readonly WireVector[] = [
  asked('open a session with the base', '02 30 44 43 34 38 03'),
  asked('open a session with module 1', '02 31 44 43 34 37 03'),
  asked('which modules are present', '02 30 4C 45 3B 62 41 31 03'),
  asked('alarm, mode, rate, error, volume', '02 31 4C 45 3B 61 6D 64 65 72 46 39 03'),
  asked('device type', '02 31 4C 46 3B 62 39 46 03'),
  asked('drug text', '02 31 4C 50 33 32 03'),
  asked('number', '02 31 4C 4E 33 34 03'),
  asked('close the session with module 1', '02 31 46 43 34 35 03'),
  asked('close the session with the base', '02 30 46 43 34 36 03'),
  asked('answer to a value told unasked', '02 31 45 38 39 03'),
  asked('answer to a setting told unasked', '02 31 4D 38 31 03'),
  asked('frame received', '06'),
  asked('frame refused: checksum', '15 32'),
  asked('still there', '14'),
  forbidden('set rate', '02 31 50 52 3B 64 30 30 35 30 43 38 03'),
  forbidden('set mode', '02 31 4D 4F 3B 31 43 36 03'),
  forbidden('reset', '02 31 52 5A 32 32 03'),
  forbidden('off', '02 31 4F 46 33 39 03'),
  forbidden('silence the alarm', '02 31 53 49 33 32 03'),
  forbidden('pause', '02 31 50 4F 32 46 03'),
  forbidden('bolus', '02 31 50 42 33 43 03'),
  forbidden('empty the syringe', '02 31 50 46 33 38 03'),
  forbidden('volume limit', '02 31 50 56 32 38 03'),
  forbidden('reset the volume', '02 31 52 56 32 36 03'),
  forbidden('pressure limit', '02 31 50 50 32 45 03'),
  forbidden('dynamic pressure', '02 31 50 53 32 42 03'),
  forbidden('set drug', '02 31 45 50 3B 31 43 44 03'),
  forbidden('show drug', '02 31 41 50 33 44 03'),
  forbidden('set number', '02 31 45 4E 3B 31 43 46 03'),
  forbidden('tell settings unasked', '02 31 44 4D 33 44 03'),
  forbidden('settings no longer unasked', '02 31 41 4D 34 30 03'),
  // They read, and this driver does not need them.
  forbidden('tell changes unasked', '02 31 44 45 3B 61 6D 72 43 41 03'),
  forbidden('changes no longer unasked', '02 31 41 45 34 38 03'),
  forbidden('settings', '02 31 4C 4D 3B 61 39 39 03'),
  forbidden('the rate alone', '02 31 4C 45 3B 64 39 45 03'),
  forbidden('another reason of a NAK', '15 36'),
  said('keep-alive', '05', { kind: 'enquiry' }),
  said('frame received', '06', { kind: 'acknowledged' }),
  said('frame refused: receiver not ready', '15 36', { kind: 'not-acknowledged', code: '6' }),
  said('base: session open', '02 30 43 38 43 03', message('0', 'C')),
  said(
    'rate 8.0 mL/h',
    '02 31 43 3B 64 30 30 35 30 32 37 03',
    message('1', 'C', 'd0050', values({ rateMlPerHour: 8 })),
  ),
  said(
    'volume 12.430 mL',
    '02 31 43 3B 72 30 30 33 30 38 45 39 45 03',
    message('1', 'C', 'r00308E', values({ volumeMl: 12.43 })),
  ),
  said(
    'both',
    '02 31 43 3B 64 30 30 35 30 3B 72 30 30 33 30 38 45 33 41 03',
    message('1', 'C', 'd0050;r00308E', values({ rateMlPerHour: 8, volumeMl: 12.43 })),
  ),
  said(
    'refused: no session with the module',
    '02 31 49 3B 31 45 44 34 03',
    message('1', 'I', '1E'),
  ),
  said(
    'modules in places 1 and 2',
    '02 30 43 3B 62 30 33 38 43 03',
    message('0', 'C', 'b03', { present: ['1', '2'] }),
  ),
  {
    name: 'an ENQ between the bytes of a frame',
    source: INFUPY,
    hex: '02 31 43 3B 64 05 30 30 35 30 32 37 03',
    from: 'device',
    decodes: [{ kind: 'enquiry' }, message('1', 'C', 'd0050', values({ rateMlPerHour: 8 }))],
  },
  {
    name: 'a change of the alarm letter, told unasked',
    source: OWN_FORM,
    hex: '02 31 45 3B 61 34 31 38 38 03',
    from: 'device',
    decodes: message('1', 'E', 'a41'),
  },
  {
    name: 'a drug',
    source: OWN_FORM,
    hex: '02 31 43 3B 4B 65 74 61 6D 69 6E 65 32 32 03',
    from: 'device',
    decodes: message('1', 'C', 'Ketamine'),
  },
  {
    name: 'a simulated module',
    source: 'own: the mark of PROTOCOL.md',
    hex: '02 31 43 3B 61 30 30 3B 6D 53 49 4D 31 3B 64 30 30 35 30 3B 65 30 30 3B 72 30 30 33 30 38 45 37 43 03',
    from: 'device',
    decodes: message(
      '1',
      'C',
      'a00;mSIM1;d0050;e00;r00308E',
      values({ a: '00', e: '00', m: 'SIM1', rateMlPerHour: 8, volumeMl: 12.43 }),
    ),
  },
  refused('wrong checksum', '02 31 43 3B 64 30 30 35 30 32 38 03'),
  refused('rate 9.0 with the checksum of 8.0', '02 31 43 3B 64 30 30 35 41 32 37 03'),
  refused('checksum in lower case', '02 31 43 3B 72 30 30 33 30 38 45 39 65 03'),
  refused('a status that is none', '02 31 58 37 36 03'),
  refused('no origin', '02 43 3B 64 30 30 35 30 35 38 03'),
  refused('cut', '02 31 43 3B 64 30 30 03'),
  refused('a control character in it', '02 31 43 3B 64 30 01 30 35 30 32 36 03'),
  refused('a reason of a NAK that is none', '15 39'),
];

function asked(name: string, hex: string): WireVector {
  return { name, source: LETTERS, hex, from: 'host', mayBeSent: true };
}

function forbidden(name: string, hex: string): WireVector {
  return { name, source: LETTERS, hex, from: 'host', mayBeSent: false };
}

function said(name: string, hex: string, decodes: unknown): WireVector {
  return { name, source: INFUPY, hex, from: 'device', decodes };
}

function refused(name: string, hex: string): WireVector {
  return { name, source: OWN, hex, from: 'device', refused: name };
}
