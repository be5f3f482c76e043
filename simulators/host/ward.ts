import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const Hits = {
  frames: z.int().positive().exactOptional(),
  forMs: z.number().positive().exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
};

/** What can go wrong on the wire (see kit/wire-faults.ts), as it is written in files and messages. */
export const FaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('silence'), forMs: z.number().positive() }),
  z.strictObject({ kind: z.literal('burst'), bytes: z.int().positive().max(65_536) }),
  z.strictObject({ kind: z.literal('noise'), bytes: z.int().positive().max(65_536), ...Hits }),
  z.strictObject({ kind: z.literal('flip'), bits: z.int().positive(), ...Hits }),
  z.strictObject({
    kind: z.literal('truncate'),
    keep: z.int().nonnegative().exactOptional(),
    ...Hits,
  }),
  z.strictObject({ kind: z.literal('duplicate'), ...Hits }),
  z.strictObject({ kind: z.literal('late'), delayMs: z.number().positive(), ...Hits }),
  z.strictObject({ kind: z.literal('clear') }),
]);

/** A plain file name: it becomes a link in the ward's folder. */
const LinkName = z
  .string()
  .regex(/^[\w.-]+$/, 'must be a file name of letters, digits, dot, dash and underscore');
const Options = z.record(z.string(), z.unknown());

/** One thing to do to one device. */
const actions = [
  z.strictObject({ device: z.string(), command: z.string(), args: Options.exactOptional() }),
  z.strictObject({ device: z.string(), fault: FaultSchema }),
  z.strictObject({ device: z.string(), unplug: z.literal(true) }),
  /** `true`: under the name that it had. */
  z.strictObject({ device: z.string(), plug: z.union([LinkName, z.literal(true)]) }),
  z.strictObject({ device: z.string(), describe: z.literal(true) }),
] as const;
export const WardAction = z.union(actions);
export type WardAction = z.infer<typeof WardAction>;

const at = { at: z.number().nonnegative() };
const StoryStep = z.union([
  actions[0].extend(at),
  actions[1].extend(at),
  actions[2].extend(at),
  actions[3].extend(at),
]);

const WardDevice = z.strictObject({
  id: z.string().min(1),
  /** Id of a simulator, or the path of a module that exports `simulator`. */
  simulator: z.string().min(1),
  options: Options.exactOptional(),
  /** Name of the link to its pseudo-terminal; by default the id. */
  name: LinkName.exactOptional(),
  /** As set at the device; by default as it leaves the factory. */
  baudRate: z.int().min(300).max(4_000_000).exactOptional(),
  /** A TCP port on 127.0.0.1 instead of a pseudo-terminal; 0 takes a free one. */
  tcp: z.int().min(0).max(65_535).exactOptional(),
});
export type WardDevice = z.infer<typeof WardDevice>;

/** What the simulator process runs. */
export const Ward = z
  .strictObject({
    /** Folder of the links; without it a temporary one that goes at the end. */
    dir: z.string().min(1).exactOptional(),
    /** Seed of all wire faults. */
    seed: z.int().exactOptional(),
    devices: z.array(WardDevice).min(1),
    /** What happens by itself, `at` seconds after the start. */
    story: z.array(StoryStep).exactOptional(),
    /** The story begins anew so many seconds after its beginning. */
    loopSeconds: z.number().positive().exactOptional(),
  })
  .superRefine((ward, context) => {
    const ids = new Set<string>();
    for (const [index, { id }] of ward.devices.entries()) {
      if (ids.has(id))
        context.addIssue({
          code: 'custom',
          path: ['devices', index, 'id'],
          message: `${id} is there twice`,
        });
      ids.add(id);
    }
    for (const [index, { device }] of (ward.story ?? []).entries()) {
      if (ids.has(device)) continue;
      context.addIssue({
        code: 'custom',
        path: ['story', index, 'device'],
        message: `no device ${device} in this ward`,
      });
    }
  });
export type Ward = z.infer<typeof Ward>;

/** Reads a ward file (YAML); paths in it are relative to it. Throws one sentence that names file and fault. */
export function readWard(file: string): Ward {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const ward = checkWard(content, file);
  const folder = dirname(file);
  return {
    ...ward,
    ...(ward.dir === undefined ? {} : { dir: resolve(folder, ward.dir) }),
    devices: ward.devices.map((device) => ({
      ...device,
      simulator: isModulePath(device.simulator)
        ? resolve(folder, device.simulator)
        : device.simulator,
    })),
  };
}

export function checkWard(content: unknown, name: string): Ward {
  const result = Ward.safeParse(content);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'ward'}: ${issue.message}`,
  );
  throw new Error(`${name}: ${faults.join('; ')}`);
}

export const isModulePath = (simulator: string): boolean => /^\.{0,2}\//.test(simulator);
