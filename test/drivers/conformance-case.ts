import { existsSync } from 'node:fs';
import { drivers } from '../../drivers/index.ts';
import { simulatorById } from '../../simulators/index.ts';
import type { SimulatorKind } from '../../simulators/kit/device.ts';
import type { Driver } from '../../src/driver/contract.ts';
import type { DriverProof } from '../../src/driver/proof.ts';

/** What the suite knows of one driver: its declaration, its twin and what it shows of itself. */
export interface Case {
  readonly id: string;
  readonly driver: Driver;
  /** `undefined` while `drivers/<id>/conformance.ts` is not written; {@link proofOf} says so. */
  readonly proof: DriverProof | undefined;
  /** As the session gets them: the default channel where a line carries several devices. */
  readonly channels: readonly string[];
}

export const root = new URL('../../', import.meta.url);
export const exists = (path: string): boolean => existsSync(new URL(path, root));

/** Another seed is another stream of noise: SEED=7 npx vitest run test/drivers/conformance */
export const SEED = Number(process.env['SEED'] ?? 20_260_105);

/** Every registered driver; nobody has to enter a driver anywhere to be judged. */
export const cases: readonly Case[] = await Promise.all(drivers.map(caseOf));

export async function caseOf(driver: Driver): Promise<Case> {
  const path = `drivers/${driver.id}/conformance.ts`;
  const found: { readonly proof?: DriverProof } = exists(path)
    ? await import(new URL(path, root).href)
    : {};
  return {
    id: driver.id,
    driver,
    proof: found.proof,
    channels: found.proof?.twin?.channels ?? defaultChannels(driver),
  };
}

/** What the configuration `options: {}` would make of it. */
function defaultChannels({ channels, options }: Driver): readonly string[] {
  if (channels === undefined) return [];
  const defaults = options.parse({}) as Readonly<Record<string, unknown>>;
  return [String(defaults[channels.option])];
}

/** For checks that need it; without one the message says what is missing. */
export function proofOf({ id, proof }: Case): DriverProof {
  if (proof === undefined) {
    throw new Error(`drivers/${id}/conformance.ts must export "proof" (src/driver/proof.ts)`);
  }
  return proof;
}

export function twinOf({ id }: Case): SimulatorKind {
  const kind = simulatorById.get(id);
  if (kind === undefined) throw new Error(`${id} has no twin in simulators/index.ts`);
  return kind;
}

export const newSession = ({ driver, channels }: Case) =>
  driver.session(driver.options.parse({}), channels);
