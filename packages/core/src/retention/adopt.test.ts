import { describe, expect, it } from 'vitest';
import { type AdoptionRequest, adopt, type JournaledLink } from './adopt.ts';
import { isOwn } from './words.ts';

function journaled(name: string, more: Partial<JournaledLink> = {}): JournaledLink {
  return { name, jobId: 'job', role: 'auxiliary', arrivedAt: ['v'], onWayTo: [], ...more };
}

function listed(name: string, runId?: string, installationId = 'us') {
  return { name, frozenAtMs: 1, heldBy: [], ...(runId ? { mark: { installationId, runId } } : {}) };
}

function adopted(more: Partial<AdoptionRequest>) {
  const jobs: Readonly<Record<string, string>> = { r1: 'job', r2: 'another', r3: 'by-hand' };
  return adopt({
    listed: [],
    journal: [],
    installationId: 'us',
    jobId: 'job',
    jobOf: (runId) => jobs[runId],
    isInUse: (name) => name === 'used',
    roleOfUnknown: 'long-term',
    silentPlaces: [],
    ...more,
  });
}

describe('adoption by marks', () => {
  it('takes what no journal knows in again, by the run in its mark', () => {
    const links = adopted({
      listed: [listed('a', 'r1'), listed('b', 'r2'), listed('c', 'r3'), listed('used', 'r9')],
    });
    expect(
      links.map((link) => [link.name, link.owner, isOwn(link) && link.role, isOwn(link) && link.inUse]),
    ).toEqual([
      ['a', 'this-job', 'long-term', false],
      ['b', 'other-job', 'long-term', false],
      ['c', 'by-hand', false, false],
      ['used', 'other-job', 'long-term', true],
    ]);
  });

  it('what an unknown run or another job made is a link of theirs, whatever role this chain would give it', () => {
    const links = adopted({
      listed: [listed('a', 'r1'), listed('b', 'r2'), listed('c', 'r9')],
      roleOfUnknown: 'auxiliary',
    });
    expect(links.map((link) => [link.owner, isOwn(link) && link.role])).toEqual([
      ['this-job', 'auxiliary'],
      ['other-job', 'long-term'],
      ['other-job', 'long-term'],
    ]);
  });

  it('what carries no mark of this installation is foreign, whatever its name', () => {
    const links = adopted({
      listed: [listed('a'), listed('b', 'r1', 'them')],
      journal: [journaled('a'), journaled('b')],
    });
    expect(links.map(({ owner }) => owner)).toEqual(['foreign', 'other-installation']);
  });

  it('the journal keeps role and order; what is in it only is gone', () => {
    const links = adopted({
      listed: ['b', 'x', 'a', 'z'].map((name) => listed(name, 'r1')),
      journal: ['a', 'gone', 'b'].map((name) => journaled(name)),
    });
    expect(links.map((link) => [link.name, isOwn(link) && link.role])).toEqual([
      ['x', 'long-term'],
      ['a', 'auxiliary'],
      ['b', 'auxiliary'],
      ['z', 'long-term'],
    ]);
  });

  it('what no journal knows may be on every place that does not answer', () => {
    const links = adopted({
      listed: [listed('a', 'r1'), listed('b', 'r1')],
      journal: [journaled('a')],
      silentPlaces: ['w'],
    });
    expect(links.map((link) => isOwn(link) && link.arrivedAt)).toEqual([['v'], ['w']]);
  });
});
