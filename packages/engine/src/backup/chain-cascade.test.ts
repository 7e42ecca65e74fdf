import { type HopPlan, isoTime, type Job, jobDefaults, retain, type VolumeId } from '@leeward/core';
import { describe, expect, it } from 'vitest';
import { type ChainEnds, chainPlaces } from './chain-places.ts';
import { chainState, type JournaledStorageSnapshot, retentionRules, type SeenChain } from './chain-state.ts';

const job: Job = { ...jobDefaults, id: 'j', name: 'j', vms: ['vm'], repositoryId: 'r', secondaryKeep: 2 };
const hourMs = 3_600_000;
const volumeOf = (letter: string): VolumeId => ({ arraySerial: letter, objectId: '1' });

/** From `A` over each policy to `B`, `C` … */
function cascade(...policies: readonly HopPlan['policy'][]): ChainEnds {
  const end = (letter: string) => ({
    ...{ arrayId: letter, arrayName: letter, volume: volumeOf(letter), volumeName: 'ds1' },
  });
  const hops = policies.map((policy, at) => {
    const letter = 'BCDE'[at] ?? '';
    return { ...end(letter), id: { arraySerial: letter, objectId: 'relation' }, policy };
  });
  const [last, ...before] = hops.toReversed();
  if (!last) throw new Error('no hop');
  return { job, volume: end('A'), relation: { ...last, kind: 'transfer', via: before.toReversed() } };
}

/** What each place has: numbers of runs, oldest first. `away`: it cannot be listed, but has them by the journal. */
type Has = Readonly<Record<string, { readonly has: readonly number[]; readonly away?: boolean }>>;

function seen(ends: ChainEnds, has: Has): SeenChain {
  const places = chainPlaces(ends);
  const journal = places.flatMap(({ id, end }) =>
    (has[id]?.has ?? []).map((number): JournaledStorageSnapshot => {
      const name = `s${number}`;
      const createdAt = isoTime(number * hourMs);
      return {
        entry: {
          ...{ id: `${name}/${id}`, runId: `run-${number}`, jobId: 'j', kind: 'storage-snapshot' },
          ...{ systemId: end.arrayId, name, state: 'kept', detail: {}, createdAt },
        },
        detail: {
          ...{ volume: end.volume, volumeName: end.volumeName },
          role: id === 'secondary' ? 'long-term' : 'auxiliary',
          relation: `${ends.relation?.id.arraySerial}/relation`,
        },
      };
    }),
  );
  const listed = ({ entry, detail: { volume } }: JournaledStorageSnapshot) => ({
    ...{ volume, id: entry.name, name: entry.name, createdAt: entry.createdAt, heldBy: [] },
    comment: `leeward installation=i run=${entry.runId}`,
  });
  return {
    ...{ installationId: 'i', journal, jobOf: () => undefined, goesOn: () => false, nowMs: 0 },
    places: new Map(
      places.map(({ id, end }) => {
        const here = journal.filter(({ detail }) => detail.volume === end.volume).map(listed);
        const known = has[id]?.away ? {} : { listed: here };
        return [id, { ...known, locks: { possible: false, why: '' }, keepsAuxiliary: true }];
      }),
    ),
  };
}

/** What goes, by place. */
function goes(ends: ChainEnds, has: Has): Record<string, string> {
  const { remove } = retain(chainState(ends, seen(ends, has)), retentionRules(ends), 99 * hourMs);
  return Object.fromEntries(
    [...Map.groupBy(remove, ({ placeId }) => placeId)].map(([id, members]) => [
      id,
      members.map(({ link }) => link.name).join(' '),
    ]),
  );
}

const everywhere = { has: [1, 2, 3, 4] };

describe('retention of a cascade after a run: the bases stay, and the job’s number at the end', () => {
  it.each([
    [['mirror', 'mirror'], { primary: 's1 s2' }],
    [['mirror', 'vault'], { primary: 's1 s2 s3', secondary: 's1 s2' }],
    [['vault', 'mirror'], { primary: 's1 s2 s3', 'hop-1': 's1 s2' }],
    [['vault', 'vault'], { primary: 's1 s2 s3', 'hop-1': 's1 s2 s3', secondary: 's1 s2' }],
  ] as const)('%j', (policies, removed) => {
    const has = { primary: everywhere, 'hop-1': everywhere, secondary: everywhere };
    expect(goes(cascade(...policies), has)).toEqual(removed);
  });

  it('three hops: a mirror at the end makes the nearest vault before it keep', () => {
    const has = { primary: everywhere, 'hop-1': everywhere, 'hop-2': everywhere, secondary: everywhere };
    expect(goes(cascade('vault', 'vault', 'mirror'), has)).toEqual({
      ...{ primary: 's1 s2 s3', 'hop-1': 's1 s2 s3', 'hop-2': 's1 s2' },
    });
  });
});

describe('when a later hop fails', () => {
  const stuck = { primary: { has: [1, 2, 3, 4] }, 'hop-1': { has: [1, 2, 3, 4] }, secondary: { has: [1] } };

  it('the base of each hop stays, and nothing else', () => {
    expect(goes(cascade('vault', 'vault'), stuck)).toEqual({ primary: 's1 s2 s3', 'hop-1': 's2 s3' });
    // What the mirror in the middle needs stays on the primary.
    expect(goes(cascade('mirror', 'vault'), stuck)).toEqual({ primary: 's2 s3' });
  });
  it('and the last array is away: what never went there still goes', () => {
    const away = { ...stuck, secondary: { has: [1], away: true } };
    expect(goes(cascade('vault', 'vault'), away)).toEqual({ primary: 's1 s2 s3', 'hop-1': 's2 s3' });
    expect(goes(cascade('mirror', 'vault'), away)).toEqual({ primary: 's2 s3' });
  });
  it('and the array in the middle is away: nothing that it may need goes', () => {
    const away = { ...stuck, 'hop-1': { has: [1, 2, 3, 4], away: true } };
    expect(goes(cascade('vault', 'vault'), away)).toEqual({});
  });
});
