import { Observable, type Subscriber } from 'rxjs';
import { queryList } from '../../src/driver/query-bytes.ts';
import type { Port, PortEvent } from '../../src/port/port.ts';

export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const lines = (found: readonly Uint8Array[]): readonly string[] => found.map(textOf);

export const line9600 = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
export const queries = queryList({ rate: latin1('RATE\r\n'), serial: latin1('SERIAL\r\n') });

/** A port whose every connection the test plays by hand. */
export class PuppetPort implements Port {
  readonly label = 'puppet';
  readonly mode = 'real';
  readonly written: Uint8Array[] = [];
  connects = 0;
  open = 0;
  current: Subscriber<PortEvent> | undefined;
  /** Run at each connection; for ports that fail at once. */
  onConnect: (subscriber: Subscriber<PortEvent>) => void = () => undefined;

  connect(): Observable<PortEvent> {
    return new Observable((subscriber) => {
      this.connects += 1;
      this.open += 1;
      this.current = subscriber;
      this.onConnect(subscriber);
      return () => {
        this.open -= 1;
      };
    });
  }

  sayOpened(atMs = 0): void {
    this.current?.next({
      kind: 'opened',
      atMs,
      name: 'puppet',
      write: (bytes) => this.written.push(bytes),
    });
  }

  sayBytes(text: string, atMs = 0): void {
    this.current?.next({ kind: 'bytes', atMs, chunk: latin1(text) });
  }

  sayClosed(reason: string, atMs = 0): void {
    this.current?.next({ kind: 'closed', atMs, reason });
    this.current?.complete();
  }
}

/** `opened`, the text of bytes, or `closed: reason`. */
export function said(event: PortEvent): string {
  if (event.kind === 'opened') return 'opened';
  return event.kind === 'bytes' ? textOf(event.chunk) : `closed: ${event.reason}`;
}
