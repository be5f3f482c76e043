import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryBytes } from '../../src/driver/query-bytes.ts';
import { guarded } from '../../src/port/write-guard.ts';
import { latin1, PuppetPort, queries } from './support.ts';

function setUp() {
  const puppet = new PuppetPort();
  const port = guarded(puppet, queries);
  let write: (bytes: QueryBytes) => void = () => undefined;
  port.connect().subscribe((event) => {
    if (event.kind === 'opened') write = event.write;
  });
  puppet.sayOpened();
  return { puppet, port, write };
}

test('queries on the list pass, byte for byte', () => {
  const { puppet, port, write } = setUp();
  write(queries.get('rate'));
  expect(puppet.written).toEqual([latin1('RATE\r\n')]);
  expect(port.refused()).toBe(0);
});

test('a command that a cast smuggled past the compiler is refused and counted', () => {
  const { puppet, port, write } = setUp();
  write(latin1('STOP\r\n') as QueryBytes);
  write(latin1('RATE\r\nSTOP\r\n') as QueryBytes);
  write(latin1('RATE') as QueryBytes);
  write(new Uint8Array(0) as QueryBytes);
  expect(puppet.written).toEqual([]);
  expect(port.refused()).toBe(4);
});

test('one changed bit of a query is enough to be refused', () => {
  const { puppet, port, write } = setUp();
  const query = queries.get('serial');
  fc.assert(
    fc.property(fc.nat({ max: query.length - 1 }), fc.nat({ max: 7 }), (index, bit) => {
      const changed = Uint8Array.from(query);
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      const before = port.refused();
      write(changed as QueryBytes);
      expect(port.refused()).toBe(before + 1);
    }),
  );
  expect(puppet.written).toEqual([]);
});

test('bytes that are changed after they were checked do not reach the line', () => {
  const { puppet, write } = setUp();
  const bytes = Uint8Array.from(queries.get('rate')) as QueryBytes;
  write(bytes);
  bytes.fill(0);
  expect(puppet.written).toEqual([latin1('RATE\r\n')]);
});
