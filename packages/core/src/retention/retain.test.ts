import { describe, expect, it } from 'vitest';
import { retain } from './retain.ts';
import { foreign, link, links, place, sync, transfer } from './testing/place.ts';
import { startMs } from './testing/random-state.ts';
import { dayMs, type Place, type RetentionRules } from './words.ts';

const nowMs = startMs + 10 * 3_600_000;

function gone(places: readonly Place[], rules: RetentionRules, atMs = nowMs): readonly string[] {
  return retain({ places }, rules, atMs).remove.map(({ placeId, link: { name } }) => `${placeId} ${name}`);
}

function codes(places: readonly Place[], rules: RetentionRules, atMs = nowMs): readonly string[] {
  return retain({ places }, rules, atMs).warnings.map(({ code }) => code);
}

describe('rules of a chain', () => {
  it('by count: the newest stay, the oldest goes first', () => {
    expect(gone([place('p', links(1, 5))], { p: { keep: { count: 3 } } })).toEqual(['p s1', 'p s2']);
  });

  it('by days: what is younger stays, and the last one always', () => {
    const chain = [place('p', links(1, 5))];
    expect(gone(chain, { p: { keep: { days: 1 } } })).toEqual([]);
    expect(gone(chain, { p: { keep: { days: 1 } } }, startMs + dayMs + 3 * 3_600_000)).toEqual([
      'p s1',
      'p s2',
      'p s3',
    ]);
    expect(gone(chain, { p: { keep: { days: 1 } } }, startMs + 900 * dayMs)).toHaveLength(4);
  });

  it('by both: what one of them wants stays', () => {
    const chain = [place('p', links(1, 5))];
    const atMs = startMs + dayMs + 3 * 3_600_000;
    expect(gone(chain, { p: { keep: { count: 1, days: 1 } } }, atMs)).toHaveLength(3);
    expect(gone(chain, { p: { keep: { count: 4, days: 1 } } }, atMs)).toEqual(['p s1']);
  });

  it('no rule: nothing goes; a chain that is not wanted any more goes', () => {
    const chain = [place('p', links(1, 3))];
    expect(gone(chain, {})).toEqual([]);
    expect(gone(chain, { p: { keep: 'none' } })).toEqual(['p s1', 'p s2', 'p s3']);
  });

  it('refuses rules that make no sense', () => {
    expect(() => gone([], { p: { keep: { count: 0 } } })).toThrow(RangeError);
    expect(() => gone([], { p: { keep: { days: -1 } } })).toThrow(RangeError);
  });

  it('a link that lost a volume does not count: the newest whole one stays', () => {
    const chain = [place('p', [link(1), link(2), link(3, { lostOn: ['ds2'] })])];
    expect(gone(chain, { p: { keep: { count: 1 } } })).toEqual(['p s1']);
    expect(codes(chain, { p: { keep: { count: 1 } } })).toEqual(['L-RET-106']);
  });

  it('foreign ones, those of other jobs and what a run needs stay, and count for nothing', () => {
    const chain = [
      foreign('nightly'),
      link(1),
      link(2, { owner: 'other-job' }),
      foreign('other', 'other-installation'),
      link(3, { inUse: true }),
      link(4),
      foreign('by hand', 'by-hand'),
    ];
    expect(gone([place('p', chain)], { p: { keep: { count: 1 } } })).toEqual(['p s1']);
  });

  it('a temporary one goes when its run is over', () => {
    const chain = [link(1, { role: 'temporary' }), link(2, { role: 'temporary', inUse: true })];
    expect(gone([place('p', chain)], { p: { keep: 'none' } })).toEqual(['p s1']);
  });

  it('ages are counted by the clock of the array; one far from ours is told', () => {
    const chain = [place('p', links(1, 3), { arrayNowMs: nowMs })];
    const days = { p: { keep: { days: 30 } } };
    expect(gone(chain, days, nowMs + 900 * dayMs)).toEqual([]);
    expect(codes(chain, days, nowMs + 900 * dayMs)).toEqual(['L-RET-101']);
    expect(codes(chain, { p: { keep: { count: 1 } } }, nowMs + 900 * dayMs)).toEqual([]);
    const ahead = [place('p', links(1, 3), { arrayNowMs: nowMs + 900 * dayMs })];
    expect(gone(ahead, days)).toEqual(['p s1', 'p s2']);
    expect(codes(ahead, days)).toEqual(['L-RET-101']);
  });

  it('of the clocks that froze and hold it, the one furthest behind counts', () => {
    const chains = (primaryMs: number, secondaryMs: number) => [
      place('p', links(1, 3), { arrayNowMs: primaryMs }),
      place('v', links(1, 3), { feed: transfer('p', 'vault'), arrayNowMs: secondaryMs }),
    ];
    const rules = { p: { keep: 'none' as const }, v: { keep: { days: 30 } } };
    const laterMs = nowMs + 90 * dayMs;
    const atVault = (each: readonly string[]) => each.filter((what) => what.startsWith('v'));
    expect(atVault(gone(chains(laterMs, nowMs), rules))).toEqual([]);
    expect(atVault(gone(chains(nowMs, laterMs), rules))).toEqual([]);
    expect(atVault(gone(chains(laterMs, laterMs), rules))).toEqual(['v s1', 'v s2']);
  });
});

