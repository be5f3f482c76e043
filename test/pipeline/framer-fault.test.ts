import { expect, test } from 'vitest';
import { alarisAsena } from '../../drivers/alaris-asena/driver.ts';
import { simulator } from '../../simulators/alaris-asena/index.ts';
import { simulatedLink } from '../../simulators/kit/link.ts';
import type { BinaryFraming, Driver } from '../../src/driver/contract.ts';
import type { PictureEvent } from '../../src/observation/device-picture.ts';
import { deviceLink } from '../../src/pipeline/device-link.ts';
import { memoryPort } from '../../src/port/memory-port.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { VirtualTimeline } from '../../src/time/timeline.ts';

test('a framer that throws is a fault of ours: told, begun anew, and the device goes on', () => {
  const timeline = new VirtualTimeline();
  const link = simulatedLink({ kind: simulator, name: 'pump', timeline });
  let fed = 0;
  const framing: BinaryFraming<string> = {
    kind: 'binary',
    initial: '',
    push(state, chunk) {
      fed += 1;
      if (fed === 20) throw new Error('planted');
      const [rest = '', ...lines] = (state + Buffer.from(chunk).toString('latin1'))
        .split('\r')
        .reverse();
      const frames = lines.reverse().map((line) => Uint8Array.from(Buffer.from(line, 'latin1')));
      return { state: rest, frames, droppedBytes: 0 };
    },
  };
  const faults: unknown[] = [];
  const events: PictureEvent[] = [];
  deviceLink({
    driver: { ...alarisAsena, framing } as Driver,
    options: {},
    port: guarded(memoryPort('pump', link, timeline), alarisAsena.queries),
    timeline,
    onFault: (error) => faults.push(error),
  }).subscribe((batch) => events.push(...batch));
  timeline.advance(60_000);
  expect(faults.map(String)).toEqual(['Error: planted']);
  const accepted = events.filter(({ kind }) => kind === 'frame-accepted');
  expect(accepted.length).toBeGreaterThan(50);
  expect(events.filter(({ kind }) => kind === 'port-closed')).toEqual([]);
});
