/** A vital sign in the bed view: label, limits, number, and how old or why not. */
import type { Moment } from '../validity/value.ts';
import { limitsOf, type Slot, shownVital } from '../validity/vital.ts';
import type { AlarmView, BedView } from '../wire.ts';
import { Said } from './text.tsx';
import { badCodes } from './tile.tsx';

interface NumericInput {
  readonly bed: BedView;
  readonly slot: Slot;
  readonly now: Moment;
  readonly alarms: readonly AlarmView[];
}

export function VitalNumeric({ bed, slot, now, alarms }: NumericInput) {
  const shown = shownVital(bed, slot, now);
  const limits = shown.state === 'off' ? [] : [...limitsOf(bed, slot)].sort((a, b) => b - a);
  const isGrey = shown.state !== 'valid' && shown.state !== 'questionable';
  const raised = alarms.find((alarm) => badCodes([alarm])(shown.code));
  return (
    <div
      class={`numeric ${slot.name} ${raised ? 'raised' : ''} ${raised && raised.phase !== 'active' ? 'noted' : ''}`}
      data-alarm={raised?.priority}
    >
      <div class="label">
        <b>
          <Said>{slot.label}</Said>
        </b>{' '}
        <span class="unit">{slot.unit}</span>
        <span class="note">
          <Said>{shown.note || (shown.source === '' ? '' : `from ${shown.source}`)}</Said>
        </span>
      </div>
      <span class="limits">
        {limits.map((limit) => (
          <i key={limit}>{limit}</i>
        ))}
      </span>
      <span class={`num ${isGrey ? 'stale' : ''}`} data-state={shown.state}>
        {shown.text}
      </span>
    </div>
  );
}
