/** One way to write a table on paper: a head that comes back on every page, rows that are never cut. */
import type { ComponentChildren } from 'preact';
import { Said } from '../parts/text.tsx';

export interface Column {
  readonly head: string;
  readonly isRight?: boolean;
  /** Never broken: times and codes. */
  readonly isKept?: boolean;
}

/** Paper has room, and nobody can open it to read the rest: only what is absurd is cut. */
const LONGEST_ON_PAPER = 2_000;

export function Printed({ children }: { children: string }) {
  return <Said longest={LONGEST_ON_PAPER}>{children}</Said>;
}

interface TableInput {
  readonly title: string;
  /** Beside the title, smaller. */
  readonly note?: string;
  readonly columns: readonly (Column | string)[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** What stands there when there is no row. */
  readonly none: string;
}

export function PaperTable({ title, note, columns, rows, none }: TableInput) {
  const heads = columns.map((one) => (typeof one === 'string' ? { head: one } : one));
  return (
    <section class="part">
      <h2>
        {title}
        {note && <small> {note}</small>}
      </h2>
      {rows.length === 0 ? (
        <p>{none}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {heads.map(({ head, isRight }) => (
                <th key={head} scope="col" class={isRight ? 'right' : undefined}>
                  <Said>{head}</Said>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, index) => (
              <tr key={index}>
                {cells.map((cell, column) => (
                  <td key={heads[column]?.head} class={classOf(heads[column])}>
                    {typeof cell === 'string' ? <Printed>{cell}</Printed> : cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function classOf(column: Column | undefined): string | undefined {
  if (column?.isRight) return 'right';
  return column?.isKept ? 'nowrap' : undefined;
}
