const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** CRC-16 "CCITT-FALSE": polynomial 1021, initial FFFF, not reflected, no final XOR. Check value of "123456789": 29B1. */
export const crc16CcittFalse = (bytes: Uint8Array): number => crc16(bytes, 0xffff);

/** CRC-16 "XMODEM": polynomial 1021, initial 0000, not reflected, no final XOR. Check value of "123456789": 31C3. */
export const crc16Xmodem = (bytes: Uint8Array): number => crc16(bytes, 0);

function crc16(bytes: Uint8Array, initial: number): number {
  let crc = initial;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >>> 8) ^ byte] ?? 0);
  return crc;
}
