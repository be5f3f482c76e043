import type { SimulatorKind } from '../../simulators/kit/device.ts';

/** A device that never stops talking, on a very fast line: 400 kB/s. For what happens when nobody reads. */
export const simulator: SimulatorKind = {
  id: 'flood',
  line: { baudRate: 4_000_000, bitsPerByte: 10 },
  create: () => ({
    receive: () => [],
    advance: (nowMs) => ({ send: [new Uint8Array(2_000).fill(0x55)], wakeAtMs: nowMs + 5 }),
    command: (name) => {
      throw new Error(`the flood does not know the command ${name}`);
    },
    describe: () => ({}),
  }),
};
