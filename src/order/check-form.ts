import { MODES, type OrderDocument } from './order-schema.ts';

/** One field that the second person enters; it never holds a value of the order. */
export interface CheckField {
  /** `steps[0].dose` */
  readonly path: string;
  readonly label: string;
  readonly unit: string | null;
  readonly kind: 'text' | 'number' | 'duration' | 'choice';
  readonly choices?: readonly string[];
  readonly group: 'patient' | 'drug' | 'bag' | 'plan' | 'limits';
}

/**
 * What the second check of an order asks for: exactly what src/order/second-check.ts requires, in the
 * order of the source document. The unit of a dose is left open, because the mode is asked too.
 */
export function checkForm({ patient, steps }: OrderDocument): readonly CheckField[] {
  const weight: CheckField = {
    path: 'patient.weightKg',
    label: 'Weight',
    unit: 'kg',
    kind: 'number',
    group: 'patient',
  };
  return [
    { path: 'patient.id', label: 'Patient id', unit: null, kind: 'text', group: 'patient' },
    ...(patient.weightKg === undefined ? [] : [weight]),
    { path: 'drug.name', label: 'Drug', unit: null, kind: 'text', group: 'drug' },
    {
      path: 'drug.form',
      label: 'Form of the drug',
      unit: null,
      kind: 'choice',
      choices: ['racemic', 'S'],
      group: 'drug',
    },
    { path: 'bag.drugMg', label: 'Drug in the bag', unit: 'mg', kind: 'number', group: 'bag' },
    { path: 'bag.volumeMl', label: 'Final volume', unit: 'mL', kind: 'number', group: 'bag' },
    {
      path: 'mode',
      label: 'What a dose means',
      unit: null,
      kind: 'choice',
      choices: MODES,
      group: 'plan',
    },
    ...steps.flatMap(stepFields),
    { path: 'end', label: 'End of the infusion', unit: null, kind: 'duration', group: 'plan' },
    {
      path: 'limits.maxMgPerH',
      label: 'Highest rate',
      unit: 'mg/h',
      kind: 'number',
      group: 'limits',
    },
  ];
}

function stepFields(
  { over }: OrderDocument['steps'][number],
  index: number,
): readonly CheckField[] {
  const path = `steps[${index}]`;
  const step = `Step ${index + 1}`;
  const rest = { unit: null, kind: 'duration', group: 'plan' } as const;
  return [
    { path: `${path}.at`, label: `${step}: time from the start`, ...rest },
    { path: `${path}.dose`, label: `${step}: dose`, unit: null, kind: 'number', group: 'plan' },
    ...(over === undefined
      ? []
      : [{ path: `${path}.over`, label: `${step}: given over`, ...rest }]),
  ];
}
