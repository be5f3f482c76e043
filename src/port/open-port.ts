import type { Driver, LineSettings } from '../driver/contract.ts';
import type { Timeline } from '../time/timeline.ts';
import type { PortClaims } from './port-claims.ts';
import { replayPort } from './replay-port.ts';
import { serialPort } from './serial-port.ts';
import { tcpListenPort } from './tcp-listen-port.ts';
import { tcpPort } from './tcp-port.ts';
import { type GuardedPort, guarded } from './write-guard.ts';

/** A port as the configuration says it (`port:` of a device). */
export type PortConfig = SerialPortConfig | TcpPortConfig | TcpListenPortConfig | ReplayPortConfig;

export interface SerialPortConfig {
  readonly kind: 'serial';
  readonly path: string;
  readonly search?: readonly string[] | undefined;
  /** What is set here wins over the driver's own line settings. */
  readonly baudRate?: number | undefined;
  readonly dataBits?: LineSettings['dataBits'] | undefined;
  readonly parity?: LineSettings['parity'] | undefined;
  readonly stopBits?: LineSettings['stopBits'] | undefined;
}

export interface TcpPortConfig {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
}

/** For a device that connects by itself. */
export interface TcpListenPortConfig {
  readonly kind: 'tcp-listen';
  readonly host: string;
  readonly port: number;
}

export interface ReplayPortConfig {
  readonly kind: 'replay';
  readonly path: string;
  readonly speed?: number | 'max' | undefined;
  readonly loop?: boolean | undefined;
}

export interface PortSurroundings {
  readonly driver: Pick<Driver, 'line' | 'queries'>;
  readonly timeline: Timeline;
  readonly claims: PortClaims;
  /** The device; named when another device wants the same port. */
  readonly deviceId: string;
}

/** The way to a device, with the guard on: nothing but the driver's queries can be written. */
export function openPort(config: PortConfig, around: PortSurroundings): GuardedPort {
  return guarded(bare(config, around), around.driver.queries);
}

/** The line as it will be run: the driver's settings, and over them what the configuration says. */
export function lineOf(config: PortConfig, line: LineSettings): LineSettings {
  if (config.kind !== 'serial') return line;
  return {
    ...line,
    baudRate: config.baudRate ?? line.baudRate,
    dataBits: config.dataBits ?? line.dataBits,
    parity: config.parity ?? line.parity,
    stopBits: config.stopBits ?? line.stopBits,
  };
}

function bare(config: PortConfig, { driver, timeline, claims, deviceId }: PortSurroundings) {
  const line = lineOf(config, driver.line);
  switch (config.kind) {
    case 'serial':
      return serialPort({
        path: config.path,
        search: config.search ?? [],
        line,
        claims,
        timeline,
        owner: deviceId,
      });
    case 'tcp':
      return tcpPort({ host: config.host, port: config.port, timeline });
    case 'tcp-listen':
      return tcpListenPort({ host: config.host, port: config.port, timeline });
    case 'replay':
      return replayPort({
        path: config.path,
        line,
        timeline,
        speed: config.speed ?? 1,
        loop: config.loop ?? false,
      });
  }
}
