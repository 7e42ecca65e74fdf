import type { BackupDeps } from '../backup/backup-deps.ts';
import { errorOf } from '../backup/outcome.ts';
import type { FlowReference } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { isRunOver, type JanitorReport, type JanitorRound, janitorReportSchema } from '../janitor/janitor.ts';
import { type FoundOrphans, findOrphans, type Orphan } from '../janitor/orphans.ts';

/** What a round of cleaning did, and what is left after it. */
export interface CleanedOrphans extends JanitorReport {
  readonly left: FoundOrphans;
}

/** Objects of ours on vCenters and arrays that no run and no chain has. */
export class OrphanService {
  readonly #deps: BackupDeps;
  readonly #engine: FlowEngine;
  readonly #janitor: FlowReference<JanitorRound, JanitorReport>;

  constructor(deps: BackupDeps, engine: FlowEngine, janitor: FlowReference<JanitorRound, JanitorReport>) {
    this.#deps = deps;
    this.#engine = engine;
    this.#janitor = janitor;
  }

  /** Looks at every vCenter and array, and into the journal of ended runs; touches nothing. */
  async list(): Promise<FoundOrphans> {
    const journaled = await this.#leftByEndedRuns();
    const { orphans, problems } = await findOrphans(this.#deps);
    const known = new Set(journaled.map(keyOf));
    return { orphans: [...journaled, ...orphans.filter((each) => !known.has(keyOf(each)))], problems };
  }

  /**
   * One round of the janitor now, over all arrays too; what it may not touch it does not touch when it is asked either.
   * Waits for its end, which takes as long as systems that do not answer are waited for.
   */
  async clean(): Promise<CleanedOrphans> {
    const id = `janitor-asked-${this.#deps.randomness.uuid()}`;
    await this.#engine.start(this.#janitor, id, { everything: true });
    const { result, error } = await this.#engine.wait(id);
    if (error) throw errorOf(error);
    return { ...janitorReportSchema.parse(result), left: await this.list() };
  }

  async #leftByEndedRuns(): Promise<Orphan[]> {
    const { store } = this.#deps;
    const systems = [...(await store.systems.list('vcenter')), ...(await store.systems.list('array'))];
    const names = new Map(systems.map(({ id, name }) => [id, name]));
    const left: Orphan[] = [];
    for (const runId of await store.ledger.openRuns()) {
      if (!(await isRunOver(this.#deps, runId))) continue;
      for (const { systemId, kind, name } of await store.ledger.open(runId))
        left.push({ systemName: names.get(systemId) ?? systemId, kind, name, runId });
    }
    return left;
  }
}

function keyOf({ systemName, kind, name }: Orphan): string {
  return [systemName, kind, name].join('\n');
}