describe('locks', () => {
  const keep = { count: 2 };

  it('a locked link outlives its rule', () => {
    const chain = [link(1, { lockedUntilMs: nowMs + 1 }), ...links(2, 4)];
    expect(gone([place('p', chain)], { p: { keep } })).toEqual(['p s2']);
    expect(gone([place('p', chain)], { p: { keep } }, nowMs + 1)).toEqual(['p s1', 'p s2']);
  });

  it('last from the moment that was frozen, for what stays only, and are never shortened', () => {
    const chain = [link(1), link(2), link(3, { lockedUntilMs: startMs + 90 * dayMs })];
    const { lock } = retain({ places: [place('p', chain)] }, { p: { keep, lockDays: 7 } }, nowMs);
    expect(lock).toEqual([{ placeId: 'p', name: 's2', untilMs: link(2).frozenAtMs + 7 * dayMs }]);
  });

  it('are cut to what the array allows, and that is said', () => {
    const chain = [place('p', [link(1)], { locks: { possible: true, maxMs: 14 * dayMs } })];
    const { lock, warnings } = retain({ places: chain }, { p: { keep, lockDays: 30 } }, nowMs);
    expect(lock.map(({ untilMs }) => untilMs)).toEqual([link(1).frozenAtMs + 14 * dayMs]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'L-RET-102 Storage snapshots of array-p/ds1 are locked for 14 days, not 30 days: the array allows no longer lock.',
    ]);
  });

  it('are asked for in vain where the array has none, and that is said', () => {
    const chain = [place('p', [link(1)], { locks: { possible: false, why: 'no licence' } })];
    const { lock, warnings } = retain({ places: chain }, { p: { keep, lockDays: 30 } }, nowMs);
    expect([lock, warnings.map(({ code }) => code)]).toEqual([[], ['L-RET-103']]);
  });
});

describe('transfer relations', () => {
  const auxiliary = { role: 'auxiliary' } as const;

  it('the newest transferred one stays on the primary, the one before it goes (R5)', () => {
    const places = [
      place('p', links(1, 4, auxiliary)),
      place('v', links(1, 4), { feed: transfer('p', 'vault') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, v: { keep: { count: 2 } } })).toEqual([
      'v s1',
      'v s2',
      'p s1',
      'p s2',
      'p s3',
    ]);
  });

  it('one that did not arrive is no base: that is the newest common one, on both sides', () => {
    const places = [
      place('p', links(1, 4, auxiliary)),
      place('v', links(1, 2), { feed: transfer('p', 'vault') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, v: { keep: 'none' } })).toEqual([
      'v s1',
      'p s1',
      'p s3',
      'p s4',
    ]);
  });

  it('what is on its way or queued stays', () => {
    const places = [
      place('p', [...links(1, 2, auxiliary), link(3, { ...auxiliary, onWayTo: ['r'] })]),
      place('r', links(1, 2), { feed: transfer('p', 'snapshot-replication') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, r: { keep: { count: 7 } } })).toEqual(['p s1']);
  });

  it('mirror: the primary keeps what the rule of the mirror wants; nothing is deleted on the mirror (R9)', () => {
    const places = [
      place('p', links(1, 5, auxiliary)),
      place('m', [foreign('nightly'), ...links(1, 5)], { feed: transfer('p', 'mirror') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, m: { keep: { count: 3 } } })).toEqual(['p s1', 'p s2']);
  });

  it('mirror: what is locked or held on the mirror stays on the primary', () => {
    const copies = [link(1, { lockedUntilMs: nowMs + 1 }), link(2, { heldBy: ['clone'] }), ...links(3, 5)];
    const places = [
      place('p', links(1, 5, auxiliary)),
      place('m', copies, { feed: transfer('p', 'mirror') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, m: { keep: { count: 1 } } })).toEqual(['p s3', 'p s4']);
  });

  it('cascade of mirrors: the last one says what the primary keeps', () => {
    const places = [
      place('p', links(1, 5, auxiliary)),
      place('m', links(1, 5), { feed: transfer('p', 'mirror') }),
      place('n', links(1, 5), { feed: transfer('m', 'mirror') }),
    ];
    const rules = { p: { keep: 'none' }, m: { keep: { count: 1 } }, n: { keep: { count: 4 } } } as const;
    expect(gone(places, rules)).toEqual(['p s1']);
  });

  it('vault: a rule of the array for the label rotates, not we; without one we do', () => {
    const arrayRules = [{ by: 'label', name: 'leeward', keep: 3 }] as const;
    const kept = links(1, 5, { label: 'leeward' });
    const vault = (policy: 'vault' | 'mirror-vault', rules: Place['arrayRules']) => [
      place('p', [link(5, auxiliary)]),
      place('v', kept, { feed: transfer('p', policy), arrayRules: rules }),
    ];
    const rules = { p: { keep: 'none' }, v: { keep: { count: 2 } } } as const;
    expect(gone(vault('vault', arrayRules), rules)).toEqual([]);
    expect(gone(vault('mirror-vault', arrayRules), rules)).toEqual([]);
    expect(gone(vault('mirror-vault', []), rules)).toEqual(['v s1', 'v s2', 'v s3']);
  });

  it('schedules age what they made themselves', () => {
    const arrayRules = [{ by: 'schedule', name: 'hourly', keep: 2 }] as const;
    const chain = [link(1, { schedule: 'hourly' }), link(2), link(3)];
    expect(gone([place('p', chain, { arrayRules })], { p: { keep: { count: 1 } } })).toEqual(['p s2']);
  });

  it('an array that refuses deletions is not asked again, and that is said', () => {
    const places = [
      place('p', [link(3, auxiliary)]),
      place('v', links(1, 3), { feed: transfer('p', 'vault'), refusesDelete: true }),
    ];
    const rules = { p: { keep: 'none' }, v: { keep: { count: 1 } } } as const;
    expect(gone(places, rules)).toEqual([]);
    expect(retain({ places }, rules, nowMs).warnings.map(({ message }) => message)).toEqual([
      'L-RET-104 The array does not let single storage snapshots of array-v/ds1 be deleted; 2 should go.',
    ]);
  });

  it('fan-out: each relation has its base, and nothing piles up on one that is not chosen', () => {
    const places = [
      place('p', links(1, 5, auxiliary)),
      place('v', [link(2)], { feed: transfer('p', 'vault') }),
      place('w', links(1, 5), { feed: transfer('p', 'vault') }),
      place('x', [], { feed: transfer('p', 'vault') }),
    ];
    const rules = Object.fromEntries(['v', 'w', 'x'].map((id) => [id, { keep: { count: 9 } }]));
    expect(gone(places, { ...rules, p: { keep: 'none' } })).toEqual(['p s1', 'p s3', 'p s4']);
  });

  it('a secondary that cannot be listed keeps what may be its base', () => {
    const places = [
      place('p', [link(1, { ...auxiliary, arrivedAt: ['v'] }), link(2, auxiliary), link(3, auxiliary)]),
      place('v', undefined, { feed: transfer('p', 'vault') }),
    ];
    expect(gone(places, { p: { keep: 'none' }, v: { keep: { count: 1 } } })).toEqual(['p s2']);
    expect(codes(places, {})).toEqual(['L-RET-105']);
  });

  it('long-term ones on the primary have their own rule', () => {
    const places = [place('p', links(1, 5)), place('v', links(1, 5), { feed: transfer('p', 'vault') })];
    const rules = { p: { keep: { count: 2 } }, v: { keep: { count: 4 } } };
    expect(gone(places, rules)).toEqual(['v s1', 'p s1', 'p s2', 'p s3']);
  });
});

