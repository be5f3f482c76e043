import * as z from 'zod';

/** What a hospital writes to run one gateway (docs/configuration.md). Unknown keys are errors. */

const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, dot, dash, underscore; at most 32')
  .meta({ description: 'Short name, unique in this file' });

const SerialPortConfig = z
  .strictObject({
    kind: z.literal('serial'),
    path: z.string().min(1).meta({
      description: 'Device path; prefer /dev/serial/by-id/..., which stays the same after a replug',
    }),
    search: z.array(z.string().min(1)).max(8).optional().meta({
      description: 'Patterns such as /dev/ttyUSB*: where to look when the path is not there',
    }),
    baudRate: z.int().min(110).max(4_000_000).optional(),
    dataBits: z.union([z.literal(7), z.literal(8)]).optional(),
    parity: z.enum(['none', 'even', 'odd']).optional(),
    stopBits: z.union([z.literal(1), z.literal(2)]).optional(),
  })
  .meta({ description: 'Serial line; settings over those of the driver' });

const TcpPortConfig = z
  .strictObject({
    kind: z.literal('tcp'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
  })
  .meta({ description: 'Raw terminal server' });

const TcpListenPortConfig = z
  .strictObject({
    kind: z.literal('tcp-listen'),
    host: z.string().min(1).default('0.0.0.0'),
    port: z.int().min(1).max(65_535),
  })
  .meta({ description: 'Waits for a device that connects to this PC by itself' });

const ReplayPortConfig = z
  .strictObject({
    kind: z.literal('replay'),
    path: z.string().min(1),
    speed: z.union([z.number().positive(), z.literal('max')]).optional(),
    loop: z.boolean().optional(),
  })
  .meta({ description: 'A captured file; its data are marked as test data everywhere' });

export const PortConfig = z.discriminatedUnion('kind', [
  SerialPortConfig,
  TcpPortConfig,
  TcpListenPortConfig,
  ReplayPortConfig,
]);
export type PortConfig = z.infer<typeof PortConfig>;

const DeviceConfig = z.strictObject({
  id: Id,
  driver: z.string().min(1).meta({ description: 'Driver id, such as alaris-asena or ge-dri' }),
  port: PortConfig,
  options: z.record(z.string(), z.unknown()).optional().meta({
    description: 'Options of the driver; see docs/devices/',
  }),
});
export type DeviceConfig = z.infer<typeof DeviceConfig>;

const BedConfig = z.strictObject({
  id: Id,
  mode: z.enum(['live', 'demo']).default('live').meta({
    description: 'demo: simulated data are expected and the bed is marked SIMULATED',
  }),
  careArea: z.enum(['standard', 'icu-coma']).default('standard').meta({
    description: 'Which limits of the drug library apply',
  }),
  devices: z.array(DeviceConfig).max(16).default([]),
});
export type BedConfig = z.infer<typeof BedConfig>;

export const GatewayConfig = z.strictObject({
  gateway: z.strictObject({
    id: Id,
    site: z.string().min(1).max(60).default('InfuseWatch'),
    unit: z.string().min(1).max(30).default(''),
    timeZone: z.string().min(1).optional().meta({ description: 'IANA name; default: of this PC' }),
  }),
  http: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8080),
      tls: z
        .union([
          z.literal('off'),
          z.literal('auto'),
          z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }),
        ])
        .default('off'),
      origins: z.array(z.string().min(1)).max(16).default([]).meta({
        description: 'Further origins that may open the socket, such as https://station.example',
      }),
    })
    .prefault({}),
  store: z
    .strictObject({
      dir: z.string().min(1).default('./data'),
      keepDays: z.int().min(1).max(3_650).default(30),
    })
    .prefault({}),
  limits: z.string().min(1).optional().meta({ description: 'Alarm limits (YAML)' }),
  drugLibrary: z.string().min(1).optional().meta({ description: 'Drug library (YAML)' }),
  regimens: z.string().min(1).optional().meta({ description: 'Folder of regimen templates' }),
  capture: z
    .strictObject({ dir: z.string().min(1) })
    .optional()
    .meta({ description: 'Record every byte of every device into this folder' }),
  beds: z.array(BedConfig).max(64).default([]),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;

/** For editors: published as config/gateway.schema.json. */
export function gatewayJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(GatewayConfig, { io: 'input' }),
    title: 'InfuseWatch gateway configuration',
  };
}
