import type { Row } from '../model/rows.ts';

/**
 * The rows of a family, which its sites share. Those that leave something behind come last: until the janitor has taken
 * it away, what else is done to the same relation would not begin from an ordinary state.
 */
export class RowQueue {
  readonly #rows: Row[];

  constructor(rows: readonly Row[]) {
    const leaving = Map.groupBy(rows.filter(leavesSomething), ({ relation }) => relation);
    this.#rows = [...rows.filter((row) => !leavesSomething(row)), ...inTurn([...leaving.values()])];
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /**
   * The next row for a site on which these relations are not as they were; `undefined`: there is none until they are.
   */
  take(held: ReadonlySet<string>): Row | undefined {
    // What was left behind is looked for on a whole site.
    const isFit = (row: Row) => held.size === 0 || (leavesSomething(row) && !held.has(row.relation));
    const at = this.#rows.findIndex(isFit);
    return at < 0 ? undefined : this.#rows.splice(at, 1)[0];
  }
}

function leavesSomething({ leftovers }: Row): boolean {
  return leftovers !== 'none';
}

/** The first of each, then the second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