describe('synchronous relations', () => {
  const pair = (primary: Place['links'], secondary: Place['links']) => [
    place('p', primary),
    place('s', secondary, { feed: sync }),
  ];

  it('both sides keep the same number, and pairs go together, the secondary first (R7)', () => {
    const rules = { p: { keep: { count: 1 } }, s: { keep: { count: 2 } } };
    expect(gone(pair(links(1, 3), links(1, 3)), rules)).toEqual(['s s1', 'p s1']);
  });

  it('what one side cannot let go stays on both', () => {
    const rules = { p: { keep: { count: 1 } }, s: { keep: { count: 1 } } };
    const held = [link(1, { heldBy: ['clone'] }), link(2, { lockedUntilMs: nowMs + 1 }), link(3)];
    expect(gone(pair(links(1, 3), held), rules)).toEqual([]);
    expect(gone(pair(held, links(1, 3)), rules)).toEqual([]);
  });

  it('a side that cannot be listed: no pair goes', () => {
    expect(gone(pair(links(1, 3), undefined), { p: { keep: { count: 1 } } })).toEqual([]);
  });

  it('a half does not count, and goes alone', () => {
    const rules = { p: { keep: { count: 1 } }, s: { keep: { count: 1 } } };
    expect(gone(pair(links(1, 3), links(1, 2)), rules)).toEqual(['s s1', 'p s1']);
    expect(gone(pair(links(1, 2), links(2, 3)), rules)).toEqual(['p s1']);
    expect(codes(pair(links(1, 3), links(1, 2)), rules)).toEqual(['L-RET-106']);
  });

  it('both sides are locked alike: as long as the shorter limit allows', () => {
    const places = [
      place('p', [link(1)], { locks: { possible: true, maxMs: 3 * dayMs } }),
      place('s', [link(1)], { feed: sync }),
    ];
    const { lock } = retain({ places }, { s: { keep: { count: 1 }, lockDays: 9 } }, nowMs);
    const untilMs = link(1).frozenAtMs + 3 * dayMs;
    expect(lock.map(({ placeId, untilMs: at }) => [placeId, at])).toEqual([
      ['p', untilMs],
      ['s', untilMs],
    ]);
  });
});
