import type { ReportView } from '../../hub/wire/index.ts';
import type { BedState } from '../../pipeline/bed-state.ts';
import type { BedDescription } from '../../pipeline/bed-stream.ts';

/** Which device belonged to a place since when, oldest first. */
export type SerialHistory = ReadonlyMap<
  string,
  readonly { readonly serial: string; readonly atWallMs: number }[]
>;

/** One event of the log further. */
export function nextSerials(
  history: SerialHistory,
  event: { readonly type: string },
  atWallMs: number,
): SerialHistory {
  if (event.type !== 'device-associated') return history;
  const { deviceId, serial } = event as { readonly deviceId?: unknown; readonly serial?: unknown };
  if (typeof deviceId !== 'string' || typeof serial !== 'string') return history;
  return new Map(history).set(deviceId, [...(history.get(deviceId) ?? []), { serial, atWallMs }]);
}

/** The devices of a bed, with all serial numbers that belonged to their places in a session. */
export function reportDevices(
  { devices }: BedDescription,
  { pictures }: BedState,
  history: SerialHistory,
  session: { readonly fromWallMs: number; readonly toWallMs: number },
): ReportView['devices'] {
  return devices.map(({ deviceId, driver }) => {
    const known = history.get(deviceId) ?? [];
    const serials = known
      .filter(({ atWallMs }, index) => {
        const until = known[index + 1]?.atWallMs ?? Number.POSITIVE_INFINITY;
        return atWallMs <= session.toWallMs && until > session.fromWallMs;
      })
      .map(({ serial }) => serial);
    const picture = pictures.get(deviceId);
    const identity = picture?.identity;
    const isStillThere = serials.length === 0 || identity?.serial === serials.at(-1);
    return {
      deviceId,
      role: driver.role,
      driver: driver.id,
      serials: [...new Set(serials)],
      model: isStillThere ? (identity?.model ?? null) : null,
      firmware: isStillThere ? (identity?.firmware ?? null) : null,
      mode: picture?.mode ?? 'real',
    };
  });
}
