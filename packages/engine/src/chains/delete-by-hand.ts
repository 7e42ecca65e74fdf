import { type Job, LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { type ChainPlace, chainPlaces } from '../backup/chain-places.ts';
import { type ChainLink, explainedChain } from './explained-chain.ts';
import { knownChains } from './known-chains.ts';
import { type ReadChain, readChain } from './read-chain.ts';
import { removeLink } from './remove-link.ts';

export interface DeleteByHand {
  readonly name: string;
  /** Absent: on both. */
  readonly side?: 'primary' | 'secondary' | undefined;
  /** Also what the next transfer starts from, and the last one of a chain. */
  readonly force?: boolean | undefined;
}

/** Over these no wish of a user goes. */
const obstacles: ReadonlySet<string> = new Set([
  ...['in-use', 'on-its-way', 'locked', 'held', 'refused', 'mirror', 'array-rule', 'pair-unknown'],
  'copy-unknown',
]);
const needed: ReadonlySet<string> = new Set(['base', 'next-base', 'minimum']);

/**
 * Deletes a storage snapshot that Leeward made for the job, at every volume that has it, because a user wants it.
 * Everything is looked at first: `L-RUN-144` where there is none, `L-RUN-145` where one cannot go; then nothing is
 * deleted. A copy on a mirror is left to the mirror, which drops it by itself. Returns what was deleted.
 */
export async function deleteByHand(
  deps: BackupDeps,
  job: Job,
  wanted: DeleteByHand,
): Promise<readonly ChainLink[]> {
  const { chains } = await knownChains(deps, job);
  const targets: { readonly chain: ReadChain; readonly link: ChainLink }[] = [];
  for (const ends of chains) {
    const chain = await readChain(deps, ends);
    for (const link of explainedChain(chain, deps.clock.now()))
      if (isWanted(chain, link, wanted)) targets.push({ chain, link });
  }
  if (targets.length === 0) throw new LeewardError('L-RUN-144', { job: job.name, name: wanted.name });
  for (const { link } of targets) refuseNeeded(link, wanted.force ?? false, deps.clock.now());
  for (const { chain, link } of targets) await removeLink(deps, chain, placeOf(chain, link).id, link.name);
  return targets.map(({ link }) => link);
}

function isWanted(chain: ReadChain, link: ChainLink, { name, side }: DeleteByHand): boolean {
  const isOurs = link.owner === 'this-job' || link.owner === 'by-hand';
  if (link.name !== name || !isOurs || link.state !== 'there') return false;
  const isMirrored = placeOf(chain, link).fed?.by.policy === 'mirror';
  return side === undefined ? !isMirrored : link.place === side;
}

function placeOf({ ends }: ReadChain, { name, hop = 0 }: ChainLink): ChainPlace {
  const place = chainPlaces(ends)[hop];
  if (!place) throw new RangeError(`the chain of ${name} has no hop ${hop}`);
  return place;
}

function refuseNeeded(link: ChainLink, force: boolean, nowMs: number): void {
  const stops = (kind: string) => obstacles.has(kind) || (!force && needed.has(kind));
  const { lockedUntil } = link;
  const isLocked = lockedUntil === 'forever' || (lockedUntil && Date.parse(lockedUntil) > nowMs);
  if (!kindsOf(link).some(stops) && !isLocked) return;
  const place = `${link.arrayName}/${link.volumeName}`;
  const why = isLocked ? `it is locked until ${lockedUntil}.` : link.why;
  throw new LeewardError('L-RUN-145', { name: link.name, place, why });
}

/** What another place needs counts here as well. */
function kindsOf({ reasons }: ChainLink): readonly string[] {
  return reasons.map((reason) => reason.slice(reason.lastIndexOf('/') + 1));
}
