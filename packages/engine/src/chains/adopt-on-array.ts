import type { BackupDeps } from '../backup/backup-deps.ts';
import { type ChainEnds, chainPlaces } from '../backup/chain-places.ts';
import { knownChains } from './known-chains.ts';
import { readChain } from './read-chain.ts';
import { takeIn } from './take-in.ts';

/**
 * Takes in again what the jobs' runs have on an array and the journal does not know, when the array was registered
 * again or is looked at anew. Runs do the same for the chains that they rotate.
 */
export async function adoptOnArray(deps: BackupDeps, arrayId: string): Promise<void> {
  for (const job of await deps.store.jobs.list()) {
    const { chains } = await knownChains(deps, job);
    for (const ends of chains.filter((each) => isOn(each, arrayId)))
      await takeIn(deps, await readChain(deps, ends));
  }
}

function isOn(ends: ChainEnds, arrayId: string): boolean {
  return chainPlaces(ends).some(({ end }) => end.arrayId === arrayId);
}
