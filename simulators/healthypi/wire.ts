/** The wire of the board, written from the firmware's layout a second time, apart from the driver. */

/** S and I where v4 has the constants 80 and 120, and where v5 writes one byte of the temperature twice. */
const MARK = Uint8Array.of(0x53, 0x49);
const LEADS_OFF = 0x1f;
/** 37.00 degrees. */
const TEMPERATURE = 3_700;

export interface SampleV4 {
  readonly ecg: number;
  readonly respiration: number;
  readonly infrared: number;
  readonly heartRate: number;
  readonly respirationRate: number;
  readonly spo2: number;
  readonly isLeadsOff: boolean;
}

function frame(type: number, payload: Buffer): Uint8Array {
  const head = Buffer.from([0x0a, 0xfa, payload.length & 0xff, payload.length >> 8, type]);
  return Uint8Array.from(Buffer.concat([head, payload, Buffer.from([0x00, 0x0b])]));
}

export function frameV4(sample: SampleV4): Uint8Array {
  const payload = Buffer.alloc(20);
  payload.writeInt16LE(sample.ecg, 0);
  payload.writeInt16LE(sample.respiration, 2);
  payload.writeInt32LE(sample.infrared, 4);
  payload.writeInt32LE(sample.infrared, 8);
  payload.writeUInt16LE(TEMPERATURE, 12);
  payload[14] = sample.respirationRate;
  payload[15] = sample.spo2;
  payload[16] = sample.heartRate;
  payload.set(MARK, 17);
  payload[19] = sample.isLeadsOff ? LEADS_OFF : 0;
  return frame(2, payload);
}

export function ecgFrameV5(
  ecg: readonly number[],
  heartRate: number,
  respirationRate: number,
): Uint8Array {
  const payload = Buffer.alloc(50);
  ecg.forEach((sample, index) => {
    payload.writeInt32LE(sample, 4 * index);
  });
  payload[48] = heartRate;
  payload[49] = respirationRate;
  return frame(3, payload);
}

export function ppgFrameV5(ppg: readonly number[], spo2: number): Uint8Array {
  const payload = Buffer.alloc(19);
  ppg.forEach((sample, index) => {
    payload.writeInt16LE(sample, 2 * index);
  });
  payload[16] = spo2;
  payload.set(MARK, 17);
  return frame(4, payload);
}
