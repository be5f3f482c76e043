import type { Actor, CommandResult, Ward } from '../hub/ward.ts';
import type { AlarmView } from '../hub/wire/index.ts';
import type { OpenFolder } from './capture-folder.ts';

/**
 * The same ward; every command of a person that was done is noted when it has taken effect, so that a replay
 * can give it again; one that was refused changed nothing. A command is a method whose first argument is an {@link Actor}.
 */
export function recordedWard(ward: Ward, folder: Pick<OpenFolder, 'note'>): Ward {
  return new Proxy(ward, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args: unknown[]): unknown => {
        const [by, ...rest] = args;
        const alarms = isActor(by) ? namedAlarms(rest, target.alarms()) : {};
        const result: unknown = member.apply(target, args);
        if (isActor(by) && result instanceof Promise) {
          result.then(
            (done: CommandResult) => {
              if (!done.ok) return;
              folder.note({
                call: name,
                by: { user: by.user, roles: [...by.roles] },
                args: rest,
                ...madeBy(done.value),
                ...(Object.keys(alarms).length === 0 ? {} : { alarms }),
              });
            },
            () => undefined,
          );
        }
        return result;
      };
    },
  });
}

function isActor(value: unknown): value is Actor {
  return typeof value === 'object' && value !== null && 'user' in value && 'roles' in value;
}

/** Rule, bed and device of an alarm: what is the same in every run. */
export const subjectOf = ({ ruleId, bedId, deviceId }: AlarmView): string =>
  `${ruleId}|${bedId}|${deviceId ?? ''}`;

function namedAlarms(args: unknown, open: readonly AlarmView[]): Record<string, string> {
  const text = JSON.stringify(args) ?? '';
  const named = open.filter(({ alarmId }) => text.includes(JSON.stringify(alarmId)));
  return Object.fromEntries(named.map((alarm) => [alarm.alarmId, subjectOf(alarm)]));
}

function madeBy(value: unknown): { readonly made?: string } {
  const { view } = value as { readonly view?: { readonly orderId?: unknown } };
  return typeof view?.orderId === 'string' ? { made: view.orderId } : {};
}
