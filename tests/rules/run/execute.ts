import { systemClock } from '@leeward/platform';
import { type RelationKind, relationKinds } from '../model/relation-kinds.ts';
import type { Row } from '../model/rows.ts';
import { families } from './families.ts';
import { type Judged, Lane, notExecuted } from './lane.ts';

export interface ExecuteOptions {
  /** Sites of each family. */
  readonly lanes: number;
  onJudged(judged: Judged): void;
  /** Ends the sites at once; rows that were not executed by then do not hold. */
  readonly signal?: AbortSignal;
}

/** Executes rows on real processes: sites of the families side by side, the rows of a site one after the other. */
export async function execute(rows: readonly Row[], options: ExecuteOptions): Promise<readonly Judged[]> {
  const byFamily = Map.groupBy(rows, ({ relation }) => familyOf(relation));
  const judged: Judged[] = [];
  const note = (each: Judged) => {
    judged.push(each);
    options.onJudged(each);
  };
  const works = [...byFamily].flatMap(([family, ofFamily]) => {
    const queue = [...ofFamily].sort(byOrder);
    const lanes = Math.min(options.lanes, Math.ceil(queue.length / 4));
    const relations = [...new Set(queue.map(({ relation }) => relation))];
    return Array.from({ length: lanes }, () => runLane(family, relations, queue, note, options.signal));
  });
  const outcomes = await Promise.allSettled(works);
  const troubles = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [`a site failed: ${outcome.reason}`] : [],
  );
  const done = new Set(judged.map(({ id }) => id));
  for (const row of rows.filter(({ id }) => !done.has(id)))
    note(notExecuted(row, troubles.join('; ') || 'interrupted'));
  return judged;
}

async function runLane(
  family: RelationKind['family'],
  relations: readonly string[],
  queue: Row[],
  note: (judged: Judged) => void,
  signal?: AbortSignal,
): Promise<void> {
  const lane = await Lane.start(families[family], relations);
  const stop = () => void lane.stop();
  signal?.addEventListener('abort', stop);
  try {
    for (let row = queue.shift(); row && !signal?.aborted; row = queue.shift()) {
      const judged = await lane.execute(row, () => systemClock.monotonicMs());
      if (judged && !signal?.aborted) note(judged);
    }
    if (!signal?.aborted) for (const each of await lane.settle()) note(each);
  } finally {
    signal?.removeEventListener('abort', stop);
    await lane.stop();
  }
}

function familyOf(relation: string): RelationKind['family'] {
  const found = relationKinds.find(({ id }) => id === relation);
  if (!found) throw new Error(`no relation kind ${relation}`);
  return found.family;
}

/** Rows that leave something behind come last, since the janitor is waited for once for all of them. */
function byOrder(a: Row, b: Row): number {
  return Number(a.leftovers !== 'none') - Number(b.leftovers !== 'none');
}
