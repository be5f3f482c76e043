import * as z from 'zod/mini';

/** Bodies of the HTTP calls that the dashboard makes (docs/interfaces.md). */
export const LoginCall = z.strictObject({
  user: z.string().check(z.minLength(1), z.maxLength(64)),
  pin: z.string().check(z.minLength(1), z.maxLength(64)),
});

export const ROLES = ['nurse', 'prescriber', 'pharmacist', 'biomed', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const LoginReply = z.strictObject({
  token: z.string(),
  user: z.string(),
  roles: z.array(Role),
});

/** Made by the client: the same command sent twice is done once. */
const CommandId = z.uuid();

export const AcknowledgeCall = z.strictObject({
  commandId: z.optional(CommandId),
  station: z.optional(z.string().check(z.maxLength(40))),
  alarms: z
    .array(z.strictObject({ alarmId: z.string().check(z.maxLength(64)), rev: z.int() }))
    .check(z.minLength(1), z.maxLength(200)),
});

export const SeenCall = AcknowledgeCall;

export const AudioPauseCall = z.strictObject({
  commandId: z.optional(CommandId),
  station: z.optional(z.string().check(z.maxLength(40))),
});

/** The serial number as it was read on the device: the gateway refuses when another one answers by then. */
export const ConfirmDeviceCall = z.strictObject({
  commandId: z.optional(CommandId),
  station: z.optional(z.string().check(z.maxLength(40))),
  serial: z.string().check(z.minLength(1), z.maxLength(64)),
});

export const ErrorReply = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    /** One sentence for a person: what, where, what to do. */
    message: z.string(),
    path: z.optional(z.string()),
    /** More for a program: all faults of an order document, or the fields that do not match. */
    detail: z.optional(z.unknown()),
    /** Under which a refused order is kept. */
    draftId: z.optional(z.string()),
  }),
});
