/** What a person must know of a device beside its values: whose it is, what it cannot tell. */
import { confirmDevice } from '../link/api.ts';
import { station } from '../station.ts';
import type { DeviceView } from '../wire.ts';
import { useCommand } from './command.ts';
import { SmallLine } from './pause-sound.tsx';
import { Said } from './text.tsx';

/** Another device answers here: its values are withheld until somebody has looked and confirms it. */
export function StrangerNote({ device }: { device: DeviceView }) {
  const { association, serial } = device;
  const { state, run } = useCommand((commandId) =>
    confirmDevice(commandId, station.current.name, device.deviceId, serial ?? ''),
  );
  if (association.state !== 'another' || serial === null) return null;
  const what = device.role === 'pump' ? 'pump' : 'monitor';
  const expected =
    association.belongsTo === null
      ? `expected is ${association.serial}`
      : `it belongs to ${association.belongsTo}`;
  return (
    <div class="stranger">
      <b>
        <Said>{`Another ${what} answers, s/n ${serial}; ${expected}. Not shown.`}</Said>
      </b>
      <button type="button" disabled={state.kind === 'pending'} onClick={run}>
        <span>
          {state.kind === 'pending' ? 'Asking the gateway' : `It belongs to ${device.bedId}`}
          <SmallLine text={state.kind === 'failed' ? state.sentence : ''} />
        </span>
      </button>
    </div>
  );
}

/** Why a nurse must look at the device itself. */
export function watchNotesOf({ notice, alertsDecoded }: DeviceView): readonly string[] {
  return [
    ...(notice === null ? [] : [notice]),
    ...(alertsDecoded === 'all' ? [] : [ALERTS_WORDS[alertsDecoded]]),
  ];
}

/** All that this kind of device cannot tell; its silence about these means nothing. */
export function limitsOf(device: DeviceView): readonly string[] {
  const { cannotTell } = device;
  return [
    ...watchNotesOf(device),
    ...(cannotTell.length === 0 ? [] : [`It cannot tell: ${cannotTell.join(', ')}.`]),
  ];
}

/** No alert from such a device is not "no alarm". */
const ALERTS_WORDS = {
  some: 'Not all alarms of this device are read: watch its own screen too.',
  none: 'Alarms of this device are not read: watch its own screen.',
} as const;

const FACT_WORDS: Readonly<Record<DeviceView['facts'][number]['code'], string>> = {
  drug: 'drug',
  syringe: 'syringe',
  power: 'power',
  battery: 'battery',
  mode: 'mode',
  direction: 'direction',
};

/** What it tells in words, for the line below its name. */
export function factsOf({ facts, status }: DeviceView): readonly string[] {
  const words = facts.flatMap(({ code, text, validity }) =>
    text === null
      ? []
      : [`${FACT_WORDS[code]} ${text}${validity === 'questionable' ? ' (not sure)' : ''}`],
  );
  return status === null ? words : [status.word, ...words];
}
