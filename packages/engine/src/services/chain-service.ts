import { type Job, objectKey } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { JournaledStorageSnapshot } from '../backup/chain-state.ts';
import { type DeleteByHand, deleteByHand } from '../chains/delete-by-hand.ts';
import { type ChainLink, explainedChain, lostLink } from '../chains/explained-chain.ts';
import { journaledStorageSnapshots, knownChains } from '../chains/known-chains.ts';
import { type MadeByHand, makeByHand } from '../chains/make-by-hand.ts';
import { readChain } from '../chains/read-chain.ts';
import { takeOver } from '../chains/take-in.ts';
import { findOne } from './find.ts';

/** The storage snapshots of one job: what is kept on arrays, why, and when it goes. */
export class ChainService {
  readonly #deps: BackupDeps;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  /**
   * What Leeward keeps on arrays, of one job or of all. Reads the arrays; changes nothing. `isLimited`: for who is limited
   * to jobs, without volumes that are only frozen along, and may be of others.
   */
  async list(
    filter: { readonly job?: string | undefined } = {},
    isLimited = false,
  ): Promise<readonly ChainLink[]> {
    const jobs = await this.#deps.store.jobs.list();
    const wanted = filter.job === undefined ? jobs : [findOne('job', jobs, filter.job)];
    const links: ChainLink[] = [];
    for (const job of wanted) links.push(...(await this.#links(job, isLimited)).filter(isOf(job)));
    return filter.job === undefined ? [...links, ...(await this.#withoutJob(jobs))] : links;
  }

  /**
   * Everything on the volumes of a job's chains, what is not ours too. Reads the arrays; changes nothing. `isLimited` as
   * for `list`.
   */
  async show(wanted: string, isLimited = false): Promise<readonly ChainLink[]> {
    return this.#links(await this.#job(wanted), isLimited);
  }

  /** Makes a storage snapshot of every primary volume of the job, which no retention removes. */
  async create(wanted: string, isLimited = false, signal?: AbortSignal): Promise<MadeByHand> {
    return makeByHand(this.#deps, await this.#job(wanted), isLimited, signal);
  }

  /** Deletes a storage snapshot of the job; returns what was deleted. */
  async delete(wanted: string, what: DeleteByHand): Promise<readonly ChainLink[]> {
    return deleteByHand(this.#deps, await this.#job(wanted), what);
  }

  /** Takes over what removed jobs left on the volumes of this one's chains; returns the names. */
  async adopt(wanted: string): Promise<{ readonly storageSnapshots: readonly string[] }> {
    const { chains } = await knownChains(this.#deps, await this.#job(wanted));
    const names = new Set<string>();
    for (const ends of chains)
      for (const name of await takeOver(this.#deps, await readChain(this.#deps, ends))) names.add(name);
    return { storageSnapshots: [...names] };
  }

  async #job(wanted: string): Promise<Job> {
    return findOne('job', await this.#deps.store.jobs.list(), wanted);
  }

  async #links(job: Job, isLimited: boolean): Promise<readonly ChainLink[]> {
    const { chains, lost, ownVolumes } = await knownChains(this.#deps, job);
    const links: ChainLink[] = [];
    for (const ends of chains) {
      const chain = await readChain(this.#deps, ends);
      const isSeen =
        !isLimited || ownVolumes.has(objectKey(ends.volume.volume)) || chain.journal.some(holds(job));
      if (isSeen) links.push(...explainedChain(chain, this.#deps.clock.now()));
    }
    const seen = isLimited ? lost.filter(holds(job)) : lost;
    return [...links, ...(await this.#lost(seen, noRelation))];
  }

  async #withoutJob(jobs: readonly Job[]): Promise<readonly ChainLink[]> {
    const known = new Set(jobs.map(({ id }) => id));
    const all = await journaledStorageSnapshots(this.#deps);
    return this.#lost(
      all.filter(({ entry }) => !known.has(entry.jobId)),
      noJob,
    );
  }

  async #lost(
    members: readonly JournaledStorageSnapshot[],
    reason: typeof noJob,
  ): Promise<readonly ChainLink[]> {
    const arrays = await this.#deps.store.systems.list('array');
    return members.map((each) => {
      const arrayId = each.entry.systemId;
      return lostLink(each, arrays.find(({ id }) => id === arrayId)?.name ?? arrayId, reason);
    });
  }
}

const noJob = { code: 'no-job', why: 'Its job was removed, so no rule says how long to keep it.' };
const noRelation = {
  code: 'no-relation',
  why: 'The relation that it went over is not known any more, so no run of the job sees to it.',
};

/** VMs of the job, by the journal. */
function holds({ id }: Job): (each: JournaledStorageSnapshot) => boolean {
  return ({ entry, detail }) => entry.jobId === id && (detail.vms?.length ?? 0) > 0;
}

/** Also where another job shares the volume, each is listed once. */
function isOf({ id }: Job): (link: ChainLink) => boolean {
  return ({ owner, jobId }) => owner === 'this-job' || (owner === 'by-hand' && jobId === id);
}
