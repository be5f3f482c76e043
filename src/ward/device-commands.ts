import type { EventContext } from '../alarm/alarm-event.ts';
import type { Actor, CommandResult } from '../hub/ward.ts';
import type { DevicePicture } from '../observation/device-picture.ts';
import type { Timeline } from '../time/timeline.ts';
import type { AssociationDesk, AssociationEvent } from './association-desk.ts';
import { type CommandRunner, refusal } from './command-runner.ts';
import type { Journal } from './journal.ts';

export interface DeviceCommandDeps {
  readonly runner: CommandRunner;
  readonly desk: AssociationDesk;
  readonly journal: Journal;
  readonly timeline: Timeline;
  readonly pictureOf: (deviceId: string) => DevicePicture | undefined;
  readonly apply: (event: AssociationEvent, context: EventContext) => void;
}

/** A person says that the device that answers at a place belongs there. */
export function confirmDevice(
  { runner, desk, journal, timeline, pictureOf, apply }: DeviceCommandDeps,
  by: Actor,
  deviceId: string,
  serial: string,
): Promise<CommandResult> {
  return runner.onceInTurn(by, 'confirm-device', async () => {
    const picture = pictureOf(deviceId);
    if (picture === undefined)
      return refusal(404, 'no-such-device', `There is no device ${deviceId}.`);
    const event = desk.confirm(picture, serial);
    if (typeof event === 'string') return refusal(409, 'another-device', event);
    const context = { wallMs: timeline.wallMs(), user: by.user };
    await journal.command(event, context, by);
    apply(event, context);
    return { ok: true, value: { deviceId, serial } };
  });
}
