import type { DrugLibrary } from './drug-library.ts';
import type { OrderDocument } from './order-schema.ts';

/**
 * Which words on a pump mean the drug of an order. Racemic ketamine and its S form are two drugs here: the S
 * form is about twice as strong. Taken from the drug library as it is at activation.
 */
export interface DrugNames {
  /** Mean the ordered drug in the ordered form. */
  readonly same: readonly string[];
  /** Mean the drug and leave its form open: neither right nor wrong. */
  readonly formOpen: readonly string[];
  /** Mean the drug in the other form. */
  readonly otherForm: readonly string[];
}

export const allNames = ({ same, formOpen, otherForm }: DrugNames): readonly string[] => [
  ...same,
  ...formOpen,
  ...otherForm,
];

/** The bare name of the drug means its racemic form, which is how pump libraries write it. */
export function drugNamesOf({ drug }: DrugLibrary, ordered: OrderDocument['drug']): DrugNames {
  const { racemic, S } = drug.aliases;
  return ordered.form === 'racemic'
    ? { same: [drug.name, ...racemic], formOpen: [], otherForm: S }
    : { same: S, formOpen: [drug.name], otherForm: racemic };
}

/** For an order that was activated before names were kept with it. */
export function namesOfDocument({ drug }: OrderDocument): DrugNames {
  const [same, formOpen] = drug.form === 'racemic' ? [[drug.name], []] : [[], [drug.name]];
  return { same, formOpen, otherForm: [] };
}

/**
 * `ordered`: it is the drug of the order; `other`: it is another one, or another form; `unclear`: it says
 * nothing about that, as a drug number of the pump or a name that leaves the form open.
 *
 * A strength behind the name (`Ketamine 1 mg/mL`) belongs to the concentration and is not looked at here.
 */
export function nameOnPump(text: string, names: DrugNames): 'ordered' | 'other' | 'unclear' {
  const name = plain(text);
  const isOne = (known: readonly string[]): boolean =>
    known.some((one) => plain(one) === name || plain(one) === plain(withoutStrength(text)));
  if (isOne(names.same)) return 'ordered';
  if (isOne(names.formOpen) || !/\p{L}/u.test(name)) return 'unclear';
  return 'other';
}

/** Case and spaces do not tell drugs apart; everything else does. */
const plain = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** At the end and nothing behind it: `Ketamine 5 mg + Propofol` is another drug. */
const STRENGTH =
  /[\s(,]*\d+(?:[.,]\d+)?\s*(?:mg|mcg|µg|μg|ug|g|%)(?:\s*(?:\/|in|per)\s*(?:\d+(?:[.,]\d+)?)?\s*ml)?\s*\)?$/iu;

const withoutStrength = (text: string): string => text.replace(STRENGTH, '');
