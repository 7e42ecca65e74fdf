import { systemClock } from '@leeward/platform';
import { type RelationKind, relationKinds } from '../model/relation-kinds.ts';
import type { Row } from '../model/rows.ts';
import { families } from './families.ts';
import { type Judged, Lane, notExecuted } from './lane.ts';
import { lanesOf } from './lanes-of.ts';

export interface ExecuteOptions {
  /** Sites in all; every family has at least one. */
  readonly sites: number;
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
  const lanes = lanesOf(byFamily, options.sites);
  const works = [...byFamily].flatMap(([family, ofFamily]) => {
    // Those that wait for arrays first: at the end they would keep one site busy and the others idle.
    const queue = ofFamily.toSorted((a, b) => Number(leavesSomething(b)) - Number(leavesSomething(a)));
    const relations = [...new Set(ofFamily.map(({ relation }) => relation))];
    const run = () => runLane(family, relations, queue, note, options.signal);
    return Array.from({ length: lanes.get(family) ?? 1 }, run);
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
    while (!signal?.aborted) {
      const row = queue.shift();
      if (!row) break;
      const judged = await lane.execute(row, () => systemClock.monotonicMs());
      if (!signal?.aborted) note(judged);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await lane.stop();
  }
}

function leavesSomething({ leftovers }: Row): boolean {
  return leftovers !== 'none';
}

function familyOf(relation: string): RelationKind['family'] {
  const found = relationKinds.find(({ id }) => id === relation);
  if (!found) throw new Error(`no relation kind ${relation}`);
  return found.family;
}
