/** The first four digits of a serial number are those of the model number (PROTOCOL.md, "Models"). */
const MODELS: ReadonlyMap<string, string> = new Map([
  ['8002', 'GH'],
  ['8003', 'CC'],
  ['8004', 'TIVA'],
  ['8005', 'PK'],
]);

/** Which pump it is, by its serial number alone; `undefined` when that does not tell it. */
export function modelOf(serial: string): string | undefined {
  const digits = /^(?:SIM)?(\d{4})-/.exec(serial)?.[1];
  const model = digits === undefined ? undefined : MODELS.get(digits);
  return model === undefined ? undefined : `${model} (by serial number)`;
}
